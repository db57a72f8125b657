"""The owners’ log of what matters for safety: who signed in, invited, took data along, deleted. Not about students."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from classroom.models import AuditEntry, AuditEvent

KEPT = timedelta(days=365)
LINES = 100
"""On a page."""


def note(*, event: AuditEvent, now: datetime, who: str = "", about: str = "") -> None:
    """Write one line. `who` is a teacher's name, or "" for nobody known; `about` a teacher or a class."""
    AuditEntry.objects.create(event=event, happened=now, who=who[:150], about=about[:150])


@dataclass(frozen=True)
class LogPage:
    """Some lines, the newest first, and the numbers of the pages beside it."""

    lines: tuple[AuditEntry, ...]
    newer: int | None
    older: int | None


def log(*, page: int) -> LogPage:
    """A page of the log; the first is 1."""
    first = (page - 1) * LINES
    found = list(AuditEntry.objects.order_by("-happened", "-pk")[first : first + LINES + 1])
    return LogPage(tuple(found[:LINES]), page - 1 or None, page + 1 if len(found) > LINES else None)


def forget(*, now: datetime) -> int:
    """Delete what is older than a year; how many lines."""
    return AuditEntry.objects.filter(happened__lt=now - KEPT).delete()[0]
