"""Intervals by resampling, with a fixed seed: the same answers give the same interval on every day."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from scoring.statistics.detection import Outcomes, detection
from scoring.statistics.intervals import Interval, percentiles, wilson

SEED = 1995
REPLICATES = 400
GAIN_REPLICATES = 1000

Trial = tuple[Hashable, Hashable, bool, bool]
"""Student, passage, signal, flagged."""


@dataclass(frozen=True)
class Change:
    """A difference, after less before, with its interval."""

    value: float
    interval: Interval

    @property
    def is_told(self) -> bool:
        """Whether the data say more than that it may have been chance."""
        return not self.interval.holds(0.0)


@dataclass(frozen=True)
class Spread:
    """Intervals of d′ and c, and of the shares of hits and of false alarms.

    Those of shares are never narrower than Wilson's: where all were right, resampling alone would say 100 to 100 %.
    """

    d_prime: Interval
    criterion: Interval
    hit_rate: Interval
    alarm_rate: Interval


def spread(trials: Iterable[Trial], *, replicates: int = REPLICATES) -> Spread:
    """Intervals for a class, as if other students had met other passages of the same sort.

    Students and passages are drawn with replacement, marked and clean passages apart, and every pair counts as often
    as both were drawn: Owen (2007), "The pigeonhole bootstrap", Annals of Applied Statistics 1(2). It errs on the wide
    side.
    """
    seen = list(trials)
    total = Outcomes.of((signal, flagged) for _, _, signal, flagged in seen)
    found = [
        (*_figures(each), _share(each.hits, each.signals), _share(each.false_alarms, each.noises))
        for (each,) in _replicates([seen], replicates)
    ]
    d_prime, criterion, hit_rate, alarm_rate = (percentiles(column) for column in zip(*found, strict=True))
    return Spread(
        d_prime,
        criterion,
        hit_rate.widened(wilson(total.hits, total.signals)),
        alarm_rate.widened(wilson(total.false_alarms, total.noises)),
    )


def difference(before: Iterable[Trial], after: Iterable[Trial], *, replicates: int = REPLICATES) -> Change:
    """What changed in d′, where the same students met other passages later: both are resampled as in `spread`."""
    parts = [list(before), list(after)]
    first, second = (
        detection(Outcomes.of((signal, flagged) for _, _, signal, flagged in part)).d_prime for part in parts
    )
    found = [_figures(later)[0] - _figures(earlier)[0] for earlier, later in _replicates(parts, replicates)]
    return Change(second - first, percentiles(found))


def alarm_difference(one: Iterable[Trial], other: Iterable[Trial], *, replicates: int = REPLICATES) -> Change:
    """The difference in the share of false alarms between two groups of passages, the other less the one.

    The same students may have met both; students and passages are resampled as in `spread`.
    """
    parts = [list(one), list(other)]
    found = [_alarms(second) - _alarms(first) for first, second in _replicates(parts, replicates)]
    seen = [Outcomes.of((signal, flagged) for _, _, signal, flagged in part) for part in parts]
    return Change(_alarms(seen[1]) - _alarms(seen[0]), percentiles(found))


def _alarms(outcomes: Outcomes) -> float:
    return _share(outcomes.false_alarms, outcomes.noises)


def _figures(outcomes: Outcomes) -> tuple[float, float]:
    found = detection(outcomes)
    return found.d_prime, found.criterion


def _replicates(parts: Sequence[Sequence[Trial]], replicates: int) -> Iterator[list[Outcomes]]:
    """Outcomes by part. Students are drawn once for all parts, passages in each part by sort.

    A passage is the students who met it and those who flagged it, as bits; how often each student was drawn is a few
    such sets as well (the binary digits of the number), so that sums are counts of common bits. Most passages were met
    by the same students, who are counted once.
    """
    sorts, groups, students = _columns(parts)
    everybody = _drawn_digits(students, replicates)
    passages = [_drawn(len(columns), replicates, number) for number, columns in enumerate(sorts, 1)]
    for replicate in range(replicates):
        digits = everybody[replicate]
        sizes = [_count(group, digits) for group in groups]
        sums = []
        for columns, chosen in zip(sorts, passages, strict=True):
            met = flagged = 0
            for number, times in chosen[replicate]:
                group, some = columns[number]
                met += times * sizes[group]
                flagged += times * _count(some, digits)
            sums += [flagged, met - flagged]
        yield [Outcomes(*sums[at : at + 4]) for at in range(0, len(sums), 4)]


def _count(some: int, digits: Sequence[int]) -> int:
    """How many students of a set were drawn, each as often as it was."""
    total = 0
    for digit in digits:
        total = 2 * total + (some & digit).bit_count()
    return total


def _columns(parts: Sequence[Sequence[Trial]]) -> tuple[list[list[tuple[int, int]]], list[int], int]:
    """By part the marked and the clean passages: the group who met each, by its number, and who flagged it, as bits.

    Then the groups, as bits, and how many students there are.
    """
    bits: dict[Hashable, int] = {}
    sorts: list[list[tuple[int, int]]] = []
    for part in parts:
        found: tuple[dict[Hashable, list[int]], ...] = ({}, {})
        for student, passage, signal, flagged in part:
            bit = bits.get(student) or bits.setdefault(student, 1 << len(bits))
            columns = found[not signal]
            column = columns.get(passage) or columns.setdefault(passage, [0, 0])
            column[0] |= bit
            if flagged:
                column[1] |= bit
        sorts += [[(met, some) for met, some in columns.values()] for columns in found]
    groups = {met: number for number, met in enumerate({met: 0 for columns in sorts for met, _ in columns})}
    return [[(groups[met], some) for met, some in columns] for columns in sorts], list(groups), len(bits)


@lru_cache(maxsize=200)
def _drawn(size: int, replicates: int, stream: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """For each replicate, which of `size` things were drawn with replacement, and how often."""
    dice = random.Random(f"{SEED} {stream}")
    things = range(size)
    return tuple(tuple(Counter(dice.choices(things, k=size) if size else ()).items()) for _ in range(replicates))


@lru_cache(maxsize=100)
def _drawn_digits(size: int, replicates: int) -> tuple[list[int], ...]:
    """The same as sets: for each binary digit, the highest first, the things whose number of times has it."""
    return tuple(map(_digits, _drawn(size, replicates, 0)))


def _digits(drawn: Iterable[tuple[int, int]]) -> list[int]:
    digits: list[int] = []
    for number, times in drawn:
        digits += [0] * (times.bit_length() - len(digits))
        for digit in range(times.bit_length()):
            if times >> digit & 1:
                digits[digit] |= 1 << number
    return digits[::-1]


@dataclass(frozen=True)
class Gain:
    """What changed between two tests of the same students."""

    students: int
    d_prime: Change
    criterion: Change
    hit_rate: Change
    """Accuracy on the manipulated side."""
    rejection_rate: Change
    """Accuracy on the real side."""


def gain(matched: Sequence[tuple[Outcomes, Outcomes]], *, replicates: int = GAIN_REPLICATES) -> Gain:
    """Differences of pooled d′ and c between two tests, students being resampled with both of theirs.

    Efron & Tibshirani (1993), *An Introduction to the Bootstrap*, chapter 8 (paired data), and for pooling students
    Macmillan & Kaplan (1985), "Detection theory analysis of group data", Psychological Bulletin 98(1).
    Raises IndexError without students.
    """
    dice = random.Random(SEED)
    columns = list(zip(*(_counts(before) + _counts(after) for before, after in matched), strict=True))
    point = _differences([sum(column) for column in columns])
    found = []
    for _ in range(replicates):
        drawn = dice.choices(range(len(matched)), k=len(matched))
        found.append(_differences([sum([column[each] for each in drawn]) for column in columns]))
    changes = [Change(value, percentiles([each[n] for each in found])) for n, value in enumerate(point)]
    return Gain(len(matched), *changes)


def _counts(outcomes: Outcomes) -> tuple[int, ...]:
    return outcomes.hits, outcomes.misses, outcomes.false_alarms, outcomes.correct_rejections


def _differences(sums: Sequence[int]) -> tuple[float, float, float, float]:
    before, after = Outcomes(*sums[:4]), Outcomes(*sums[4:])
    first, second = detection(before), detection(after)
    return (
        second.d_prime - first.d_prime,
        second.criterion - first.criterion,
        _share(after.hits, after.signals) - _share(before.hits, before.signals),
        _share(after.correct_rejections, after.noises) - _share(before.correct_rejections, before.noises),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
