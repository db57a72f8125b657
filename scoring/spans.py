"""Words, sentences and how well a run of words agrees with a core.

Two coordinates are used. Files, stored answers and exports speak of *code points* into a text.
Scoring speaks of *word indices* into a passage. `Words` translates between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

# Letters and digits with what may stand inside a word: "Ukraine’s", "pro-Russia", "23,000", "U.S", "84%".
WORD = re.compile(r"\w+(?:[’'‑\-.,]\w+)*%?")
# The end of a sentence: closing punctuation, closing quotes, then space and something that can begin a sentence.
SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”’')\]]*+(?=\s++[\"“‘'(\[•\-–—]*+\w)")
CLOSING = "\"”’')]"
OPENING = re.compile(r"\s*[\"“‘'(\[•\-–— ]*")
ABBREVIATIONS = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Gen|Prof|vs|cf|e\.g|i\.e|sq|No)|\b[A-Z])\.$")
BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
LINE_BREAK = re.compile(r"\n\s*")
LARGEST_ENVELOPE = 0.6
"""Share of a passage's words that core and envelope may take together for the envelope to count."""

Span = tuple[int, int]
"""Half-open (start, end), in code points or in word indices, as the context says."""


def word_spans(text: str) -> tuple[Span, ...]:
    """Code-point spans of the words of a text, in order."""
    return tuple(match.span() for match in WORD.finditer(text))


def sentence_spans(text: str, *, wrapped: bool = False, joins: Iterable[str] = ()) -> tuple[Span, ...]:
    """Code-point spans of the sentences of a text, in order, without surrounding white space.

    A line break ends a sentence (headings and list items carry no full stop), except in a `wrapped` text,
    where only a blank line does, and except inside one of the quotes in `joins`.
    """
    joined = [(at, at + len(quote)) for quote in joins for at in _occurrences(text, quote)]

    def inside_join(position: int) -> bool:
        return any(start < position < end for start, end in joined)

    cuts = {0, len(text)}
    for match in (BLANK_LINE if wrapped else LINE_BREAK).finditer(text):
        if not inside_join(match.start()):
            cuts.add(match.start())
    for match in SENTENCE_END.finditer(text):
        opening = OPENING.match(text, match.end())
        following = text[opening.end() : opening.end() + 1] if opening else ""
        before = text[max(0, match.start() - 12) : match.end()].rstrip(CLOSING)
        if following.islower() or ABBREVIATIONS.search(before[-12:]) or inside_join(match.end()):
            continue
        cuts.add(match.end())
    edges = sorted(cuts)
    trimmed = (_trim(text, start, end) for start, end in pairwise(edges))
    return tuple(span for span in trimmed if WORD.search(text, *span))


def _occurrences(text: str, quote: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(quote), text)]


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


@dataclass(frozen=True)
class Words:
    """The words and sentences of one passage.

    `spans`: code-point spans of the words; `sentences`: word-index spans that cover all words in order.
    """

    spans: tuple[Span, ...]
    sentences: tuple[Span, ...]

    @classmethod
    def of(cls, text: str, sentences: Iterable[Span]) -> Words:
        """From a passage's text and its sentences' code-point spans in that text."""
        spans = word_spans(text)
        units = [indices(spans, start, end) for start, end in sentences]
        return cls(spans, tuple((min(unit), max(unit) + 1) for unit in units if unit))

    def __len__(self) -> int:
        return len(self.spans)

    def indices(self, start: int, end: int) -> frozenset[int]:
        """The words that a code-point span touches."""
        return indices(self.spans, start, end)

    def run(self, start: int, end: int) -> Span | None:
        """The run of words that a code-point span touches, or None if it touches none."""
        touched = self.indices(start, end)
        return (min(touched), max(touched) + 1) if touched else None

    def code_points(self, run: Span) -> Span:
        """The code-point span of a run of words."""
        return self.spans[run[0]][0], self.spans[run[1] - 1][1]

    @cached_property
    def sentence_starts(self) -> dict[int, int]:
        return {first: number for number, (first, _) in enumerate(self.sentences)}

    def whole_sentences(self, run: Span) -> int:
        """How many sentences the run consists of exactly, 0 if it is not made of whole sentences."""
        first = self.sentence_starts.get(run[0])
        if first is None:
            return 0
        for count, (_, end) in enumerate(self.sentences[first:], start=1):
            if end == run[1]:
                return count
        return 0

    def home(self, core: frozenset[int]) -> frozenset[int]:
        """All words of the sentences that a core lies in."""
        return frozenset(
            word
            for first, end in self.sentences
            if any(first <= index < end for index in core)
            for word in range(first, end)
        )


def indices(spans: tuple[Span, ...], start: int, end: int) -> frozenset[int]:
    return frozenset(number for number, (first, last) in enumerate(spans) if first < end and last > start)


def kappa(total: int, picked: int, core: int, both: int) -> float:
    """Cohen's kappa between two word masks over the same `total` words.

    `picked` words are marked by the player, `core` by the key, `both` by both. 1 is full agreement, 0 what
    chance would give, negative worse than chance; 0 where chance agreement is complete.
    Cohen (1960), "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20.
    """
    if total <= 0:
        return 0.0
    observed = (total - picked - core + 2 * both) / total
    expected = (picked * core + (total - picked) * (total - core)) / total**2
    return 0.0 if expected >= 1 else (observed - expected) / (1 - expected)


def agreement(words: int, picked: frozenset[int], core: frozenset[int], envelope: frozenset[int]) -> float:
    """Kappa between picked words and a core; words of the envelope outside the core count neither way.

    An envelope that leaves hardly a word to be wrong about is not used: with it, almost any long run would be right.
    """
    ignored = envelope - core if len(envelope | core) <= LARGEST_ENVELOPE * words else frozenset()
    counted = picked - ignored
    return kappa(words - len(ignored), len(counted), len(core), len(counted & core))
