"""`evidence`: a claim is lit; which of four sources would settle it?"""

from __future__ import annotations

from scoring.points import Answer, Decision, Item, guess_penalty

SLUG = "evidence"
CLEAN_OFFERED = False
OPTIONS = 4


def score(item: Item, answer: Answer) -> Decision:
    """S = 1 for an option that would settle it, else -r / (m - r) with r right options of m. Gives no d'."""
    right = answer.choice in item.right
    penalty = guess_penalty(shown=len(item.options), right=len(item.right), near=0)
    return Decision(
        score=1.0 if right else -penalty,
        correct=right,
        label="right" if right else "wrong",
        target=item.targets[0].key,
    )
