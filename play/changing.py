"""An assignment that stands is changed, closed, extended, taken back; the standings follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from classroom import assigning
from classroom.assigning import Plan
from classroom.models import Assignment, Classroom, Student
from play import standings
from play.models import Attempt, Opening, Round


class TestsHaveBegun(Exception):
    """Somebody has seen a test form: it cannot be taken back."""


@transaction.atomic
def change_assignment(*, assignment: Assignment, plan: Plan, now: datetime) -> None:
    """Settle an assignment anew; the standings follow. Raises assigning.SealedNeedsClosing."""
    assigning.change(assignment=assignment, plan=plan)
    _tell_round(assignment)
    _reckon(assignment, now)


@transaction.atomic
def close_assignment(*, assignment: Assignment, now: datetime) -> None:
    """Close an assignment for everybody at this moment."""
    assigning.close(assignment=assignment, now=now)
    _reckon(assignment, now)


@transaction.atomic
def extend_assignment(
    *, assignment: Assignment, student: Student, closes: datetime | None, time_factor: float, now: datetime
) -> None:
    """More time for one student; what counted as left open for them is open again."""
    assigning.extend(assignment=assignment, student=student, closes=closes, time_factor=time_factor)
    _tell_round(assignment)
    _reckon(assignment, now)


def _tell_round(assignment: Assignment) -> None:
    """What pages of a live round keep of their assignment is void: the timer, and whose runs longer."""
    Round.objects.filter(assignment=assignment).update(version=F("version") + 1)


def _reckon(assignment: Assignment, now: datetime) -> None:
    """The standings after times have changed; of a test form those of all tests of the class: they wait together."""
    for each in assigning.bound_to(assignment=assignment):
        standings.reckon(assignment=each, now=now)


@transaction.atomic
def draw_teams(*, assignment: Assignment, count: int) -> None:
    assigning.draw_teams(assignment=assignment, count=count)
    standings.advance(assignment)


@transaction.atomic
def choose_teams(*, assignment: Assignment, names: Sequence[str], chosen: Mapping[Student, int | None]) -> None:
    assigning.choose_teams(assignment=assignment, names=names, chosen=chosen)
    standings.advance(assignment)


def tests_have_begun(*, classroom: Classroom) -> bool:
    """Whether somebody has opened or answered a test form."""
    sealed = {"assignment__classroom": classroom, "assignment__exercise_set__sealed": True}
    opened = Opening.objects.filter(item__assignment__classroom=classroom, item__assignment__exercise_set__sealed=True)
    return Attempt.objects.filter(**sealed).exists() or opened.exists()


@transaction.atomic
def call_off_tests(*, classroom: Classroom) -> None:
    """Take the test forms of a class back. Raises TestsHaveBegun."""
    if tests_have_begun(classroom=classroom):
        raise TestsHaveBegun
    classroom.assignments.filter(exercise_set__sealed=True).delete()
