"""A fresh passage to try something again on. No points, no standing: only that its key was shown is noted."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from classroom import access
from exercises.versions import played
from play import actions, queries
from play.forms import AnswerForm
from play.questions import question
from play.reveals import reveal


@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest, uid: str, source: str, passage: str, layer: str) -> HttpResponse:
    """One question and its reveal. The answer is shown and forgotten: no redirect could bring it back."""
    student = access.student_of(request, uid)
    now = timezone.now()
    exercise = queries.practice_exercise(student=student, source=source, passage=passage, layer=layer, now=now)
    if exercise is None or exercise.current_id is None:
        raise Http404
    version = queries.practised_as(student=student, exercise=exercise)
    if version is None:
        raise Http404
    shown = played(version)
    form = AnswerForm(shown, request.POST) if request.method == "POST" else None
    context: dict[str, object] = {"student": student, "classroom": student.classroom, "here": request.path}
    if form and form.is_valid():
        assert form.answer is not None
        for each in filter(None, (student, student.partner)):
            actions.practise(student=each, passage_id=exercise.passage_id, layer=layer, now=now)
        context["reveal"] = reveal(shown, form.answer, passed=form.passed)
    else:
        context["question"] = question(shown, language=exercise.passage.source.language, form=form)
    template = "play/practice.html"
    if request.method == "POST" and getattr(request, "htmx", False):
        template += "#exercise"
    return render(request, template, context, status=422 if form and form.errors else 200)
