"""Confidence against accuracy."""

from __future__ import annotations

import random

import pytest
from sklearn.metrics import brier_score_loss

from scoring.statistics.calibration import accuracy, brier, is_above_chance, miscalibration, overconfidence


def test_saying_as_sure_as_right_is_perfect() -> None:
    said = [(80, True)] * 4 + [(80, False)] + [(60, True)] * 3 + [(60, False)] * 2
    assert miscalibration(said) == pytest.approx(0)
    assert overconfidence(said) == pytest.approx(0)


def test_levels_do_not_make_up_for_each_other() -> None:
    """Too sure at one level and not sure enough at another is no calibration, though the means agree."""
    said = [(100, True)] * 5 + [(100, False)] * 5 + [(50, True)] * 10
    assert overconfidence(said) == pytest.approx(0)
    assert miscalibration(said) == pytest.approx(0.25)


def test_over_and_under() -> None:
    assert overconfidence([(90, False), (90, True)]) == pytest.approx(0.4)
    assert overconfidence([(50, True)]) == pytest.approx(-0.5)


def test_chance_is_a_half() -> None:
    assert not is_above_chance([(50, True), (50, False)])
    assert is_above_chance([(50, True), (50, True), (50, False)])
    assert accuracy([(50, True), (50, False)]) == 0.5


def test_brier_by_hand() -> None:
    """f = .9, .9, .7, .5, .9 and o = 1, 1, 0, 1, 0: B = .314, bias +.18."""
    said = [(90, True), (90, True), (70, False), (50, True), (90, False)]
    assert brier(said) == pytest.approx(0.314)
    assert overconfidence(said) == pytest.approx(0.18)


def test_brier_against_scikit_learn() -> None:
    dice = random.Random(2)
    said = [(dice.choice((50, 60, 70, 80, 90, 100)), dice.random() < 0.7) for _ in range(100)]
    expected = brier_score_loss([right for _, right in said], [confidence / 100 for confidence, _ in said])
    assert brier(said) == pytest.approx(expected)
