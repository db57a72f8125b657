"""A student with class and assignment, in one query: what each page of playing and each answer begins with."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Model, OuterRef

from classroom import overlays
from classroom.models import Assignment, Classroom, Student
from classroom.prepared import Given, Reading, restored

_NOT_OF_STUDENT = ("phrase_hmac", "roster_entry_id", "joined")
_NOT_OF_CLASS = (
    *("code", "is_open", "nickname_policy", "approves_entries", "expected", "capacity"),
    *("created", "retention_days"),
)
_NOT_OF_ASSIGNMENT = ("exercise_set_id", "example", "intro", "created")
"""Columns that playing does not need: they are read when they are asked for."""
_PARTS: list[tuple[type[Model], str, list[str]]] = [
    (model, path, [each.attname for each in model._meta.concrete_fields if each.attname not in left_out])
    for model, path, left_out in (
        (Student, "classroom__students__", _NOT_OF_STUDENT),
        (Classroom, "classroom__", _NOT_OF_CLASS),
        (Assignment, "", _NOT_OF_ASSIGNMENT),
    )
]
"""Each with its path from an assignment, and its columns."""


def find(*, classroom: str, assignment: str, student: str, session_key: str) -> tuple[Student, Assignment, bool] | None:
    """By their uids; and whether the assignment is for chosen students alone."""
    rows = _rows(classroom=classroom, assignment=assignment, student=student, session_key=session_key)
    if not rows:
        return None
    *values, is_for_some, is_ruled = rows[0]
    models: list[Any] = []
    for model, _, columns in _PARTS:
        models.append(restored(model, columns, values[: len(columns)]))
        del values[: len(columns)]
    found, room, given = models
    found.classroom = given.classroom = room
    room.is_ruled = bool(is_ruled)
    return found, given, is_for_some


_rows = Reading(
    lambda: (
        Assignment.objects.filter(
            uid=Given("assignment"),
            classroom__uid=Given("classroom"),
            classroom__students__uid=Given("student"),
            classroom__students__session_key=Given("session_key"),
        )
        .order_by()
        .annotate(
            is_for_some=Exists(Assignment.students.through.objects.filter(assignment=OuterRef("pk"))),
            is_ruled=Exists(overlays.about_class(OuterRef("classroom__teacher"))),
        )
        .values_list(
            *(f"{path}{column}" for _, path, columns in _PARTS for column in columns), "is_for_some", "is_ruled"
        )
    )
)
