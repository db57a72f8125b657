"""Who writes waits for a turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_turn = threading.Lock()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that writes answers.

    SQLite takes one writer at a time. Who finds it busy sleeps, each time longer, and looks again: of many at once some
    would sleep for a second while others pass. So the threads of a process queue up here first.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with _turn, transaction.atomic():
            yield
    else:
        with transaction.atomic():
            yield
