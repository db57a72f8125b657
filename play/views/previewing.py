"""A set as students will meet it, for teachers: real questions and reveals, and nothing is stored."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from classroom import queries, sections
from classroom.access import TeacherRequest, set_for, teacher_required
from exercises import catalogue
from exercises.keys import source_of
from exercises.versions import played
from play.forms import AnswerForm
from play.questions import question
from play.reveals import reveal


@teacher_required
@require_safe
def set_preview(request: TeacherRequest, uid: str) -> HttpResponse:
    """What students read before the first decision."""
    found = set_for(request.user, uid)
    context = {
        "teacher": request.user,
        "set": found,
        "label": catalogue.labels().get(found.example),
        "total": len(queries.version_ids(exercise_set=found, teacher_id=request.user.pk)),
    }
    return render(request, "play/set_preview.html", context)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview_exercise(request: TeacherRequest, uid: str, position: int) -> HttpResponse:
    """One decision as a student meets it. The answer is shown and forgotten: no redirect could bring it back."""
    found = set_for(request.user, uid)
    versions = sections.sectioned(exercise_set=found, teacher_id=request.user.pk)
    if not 1 <= position <= len(versions):
        raise Http404
    version, section = versions[position - 1]
    shown = played(version)
    form = AnswerForm(shown, request.POST) if request.method == "POST" else None
    is_answered = form is not None and form.is_valid()
    context: dict[str, Any] = {
        "teacher": request.user,
        "set": found,
        "title": found.title,
        "here": request.path,
        "position": position,
        "section": section,
        "begins_section": not is_answered and (position == 1 or versions[position - 2][1] != section),
        "total": len(versions),
        "done": position - 1 + is_answered,
    }
    if form is not None and is_answered:
        assert form.answer is not None
        following = (
            reverse("preview_exercise", args=[uid, position + 1])
            if position < len(versions)
            else reverse("set_preview", args=[uid])
        )
        context |= {
            "reveal": reveal(shown, form.answer, passed=form.passed),
            "next_url": following,
        }
    else:
        language = source_of(shown.version_id).language
        context |= {"question": question(shown, language=language, form=form), "client_key": ""}
    template = "play/preview_exercise.html"
    if request.method == "POST" and getattr(request, "htmx", False):
        template += "#exercise"
    return render(request, template, context, status=422 if form and form.errors else 200)
