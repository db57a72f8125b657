"""What is kept of a decision beside the raw answer, and how it is computed anew when rules or columns change."""

from __future__ import annotations

from typing import Any

from exercises.versions import played
from play import raw
from play.models import Attempt
from scoring import kinds
from scoring.points import Answer, Decision


def kept(decision: Decision, given: Answer, *, passed: bool, late: bool) -> dict[str, Any]:
    """The columns of an attempt that follow from its answer. A passed item counts neither way, a late one as wrong."""
    return {
        "score": -1.0 if late else decision.score,
        "points": 0 if passed or late else decision.points,
        "correct": decision.correct and not late,
        "signal": decision.signal,
        "flagged": decision.flagged,
        "place": decision.place,
        "label": decision.label or "",
        "target": decision.target or "",
        "chosen": raw.chosen(given),
    }


def rescore() -> int:
    """Compute every stored answer anew; how many have changed. Standings are rebuilt apart."""
    changed = 0
    for attempt in Attempt.objects.filter(is_passed=False).iterator():
        shown = played(attempt.exercise_version_id)
        given = raw.unpack(attempt.answer, shown)
        values = kept(kinds.score(shown.item, given), given, passed=False, late=attempt.is_late)
        if any(getattr(attempt, name) != value for name, value in values.items()):
            Attempt.objects.filter(pk=attempt.pk).update(**values)
            changed += 1
    return changed
