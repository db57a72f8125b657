"""Class intervals and gains: repeatable, unbiased, and holding the truth as often as they say."""

from __future__ import annotations

import random

import numpy
import pytest

from scoring.statistics.detection import Outcomes, detection
from scoring.statistics.resampling import Trial, gain, spread
from tests.scoring.statistics.test_detection import rates


def class_trials(
    dice: numpy.random.Generator, *, students: int, passages: int, d_prime: float, criterion: float
) -> list[Trial]:
    """A class whose members and whose passages differ: both move the evidence by half a standard deviation."""
    members = dice.normal(0, 0.5, students)
    evidence = dice.normal(0, 0.5, 2 * passages)
    trials: list[Trial] = []
    for student in range(students):
        for passage in range(2 * passages):
            signal = passage < passages
            felt = dice.normal(d_prime / 2 if signal else -d_prime / 2, 1) + evidence[passage] + members[student]
            trials.append((student, passage, signal, bool(felt > criterion)))
    return trials


def test_the_same_answers_give_the_same_interval() -> None:
    trials = class_trials(numpy.random.default_rng(1), students=12, passages=5, d_prime=1, criterion=0)
    assert spread(trials) == spread(trials)
    pairs = [(Outcomes(3, 2, 2, 3), Outcomes(4, 1, 1, 4))] * 3 + [(Outcomes(2, 3, 2, 3), Outcomes(5, 0, 3, 2))]
    assert gain(pairs) == gain(pairs)


def test_a_replicate_counts_every_pair_as_often_as_both_were_drawn() -> None:
    """The mean over many replicates is what was seen, and one student alone gives the interval of the passages."""
    dice = random.Random(6)
    trials: list[Trial] = [
        (s, p, p < 10, dice.random() < (0.8 if p < 10 else 0.3)) for s in range(30) for p in range(20)
    ]
    point = detection(Outcomes.of((signal, flagged) for _, _, signal, flagged in trials))
    found = spread(trials)
    assert found.d_prime.low < point.d_prime < found.d_prime.high
    assert found.criterion.low < point.criterion < found.criterion.high
    middle = (found.d_prime.low + found.d_prime.high) / 2
    assert middle == pytest.approx(point.d_prime, abs=0.15)


def test_few_passages_make_the_interval_wide() -> None:
    """As many answers on a quarter of the passages tell less: the passages could have been others."""
    dice = numpy.random.default_rng(3)
    few = [class_trials(dice, students=80, passages=4, d_prime=1, criterion=0) for _ in range(10)]
    many = [class_trials(dice, students=20, passages=16, d_prime=1, criterion=0) for _ in range(10)]
    assert sum(map(width, few)) > sum(map(width, many))


def width(trials: list[Trial]) -> float:
    found = spread(trials).d_prime
    return found.high - found.low


def test_class_intervals_hold_the_truth() -> None:
    """At least 93 % of 150 classes of 25 with 12 and 12 passages. The truth is that of the mean member and passage."""
    dice = numpy.random.default_rng(7)
    total = numpy.sqrt(1 + 0.5**2 + 0.5**2)
    held_d = held_c = 0
    classes = 150
    for _ in range(classes):
        found = spread(class_trials(dice, students=25, passages=12, d_prime=1.0, criterion=-0.3), replicates=150)
        held_d += found.d_prime.holds(1.0 / total)
        held_c += found.criterion.holds(-0.3 / total)
    assert held_d / classes >= 0.93
    assert held_c / classes >= 0.93


def one_test(dice: numpy.random.Generator, d_prime: float, criterion: float, trials: int) -> Outcomes:
    hit_rate, alarm_rate = rates(d_prime, criterion)
    hits, alarms = int(dice.binomial(trials, hit_rate)), int(dice.binomial(trials, alarm_rate))
    return Outcomes(hits, trials - hits, alarms, trials - alarms)


@pytest.mark.parametrize(("before", "after"), [((1.0, 0.0), (1.0, 0.0)), ((0.5, -0.3), (1.5, 0.1))])
def test_gains_of_known_players(before: tuple[float, float], after: tuple[float, float]) -> None:
    """30 students, 10 and 10 trials a test: unbiased within 0.05, the interval right in 91 to 98 % of 300."""
    dice = numpy.random.default_rng(9)
    held = 0
    values = []
    classes = 300
    for _ in range(classes):
        found = gain([(one_test(dice, *before, 10), one_test(dice, *after, 10)) for _ in range(30)], replicates=200)
        values.append((found.d_prime.value, found.criterion.value))
        held += found.d_prime.interval.holds(after[0] - before[0])
    means = numpy.mean(values, axis=0)
    assert means[0] == pytest.approx(after[0] - before[0], abs=0.05)
    assert means[1] == pytest.approx(after[1] - before[1], abs=0.05)
    assert 0.91 <= held / classes <= 0.98


def test_more_suspicion_is_no_gain() -> None:
    """Who only flags more than before gains no d′; c falls, and so does accuracy on the real side."""
    before, after = Outcomes(50, 50, 20, 80), Outcomes(80, 20, 50, 50)
    found = gain([(before, after)] * 20)
    assert abs(found.d_prime.value) < 0.02
    assert found.criterion.value < -0.5
    assert found.criterion.is_told
    assert found.hit_rate.value == pytest.approx(0.3)
    assert found.rejection_rate.value == pytest.approx(-0.3)
