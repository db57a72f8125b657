"""The whole key of an exercise, for teachers and for the reveal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exercises import catalogue, notes, rendering, versions
from exercises.content.schema import LayerState, Slip
from exercises.models import ExerciseVersion, Source
from exercises.notes import Note, SourceCard
from exercises.versions import Played


@dataclass(frozen=True)
class Key:
    """What is right about an exercise, with its explanation. Never sent before an answer is stored."""

    kind: str
    layer: str
    passage: rendering.SegmentPassage
    layer_state: LayerState
    notes: tuple[Note, ...]
    option_names: tuple[str, ...]
    fact: str
    slips: tuple[Slip, ...]
    source: SourceCard
    language: str
    words: int
    sensitive: bool


def keys_of(played: Sequence[Played]) -> list[Key]:
    """The keys of several exercises, with one query for all their texts."""
    rows = ExerciseVersion.objects.select_related("passage_version__passage__source")
    found = rows.in_bulk([each.version_id for each in played])
    return [key_of(each, found[each.version_id].passage_version.passage.source) for each in played]


def key_of(played: Played, source: Source | None = None) -> Key:
    """The key as a teacher reads it: nobody's marks, everything shown. `source` where its text is at hand."""
    targets = played.content.targets(played.layer)
    passage = played.content.passage
    source = source or source_of(played.version_id)
    shown = tuple(
        notes.note(played.content, annotation, number=number)
        for number, annotation in enumerate(passage.of_layer(played.layer), 1)
    )
    return Key(
        kind=played.kind,
        layer=played.layer,
        passage=rendering.revealed(played.content, targets, (), answered=False),
        layer_state=passage.layers[played.layer],
        notes=shown,
        option_names=tuple(option_name(played, option) for option in played.options) if played.kind != "markup" else (),
        fact=passage.fact,
        slips=passage.slips,
        source=notes.source_card(source),
        language=source.language,
        words=len(played.content.words),
        sensitive=passage.sensitive,
    )


@versions.drawn_once(2000)
def source_of(version_id: int) -> Source:
    """The text that a version is about, without its words."""
    return Source.objects.defer("text").get(pk=versions.played(version_id).source_id)


def option_name(played: Played, option: str) -> str:
    """An option in words: an evidence option's text, or a label's name."""
    if played.kind == "evidence" and played.asked:
        return played.asked.evidence[int(option)].text
    return catalogue.labels()[option].name
