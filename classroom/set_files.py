"""Sets as files: written for another school, and read with everything checked. docs/sets.md describes the format.

A file names passages by address and holds no text and no key, so that it goes on working when a key is mended.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classroom import ways
from classroom.building import MOST_DECISIONS
from classroom.models import ExerciseSet, SetItem, Teacher
from classroom.set_forms import SetForm
from exercises.models import Exercise

FORMAT = "literacy-game-set"
VERSION = 1
LARGEST = 256 * 1024
"""Bytes."""
MOST_TOLD = 20
"""Problems that are told at once."""
HEAD = ("title", "aim", "intro", "minutes", "level", "example", "note", "shuffle")
DECISION = ("passage", "kind", "layer", "annotation", "section")
LONGEST_SECTION = 80
DIGEST = 12
"""Characters of a passage's digest that a file keeps."""


class BadSetFile(Exception):
    """The file is refused. `problems` say why, in words."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class ReadSet:
    """A file whose every line can be played here."""

    values: dict[str, Any]
    exercises: tuple[Exercise, ...]
    sections: tuple[str, ...]
    edited: int
    """Passages whose key has been mended since the file was written."""


def write(*, exercise_set: ExerciseSet) -> str:
    """The file of a set: its head, and one line a decision."""
    rows = exercise_set.items.exclude(exercise__current=None).select_related(
        "exercise__passage__source", "exercise__current__passage_version"
    )
    head = {"format": FORMAT, "version": VERSION} | {name: getattr(exercise_set, name) for name in HEAD}
    return json.dumps(head | {"decisions": [_decision(row) for row in rows]}, ensure_ascii=False, indent=1) + "\n"


def read(*, data: bytes, teacher: Teacher) -> ReadSet:
    """A file from outside, with passages that the teacher can use. Raises BadSetFile with everything that is wrong."""
    document = _document(data)
    rows = document["decisions"]
    form = SetForm({name: document.get(name) for name in HEAD})
    problems = [f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
    problems += [
        _("%(name)s: has to be a %(type)s.") % {"name": name, "type": words} for name, words in _wrong_types(document)
    ]
    exercises = _exercises(rows, teacher)
    problems += _problems(rows, exercises)
    if problems:
        raise BadSetFile(_capped(problems))
    found = [exercises[_address(row)] for row in rows]
    edited = sum(
        row.get("digest", "") not in ("", _digest(exercise)) for row, exercise in zip(rows, found, strict=True)
    )
    values = {name: form.cleaned_data[name] for name in HEAD}
    return ReadSet(values, tuple(found), tuple(row.get("section", "") for row in rows), edited)


@transaction.atomic
def import_set(*, teacher: Teacher, read_set: ReadSet, now: datetime) -> ExerciseSet:
    """An own set out of a file that was read."""
    made = ExerciseSet.objects.create(owner=teacher, edited=now, **read_set.values)
    SetItem.objects.bulk_create(
        SetItem(exercise_set=made, exercise=exercise, section=section, position=position)
        for position, (exercise, section) in enumerate(zip(read_set.exercises, read_set.sections, strict=True), 1)
    )
    return made


def _decision(row: SetItem) -> dict[str, str]:
    exercise = row.exercise
    optional = {"annotation": exercise.annotation, "section": row.section}
    return {
        "passage": str(exercise.passage),
        "kind": exercise.kind,
        "layer": exercise.layer,
        **{name: value for name, value in optional.items() if value},
        "digest": _digest(exercise),
    }


def _digest(exercise: Exercise) -> str:
    return exercise.current.passage_version.digest[:DIGEST] if exercise.current else ""


def _document(data: bytes) -> dict[str, Any]:
    """The JSON of a file, with its decisions as a list of tables of texts."""
    if len(data) > LARGEST:
        raise BadSetFile([_("The file is larger than %(size)d KB. No set is.") % {"size": LARGEST // 1024}])
    try:
        document = json.loads(data.decode("utf-8-sig"))
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise BadSetFile([_("This is no JSON file, or it was damaged on the way.")]) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadSetFile(
            [_("This file is no set of this game: its “format” is not “%(format)s”.") % {"format": FORMAT}]
        )
    if document.get("version") != VERSION or isinstance(document["version"], bool):
        words = _("The file has version %(version)s of the format; this game reads version %(ours)d.")
        raise BadSetFile([words % {"version": str(document.get("version"))[:20], "ours": VERSION}])
    rows = document.get("decisions")
    if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
        raise BadSetFile([_("“decisions” has to be a list of decisions, each with passage, kind and layer.")])
    if not 0 < len(rows) <= MOST_DECISIONS:
        words = _("The file has %(n)d decisions; a set holds between 1 and %(most)d.")
        raise BadSetFile([words % {"n": len(rows), "most": MOST_DECISIONS}])
    return document


def _is_row(row: object) -> bool:
    return (
        isinstance(row, dict)
        and all(isinstance(value, str) and "\0" not in value for value in row.values())
        and all(row.get(name) for name in DECISION[:3])
    )


def _wrong_types(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Forms read anything as a text: what is none is refused here."""
    types = dict.fromkeys(HEAD, str) | {"minutes": int, "shuffle": bool}
    words = {str: _("text"), int: _("whole number"), bool: _("true or false")}
    for name, type_ in types.items():
        if name in document and type(document[name]) is not type_:
            yield name, words[type_]


def _address(row: dict[str, str]) -> tuple[str, str, str, str]:
    return row["passage"], row["kind"], row["layer"], row.get("annotation", "")


def _exercises(rows: list[dict[str, str]], teacher: Teacher) -> dict[tuple[str, str, str, str], Exercise]:
    """What is made of the passages that a file names, by address."""
    texts = {row["passage"].partition("/")[0] for row in rows}
    found = ways.offered(teacher).filter(passage__source__slug__in=texts)
    return {
        (str(each.passage), each.kind, each.layer, each.annotation): each
        for each in found.select_related("passage__source", "current__passage_version")
    }


def _problems(rows: list[dict[str, str]], exercises: dict[tuple[str, str, str, str], Exercise]) -> Iterator[str]:
    known = {address[0] for address in exercises}
    asked = Counter((row["passage"], row["layer"]) for row in rows)
    for number, row in enumerate(rows, 1):
        where = {"n": number, "passage": row["passage"][:120]}
        if unknown := [name for name in row if name not in (*DECISION, "digest")]:
            yield _("Decision %(n)d: “%(name)s” is not known here.") % (where | {"name": unknown[0][:40]})
        if len(row.get("section", "")) > LONGEST_SECTION:
            yield _("Decision %(n)d: the heading is longer than %(most)d characters.") % (
                where | {"most": LONGEST_SECTION}
            )
        if row["passage"] not in known:
            yield _("Decision %(n)d: there is no passage “%(passage)s” here, or it is kept for a test.") % where
        elif _address(row) not in exercises:
            way = " ".join(part for part in _address(row)[1:] if part)[:80]
            yield _("Decision %(n)d: “%(passage)s” cannot be played as %(way)s.") % (where | {"way": way})
        if asked.pop((row["passage"], row["layer"]), 1) > 1:
            yield _("Decision %(n)d: “%(passage)s” stands twice with the same layer.") % where


def _capped(problems: list[str]) -> list[str]:
    more = len(problems) - MOST_TOLD
    if more <= 0:
        return problems
    return [*problems[:MOST_TOLD], ngettext("And %(n)d more.", "And %(n)d more.", more) % {"n": more}]
