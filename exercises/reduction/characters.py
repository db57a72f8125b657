"""Characters that a reader cannot see or search for: taken out or written out, and counted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from exercises.reduction.reduced import Refused

LINE_ENDS = re.compile(r"\r\n?|[\x0b\x85\u2028\u2029]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
INVISIBLE = re.compile(r"[\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
JOINER = re.compile(r"[\u200c\u200d]")
"""Joiners: some scripts and emoji need them; beside Latin, Greek or Cyrillic they only hide."""
LIGATURE = re.compile(r"[\ufb00-\ufb06]")
UNREADABLE = "\ufffd"
SOFT_HYPHEN = "\u00ad"
HIGHEST_STACK = 30
"""Marks on one letter; more are no language's, and putting them in order takes the square of their number."""
LAST_PLAIN = 0x058F
"""The last character before the scripts that need joiners."""


def clean(text: str) -> tuple[str, Counter[str]]:
    """The text with what nobody can see taken out; soft hyphens stay for the line breaks to use. Raises Refused."""
    notes: Counter[str] = Counter()
    if "\0" in text:
        raise Refused("binary")
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise Refused("surrogates")
    text, notes["line-ends"] = LINE_ENDS.subn("\n", text)
    text, notes["controls"] = CONTROL.subn("", text)
    text, notes["invisible"] = INVISIBLE.subn("", text)
    joined = JOINER.sub(lambda match: match[0] if _is_needed(text, match.start()) else "", text)
    notes["invisible"] += len(text) - len(joined)
    text, notes["ligatures"] = LIGATURE.subn(lambda match: unicodedata.normalize("NFKC", match[0]), joined)
    composed = unicodedata.normalize("NFC", text) if _longest_stack(text) <= HIGHEST_STACK else text
    notes["composed"] += composed != text
    notes["unreadable"] += composed.count(UNREADABLE)
    return composed, +notes


def _longest_stack(text: str) -> int:
    longest = stack = 0
    for each in text:
        stack = stack + 1 if unicodedata.combining(each) else 0
        longest = max(longest, stack)
    return longest


def _is_needed(text: str, at: int) -> bool:
    around = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    return len(around) == 2 and all(ord(each) > LAST_PLAIN and not each.isspace() for each in around)


def visible(text: str) -> str:
    """A text from elsewhere without what cannot be stored or seen; nothing is refused and nothing counted."""
    kept = CONTROL.sub("", LINE_ENDS.sub("\n", text))
    return re.sub(r"[\u00ad\ud800-\udfff]", "", INVISIBLE.sub("", kept))
