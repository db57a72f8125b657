"""What a class can do, in one word: what the first line of its results and the next set follow from."""

from __future__ import annotations

from typing import Literal

from scoring.statistics.detection import Outcomes, detection
from scoring.statistics.resampling import Spread
from scoring.statistics.thresholds import CLASS_WORDS

Verdict = Literal["unknown", "suspicious", "overlooks", "tells", "partly", "begins"]

GOOD = 1.0
"""A class tells apart whose interval of d′ is above this, and only begins to whose is below.

People who are asked to tell real from false news have 1.12 on average (67 papers, 10.1038/s41562-024-02086-1)."""
BEGUN = 0.75
"""A class whose d′ itself is below this only begins to, however wide the interval: with few passages all are wide."""
MANY = 0.35
"""Share of false alarms, or of misses, from which on it is said that there are many."""


UNFAIR = 0.15
"""Difference in false alarms between two camps from which on it is said that a class may flag by side."""


def verdict(outcomes: Outcomes, spread: Spread) -> Verdict:
    """Bias comes first: where the criterion is off and one sort of error is common, that is what to teach next."""
    if CLASS_WORDS.shown(outcomes.signals, outcomes.noises) == "hidden":
        return "unknown"
    if spread.criterion.high < 0 and outcomes.false_alarms >= MANY * outcomes.noises:
        return "suspicious"
    if spread.criterion.low > 0 and outcomes.misses >= MANY * outcomes.signals:
        return "overlooks"
    if spread.d_prime.low >= GOOD:
        return "tells"
    if spread.d_prime.high < GOOD or detection(outcomes).d_prime < BEGUN:
        return "begins"
    return "partly"
