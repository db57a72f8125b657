"""`spot`: mark one technique in the passage and name it, or say that there is no technique in these words."""

from __future__ import annotations

from scoring.points import (
    LABEL_WEIGHT,
    PLACE_WEIGHT,
    Answer,
    Decision,
    Item,
    best_fit,
    is_found,
    label_score,
    label_verdict,
    place_score,
    verdict,
)

SLUG = "spot"
CLEAN_OFFERED = True
OPTIONS = 6


def score(item: Item, answer: Answer) -> Decision:
    """S = 0.6 k + (0.4 L if found) on a marked passage; +1 or -1 for the clean decision."""
    if not answer.marks or not item.marked:
        return clean_decision(item, flagged=bool(answer.marks))
    mark = answer.marks[0]
    _, target = best_fit(item.words, mark.run, item.targets)
    place = place_score(item.words, mark.run, item.targets)
    found = is_found(mark.picked, target)
    named = label_score(mark.label, target, item.options) if found else 0.0
    verdicts = {each.key: verdict(mark.picked, each) for each in item.targets}
    return Decision(
        score=PLACE_WEIGHT * place + LABEL_WEIGHT * named,
        correct=found and label_verdict(mark.label, target) != "wrong",
        signal=True,
        flagged=True,
        place=place,
        label=label_verdict(mark.label, target) if found else None,
        target=target.key if found else None,
        verdicts=verdicts,
        extra=() if any(each != "missed" for each in verdicts.values()) else (0,),
    )


def clean_decision(item: Item, *, flagged: bool) -> Decision:
    """The outcome of "nothing here" anywhere, and of any mark on a clean passage."""
    right = flagged == item.marked
    return Decision(
        score=1.0 if right else -1.0,
        correct=right,
        signal=item.marked,
        flagged=flagged,
        verdicts={target.key: "missed" for target in item.targets},
        extra=(0,) if flagged and not item.marked else (),
    )
