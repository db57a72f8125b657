"""`judge`: is there a technique (a gap) in this passage, yes or no, and how sure are you?"""

from __future__ import annotations

from scoring.points import Answer, Decision, Item

SLUG = "judge"
CLEAN_OFFERED = True
OPTIONS = 0


def score(item: Item, answer: Answer) -> Decision:
    """S = 1 or -1. Confidence goes into the Brier score, never into points."""
    flagged = bool(answer.flagged)
    right = flagged == item.marked
    return Decision(score=1.0 if right else -1.0, correct=right, signal=item.marked, flagged=flagged)
