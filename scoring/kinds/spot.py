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
    together,
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
    _, closest = best_fit(item.words, mark.run, item.targets)
    found = [target for target in closest if is_found(mark.picked, target)]
    met = together(found) if found else None
    place = place_score(item.words, mark.run, item.targets)
    named = label_score(mark.label, met, item.options) if met else 0.0
    label = label_verdict(mark.label, met) if met else None
    verdicts = {each.key: verdict([mark], each) for each in item.targets}
    return Decision(
        score=max(-1.0, PLACE_WEIGHT * place + LABEL_WEIGHT * named),
        correct=label in ("right", "near"),
        signal=True,
        flagged=True,
        place=place,
        label=label,
        target=next((each.key for each in found if mark.label in each.right), met.key if met else None),
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
