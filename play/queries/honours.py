"""What is honoured beside the top: who improved most, and who knows best how sure to be."""

from __future__ import annotations

from collections import defaultdict

from django.core.cache import cache
from django.db.models import Avg, Count, QuerySet

from play.models import Attempt
from scoring.statistics.calibration import is_above_chance, miscalibration

ENOUGH = 20
"""Decisions in each period from which on something is said about somebody."""
FRESH = 60
"""Seconds for which what was found is kept: it takes a look at every attempt, and boards renew themselves."""
Found = tuple[tuple[str, int], ...]
"""(improved or calibrated, the student's id)."""


def honours(*, key: str, this: QuerySet[Attempt], before: QuerySet[Attempt]) -> Found:
    """Of the counting attempts of this period and the one before. Nobody, where nobody has decided often enough."""
    found: Found | None = cache.get(f"honours:{key}")
    if found is None:
        pairs = (("improved", _most_improved(this, before)), ("calibrated", _best_calibrated(this)))
        found = tuple((kind, student) for kind, student in pairs if student is not None)
        cache.set(f"honours:{key}", found, FRESH)
    return found


def _most_improved(this: QuerySet[Attempt], before: QuerySet[Attempt]) -> int | None:
    """The largest gain in the mean score of a decision."""
    earlier, later = _means(before), _means(this)
    gains = [(later[student] - earlier[student], student) for student in later.keys() & earlier.keys()]
    gain, best = max(gains, default=(0.0, None))
    return best if gain > 0 else None


def _means(attempts: QuerySet[Attempt]) -> dict[int, float]:
    rows = (
        attempts.order_by()
        .values("student_id")
        .annotate(count=Count("pk"), mean=Avg("score"))
        .filter(count__gte=ENOUGH)
    )
    return {row["student_id"]: row["mean"] for row in rows}


def _best_calibrated(this: QuerySet[Attempt]) -> int | None:
    """Whose confidence is nearest to how often it is right, among those who are right more often than by chance."""
    said: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    rows = this.filter(answer__confidence__isnull=False, is_late=False)
    for student, confidence, correct in rows.values_list("student_id", "answer__confidence", "correct"):
        said[student].append((confidence, correct))
    rated = [
        (miscalibration(pairs), student)
        for student, pairs in said.items()
        if len(pairs) >= ENOUGH and is_above_chance(pairs)
    ]
    return min(rated)[1] if rated else None
