"""How hard passages turned out to be, for teachers who choose among them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Count, Q

from classroom.material import Measured
from play.models import Attempt

FEWEST = 20
"""First answers below which nothing is said."""


def measured(*, passages: Collection[int]) -> Mapping[int, Measured]:
    """First answers that count, by passage; passages with too few of them are left out."""
    first = Attempt.objects.filter(passage__in=passages, number=1, is_practice=False, is_passed=False, is_aside=False)
    rows = first.values("passage").annotate(answers=Count("pk"), right=Count("pk", filter=Q(correct=True)))
    return {row["passage"]: Measured(row["answers"], row["right"]) for row in rows if row["answers"] >= FEWEST}
