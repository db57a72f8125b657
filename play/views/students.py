"""Students with their answers, as their teacher handles them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from classroom.access import TeacherRequest, classroom_of, teacher_required
from play import actions


@teacher_required
@require_POST
def student_remove(request: TeacherRequest, uid: str, student_uid: str) -> HttpResponse:
    student = get_object_or_404(classroom_of(request.user, uid).students, uid=student_uid)
    actions.remove_student(student=student)
    messages.success(request, _("%(name)s is removed, with all answers.") % {"name": student.nickname})
    return redirect("classroom", uid)
