"""What players and boards see: progress, standings, a report of a finished set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from classroom.models import Assignment, Student
from play.models import Attempt, Board, Standing
from scoring.ranking import competition_ranks

TOP = 5
"""Rows of a leaderboard beside one's own."""


@dataclass(frozen=True)
class ProgressItem:
    position: int
    version_id: int
    attempt: Attempt | None


@dataclass(frozen=True)
class Progress:
    """Where a student stands in an assignment; `items` in order, positions from 1."""

    items: tuple[ProgressItem, ...]

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def done(self) -> int:
        return sum(item.attempt is not None for item in self.items)

    @property
    def next(self) -> ProgressItem | None:
        """The first item without an answer, or None at the end."""
        return next((item for item in self.items if item.attempt is None), None)

    def at(self, position: int) -> ProgressItem | None:
        return next((item for item in self.items if item.position == position), None)


@dataclass(frozen=True)
class HomeRow:
    uid: str
    title: str
    done: int
    total: int


@dataclass(frozen=True)
class BoardRow:
    rank: int
    nickname: str
    points: int
    decisions: int
    is_me: bool


@dataclass(frozen=True)
class Leaderboard:
    """The top rows, and one's own where it is not among them."""

    version: int
    rows: tuple[BoardRow, ...]
    own: BoardRow | None
    total: int


@dataclass(frozen=True)
class Report:
    """First answers of a student in an assignment, in the words of signal detection."""

    points: int
    decisions: int
    hits: int
    misses: int
    false_alarms: int
    correct_rejections: int
    named_right: int
    named: int

    @property
    def best(self) -> int:
        """The most points that could be had."""
        return 100 * self.decisions


def progress(*, student: Student, assignment: Assignment) -> Progress:
    attempts = {
        attempt.exercise_version_id: attempt
        for attempt in Attempt.objects.filter(student=student, assignment=assignment, number=1)
    }
    items = assignment.items.values_list("position", "exercise_version_id")
    return Progress(tuple(ProgressItem(position, version, attempts.get(version)) for position, version in items))


def home(*, student: Student) -> list[HomeRow]:
    rows = Assignment.objects.filter(classroom=student.classroom_id).annotate(item_count=Count("items"))
    done = dict(
        Attempt.objects.filter(student=student, number=1)
        .values_list("assignment")
        .annotate(Count("pk"))
        .values_list("assignment", "pk__count")
    )
    return [HomeRow(row.uid, row.title, done.get(row.pk, 0), row.item_count) for row in rows]


def board_version(*, assignment_id: int) -> int:
    return Board.objects.filter(assignment_id=assignment_id).values_list("version", flat=True).first() or 0


def leaderboard(*, assignment: Assignment, student: Student | None = None, top: int = TOP) -> Leaderboard:
    """The standings as they are shown: the best rows, and the student's own."""
    version = board_version(assignment_id=assignment.pk)
    standings = Standing.objects.filter(assignment=assignment)
    best = list(standings.select_related("student").order_by("-points", "student__nickname")[:top])
    ranks = competition_ranks([standing.points for standing in best])
    me = student.pk if student else None
    rows = tuple(_row(rank, standing, me) for rank, standing in zip(ranks, best, strict=True))
    own = None
    if student and not any(row.is_me for row in rows):
        mine = standings.select_related("student").filter(student=student).first()
        own = _row(standings.filter(points__gt=mine.points).count() + 1, mine, me) if mine else None
    return Leaderboard(version, rows, own, standings.count())


def _row(rank: int, standing: Standing, me: int | None) -> BoardRow:
    return BoardRow(rank, standing.student.nickname, standing.points, standing.decisions, standing.student_id == me)


def report(*, student: Student, assignment: Assignment) -> Report:
    return summed(
        list(
            Attempt.objects.filter(student=student, assignment=assignment, number=1, is_practice=False, is_passed=False)
        )
    )


def summed(attempts: Sequence[Attempt]) -> Report:
    """A report over attempts, stored or not."""
    trials = [attempt for attempt in attempts if attempt.signal is not None]
    named = [attempt for attempt in attempts if attempt.label]
    return Report(
        points=sum(attempt.points for attempt in attempts),
        decisions=len(attempts),
        hits=sum(bool(trial.signal and trial.flagged) for trial in trials),
        misses=sum(bool(trial.signal and not trial.flagged) for trial in trials),
        false_alarms=sum(bool(trial.flagged and not trial.signal) for trial in trials),
        correct_rejections=sum(not trial.flagged and not trial.signal for trial in trials),
        named_right=sum(attempt.label == "right" for attempt in named),
        named=len(named),
    )
