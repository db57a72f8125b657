"""What a process keeps in memory: what follows from rows that never change, so that it is read or drawn once.

A key is ids of such rows (an exercise version, an assignment's items), what was answered, and the language. Nothing
that is one student's own is kept, and nothing that could change: so nothing is ever out of date, and processes need
not tell each other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_kept: list[Any] = []


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keeps up to so many results of a function, the latest used."""

    def keep(work: Callable[P, T]) -> Callable[P, T]:
        kept = lru_cache(maxsize=most)(work)
        _kept.append(kept)
        return kept  # type: ignore[return-value]

    return keep


def forget() -> None:
    """Empty all of it: for tests, where a rolled-back database gives ids out again."""
    for each in _kept:
        each.cache_clear()
