"""What the pages of a draft share: who else works on it, saving a part, and telling of a colleague's version."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from classroom.access import TeacherRequest
from classroom.models import OwnText
from classroom.own_texts import checks, drafts

Change = Callable[[drafts.Draft], Iterable[str] | None]


@dataclass(frozen=True)
class Theirs:
    """One field as a colleague saved it, where it differs from what was typed."""

    label: str
    value: str


def context(request: TeacherRequest, found: OwnText, **extra: Any) -> dict[str, Any]:
    """What every page of the draft shows."""
    return {
        "teacher": request.user,
        "own_text": found,
        "is_led": found.owner_id == request.user.pk,
        "colleagues": drafts.visit(own_text=found, by=request.user, now=timezone.now()),
        "revision": found.revision,
        "page": _page(request),
    } | extra


def save(request: TeacherRequest, found: OwnText, part: str, change: Change, *, title: str | None = None) -> OwnText:
    """Save a part as the page sent it. Raises drafts.Outdated, cutting.CannotCut, marking.Gone."""
    sent = request.POST.get("revision", "")
    base = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0
    return drafts.save(
        own_text=found,
        part=part,
        base=base,
        by=request.user,
        change=change,
        now=timezone.now(),
        page=_page(request),
        title=title,
    )


def saved(request: TeacherRequest, found: OwnText, problems: list[checks.Problem] | None = None) -> HttpResponse:
    """What a page that saves by itself gets back."""
    values = context(request, found, is_saved=True, problems=problems, is_part=True)
    return render(request, "classroom/own_text_saved.html", values)


def not_saved(request: TeacherRequest, found: OwnText, **why: Any) -> HttpResponse:
    """The same where nothing was saved; `why`: `form` with errors, `outdated`, or `problem` in words."""
    values = context(request, found, is_part=True, **why)
    if "outdated" in why:
        values["revision"] = request.POST.get("revision", "0")[:9]
    return render(request, "classroom/own_text_saved.html", values, status=422)


def is_by_itself(request: TeacherRequest) -> bool:
    """Whether the page saved by itself; pressing Save sends the form."""
    return bool(getattr(request, "htmx", False))


def theirs(mine: Form, stored: Form) -> list[Theirs]:
    """What a colleague wrote where one wrote something else; both forms of the same fields."""
    rows = []
    for name, field in mine.fields.items():
        value = stored.get_initial_for_field(stored.fields[name], name)
        if field.has_changed(value, mine[name].data):
            rows.append(Theirs(str(field.label), _in_words(field, value)))
    return rows


def _in_words(field: Any, value: Any) -> str:
    names = {str(key): str(name) for key, name in getattr(field, "choices", []) if not isinstance(name, list | tuple)}
    if isinstance(value, list):
        return ", ".join(names.get(str(each), str(each)) for each in value)
    return "✓" if value is True else names.get(str(value), str(value or ""))


def _page(request: TeacherRequest) -> str:
    return request.POST.get("page", "")[:24] or secrets.token_urlsafe(6)
