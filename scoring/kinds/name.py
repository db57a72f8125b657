"""`name`: a span is lit; which technique or gap is it?"""

from __future__ import annotations

from scoring.points import Answer, Decision, Item, label_score, label_verdict

SLUG = "name"
CLEAN_OFFERED = False
OPTIONS = 4


def score(item: Item, answer: Answer) -> Decision:
    """S = L, the label part alone, at least -1: a ruling can accept a label among options that were shown before.

    Gives no d'.
    """
    (target,) = item.targets
    verdict = label_verdict(answer.choice, target)
    return Decision(
        score=max(-1.0, label_score(answer.choice, target, item.options)),
        correct=verdict == "right",
        label=verdict,
        target=target.key,
    )
