"""How well confidence fits accuracy, of decisions between two answers (chance is 50 %)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

Said = tuple[int, bool]
"""Confidence in per cent, and whether the decision was right."""
FITS = 0.1
"""Mean confidence this near to the share that was right is called fitting."""


def miscalibration(said: Sequence[Said]) -> float:
    """The reliability term of the Brier score: the mean squared distance of confidence and accuracy, by level.

    Murphy (1973), "A new vector partition of the probability score", Journal of Applied Meteorology 12(4). 0 is best.
    """
    levels: dict[int, list[bool]] = defaultdict(list)
    for confidence, right in said:
        levels[confidence].append(right)
    return sum(
        len(rights) * (confidence / 100 - sum(rights) / len(rights)) ** 2 for confidence, rights in levels.items()
    ) / len(said)


def brier(said: Sequence[Said]) -> float:
    """The mean of (f - o)², f the stated chance of being right and o 1 or 0. 0 is best, 0.25 what 50 % always gets.

    Brier (1950), "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78(1).
    """
    return sum((confidence / 100 - right) ** 2 for confidence, right in said) / len(said)


def accuracy(said: Sequence[Said]) -> float:
    return sum(right for _, right in said) / len(said)


def is_above_chance(said: Sequence[Said]) -> bool:
    return accuracy(said) > 0.5


def overconfidence(said: Sequence[Said]) -> float:
    """Mean confidence less accuracy: positive is more sure than right."""
    return sum(confidence for confidence, _ in said) / (100 * len(said)) - accuracy(said)
