"""A set on paper, for lessons without devices: the questions, and the answers for a page of their own."""

from __future__ import annotations

from dataclasses import dataclass

from classroom.models import ExerciseSet
from classroom.sections import sectioned
from exercises import rendering
from exercises.keys import Key, keys_of
from exercises.notes import Note
from exercises.versions import Played, played
from play.questions import Option, Question, question


@dataclass(frozen=True)
class SheetItem:
    """One decision: what students read, and what the teacher reads."""

    number: int
    section: str
    """Heading of the section that begins here, or empty."""
    question: Question
    passage: rendering.SegmentPassage
    options: tuple[Option, ...]
    """What to tick: the buttons of the screen are among them."""
    key: Key
    answers: tuple[Note, ...]
    """What is right, where something is to be found; for kinds that ask about one annotation, that one."""


def worksheet(*, exercise_set: ExerciseSet) -> list[SheetItem]:
    rows = sectioned(exercise_set=exercise_set)
    shown = [played(version) for version, _ in rows]
    keys = keys_of(shown)
    items, before = [], ""
    for number, (each, key, (_, section)) in enumerate(zip(shown, keys, rows, strict=True), 1):
        asked = question(each, language=key.language)
        nothing = (Option("nothing", asked.nothing),) if asked.is_marking and asked.nothing else ()
        options = nothing if each.kind == "markup" else asked.options + nothing
        heading = section if section != before else ""
        items.append(SheetItem(number, heading, asked, _passage(each), options, key, _answers(each, key)))
        before = section
    return items


def _passage(shown: Played) -> rendering.SegmentPassage:
    return rendering.lit(shown.content, shown.asked.core) if shown.asked else rendering.plain(shown.content)


def _answers(shown: Played, key: Key) -> tuple[Note, ...]:
    annotations = shown.content.passage.of_layer(shown.layer)
    pairs = zip(annotations, key.notes, strict=True)
    return tuple(note for annotation, note in pairs if shown.annotation in ("", annotation.key))
