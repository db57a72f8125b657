"""Intervals against SciPy, and by hand."""

from __future__ import annotations

import numpy
import pytest
from scipy.stats import binomtest

from scoring.statistics.intervals import Interval, difference, percentiles, wilson


@pytest.mark.parametrize(("successes", "total"), [(10, 20), (25, 50), (0, 7), (7, 7), (3, 8), (99, 100)])
def test_wilson_against_scipy(successes: int, total: int) -> None:
    expected = binomtest(successes, total).proportion_ci(method="wilson")
    found = wilson(successes, total)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_the_worked_examples() -> None:
    assert (round(wilson(10, 20).low, 2), round(wilson(10, 20).high, 2)) == (0.30, 0.70)
    assert (round(wilson(25, 50).low, 2), round(wilson(25, 50).high, 2)) == (0.37, 0.63)


def test_nothing_seen_is_nothing_known() -> None:
    assert wilson(0, 0) == Interval(0.0, 1.0)


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [((48, 80), (56, 70), 0.0524, 0.3339), ((3, 10), (9, 10), 0.1705, 0.8090), ((0, 10), (10, 10), 0.6075, 1.0)],
)
def test_a_difference_as_newcombe_has_it(
    before: tuple[int, int], after: tuple[int, int], low: float, high: float
) -> None:
    """Examples of table II, method 10."""
    found = difference(before, after)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    back = difference(after, before)
    assert (back.low, back.high) == pytest.approx((-high, -low), abs=5e-5)


def test_nothing_seen_is_no_difference() -> None:
    assert difference((0, 0), (0, 0)).holds(0)


def test_percentiles_against_numpy() -> None:
    values = [float(each) for each in numpy.random.default_rng(5).normal(size=137)]
    found = percentiles(values)
    assert (found.low, found.high) == pytest.approx(tuple(numpy.percentile(values, [2.5, 97.5])))
