"""Where students stand: what there is to play, in whose order, how far."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Count, Exists, FilteredRelation, Q

from classroom import assigning
from classroom.models import Assignment, AssignmentItem, Order, Student
from classroom.prepared import Given, Reading
from classroom.schedule import Schedule, State, schedule_of
from exercises.memory import remembered
from play.models import Attempt, Phase, Round


class ProgressItem(NamedTuple):
    position: int
    """In the student's own order."""
    version_id: int
    stored: int = 0
    """Key of the first answer, larger than that of an earlier one; 0 before there is one."""
    correct: bool = False
    counts: bool = False
    """Whether the answer is neither practice, passed over, nor put aside by a ruling."""
    is_aside: bool = False
    is_rescored: bool = False
    section: str = ""
    begins_section: bool = False

    @property
    def is_answered(self) -> bool:
        return bool(self.stored)


@dataclass(frozen=True)
class Progress:
    """Where a student stands in an assignment; `items` in the student's order, positions from 1."""

    items: tuple[ProgressItem, ...]
    is_live: bool
    """Whether the assignment is just played in a live round."""

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def done(self) -> int:
        return sum(item.is_answered for item in self.items)

    @property
    def next(self) -> ProgressItem | None:
        """The first item without an answer, or None at the end."""
        return next((item for item in self.items if not item.is_answered), None)

    def at(self, position: int) -> ProgressItem | None:
        return self.items[position - 1] if 1 <= position <= len(self.items) else None


@dataclass(frozen=True)
class HomeRow:
    uid: str
    title: str
    language: str
    """Of the title; empty where it is not known."""
    done: int
    total: int
    state: State
    schedule: Schedule
    given: datetime
    board_mode: str

    @property
    def is_due(self) -> bool:
        return self.state == State.OPEN and self.done < self.total


NO_ANSWER = (0, False, False, False, False)


def progress(*, student: Student, assignment: Assignment) -> Progress:
    rows: list[Any] = _answered(student=student.pk, assignment=assignment.pk)
    answered = {
        version: (stored, bool(correct), not (practice or passed or aside), bool(aside), bool(aside or judged))
        for _, version, stored, correct, practice, passed, aside, judged in rows
    }
    items, before = [], None
    for position, (version, number, section) in enumerate(_in_order(student, assignment), 1):
        answer = answered.get(version, NO_ANSWER)
        items.append(ProgressItem(position, version, *answer, section, number != before))
        before = number
    return Progress(tuple(items), any(row[0] for row in rows))


def run_of_right(*, progress: Progress, last: Attempt) -> int:
    """Right decisions in a row that end with this first answer, whatever their order in the set; 0 for a wrong one."""
    if not last.correct or last.is_practice or last.is_passed or last.number > 1:
        return 0
    before = sorted((item.stored, item.correct) for item in progress.items if item.counts and item.stored < last.pk)
    return 1 + sum(1 for _ in takewhile(itemgetter(1), reversed(before)))


_answered = Reading(
    lambda: (
        Assignment.objects.filter(pk=Given("assignment"))
        .annotate(
            is_live=Exists(Round.objects.filter(assignment_id=Given("assignment")).exclude(phase=Phase.ENDED)),
            own=FilteredRelation("attempts", condition=Q(attempts__student_id=Given("student"), attempts__number=1)),
        )
        .order_by()
        .values_list(
            "is_live",
            *("own__exercise_version_id", "own__pk", "own__correct"),
            *("own__is_practice", "own__is_passed", "own__is_aside", "own__judged_id"),
        )
    )
)
"""A student's first answers; one row without any where there is none."""


def ordered(*, student: Student, assignment: Assignment) -> list[int]:
    """The exercise versions of an assignment in the order in which this student meets them."""
    return [version for version, _, _ in _in_order(student, assignment)]


def _in_order(student: Student, assignment: Assignment) -> Sequence[tuple[int, int, str]]:
    """Exercise version, number and heading of its section. Sections stay in their order, whatever is inside them.

    Shuffled: by a digest of assignment, student and item, so that it is the same on every device and day.
    """
    rows = _fixed(assignment.pk, assignment.order == Order.HARD_FIRST)
    if assignment.order != Order.SHUFFLED:
        return rows
    seed = f"{assignment.uid}/{student.uid}"
    places = [(row[1], hashlib.sha256(f"{seed}/{row[0]}".encode()).digest(), row) for row in rows]
    return [row for _, _, row in sorted(places)]


@remembered(1000)
def _fixed(assignment_id: int, hard_first: bool) -> Sequence[tuple[int, int, str]]:
    """The items of an assignment, which are fixed when it is given: in the set's order, or hard to easy by section."""
    items = AssignmentItem.objects.filter(assignment=assignment_id)
    sections = {
        version: (number, heading)
        for number, (heading, group) in enumerate(
            groupby(items.values_list("exercise_version_id", "section"), key=itemgetter(1))
        )
        for version, _ in group
    }
    versions = list(sections)
    if hard_first:
        by_difficulty = items.order_by("-exercise_version__passage_version__content__difficulty", "position")
        versions = list(by_difficulty.values_list("exercise_version_id", flat=True))
    return [(version, *sections[version]) for version in sorted(versions, key=lambda each: sections[each][0])]


def home(*, student: Student, now: datetime) -> list[HomeRow]:
    """The student's assignments: what is due first, by its closing; then what is planned; then what is over."""
    rows = list(
        Assignment.objects.filter(Q(students=None) | Q(students=student), classroom=student.classroom_id)
        .annotate(item_count=Count("items", distinct=True))
        .select_related("exercise_set")
        .prefetch_related("extensions")
    )
    done = dict(
        Attempt.objects.filter(student=student, number=1)
        .values_list("assignment")
        .annotate(Count("pk"))
        .values_list("assignment", "pk__count")
    )
    found = []
    for row in rows:
        times = schedule_of(row, student)
        found.append(
            HomeRow(
                row.uid,
                row.title,
                row.language,
                done.get(row.pk, 0),
                row.item_count,
                times.state(now),
                times,
                row.created,
                row.board_mode,
            )
        )
    return sorted(found, key=_urgency)


def _urgency(row: HomeRow) -> tuple[int, bool, float]:
    rank = 0 if row.is_due else {State.OPEN: 1, State.PLANNED: 2, State.CLOSED: 3}[row.state]
    closes = row.schedule.closes
    return rank, closes is None, closes.timestamp() if closes else 0.0


def attempts_made(*, student: Student, assignment: Assignment, version_id: int) -> int:
    return Attempt.objects.filter(student=student, assignment=assignment, exercise_version_id=version_id).count()


def attempt_at(*, first: Attempt, number: int) -> Attempt | None:
    """A later answer of the same student to the same item."""
    return Attempt.objects.filter(
        student=first.student_id,
        assignment=first.assignment_id,
        exercise_version=first.exercise_version_id,
        number=number,
    ).first()


def playing_along(*, student: Student, assignment: Assignment, version_id: int, now: datetime) -> Student | None:
    """The student's partner, if an answer to this item counts for the partner, too.

    Not where the assignment is for others, is not open for the partner, or the partner has answered before.
    """
    partner = student.partner
    if (
        partner is None
        or not assigning.is_for(assignment=assignment, student=partner)
        or schedule_of(assignment, partner).state(now) != State.OPEN
        or attempts_made(student=partner, assignment=assignment, version_id=version_id)
    ):
        return None
    return partner
