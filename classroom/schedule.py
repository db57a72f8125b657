"""When an assignment is open, for whom, and from when on its keys are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from classroom.models import Assignment, Extension, Feedback, Student


class State(TextChoices):
    PLANNED = "planned", _("planned")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


@dataclass(frozen=True)
class Schedule:
    """The times of an assignment for one student, or for the class."""

    opens: datetime | None
    closes: datetime | None
    """With the student's extension."""
    ends: datetime | None
    """When nobody has time left: the last extension counts, and of a test form the last test of the class.

    None where it stays open.
    """
    feedback: str
    seconds_per_word: float | None
    """With the student's factor. None where there is no timer."""

    def state(self, now: datetime) -> State:
        if self.opens is not None and now < self.opens:
            return State.PLANNED
        return State.CLOSED if self.closes is not None and self.closes <= now else State.OPEN

    def has_ended(self, now: datetime) -> bool:
        return self.ends is not None and self.ends <= now

    def tells(self, now: datetime) -> bool:
        """Whether keys and points are shown: where feedback waits for the closing, it waits for the last one.

        Somebody with an extension would else be told by the others.
        """
        return self.feedback == Feedback.EACH or self.has_ended(now)

    def seconds_for(self, words: int) -> int | None:
        """Time to answer a passage of so many words."""
        return None if self.seconds_per_word is None else max(5, round(self.seconds_per_word * words))


def schedule_of(assignment: Assignment, student: Student | None = None) -> Schedule:
    """One query at most, none where extensions are prefetched or nothing depends on them."""
    extensions: list[Extension] = []
    if assignment.closes is not None or assignment.seconds_per_word is not None:
        extensions = list(assignment.extensions.all())
    own = next((each for each in extensions if student is not None and each.student_id == student.pk), None)
    closes = assignment.closes
    ends = max(_closings(assignment, extensions), default=None)
    if ends and assignment.keys_wait_until:
        ends = max(ends, assignment.keys_wait_until)
    if closes and own and own.closes:
        closes = max(closes, own.closes)
    pace = assignment.seconds_per_word
    return Schedule(
        opens=assignment.opens,
        closes=closes,
        ends=ends,
        feedback=assignment.feedback,
        seconds_per_word=pace * own.time_factor if pace is not None and own else pace,
    )


def end_of(assignment: Assignment) -> datetime | None:
    """When the assignment itself has closed for everybody, whatever other tests of the class do."""
    return max(_closings(assignment, assignment.extensions.all()), default=None)


def closings(assignment: Assignment) -> list[datetime]:
    """Every moment at which the assignment closes for somebody or its keys may be told, in order."""
    found = _closings(assignment, assignment.extensions.all())
    if found and assignment.keys_wait_until:
        found.add(assignment.keys_wait_until)
    return sorted(found)


def _closings(assignment: Assignment, extensions: Iterable[Extension]) -> set[datetime]:
    if assignment.closes is None:
        return set()
    return {assignment.closes, *(each.closes for each in extensions if each.closes and each.closes > assignment.closes)}
