"""Own texts to and from files: packages for other schools, and W3C annotations from other tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from classroom.models import OwnText, Teacher
from classroom.own_texts import drafts, marking, publishing
from classroom.own_texts.drafts import Draft, PassageDraft
from exercises import catalogue, packages
from exercises.content.quotes import folded
from exercises.export import collection_of
from exercises.models import Source
from exercises.packages import PackedText
from exercises.web_annotations import ImportedMark, OpenMark, ReadAnnotations
from scoring.spans import Span

LICENCE = "CC-BY-4.0"
"""Of annotations and explanations, as of the shipped ones."""


@dataclass(frozen=True)
class Taken:
    """What became of annotations from a file."""

    marks: int
    """That are in the draft now."""
    outside: tuple[str, ...]
    """Words of those that lie in no passage, or across two."""
    unnamed: int
    """Marks in the draft whose label is to be chosen."""
    ambiguous: tuple[OpenMark, ...]
    missing: tuple[OpenMark, ...]
    notes: tuple[str, ...]


def package(*, own_text: OwnText) -> bytes:
    """The draft as a zip. Raises BadContent where it is not finished."""
    text = publishing.finished(own_text)
    return packages.write_package(PackedText(replace(text, slug=name_of(own_text)), LICENCE))


def package_of(*, source: Source) -> bytes:
    """A shipped text as a zip: the same that its author would export."""
    return packages.write_package(PackedText(packages.source_text(source), LICENCE))


def name_of(own_text: OwnText) -> str:
    """What its files are called."""
    return slugify(own_text.title)[:60].strip("-") or "text"


def import_package(*, teacher: Teacher, packed: PackedText, now: datetime) -> OwnText:
    """A draft of one's own out of a package that was read."""
    return drafts.create(teacher=teacher, title=packed.source.title, draft=drafts.of_text(packed.source), now=now)


def annotations_of(*, own_text: OwnText) -> dict[str, Any]:
    """The marks of the draft as a W3C AnnotationCollection."""
    return collection_of(replace(drafts.source_text(own_text), slug=name_of(own_text)))


def annotations_of_source(*, source: Source) -> dict[str, Any]:
    """The marks of a shipped text as a W3C AnnotationCollection."""
    return collection_of(packages.source_text(source))


def take(draft: Draft, read: ReadAnnotations) -> Taken:
    """Put the marks of a file into the passages that hold them. What is not clear is told, never guessed."""
    count, unnamed, outside = 0, 0, list[str]()
    for each in read.marks:
        passage = _holding(draft, each.spans)
        if passage is None:
            outside.append(folded(" … ".join(draft["text"][slice(*span)] for span in each.spans))[:120])
            continue
        layer = _layer(each)
        mark = marking.add_mark(draft, passage["key"], layer, marking.new_key())
        label = each.labels[0] if len(each.labels) == 1 else ""
        mark |= {
            "label": label,
            "core": [list(span) for span in each.spans],
            "envelope": [list(span) for span in each.envelope],
            "accepted": _of_layer(each.accepted, layer, label),
            "near": [{"label": slug, "why": ""} for slug in _of_layer(each.near, layer, label)],
            "explanation": each.comment,
        }
        count += 1
        unnamed += not label
    return Taken(count, tuple(outside), unnamed, read.ambiguous, read.missing, read.notes)


def _layer(mark: ImportedMark) -> str:
    """The layer of the one label that is named, else wording: an author chooses."""
    labels = catalogue.labels()
    return labels[mark.labels[0]].layer if len(mark.labels) == 1 else "technique"


def _of_layer(slugs: Sequence[str], layer: str, label: str) -> list[str]:
    labels = catalogue.labels()
    return [slug for slug in dict.fromkeys(slugs) if slug != label and labels[slug].layer == layer]


def _holding(draft: Draft, spans: Sequence[Span]) -> PassageDraft | None:
    """The passage that holds all of these spans."""
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    return next((each for each in draft["passages"] if each["span"][0] <= first and last <= each["span"][1]), None)
