"""Signal detection: telling manipulated from fair passages (d′), apart from being quick to flag (c)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from scoring.statistics.intervals import NORMAL, Interval


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
    """d′ and c with their standard errors. c below 0: flags too readily; above 0: misses."""

    d_prime: float
    criterion: float
    error: float
    """Standard error of d′; that of c is half of it."""

    @property
    def d_interval(self) -> Interval:
        return Interval.around(self.d_prime, self.error)

    @property
    def c_interval(self) -> Interval:
        return Interval.around(self.criterion, self.error / 2)


def detection(outcomes: Outcomes) -> Detection:
    """d′ = z(H) − z(F) and c = −½ [z(H) + z(F)], with H = (hits + 0.5) / (signals + 1) and F alike, always.

    Green & Swets (1966), *Signal Detection Theory and Psychophysics*; the log-linear correction: Hautus (1995),
    "Corrections for extreme proportions and their biasing effects on estimated values of d′", Behavior Research
    Methods, Instruments & Computers 27(1). Var(d′) = H(1−H) / (n φ(z(H))²) + F(1−F) / (m φ(z(F))²) with n signal and m
    noise trials: Gourevitch & Galanter (1967), "A significance test for one parameter isosensitivity functions",
    Psychometrika 32(1); c has a quarter of it. The error is infinite without trials of either sort.
    """
    hit_rate = (outcomes.hits + 0.5) / (outcomes.signals + 1)
    alarm_rate = (outcomes.false_alarms + 0.5) / (outcomes.noises + 1)
    hit_z, alarm_z = NORMAL.inv_cdf(hit_rate), NORMAL.inv_cdf(alarm_rate)
    variance = _variance(hit_rate, hit_z, outcomes.signals) + _variance(alarm_rate, alarm_z, outcomes.noises)
    return Detection(hit_z - alarm_z, -(hit_z + alarm_z) / 2, sqrt(variance))


def _variance(rate: float, z: float, trials: int) -> float:
    return rate * (1 - rate) / (trials * NORMAL.pdf(z) ** 2) if trials else float("inf")


def auc(signal: Sequence[float], noise: Sequence[float]) -> tuple[float, float]:
    """The area under the ROC curve of ratings (higher: more sure that something is there), and its standard error.

    A = P(signal > noise) + ½ P(equal), which is the Mann–Whitney statistic; its error as in Hanley & McNeil (1982),
    "The meaning and use of the area under a receiver operating characteristic (ROC) curve", Radiology 143(1).
    Raises ZeroDivisionError without ratings of either sort.
    """
    ordered = sorted(noise)
    beaten = sum((bisect_left(ordered, each) + bisect_right(ordered, each)) / 2 for each in signal)
    area = beaten / (len(signal) * len(noise))
    one, two = area / (2 - area), 2 * area * area / (1 + area)
    spread = area * (1 - area) + (len(signal) - 1) * (one - area * area) + (len(noise) - 1) * (two - area * area)
    return area, sqrt(max(0.0, spread) / (len(signal) * len(noise)))
