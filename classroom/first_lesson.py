"""The way from an empty installation to a first round, ticked off by what exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classroom.queries import ClassroomRow


@dataclass(frozen=True)
class FirstLesson:
    """How far a teacher is. The class is the one that is furthest, none while there is none."""

    classroom: ClassroomRow | None

    @property
    def has_set(self) -> bool:
        return self.classroom is not None and self.classroom.assignments > 0

    @property
    def has_students(self) -> bool:
        return self.classroom is not None and self.classroom.students > 0

    @property
    def has_answers(self) -> bool:
        return self.classroom is not None and self.classroom.is_answered

    @property
    def done(self) -> int:
        return sum((self.classroom is not None, self.has_set, self.has_students, self.has_answers))

    @property
    def is_over(self) -> bool:
        return self.done == STEPS


STEPS = 4


def first_lesson(rows: Sequence[ClassroomRow]) -> FirstLesson:
    """`rows` are all classes of the teacher."""
    return max((FirstLesson(row) for row in rows), key=lambda each: each.done, default=FirstLesson(None))
