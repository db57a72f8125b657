"""Sets, with every passage and its key, before they are assigned."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from classroom import queries
from classroom.access import TeacherRequest, set_for, teacher_required
from exercises.keys import key_of
from exercises.versions import played


@teacher_required
@require_safe
def set_list(request: TeacherRequest) -> HttpResponse:
    return render(
        request, "classroom/set_list.html", {"teacher": request.user, "sets": queries.sets(teacher=request.user)}
    )


@teacher_required
@require_safe
def set_detail(request: TeacherRequest, uid: str) -> HttpResponse:
    found = set_for(request.user, uid)
    versions = [played(pk) for pk in queries.version_ids(exercise_set=found)]
    context = {
        "teacher": request.user,
        "set": found,
        "keys": [key_of(each) for each in versions],
        "classrooms": queries.classrooms(teacher=request.user),
    }
    return render(request, "classroom/set_detail.html", context)
