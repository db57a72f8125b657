""" "Try it": the starter set, alone and without a class. Answers live in the visitor's session; nothing is ranked."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classroom import queries as classroom_queries
from exercises import catalogue
from exercises.keys import source_of
from exercises.versions import played
from play import queries, raw
from play.forms import AnswerForm
from play.models import Attempt
from play.questions import question
from play.reveals import reveal
from scoring import kinds

SESSION_KEY = "try"


@require_safe
def try_it(request: HttpRequest) -> HttpResponse:
    """What the game is, with one label on a neutral example; or where the visitor left off."""
    versions, answers = _versions(), _answers(request)
    position = next((number for number, version in enumerate(versions, 1) if str(version) not in answers), None)
    if position is None:
        return redirect("try_finished")
    if position > 1:
        return redirect("try_exercise", position)
    starter = classroom_queries.starter()
    assert starter is not None
    context = {
        "title": starter.title,
        "language": starter.language,
        "label": catalogue.labels().get(starter.example),
        "next_url": reverse("try_exercise", args=[1]),
        "total": len(versions),
    }
    return render(request, "play/play.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def try_exercise(request: HttpRequest, position: int) -> HttpResponse:
    versions, answers = _versions(), _answers(request)
    if not 1 <= position <= len(versions):
        raise Http404
    if any(str(version) not in answers for version in versions[: position - 1]):
        return redirect("try_it")
    shown = played(versions[position - 1])
    stored = answers.get(str(shown.version_id))
    form = None
    if request.method == "POST" and stored is None:
        form = AnswerForm(shown, request.POST)
        if form.is_valid():
            assert form.answer is not None
            stored = {"passed": True} if form.passed else raw.pack(form.answer, shown)
            request.session[SESSION_KEY] = answers | {str(shown.version_id): stored}
    htmx = bool(getattr(request, "htmx", False))
    if request.method == "POST" and stored is not None and not htmx:
        return redirect("try_exercise", position)
    context: dict[str, Any] = {
        "title": "",
        "here": request.path,
        "position": position,
        "total": len(versions),
        "done": len(_answers(request)),
    }
    if stored is not None:
        following = (
            reverse("try_exercise", args=[position + 1]) if position < len(versions) else reverse("try_finished")
        )
        told = reveal(shown, raw.unpack(stored, shown), passed="passed" in stored)
        context |= {"reveal": told, "next_url": following}
    else:
        language = source_of(shown.version_id).language
        context |= {"question": question(shown, language=language, form=form), "client_key": ""}
    template = "play/exercise.html#exercise" if request.method == "POST" and htmx else "play/exercise.html"
    return render(request, template, context, status=422 if form and form.errors else 200)


@require_safe
def try_finished(request: HttpRequest) -> HttpResponse:
    versions, answers = _versions(), _answers(request)
    if any(str(version) not in answers for version in versions):
        return redirect("try_it")
    attempts = []
    for version in versions:
        stored = answers[str(version)]
        if "passed" in stored:
            continue
        shown = played(version)
        decision = kinds.score(shown.item, raw.unpack(stored, shown))
        attempts.append(
            Attempt(
                points=decision.points, signal=decision.signal, flagged=decision.flagged, label=decision.label or ""
            )
        )
    return render(request, "play/try_finished.html", {"report": queries.summed(attempts)})


@require_POST
def try_again(request: HttpRequest) -> HttpResponse:
    request.session.pop(SESSION_KEY, None)
    return redirect("try_it")


def _versions() -> list[int]:
    """The exercise versions of the starter set. Raises Http404 where none is loaded."""
    starter = classroom_queries.starter()
    if starter is None:
        raise Http404
    return classroom_queries.version_ids(exercise_set=starter)


def _answers(request: HttpRequest) -> dict[str, Any]:
    return dict(request.session.get(SESSION_KEY, {}))
