"""Own texts as their authors see them: all of them, and one with its steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from classroom.models import OwnLabelling, OwnText, Teacher
from classroom.own_texts import checks, drafts, publishing
from classroom.own_texts.drafts import Draft, PassageDraft
from exercises import catalogue
from exercises.content.quotes import folded
from exercises.versions import PassageContent


@dataclass(frozen=True)
class TextRow:
    uid: str
    title: str
    owner: str
    passages: int
    is_published: bool
    is_current: bool
    is_shared: bool
    withdrawn: bool
    saved: datetime
    saved_by: str


@dataclass(frozen=True)
class SharedRow:
    """A colleague's published text."""

    slug: str
    title: str
    owner: str


@dataclass(frozen=True)
class Shelf:
    own: tuple[TextRow, ...]
    joint: tuple[TextRow, ...]
    """Colleagues' that one writes, too."""
    shared: tuple[SharedRow, ...]
    to_label: tuple[OwnLabelling, ...]


@dataclass(frozen=True)
class MarkRow:
    key: str
    layer: str
    label: str
    """Its name, or empty."""
    quote: str
    problems: tuple[checks.Problem, ...]
    is_adjudicated: bool


@dataclass(frozen=True)
class PassageRow:
    number: int
    key: str
    begins: str
    words: int
    states: tuple[tuple[str, str], ...]
    """(layer, state)."""
    marks: tuple[MarkRow, ...]
    problems: tuple[checks.Problem, ...]
    """About the passage and its marks."""


@dataclass(frozen=True)
class Outline:
    """A draft with its steps."""

    passages: tuple[PassageRow, ...]
    card: tuple[checks.Problem, ...]
    cuts: tuple[checks.Problem, ...]
    balance: tuple[checks.Problem, ...]
    stops: int
    """How much has to be mended before it can be published."""
    is_current: bool
    is_played: bool
    made_by: str
    """Who made the key, as drafts.made_by says."""


def shelf(*, teacher: Teacher) -> Shelf:
    mine = OwnText.objects.select_related("owner", "saved_by")
    shared = publishing.visible(teacher).filter(own_text__isnull=False).exclude(own_text__owner=teacher)
    return Shelf(
        own=tuple(_row(each) for each in mine.filter(owner=teacher)),
        joint=tuple(_row(each) for each in mine.filter(editors=teacher)),
        shared=tuple(
            SharedRow(each.slug, each.title, each.own_text.owner.username)
            for each in shared.filter(~Q(own_text__editors=teacher)).select_related("own_text__owner")
        ),
        to_label=tuple(
            OwnLabelling.objects.filter(teacher=teacher).select_related("own_text__owner").order_by("-asked", "-pk")
        ),
    )


def outline(*, own_text: OwnText) -> Outline:
    draft = own_text.draft
    found = checks.problems(own_text.title, draft)
    rows = tuple(_passage_row(draft, number, each, found) for number, each in enumerate(draft["passages"], 1))
    passages = [drafts.content_of(draft, each).passage for each in draft["passages"]]
    return Outline(
        passages=rows,
        card=tuple(each for each in found if each.part == drafts.CARD),
        cuts=tuple(each for each in found if each.part == drafts.CUTS),
        balance=tuple(each for each in found if not each.part and not each.passage),
        stops=sum(each.stops for each in found),
        is_current=publishing.is_current(own_text),
        is_played=publishing.is_played(own_text=own_text),
        made_by=drafts.made_by(passages),
    )


def mark_rows(draft: Draft, passage: PassageDraft, found: list[checks.Problem]) -> tuple[MarkRow, ...]:
    content, names = drafts.content_of(draft, passage | {"annotations": []}), catalogue.labels()
    return tuple(
        MarkRow(
            key=mark["key"],
            layer=mark["layer"],
            label=names[mark["label"]].name if mark["label"] in names else "",
            quote=checks.quote_of(content, mark),
            problems=tuple(each for each in found if (each.passage, each.mark) == (passage["key"], mark["key"])),
            is_adjudicated=mark["adjudicated"] and mark["labelled_by"] == "teachers",
        )
        for mark in passage["annotations"]
    )


def paragraphs(draft: Draft) -> list[str]:
    """The text as it reads, without its hard line breaks."""
    parts = re.split(r"\n[ \t]*\n\s*" if draft["wrapped"] else r"\n\s*", drafts.shown(draft))
    return [folded(each) for each in parts if each.strip()]


def _passage_row(draft: Draft, number: int, passage: PassageDraft, found: list[checks.Problem]) -> PassageRow:
    content: PassageContent = drafts.content_of(draft, passage | {"annotations": []})
    return PassageRow(
        number=number,
        key=passage["key"],
        begins=folded(content.text)[:80],
        words=len(content.words),
        states=tuple((layer, state["state"]) for layer, state in passage["layers"].items()),
        marks=mark_rows(draft, passage, found),
        problems=tuple(each for each in found if each.passage == passage["key"]),
    )


def _row(own_text: OwnText) -> TextRow:
    return TextRow(
        uid=own_text.uid,
        title=own_text.title,
        owner=own_text.owner.username,
        passages=len(own_text.draft["passages"]),
        is_published=own_text.published is not None and not own_text.withdrawn,
        is_current=publishing.is_current(own_text),
        is_shared=own_text.is_shared,
        withdrawn=own_text.withdrawn,
        saved=own_text.saved,
        saved_by=own_text.saved_by.username if own_text.saved_by else "",
    )
