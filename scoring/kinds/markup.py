"""`markup`: mark and name everything of one layer in the passage, or nothing."""

from __future__ import annotations

from scoring.kinds.spot import clean_decision
from scoring.points import (
    LABEL_WEIGHT,
    PLACE_WEIGHT,
    Answer,
    Decision,
    Item,
    LabelVerdict,
    Mark,
    Target,
    is_found,
    label_score,
    label_verdict,
    verdict,
)
from scoring.spans import agreement

SLUG = "markup"
CLEAN_OFFERED = True
OPTIONS = 0


def score(item: Item, answer: Answer) -> Decision:
    """S = 0.6 kappa on the union of cores + 0.4 times the mean label part over found annotations."""
    if not answer.marks or not item.marked:
        return clean_decision(item, flagged=bool(answer.marks))
    picked = frozenset().union(*(mark.picked for mark in answer.marks))
    core = frozenset().union(*(target.core for target in item.targets))
    envelope = frozenset().union(*(target.envelope for target in item.targets))
    place = agreement(len(item.words), picked, core, envelope)
    found = [(target, mark) for target in item.targets if (mark := closest(answer.marks, target))]
    labels: list[LabelVerdict] = [label_verdict(mark.label, target) for target, mark in found]
    named = sum(label_score(mark.label, target, item.options) for target, mark in found) / max(1, len(found))
    verdicts = {target.key: verdict(answer.marks, target) for target in item.targets}
    return Decision(
        score=PLACE_WEIGHT * place + LABEL_WEIGHT * named,
        correct=all(each == "found" for each in verdicts.values()) and "wrong" not in labels,
        signal=True,
        flagged=True,
        place=place,
        label=min(labels, key=("wrong", "near", "right").index) if labels else None,
        verdicts=verdicts,
        extra=tuple(
            number
            for number, mark in enumerate(answer.marks)
            if not any(mark.picked & (target.core | target.envelope) for target in item.targets)
        ),
    )


def closest(marks: tuple[Mark, ...], target: Target) -> Mark | None:
    """The mark that finds a target and shares most words with it; of equals the one with the fewest words beside."""
    finding = [mark for mark in marks if is_found(mark.picked, target)]
    return max(finding, key=lambda mark: (len(mark.picked & target.core), -len(mark.picked)), default=None)
