"""The kinds of exercise, one module each. A kind is a module with SLUG, CLEAN_OFFERED, OPTIONS and `score`.

To add one: a module here, `templates/play/kinds/<slug>.html`, tests, and a row in docs/scoring.md; a test
fails while one of them is missing.
"""

from __future__ import annotations

from typing import Protocol

from scoring.kinds import evidence, judge, markup, name, source, spot
from scoring.points import Answer, Decision, Item


class Kind(Protocol):
    """What every module of this package offers."""

    SLUG: str
    CLEAN_OFFERED: bool
    """Whether the decision allows "nothing here"."""
    OPTIONS: int
    """How many options are shown, 0 for none or for a whole catalogue."""

    @staticmethod
    def score(item: Item, answer: Answer) -> Decision: ...


KINDS: dict[str, Kind] = {kind.SLUG: kind for kind in (spot, source, name, evidence, judge, markup)}  # type: ignore[misc]


def score(item: Item, answer: Answer) -> Decision:
    """Score an answer to an item by the rule of its kind."""
    return KINDS[item.kind].score(item, answer)
