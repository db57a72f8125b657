"""Intervals of a class without resampling: as wide as they have to be where answers hang together."""

from __future__ import annotations

import random
from math import exp, sqrt

import numpy
import pytest

from scoring.statistics.clustered import Answer, Rating, auc_interval, share
from scoring.statistics.detection import auc
from scoring.statistics.intervals import Interval, wilson


def answers(dice: numpy.random.Generator, *, students: int, passages: int, spread: float, met: float) -> list[Answer]:
    """About three of four are right; students and passages differ by `spread` log odds."""
    able, easy = dice.normal(0, spread, students), dice.normal(0, spread, passages)
    return [
        (student, passage, bool(dice.random() < 1 / (1 + exp(-1 - able[student] - easy[passage]))))
        for student in range(students)
        for passage in range(passages)
        if dice.random() < met
    ]


def test_by_hand() -> None:
    """Two students who are always right and two who never are, on three passages: about as much as three answers."""
    seen = [(student, passage, student < 2) for student in range(4) for passage in range(3)]
    variance = 4 / 3 * 4 * (3 * 0.5 / 12) ** 2
    found, expected = share(seen), wilson(0.25 / variance / 2, 0.25 / variance)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    turned = share([(passage, student, right) for student, passage, right in seen])
    assert (turned.low, turned.high) == pytest.approx((expected.low, expected.high)), "passages count as students do"


def test_where_all_are_alike_each_stands_for_itself() -> None:
    assert share([(number, number % 3, True) for number in range(20)]) == wilson(20, 20)
    assert share([]) == Interval(0.0, 1.0)


@pytest.mark.parametrize(("students", "passages", "met"), [(24, 10, 0.25), (40, 13, 0.3), (24, 10, 0.1)])
def test_shares_hold_the_truth(students: int, passages: int, met: float) -> None:
    """In 91 to 98 % of 600 classes; Wilson's own interval of single answers does so far less often."""
    dice = numpy.random.default_rng(4)
    truth = float(numpy.mean(1 / (1 + numpy.exp(-1 - dice.normal(0, 0.7 * sqrt(2), 200_000)))))
    held = narrow = 0
    for _ in range(600):
        seen = answers(dice, students=students, passages=passages, spread=0.7, met=met)
        held += share(seen).holds(truth)
        narrow += wilson(sum(right for *_, right in seen), len(seen)).holds(truth)
    assert 0.91 <= held / 600 <= 0.98
    assert narrow < held


def ratings(dice: numpy.random.Generator, *, students: int, passages: int, spread: float) -> list[Rating]:
    able, easy = dice.normal(0, spread, students), dice.normal(0, spread, 2 * passages)
    return [
        (student, passage, passage < passages, round(2 * felt) / 2)
        for student in range(students)
        for passage in range(2 * passages)
        for felt in [dice.normal(0.5 if passage < passages else -0.5) + able[student] + easy[passage]]
    ]


def test_areas_hold_the_truth() -> None:
    """In 89 to 98 % of 200 classes of 24 with 12 and 12 passages, ratings being of 24 students and not of 576."""
    dice = numpy.random.default_rng(8)
    total = sqrt(1 + 2 * 0.5**2)
    pairs = numpy.round(2 * dice.normal((0.5, -0.5), total, (200_000, 2))) / 2
    truth = float(numpy.mean(pairs[:, 0] > pairs[:, 1]) + numpy.mean(pairs[:, 0] == pairs[:, 1]) / 2)
    held = sum(auc_interval(ratings(dice, students=24, passages=12, spread=0.5)).holds(truth) for _ in range(200))
    assert 0.89 <= held / 200 <= 0.98


def test_an_area_lies_in_its_interval_and_stays_below_one() -> None:
    dice = random.Random(2)
    seen = [
        (s, p, p < 4, dice.choice((80, 90, 100)) if p < 4 else dice.choice((0, 10, 80)))
        for s in range(9)
        for p in range(8)
    ]
    found = auc_interval(seen)
    assert (
        found.low < auc([each[3] for each in seen if each[2]], [each[3] for each in seen if not each[2]]) < found.high
    )
    assert found.high < 1
    assert auc_interval([(1, 1, True, 9), (1, 2, False, 3)]) == Interval(1.0, 1.0)
