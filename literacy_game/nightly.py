"""What `serve` does every night: a backup, then deleting what is kept no longer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from classroom import accounts, audit, retention
from literacy_game import backups
from play import regrading

logger = logging.getLogger(__name__)

HOUR = 3
"""On the clock of TIME_ZONE."""
CHECK = 600.0
"""Seconds between looks at the clock: a laptop that slept through the night makes up for it in the morning."""


class Nightly(threading.Thread):
    """Runs beside the server until it is stopped."""

    def __init__(self, check: float = CHECK) -> None:
        super().__init__(name="nightly", daemon=True)
        self.check = check
        self.ending = threading.Event()

    def run(self) -> None:
        while not self.ending.wait(self.check):
            try:
                now = timezone.now()
                if settings.BACKUPS_KEPT and is_due(
                    newest=backups.newest(folder=settings.BACKUP_DIR, now=now), now=now
                ):
                    run(now=now)
            except Exception:  # a disk that is full tonight may have room at the next look
                logger.exception("the nightly work failed")
            finally:
                connection.close()

    def stop(self) -> None:
        self.ending.set()


def is_due(*, newest: datetime | None, now: datetime) -> bool:
    """Whether no backup has been made since the last night's hour."""
    local = timezone.localtime(now)
    night = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if night > local:
        night -= timedelta(days=1)
    return newest is None or newest < night


def run(*, now: datetime) -> None:
    """One night's work. Each part is done even where another fails, but nothing is deleted without a backup."""
    if accounts.needs_owner():
        return
    made = backups.make(folder=settings.BACKUP_DIR, now=now)
    logger.info("backed up %s rows to %s", sum(made.rows.values()), made.path)
    parts: list[Callable[[], object]] = [
        lambda: backups.prune(folder=settings.BACKUP_DIR, keep=settings.BACKUPS_KEPT),
        lambda: retention.age_out(now=now),
        lambda: audit.forget(now=now),
        lambda: regrading.take_up_all(now=now),
        SessionStore.clear_expired,
    ]
    for part in parts:
        try:
            part()
        except Exception:
            logger.exception("a part of the nightly work failed")
