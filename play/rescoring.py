"""What is kept of a decision beside the raw answer, and how it is computed anew when rules or columns change."""

from __future__ import annotations

from typing import Any

from exercises.versions import Played, played
from play import raw
from play.models import Attempt
from scoring import kinds
from scoring.points import Answer, Decision

NEITHER_WAY = Decision(score=0.0, correct=False)
"""What is left out, or put aside, is neither right nor wrong."""


def judged_by(attempt: Attempt) -> Played:
    """The version whose key judges an answer: after a ruling another one than was played."""
    return played(attempt.judged_id or attempt.exercise_version_id)


def kept(decision: Decision, given: Answer, *, passed: bool, late: bool, aside: bool = False) -> dict[str, Any]:
    """The columns of an attempt that follow from its answer.

    A passed item counts neither way, nor does one that a ruling has put aside; a late one counts as wrong.
    """
    if aside:
        decision, late = NEITHER_WAY, False
    return {
        "score": -1.0 if late else decision.score,
        "points": 0 if passed or late or aside else decision.points,
        "correct": decision.correct and not late,
        "signal": decision.signal,
        "flagged": decision.flagged,
        "place": decision.place,
        "label": decision.label or "",
        "target": decision.target or "",
        "chosen": raw.chosen(given),
    }


def of_answer(answer: dict[str, Any], shown: Played, *, late: bool, aside: bool) -> dict[str, Any]:
    """The columns that follow from a stored answer by the key of a version."""
    given = raw.unpack(answer, shown)
    return kept(kinds.score(shown.item, given), given, passed=False, late=late, aside=aside)


def rescore() -> int:
    """Compute every stored answer anew; how many have changed. Standings are rebuilt apart."""
    changed = 0
    for attempt in Attempt.objects.filter(is_passed=False).iterator():
        values = of_answer(attempt.answer, judged_by(attempt), late=attempt.is_late, aside=attempt.is_aside)
        if any(getattr(attempt, name) != value for name, value in values.items()):
            Attempt.objects.filter(pk=attempt.pk).update(**values)
            changed += 1
    return changed
