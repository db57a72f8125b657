"""Where a quote stands in a text. White space in a quote stands for any white space; the rest fits to the character."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from scoring.spans import Span

MOST_PLACES = 200
"""Places of one quote in a text that are told apart by what stands before them."""


@dataclass(frozen=True)
class Quotable:
    """A text that quotes are looked up in, in a time that grows with its length alone, whatever the quote."""

    folded: str
    """The text with each run of white space as one space."""
    starts: tuple[int, ...]
    """Where each character of it begins in the text, and last where the text ends."""
    folds: tuple[int, ...]
    """Where each character of the text is in `folded`, and last its length."""

    @classmethod
    def of(cls, text: str) -> Quotable:
        return _quotable(text)

    def places(self, quote: str, within: Span, before: str = "", *, most: int = MOST_PLACES) -> list[Span]:
        """Every place of a quote inside a span of the text, overlapping ones too, in order.

        With `before`, those that it stands directly before: there, too, white space stands for any. Of a quote that
        stands more than `most` times the first `most` + 1 are given, whatever stands before them.
        """
        hits = list(islice(self._hits(folded(quote), within), most + 1))
        return [span for at, span in hits if len(hits) > most or self.follows(at, before)]

    def follows(self, at: int, before: str) -> bool:
        """Whether words stand directly before a place of `folded`."""
        end = at - 1 if at and self.folded[at - 1] == " " else at
        wanted = folded(before)
        return self.folded.endswith(wanted, max(0, end - len(wanted)), end) if wanted else True

    def _hits(self, wanted: str, within: Span) -> Iterator[tuple[int, Span]]:
        first, last = self.folds[within[0]], self.folds[within[1]]
        at = self.folded.find(wanted, first, last) if wanted else -1
        while at >= 0:
            # A quote neither begins nor ends with white space, so its last character is one of the text.
            yield at, (self.starts[at], self.starts[at + len(wanted) - 1] + 1)
            at = self.folded.find(wanted, at + 1, last)


@lru_cache(maxsize=8)
def _quotable(text: str) -> Quotable:
    kept: list[str] = []
    starts: list[int] = []
    folds: list[int] = []
    for at, character in enumerate(text):
        if not character.isspace():
            kept.append(character)
            starts.append(at)
        elif not kept or kept[-1] != " ":
            kept.append(" ")
            starts.append(at)
        folds.append(len(kept) - 1)
    return Quotable("".join(kept), (*starts, len(text)), (*folds, len(kept)))


def folded(text: str) -> str:
    return " ".join(text.split())
