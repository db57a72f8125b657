"""What a student got better at, and personal bests: only what the number of answers can bear, and never a loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from classroom.models import Assignment, Student
from play.models import Attempt, Standing
from scoring.statistics.intervals import difference
from scoring.statistics.thresholds import STUDENT_ACCURACY, Shown

LEAST = 5
"""Decisions in a set from which on it can be somebody's best."""
RUN = 3
"""Right decisions in a row from which on they are told."""
SKILLS = ("caught", "left", "named")
Counts = tuple[int, int]
"""Right ones, and all."""


@dataclass(frozen=True)
class Gain:
    """A skill in which the later half of the answers is better than the earlier one, beyond chance."""

    skill: str
    """caught, left or named."""
    before: Counts
    after: Counts
    shown: Shown


@dataclass(frozen=True)
class Growth:
    run: int
    """The longest row of right decisions in this set; 0 where it is too short to tell."""
    is_longest: bool
    """Longer than in every other set."""
    mean: int
    """Points a decision in this set, where it is the best of several; else 0."""
    gains: tuple[Gain, ...]
    is_told: bool
    """Whether there are answers enough of any sort to say what has changed."""


def growth(*, student: Student, assignment: Assignment, attempts: Sequence[Attempt], now: datetime) -> Growth:
    """`attempts` are all of the student's that count and are told."""
    rows = Standing.objects.filter(student=student).exclude(assignment__keys_wait_until__gt=now)
    own, others = None, []
    for row in rows:
        if row.assignment_id == assignment.pk:
            own = row
        else:
            others.append(row)
    gains = [_gain(skill, attempts) for skill in SKILLS]
    told = [each for each in gains if each.shown != "hidden"]
    run = own.longest_streak if own and own.longest_streak >= RUN else 0
    return Growth(
        run=run,
        is_longest=bool(run and others) and all(run > each.longest_streak for each in others),
        mean=_best(own, others),
        gains=tuple(each for each in told if difference(each.before, each.after).low > 0),
        is_told=bool(told),
    )


def _best(own: Standing | None, others: Sequence[Standing]) -> int:
    sets = [each for each in others if each.decisions >= LEAST]
    if own is None or own.decisions < LEAST or not sets:
        return 0
    mean = own.points / own.decisions
    return round(mean) if all(mean > each.points / each.decisions for each in sets) else 0


def _gain(skill: str, attempts: Sequence[Attempt]) -> Gain:
    ordered = sorted(attempts, key=lambda each: (each.answered, each.pk))
    outcomes = [right for each in ordered if (right := _outcome(skill, each)) is not None]
    middle = len(outcomes) // 2
    before, after = outcomes[:middle], outcomes[middle:]
    shown = STUDENT_ACCURACY.shown(len(before), len(after))
    return Gain(skill, (sum(before), len(before)), (sum(after), len(after)), shown)


def _outcome(skill: str, attempt: Attempt) -> bool | None:
    """Whether a decision shows the skill; None where it says nothing about it."""
    if skill == "named":
        return attempt.label == "right" if attempt.label else None
    if attempt.signal is None or attempt.signal != (skill == "caught"):
        return None
    return bool(attempt.flagged) == attempt.signal
