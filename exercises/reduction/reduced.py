"""What taking a file apart leaves: text, and what was changed or left out on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MOST_CHARACTERS = 400_000
"""Where reading stops: twice what a text may have, so that it is refused as too long and not cut."""


class Refused(Exception):
    """A file that is not read. `code` is one that exercises/text_files.py has words for."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Reduced:
    text: str
    encoding: str = ""
    notes: Counter[str] = field(default_factory=Counter)
    """How often something was changed or left out, by a code that exercises/text_files.py has words for."""
