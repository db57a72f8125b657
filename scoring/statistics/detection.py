"""Signal detection: telling manipulated from fair passages (d′), apart from being quick to flag (c)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot, inf, sqrt

from scoring.statistics.intervals import NORMAL, Interval, wilson


@dataclass(frozen=True)
class Outcomes:
    """Trials by what was there and what was said."""

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    correct_rejections: int = 0

    @classmethod
    def of(cls, trials: Iterable[tuple[bool, bool]]) -> Outcomes:
        """From pairs of signal and flagged."""
        counts = Counter(trials)
        return cls(counts[True, True], counts[True, False], counts[False, True], counts[False, False])

    def __add__(self, other: Outcomes) -> Outcomes:
        return Outcomes(
            self.hits + other.hits,
            self.misses + other.misses,
            self.false_alarms + other.false_alarms,
            self.correct_rejections + other.correct_rejections,
        )

    @property
    def signals(self) -> int:
        return self.hits + self.misses

    @property
    def noises(self) -> int:
        return self.false_alarms + self.correct_rejections

    @property
    def total(self) -> int:
        return self.signals + self.noises


@dataclass(frozen=True)
class Detection:
    """d′ and c with their standard errors and intervals. c below 0: flags too readily; above 0: misses.

    The intervals join Wilson's of both rates, seen through z: Zou & Donner (2008), "Construction of confidence
    intervals about effect measures: a general approach", Statistics in Medicine 27(10); `intervals.difference` is its
    case without z. They have no end on a side where everything or nothing of a sort was flagged. 1.96 standard errors
    on either side would hold the truth too often where few errors are made.
    """

    d_prime: float
    criterion: float
    error: float
    """Standard error of d′; that of c is half of it."""
    outcomes: Outcomes

    @property
    def d_interval(self) -> Interval:
        (hit_down, hit_up), (alarm_down, alarm_up) = self._reaches
        return Interval(self.d_prime - hypot(hit_down, alarm_up), self.d_prime + hypot(hit_up, alarm_down))

    @property
    def c_interval(self) -> Interval:
        (hit_down, hit_up), (alarm_down, alarm_up) = self._reaches
        return Interval(
            self.criterion - hypot(hit_up, alarm_up) / 2,
            self.criterion + hypot(hit_down, alarm_down) / 2,
        )

    @property
    def _reaches(self) -> tuple[tuple[float, float], tuple[float, float]]:
        seen = self.outcomes
        return _reach(seen.hits, seen.signals), _reach(seen.false_alarms, seen.noises)


def detection(outcomes: Outcomes) -> Detection:
    """d′ = z(H) − z(F) and c = −½ [z(H) + z(F)], with H = (hits + 0.5) / (signals + 1) and F alike, always.

    Green & Swets (1966), *Signal Detection Theory and Psychophysics*; the log-linear correction: Hautus (1995),
    "Corrections for extreme proportions and their biasing effects on estimated values of d′", Behavior Research
    Methods, Instruments & Computers 27(1). Var(d′) = H(1−H) / (n φ(z(H))²) + F(1−F) / (m φ(z(F))²) with n signal and m
    noise trials: Gourevitch & Galanter (1967), "A significance test for one parameter isosensitivity functions",
    Psychometrika 32(1); c has a quarter of it. The error is infinite without trials of either sort.
    """
    hit_rate = _corrected(outcomes.hits, outcomes.signals)
    alarm_rate = _corrected(outcomes.false_alarms, outcomes.noises)
    hit_z, alarm_z = NORMAL.inv_cdf(hit_rate), NORMAL.inv_cdf(alarm_rate)
    variance = _variance(hit_rate, hit_z, outcomes.signals) + _variance(alarm_rate, alarm_z, outcomes.noises)
    return Detection(hit_z - alarm_z, -(hit_z + alarm_z) / 2, sqrt(variance), outcomes)


def _corrected(flagged: int, trials: int) -> float:
    return (flagged + 0.5) / (trials + 1)


def _variance(rate: float, z: float, trials: int) -> float:
    return rate * (1 - rate) / (trials * NORMAL.pdf(z) ** 2) if trials else inf


def _reach(flagged: int, trials: int) -> tuple[float, float]:
    """How far z of a rate may lie below and above its estimate."""
    z, ends = NORMAL.inv_cdf(_corrected(flagged, trials)), wilson(flagged, trials)
    return (
        z - NORMAL.inv_cdf(ends.low) if flagged else inf,
        NORMAL.inv_cdf(ends.high) - z if flagged < trials else inf,
    )


def auc(signal: Sequence[float], noise: Sequence[float]) -> float:
    """The area under the ROC curve of ratings (higher: more sure that something is there).

    P(signal > noise) + ½ P(equal), which is the Mann–Whitney statistic: Hanley & McNeil (1982), "The meaning and use of
    the area under a receiver operating characteristic (ROC) curve", Radiology 143(1).
    Raises ZeroDivisionError without ratings of either sort.
    """
    return sum(beaten(signal, noise)) / len(signal)


def beaten(ratings: Sequence[float], others: Sequence[float]) -> list[float]:
    """For each rating the share of others below it, equal ones counting half."""
    ordered = sorted(others)
    return [(bisect_left(ordered, each) + bisect_right(ordered, each)) / (2 * len(ordered)) for each in ratings]
