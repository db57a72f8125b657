"""Texts whole and labels with their instances, as teachers read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from exercises import catalogue, notes, rendering
from exercises.catalogue import Group
from exercises.content.schema import LAYERS, Annotation, LayerState, Slip
from exercises.models import Passage, Source
from exercises.versions import PassageContent


@dataclass(frozen=True)
class TextRow:
    slug: str
    title: str
    language: str
    camp: str
    content_note: str
    passages: int


@dataclass(frozen=True)
class ReadPassage:
    """A passage with the annotations of both layers, numbered through."""

    position: int
    sensitive: bool
    passage: rendering.SegmentPassage
    states: tuple[tuple[str, LayerState], ...]
    notes: tuple[notes.Note, ...]
    slips: tuple[Slip, ...]


@dataclass(frozen=True)
class ReadText:
    passages: tuple[ReadPassage, ...]
    card: notes.SourceCard
    teacher_note: tuple[str, ...]
    """Paragraphs."""
    left_out: tuple[tuple[str, str], ...]
    """(words, reason)."""


def texts(sources: QuerySet[Source]) -> list[TextRow]:
    rows = sources.prefetch_related("passages")
    return [
        TextRow(
            row.slug,
            row.title,
            row.language,
            notes.camp_name(row.camp),
            row.card["content_note"],
            sum(passage.current_id is not None for passage in row.passages.all()),
        )
        for row in rows
    ]


def read(source: Source) -> ReadText:
    rows = source.passages.exclude(current=None).select_related("current").order_by("position")
    return ReadText(
        passages=tuple(read_passage(content_of(row), position=number) for number, row in enumerate(rows, 1)),
        card=notes.source_card(source),
        teacher_note=tuple(part.strip() for part in source.card["teacher_note"].split("\n\n") if part.strip()),
        left_out=tuple((each["quote"], each["reason"]) for each in source.card["left_out"]),
    )


def read_passage(content: PassageContent, *, position: int) -> ReadPassage:
    """A passage with its whole key, for teachers."""
    annotations = [annotation for layer in LAYERS for annotation in content.passage.of_layer(layer)]
    targets = [target for layer in LAYERS for target in content.targets(layer)]
    return ReadPassage(
        position=position,
        sensitive=content.passage.sensitive,
        passage=rendering.revealed(content, targets, (), answered=False),
        states=tuple(content.passage.layers.items()),
        notes=tuple(notes.note(content, each, number=number) for number, each in enumerate(annotations, 1)),
        slips=content.passage.slips,
    )


def groups_with_instances(sources: QuerySet[Source]) -> list[Group]:
    """The catalogue with what each label marks in these texts."""
    instances: dict[str, list[catalogue.Instance]] = {}
    texts_of: dict[str, set[str]] = {}
    for row, content, annotation in _published(sources):
        quote = rendering.quoted(content, annotation.core)
        texts_of.setdefault(annotation.label, set()).add(row.source.slug)
        instances.setdefault(annotation.label, []).append(catalogue.Instance(row.source.slug, row.source.title, quote))
    return [
        replace(
            group,
            entries=tuple(
                replace(
                    entry,
                    instances=tuple(instances.get(entry.label.slug, ())),
                    texts=len(texts_of.get(entry.label.slug, ())),
                )
                for entry in group.entries
            ),
        )
        for group in catalogue.groups()
    ]


def _published(sources: QuerySet[Source]) -> Iterator[tuple[Passage, PassageContent, Annotation]]:
    for row in Passage.objects.filter(source__in=sources).exclude(current=None).select_related("source", "current"):
        content = content_of(row)
        for annotation in content.passage.annotations:
            yield row, content, annotation


def content_of(row: Passage) -> PassageContent:
    """The content in force of a passage that is not withdrawn; `current` is best selected with it."""
    assert row.current is not None
    return PassageContent.of(row.current.content)
