"""Work with the database beside the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import close_old_connections

T = TypeVar("T")


def apart(work: Callable[[], T]) -> T:
    """Work in a thread of our own, whose connection no request tidies up."""
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
