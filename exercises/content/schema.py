"""What content files hold, as dataclasses. Spans are half-open code-point offsets into `text.txt`.

The format is described in docs/content.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scoring.spans import Span, Words

LAYERS = ("technique", "source")
CAMPS = ("kremlin", "ukraine", "neither")
STATES = ("marked", "clean", "discussion")
LABELLERS = ("model", "teachers")
"""Who labelled: runs of a language model, or people."""
OWN = "own-"
"""How the names of teachers' own texts begin; no shipped text's does."""
BASES = ("verified", "general knowledge", "not found")
LONGEST_PASSAGE = 90
"""Words; a longer single sentence stands alone and is not played in `spot` or `source`."""
EVIDENCE_OPTIONS = 4
NEAR_MISSES = 2
"""At least."""
EXPLANATION_WORDS = (60, 140)
FIRST_SENTENCE_WORDS = 25
REPEATING = "repetition"
"""The one label whose annotations have several spans."""


class BadContent(Exception):
    """Content that does not fit the schema. `problems` are lines of "file: key: reason"."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Label:
    slug: str
    layer: str
    group: str
    name: str
    definition: str
    question: str
    example: str
    example_core: str
    confusions: tuple[tuple[str, str], ...]
    """(slug of the label it is taken for, what tells them apart)."""
    fills: str = ""

    @property
    def example_before(self) -> str:
        return self.example.partition(self.example_core)[0]

    @property
    def example_after(self) -> str:
        return self.example.partition(self.example_core)[2]


@dataclass(frozen=True)
class NearMiss:
    label: str
    why: str


@dataclass(frozen=True)
class EvidenceOption:
    text: str
    settles: bool
    why: str


@dataclass(frozen=True)
class Reference:
    title: str
    publisher: str
    date: str


@dataclass(frozen=True)
class Record:
    """What the public record says about a claim, and how well that was checked (`basis`, one of BASES)."""

    text: str
    basis: str
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class Slip:
    """A mistake in the text itself (mistranslation, wrong name): told after the answer, never marked."""

    quote: str
    problem: str
    correct: str


@dataclass(frozen=True)
class Term:
    term: str
    meaning: str


@dataclass(frozen=True)
class Annotation:
    key: str
    layer: str
    label: str
    core: tuple[Span, ...]
    envelope: tuple[Span, ...]
    accepted: tuple[str, ...]
    near: tuple[NearMiss, ...]
    explanation: str
    difficulty: int
    labellings: int
    agreeing: int
    adjudicated: bool
    fills: str = ""
    look: str = ""
    evidence: tuple[EvidenceOption, ...] = ()
    record: Record | None = None
    labelled_by: str = "model"


@dataclass(frozen=True)
class LayerState:
    state: str
    why: str


@dataclass(frozen=True)
class Passage:
    key: str
    span: Span
    sentences: tuple[Span, ...]
    context: str
    fact: str
    sensitive: bool
    difficulty: int
    layers: dict[str, LayerState]
    annotations: tuple[Annotation, ...]
    slips: tuple[Slip, ...] = ()
    glossary: tuple[Term, ...] = ()

    def of_layer(self, layer: str) -> tuple[Annotation, ...]:
        return tuple(each for each in self.annotations if each.layer == layer)


@dataclass(frozen=True)
class LeftOut:
    """Words of the file that are no part of the text, and why."""

    span: Span
    quote: str
    reason: str


@dataclass(frozen=True)
class SourceText:
    slug: str
    file: str
    sha256: str
    text: str
    language: str
    title: str
    genre: str
    opinion: bool
    camp: str
    outlet: str
    date: str
    content_note: str
    told: tuple[str, ...]
    not_told: tuple[str, ...]
    found: tuple[str, ...]
    labellers: str
    teacher_note: str
    wrapped: bool
    joins: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    passages: tuple[Passage, ...]
    licence: str = ""
    """By what right the text is shown: a licence, or the ground for quoting it."""

    @property
    def shown(self) -> str:
        """The text with what is left out blanked, so that offsets stay those of the file."""
        return blanked(self.text, [each.span for each in self.left_out])

    def words(self, passage: Passage) -> Words:
        start, end = passage.span
        sentences = [(first - start, last - start) for first, last in passage.sentences]
        return Words.of(self.shown[start:end], sentences)


@dataclass(frozen=True)
class SetItem:
    """One decision of a ready-made set, by the passage's address "<text>/<passage>"."""

    passage: str
    kind: str
    layer: str = ""
    annotation: str = ""


@dataclass(frozen=True)
class ReadySet:
    slug: str
    title: str
    aim: str
    minutes: int
    level: str
    note: str
    starter: bool
    example: str
    """Slug of a label that is first shown on its neutral example, or empty."""
    sealed: bool
    """A test form: its passages are nowhere else, and it is given only as a test."""
    items: tuple[SetItem, ...]


@dataclass(frozen=True)
class Seeds:
    labels: tuple[Label, ...]
    texts: tuple[SourceText, ...]
    sets: tuple[ReadySet, ...]
    digest: str


def blanked(text: str, spans: Iterable[Span]) -> str:
    for start, end in spans:
        text = text[:start] + re.sub(r"\S", " ", text[start:end]) + text[end:]
    return text
