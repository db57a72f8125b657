"""Uncertainty of a class's figures without resampling.

Answers of one student hang together, and so do answers to one passage: they tell less than as many single ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from math import exp, log, sqrt

from scoring.statistics.detection import auc, beaten
from scoring.statistics.intervals import Interval, wilson

Answer = tuple[Hashable, Hashable, bool]
"""Student, passage, and whether it is counted."""
Rating = tuple[Hashable, Hashable, bool, float]
"""Student, passage, whether something is there, and how sure the student is that it is."""
_Part = tuple[Hashable, Hashable, float]
"""Student, passage, and what the answer adds to the figure's distance from the truth."""


def share(answers: Sequence[Answer]) -> Interval:
    """The interval of the share that is counted: Wilson's, of as many independent answers as would be as uncertain.

    Korn & Graubard (1998), "Confidence intervals for proportions with small expected number of positive counts
    estimated from survey data", Survey Methodology 24(2). Where all answers are alike, nothing is known of how they
    hang together, and each stands for itself.
    """
    total = len(answers)
    part = sum(counted for *_, counted in answers) / total if total else 0.0
    variance = _variance([(student, passage, (counted - part) / total) for student, passage, counted in answers])
    effective = min(total, part * (1 - part) / variance) if variance else total
    return wilson(part * effective, effective)


def auc_interval(ratings: Sequence[Rating]) -> Interval:
    """The interval of `auc`, from how much each rating has beaten, on the scale of log odds, where it stays below 1.

    DeLong, DeLong & Clarke-Pearson (1988), "Comparing the areas under two or more correlated receiver operating
    characteristic curves", Biometrics 44(3); for ratings that hang together: Obuchowski (1997), "Nonparametric analysis
    of clustered ROC curve data", Biometrics 53(2); log odds: Pepe (2003), *The Statistical Evaluation of Medical Tests
    for Classification and Prediction*, chapter 5. Raises ZeroDivisionError without ratings of either sort.
    """
    signal, noise = ([each for each in ratings if each[2] == sort] for sort in (True, False))
    up, down = [rating for *_, rating in signal], [rating for *_, rating in noise]
    area = auc(up, down)
    parts: list[_Part] = [
        (student, passage, (won - area) / len(up))
        for (student, passage, *_), won in zip(signal, beaten(up, down), strict=True)
    ]
    parts += [
        (student, passage, (1 - won - area) / len(down))
        for (student, passage, *_), won in zip(noise, beaten(down, up), strict=True)
    ]
    if not 0 < area < 1:
        return Interval(area, area)
    odds = Interval.around(log(area / (1 - area)), sqrt(_variance(parts)) / (area * (1 - area)))
    return Interval(1 / (1 + exp(-odds.low)), 1 / (1 + exp(-odds.high)))


def _variance(parts: Sequence[_Part]) -> float:
    """Of the sum, students and passages both being drawn.

    Cameron, Gelbach & Miller (2011), "Robust inference with multiway clustering", Journal of Business & Economic
    Statistics 29(2): by student and by passage, less what is in both; and at least each of the two alone.
    """
    by_student, by_passage = _squares([(each[0], each[2]) for each in parts]), _squares([each[1:] for each in parts])
    both = sum(value * value for *_, value in parts)
    return max(by_student + by_passage - both, by_student, by_passage)


def _squares(parts: Sequence[tuple[Hashable, float]]) -> float:
    """The squared sums of each cluster, added up, and a little more where clusters are few."""
    sums: dict[Hashable, float] = defaultdict(float)
    for cluster, value in parts:
        sums[cluster] += value
    few = len(sums) / (len(sums) - 1) if len(sums) > 1 else 1.0
    return few * sum(value * value for value in sums.values())
