"""Papers of a set for lessons without devices."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from classroom.access import TeacherRequest, set_for, teacher_required
from play import worksheets


@teacher_required
@require_safe
def worksheet(request: TeacherRequest, uid: str) -> HttpResponse:
    """Passages with numbered sentences, and the key on a page of its own. Never a test form: paper cannot be sealed."""
    found = set_for(request.user, uid)
    if found.sealed:
        raise Http404
    context = {"teacher": request.user, "set": found, "items": worksheets.worksheet(exercise_set=found)}
    return render(request, "play/worksheet.html", context)
