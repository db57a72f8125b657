"""Line breaks repaired: lines that were cut to a width are joined, and words that were divided at their ends."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from exercises.reduction.characters import SOFT_HYPHEN

WIDTHS = (30, 130)
"""Characters: between these a text is cut to a width; longer lines are paragraphs, shorter ones verses or lists."""
RUNNING_ON = 0.3
"""Share of line breaks in the middle of a sentence from which a text counts as cut to a width."""
FEWEST_BREAKS = 3
FULL = 0.75
"""Share of the width from which a line is full, so that its break may be no more than the margin's."""
ITEM = re.compile(r"\s*(?:[-*•–—▪◦]\s|\(?\d{1,3}[.)]\s|\(?[a-zA-Z][.)]\s)")
ENDED = re.compile(r"[.!?…:;][\"”’»›')\]]*$")
DIVIDED = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
BEGUN = re.compile(r"[^\W\d_]+")
MOST_SHOWN = 20
LONGEST_WORD = 60


@dataclass
class Repaired:
    text: str
    notes: Counter[str] = field(default_factory=Counter)
    divided: list[str] = field(default_factory=list)
    """The first words that were put together, to be looked over."""


def tidy(text: str) -> Repaired:
    """Without soft hyphens, page ends, spaces at line ends and more than one empty line: no line is joined."""
    notes: Counter[str] = Counter({"soft-hyphens": text.count(SOFT_HYPHEN)})
    lines = [line.rstrip() for line in text.replace(SOFT_HYPHEN, "").replace("\f", "\n\n").split("\n")]
    tidied = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return Repaired(tidied, +notes)


def repair(text: str) -> Repaired:
    """The same as `tidy`, with lines that were cut to a width joined, where they are."""
    lines = [line.rstrip() for line in _across_pages(text).split("\n")]
    breaks = [(above, below) for above, below in pairwise(lines) if above.strip() and below.strip()]
    width = _width([above for above, _ in breaks])
    running = sum(_runs_on(above, below) for above, below in breaks)
    is_cut = len(breaks) >= FEWEST_BREAKS and running >= RUNNING_ON * len(breaks) and WIDTHS[0] <= width <= WIDTHS[1]
    if not is_cut:
        return tidy(text)
    whole = {word.casefold() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)}
    repaired = Repaired("")
    joined: list[str] = []
    last = ""
    for line in lines:
        above = joined[-1] if joined else ""
        if last.strip() and line.strip() and (_runs_on(last, line) or _is_full(last, line, width)):
            joined[-1] = _join(above, line.strip(), whole, repaired)
        else:
            joined.append(line)
        last = line
    tidied = tidy("\n".join(joined))
    return Repaired(tidied.text, repaired.notes + tidied.notes, repaired.divided)


def _across_pages(text: str) -> str:
    """A sentence that goes on over a page's end is no paragraph's end."""
    pages = text.split("\f")
    for number, (above, below) in enumerate(pairwise(pages), 1):
        runs_on = _runs_on(above.rstrip().rpartition("\n")[2], below.lstrip("\n").partition("\n")[0])
        pages[number - 1] = above.rstrip() + ("\n" if runs_on else "\n\n")
        pages[number] = below.lstrip("\n")
    return "".join(pages)


def _width(lines: list[str]) -> int:
    """The length that nine of ten lines with another below them do not exceed."""
    lengths = sorted(map(len, lines))
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _runs_on(above: str, below: str) -> bool:
    """Whether a sentence goes on over the break: it has not ended, and below it goes on small."""
    first = below.lstrip()[:1]
    return bool(above.strip()) and not ENDED.search(above[-12:]) and first.islower() and not ITEM.match(below)


def _is_full(above: str, below: str, width: int) -> bool:
    """Whether the next word would not have fitted on the line above, or hardly."""
    fits = len(above) + 1 + len(below.split(maxsplit=1)[0])
    return fits > width if ENDED.search(above[-12:]) else len(above) >= FULL * width and not ITEM.match(below)


def _join(above: str, below: str, whole: set[str], repaired: Repaired) -> str:
    repaired.notes["joined"] += 1
    divided, begun = DIVIDED.search(above[-LONGEST_WORD:]), BEGUN.match(below)
    if not divided or not begun or not below[0].islower():
        return f"{above} {below}" if not above.endswith(("-", "\u2010")) or above.endswith(" -") else above + below
    first, rest = divided[1], begun[0]
    is_soft = above.endswith(SOFT_HYPHEN)
    # A hyphen of the word's own stays: where the text has the word with it elsewhere, and not without.
    if not is_soft and f"{first}-{rest}".casefold() in whole and (first + rest).casefold() not in whole:
        return above + below
    repaired.notes["divided"] += 1
    if len(repaired.divided) < MOST_SHOWN:
        repaired.divided.append(first + rest)
    return above[:-1] + below
