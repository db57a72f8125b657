"""`source`: mark one claim whose source is missing and name the gap, or say that a reader could trace this."""

from __future__ import annotations

from scoring.kinds import spot
from scoring.points import Answer, Decision, Item

SLUG = "source"
CLEAN_OFFERED = True
OPTIONS = 6


def score(item: Item, answer: Answer) -> Decision:
    """The same rule as `spot`, on the layer of source gaps."""
    return spot.score(item, answer)
