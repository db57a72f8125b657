"""What is said about a class follows from its intervals, and bias comes first."""

from __future__ import annotations

import pytest

from scoring.statistics.detection import Outcomes
from scoring.statistics.intervals import Interval
from scoring.statistics.resampling import Spread
from scoring.statistics.verdicts import verdict

ANY = Interval(0.0, 1.0)


@pytest.mark.parametrize(
    ("outcomes", "d_prime", "criterion", "said"),
    [
        (Outcomes(19, 0, 0, 100), (2, 4), (-0.2, 0.2), "unknown"),
        (Outcomes(95, 5, 70, 30), (0.5, 1.4), (-1.3, -0.8), "suspicious"),
        (Outcomes(95, 5, 20, 80), (1.5, 3), (-0.6, -0.1), "tells"),
        (Outcomes(40, 60, 5, 95), (0.9, 1.9), (0.5, 1.2), "overlooks"),
        (Outcomes(80, 20, 30, 70), (0.8, 1.9), (-0.2, 0.2), "partly"),
        (Outcomes(70, 30, 30, 70), (1.0, 1.1), (-0.2, 0.2), "tells"),
        (Outcomes(68, 32, 35, 65), (0.7, 0.99), (-0.2, 0.2), "begins"),
        (Outcomes(66, 34, 42, 58), (0.2, 1.1), (-0.3, 0.1), "begins"),
    ],
)
def test_verdicts(outcomes: Outcomes, d_prime: tuple[float, float], criterion: tuple[float, float], said: str) -> None:
    assert verdict(outcomes, Spread(Interval(*d_prime), Interval(*criterion), ANY, ANY)) == said
