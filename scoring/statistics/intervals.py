"""Intervals of 95 %."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import NormalDist

NORMAL = NormalDist()
Z = NORMAL.inv_cdf(0.975)


@dataclass(frozen=True)
class Interval:
    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    def widened(self, other: Interval) -> Interval:
        """So that it holds the other as well."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    @classmethod
    def around(cls, value: float, error: float) -> Interval:
        """The value and 1.96 standard errors on either side (Wald)."""
        return cls(value - Z * error, value + Z * error)


def wilson(successes: float, total: float) -> Interval:
    """The interval of a proportion; the whole range where there are no observations.

    Wilson (1927), "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22: [p + z²/2n ± z √(p(1−p)/n + z²/4n²)] / (1 + z²/n).
    """
    if total == 0:
        return Interval(0.0, 1.0)
    share, weight = successes / total, 1 + Z * Z / total
    middle = (share + Z * Z / (2 * total)) / weight
    half = Z * sqrt(share * (1 - share) / total + Z * Z / (4 * total * total)) / weight
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def difference(before: tuple[int, int], after: tuple[int, int]) -> Interval:
    """The interval of the change of a proportion between independent observations, each (successes, total).

    Newcombe (1998), "Interval estimation for the difference between independent proportions: comparison of eleven
    methods", Statistics in Medicine 17, method 10: from the Wilson intervals of both.
    """
    one, other = wilson(*before), wilson(*after)
    shares = [successes / total if total else 0.5 for successes, total in (before, after)]
    change = shares[1] - shares[0]
    down = sqrt((shares[1] - other.low) ** 2 + (one.high - shares[0]) ** 2)
    up = sqrt((other.high - shares[1]) ** 2 + (shares[0] - one.low) ** 2)
    return Interval(change - down, change + up)


def percentiles(values: Sequence[float]) -> Interval:
    """The middle 95 % of bootstrapped values, interpolated between neighbours.

    Efron (1979), "Bootstrap methods: another look at the jackknife", Annals of Statistics 7(1).
    """
    ordered = sorted(values)

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        below, above = ordered[floor(place)], ordered[ceil(place)]
        return below + (above - below) * (place - floor(place))

    return Interval(at(0.025), at(0.975))
