"""Giving a set to a class."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from classroom import actions, queries
from classroom.access import TeacherRequest, classroom_of, teacher_required
from classroom.assignment_forms import AssignForm
from classroom.models import Classroom, ExerciseSet, Student


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: TeacherRequest, uid: str) -> HttpResponse:
    """Give a set to the class, or to some of it. The set may be named in the address."""
    found = classroom_of(request.user, uid)
    sets = queries.assignable(teacher=request.user)
    form = assign_form(request, found, sets, queries.students(classroom=found))
    if form.is_valid():
        now = timezone.now()
        given = actions.assign(classroom=found, exercise_set=form.chosen, now=now, plan=form.plan)
        seen = form.plan.opens is None or form.plan.opens <= now
        words = _("%(set)s is assigned. Students see it now.") if seen else _("%(set)s is planned.")
        messages.success(request, words % {"set": given.title})
        return redirect("classroom", found.uid)
    context = {"teacher": request.user, "classroom": found, "form": form}
    return render(request, "classroom/assign.html", context, status=422 if form.is_bound else 200)


def assign_form(
    request: TeacherRequest, classroom: Classroom, sets: Sequence[ExerciseSet], students: Sequence[Student]
) -> AssignForm:
    return AssignForm(
        request.POST or None,
        classroom=classroom,
        students=students,
        sets=sets,
        now=timezone.now(),
        initial={"exercise_set": request.GET.get("set", "")},
    )
