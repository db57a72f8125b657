"""Markdown reduced to the text that a reader sees: it is made HTML, and that is reduced."""

from __future__ import annotations

from collections import Counter

from markdown import markdown

from exercises.reduction.decoding import decode
from exercises.reduction.html import text_of
from exercises.reduction.reduced import MOST_CHARACTERS, Reduced, Refused


def reduce(data: bytes) -> Reduced:
    """Raises Refused."""
    decoded = decode(data)
    if len(decoded.text) > MOST_CHARACTERS:
        raise Refused("too-long")
    text, notes = text_of(markdown(decoded.text, extensions=["tables"]))
    return Reduced(text, decoded.encoding, notes + Counter({"guessed": int(decoded.guessed), "markdown": 1}))
