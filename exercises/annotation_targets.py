"""The target of a Web Annotation found in a text: by its quote, what stands around it, and at last its position."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _

from exercises.content.quotes import Quotable, folded
from exercises.reduction.characters import visible
from scoring.spans import Span

LONGEST_QUOTE = 5000
LONGEST_CONTEXT = 500
"""Characters before and after a quote that are looked at."""
MOST_COMPARED = 1000
"""Places of one quote that are told apart by what stands around them."""
MOST_PLACES = 20
"""Places that are listed."""
MOST_SELECTORS = 20


@dataclass(frozen=True)
class Found:
    """`span` is the one place, or None; then `places` are those that it may be, and `reason` says why it is open."""

    quote: str
    span: Span | None = None
    places: tuple[Span, ...] = ()
    reason: str = ""
    by_position: bool = False
    elsewhere: bool = False


def find(target: Any, text: str, whole: str = "") -> Found:
    """The words that a target names. Never guesses: what is open is told.

    `whole` is the text with the words that are blanked in `text`: a quote may run across them, or stand beside them.
    """
    selectors = _selectors(target)
    quotes = [each for each in selectors if _is(each, "TextQuoteSelector") and _words(each.get("exact"))]
    if not quotes:
        return Found("", reason=_("It names no words to look for."))
    selector = quotes[0]
    quote = _words(selector.get("exact"))
    if len(quote) > LONGEST_QUOTE:
        return Found(quote[:200], reason=_("Its quote is longer than %(most)d characters.") % {"most": LONGEST_QUOTE})
    places = Quotable.of(text).places(quote, (0, len(text)), most=MOST_COMPARED)
    if not places and whole:
        across = Quotable.of(whole).places(quote, (0, len(whole)), most=MOST_COMPARED)
        places = [each for each in across if text[slice(*each)].strip()]
    if not places:
        return Found(quote, reason=_("These words are not in the text."))
    if len(places) > MOST_COMPARED:
        return Found(quote, places=tuple(places[:MOST_PLACES]), reason=_("These words stand too often in the text."))
    around = _fitting(selector, text, places) or (_fitting(selector, whole, places) if whole else [])
    if len(places) == 1:
        return Found(quote, places[0], elsewhere=not around)
    if len(around) == 1:
        return Found(quote, around[0])
    starts = _starts(selectors, text)
    pointed = [span for span in around if span[0] in starts]
    if len(pointed) == 1:
        return Found(quote, pointed[0], by_position=True)
    reason = _("These words stand %(count)d times in the text, and the file does not tell which are meant.")
    return Found(quote, places=tuple(places[:MOST_PLACES]), reason=reason % {"count": len(places)})


def _selectors(target: Any) -> list[dict[str, Any]]:
    found = target.get("selector") if isinstance(target, dict) else None
    listed = found if isinstance(found, list) else [found]
    return [each for each in listed[:MOST_SELECTORS] if isinstance(each, dict)]


def _is(selector: dict[str, Any], kind: str) -> bool:
    types = selector.get("type")
    return kind in (types if isinstance(types, list) else [types])


def _words(value: Any) -> str:
    return folded(visible(value)) if isinstance(value, str) else ""


def _fitting(selector: dict[str, Any], text: str, places: list[Span]) -> list[Span]:
    """The places that prefix and suffix stand around. White space is not compared: pages have it elsewhere."""
    prefix = _bare(_words(selector.get("prefix"))[-LONGEST_CONTEXT:])
    suffix = _bare(_words(selector.get("suffix"))[:LONGEST_CONTEXT])
    bare, ends = _without_space(text)
    return [
        (start, end)
        for start, end in places
        if bare.endswith(prefix, 0, ends[start]) and bare.startswith(suffix, ends[end])
    ]


@lru_cache(maxsize=4)
def _without_space(text: str) -> tuple[str, tuple[int, ...]]:
    """A text without white space, and where each of its places is in that."""
    return _bare(text), (0, *accumulate(not character.isspace() for character in text))


def _bare(text: str) -> str:
    return "".join(text.split())


def _starts(selectors: list[dict[str, Any]], text: str) -> set[int]:
    """Where positions point to: counted in code points and, as browsers do, in units of UTF-16."""
    given = [each.get("start") for each in selectors if _is(each, "TextPositionSelector")]
    numbers = [start for start in given if type(start) is int and 0 <= start <= 2 * len(text)]
    if not numbers:
        return set()
    units = text.encode("utf-16-le", "surrogatepass")
    return {*numbers, *(len(units[: 2 * start].decode("utf-16-le", "ignore")) for start in numbers)}
