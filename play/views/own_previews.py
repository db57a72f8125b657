"""A draft as students will meet it, before it is published: real questions and reveals, and nothing is stored."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from classroom.access import TeacherRequest, own_text_of, teacher_required
from classroom.models import OwnText
from classroom.own_texts import previews
from exercises.content.schema import BadContent
from play.forms import AnswerForm
from play.questions import question
from play.reveals import reveal


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_text_preview(request: TeacherRequest, uid: str, number: int) -> HttpResponse:
    """One passage of a draft in one of the ways in which it can be played; `as` in the address says in which."""
    found = own_text_of(request.user, uid)
    if not 1 <= number <= len(found.draft["passages"]):
        raise Http404
    context: dict[str, Any] = {
        "teacher": request.user,
        "own_text": found,
        "number": number,
        "total": len(found.draft["passages"]),
    }
    try:
        ways = previews.ways(own_text=found, number=number)
    except BadContent as error:
        return render(request, "play/own_text_preview.html", context | {"problems": error.problems})
    at = next((place for place, each in enumerate(ways) if each.slug == request.GET.get("as")), 0)
    context |= {"ways": ways, "way": ways[at] if ways else None}
    if ways:
        context |= _decision(request, found, number, ways, at)
    template = "play/own_text_preview.html"
    if request.method == "POST" and getattr(request, "htmx", False):
        template += "#exercise"
    return render(request, template, context, status=422 if context.get("is_refused") else 200)


def _decision(
    request: TeacherRequest, found: OwnText, number: int, ways: list[previews.DraftWay], at: int
) -> dict[str, Any]:
    shown, source = ways[at].played, ways[at].source
    form = AnswerForm(shown, request.POST) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return {
            "question": question(shown, language=source.language, form=form),
            "client_key": "",
            "here": request.get_full_path(),
            "is_refused": bool(form and form.errors),
        }
    assert form.answer is not None
    if at + 1 < len(ways):
        following = f"{request.path}?{urlencode({'as': ways[at + 1].slug})}"
    elif number < len(found.draft["passages"]):
        following = reverse("own_text_preview", args=[found.uid, number + 1])
    else:
        following = reverse("own_text", args=[found.uid])
    return {"reveal": reveal(shown, form.answer, passed=form.passed, source=source), "next_url": following}
