"""Classical item analysis: how hard a decision is, how well it separates, what is chosen instead of the key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

TOO_HARD, TOO_EASY = 0.20, 0.95
"""Facilities outside of which an item should be looked at."""
TOO_FLAT = 0.10
"""Discrimination below which an item should be looked at."""

Scores = Mapping[Hashable, Mapping[Hashable, float]]
"""By item, by student."""


def facility(rights: Sequence[bool]) -> float:
    """The share of right answers. Lord & Novick (1968), *Statistical Theories of Mental Test Scores*."""
    return sum(rights) / len(rights)


def rests(scores: Scores) -> dict[Hashable, dict[Hashable, float]]:
    """For each item, each student's mean score on the other items that the student answered."""
    sums: Counter[Hashable] = Counter()
    counts: Counter[Hashable] = Counter()
    for by_student in scores.values():
        for student, score in by_student.items():
            sums[student] += score  # type: ignore[assignment]
            counts[student] += 1
    return {
        item: {
            student: (sums[student] - score) / (counts[student] - 1)
            for student, score in by_student.items()
            if counts[student] > 1
        }
        for item, by_student in scores.items()
    }


def discrimination(scores: Mapping[Hashable, float], rest: Mapping[Hashable, float]) -> float | None:
    """The corrected item–rest correlation, -1 to 1. None where the scores or the rests are constant.

    Henrysson (1963), "Correction of item-total correlations in item analysis", Psychometrika 28(2). The rest is a mean,
    so that students who answered fewer items stay comparable.
    """
    pairs = [(scores[student], value) for student, value in rest.items()]
    if len(pairs) < 2:
        return None
    mean_x = sum(x for x, _ in pairs) / len(pairs)
    mean_y = sum(y for _, y in pairs) / len(pairs)
    covariance = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    spread = sqrt(sum((x - mean_x) ** 2 for x, _ in pairs) * sum((y - mean_y) ** 2 for _, y in pairs))
    return covariance / spread if spread > 1e-12 else None


@dataclass(frozen=True)
class Choice:
    """An answer that was given, by how many, and by how many of the best third."""

    answer: str
    is_key: bool
    count: int
    best_third: int


def choices(given: Mapping[Hashable, str], key: Iterable[str], rest: Mapping[Hashable, float]) -> tuple[Choice, ...]:
    """What was answered, the commonest first. The best third is by the rest of the items.

    Haladyna (2004), *Developing and Validating Multiple-Choice Test Items*, chapter 9.
    """
    right = set(key)
    ranked = sorted((student for student in given if student in rest), key=lambda each: -rest[each])
    best = Counter(given[student] for student in ranked[: ceil(len(ranked) / 3)])
    counts = Counter(given.values())
    found = (Choice(answer, answer in right, count, best[answer]) for answer, count in counts.items())
    return tuple(sorted(found, key=lambda each: (-each.count, each.answer)))


def beating(found: Sequence[Choice]) -> tuple[Choice, ...]:
    """Wrong answers that more of the best third gave than a right one."""
    keyed = sum(each.best_third for each in found if each.is_key)
    return tuple(each for each in found if not each.is_key and each.best_third > keyed)


def confusion(pairs: Iterable[tuple[str, str]]) -> dict[str, Counter[str]]:
    """Of pairs of key and answer: for each key, how often which answer was given."""
    table: dict[str, Counter[str]] = {}
    for key, answer in pairs:
        table.setdefault(key, Counter())[answer] += 1
    return table
