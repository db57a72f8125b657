"""Rulings as tests make them: on the marks of "planners" on the market square, which "Six ways" asks first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from classroom.models import Ruling, Teacher
from exercises.models import Passage
from exercises.versions import Played
from play import rulings
from play.models import Attempt, Standing
from play.rulings import Decision
from scoring.points import Answer, Mark
from tests.cast import NOW

WHY = "“Rip the heart out” calls up fear of a loss as well."


def planners() -> Passage:
    return Passage.objects.select_related("source", "current").get(source__slug="market-square", key="planners")


def rule(
    teacher: Teacher, decided: str, mark: str = "t1", layer: str = "technique", now: datetime = NOW, **needs: Any
) -> Ruling:
    decision = Decision(decided=decided, why=WHY, **needs)
    made = rulings.rule(teacher=teacher, passage=planners(), layer=layer, mark=mark, decision=decision, now=now)
    made.refresh_from_db()
    return made


def marks(item: Played, words: str, label: str) -> Answer:
    """These words of the passage, marked and named."""
    start = item.content.text.index(words)
    run = item.content.words.run(start, start + len(words))
    assert run is not None
    return Answer(marks=(Mark(run, label),))


def columns(attempt: Attempt) -> dict[str, Any]:
    """What of an answer can be computed anew."""
    names = ("score", "points", "correct", "signal", "flagged", "place", "label", "target", "chosen", "is_aside")
    return {name: getattr(attempt, name) for name in (*names, "judged_id")}


def everything() -> tuple[list[dict[str, Any]], list[tuple[Any, ...]]]:
    """All answers and all standings."""
    rows = [columns(each) for each in Attempt.objects.order_by("pk")]
    sums = Standing.objects.order_by("assignment", "student")
    fields = ("assignment", "student", "points", "decisions", "correct", "streak", "longest_streak")
    return rows, list(sums.values_list(*fields))
