"""Passages as pages show them: units to mark, a lit span, or marks over the key.

The units are the server's own words and sentences, so that browsers never count offsets. White space is
folded, and what the file leaves out is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from exercises.versions import PassageContent
from scoring.points import Mark, Target, Verdict, verdict
from scoring.spans import Span


@dataclass(frozen=True)
class Token:
    """A word with its index, or what stands between words (index None)."""

    text: str
    index: int | None = None
    checked: bool = False


@dataclass(frozen=True)
class MarkingSentence:
    number: int
    first: int
    last: int
    new_paragraph: bool
    tokens: tuple[Token, ...]
    checked: bool = False


@dataclass(frozen=True)
class MarkingPassage:
    sentences: tuple[MarkingSentence, ...]


@dataclass(frozen=True)
class Segment:
    """Neighbouring words that look the same. `key` holds the numbers of the annotations that cover them, `states` the
    state of each.

    A mark of the player's goes through several segments where it crosses the edge of a key, and through several
    sentences: it begins in the segment that `begins` and ends in the one that `ends`.
    """

    text: str
    lit: bool = False
    mine: bool = False
    key: tuple[int, ...] = ()
    envelope: bool = False
    state: str = ""
    opens: tuple[int, ...] = ()
    closes: tuple[int, ...] = ()
    begins: bool = False
    ends: bool = False
    states: tuple[str, ...] = ()

    @property
    def beneath(self) -> tuple[str, ...]:
        """The states of the annotations that cover these words besides the first: a line below its line for each."""
        return self.states[1:]

    @property
    def opened(self) -> tuple[tuple[int, str], ...]:
        """The annotations that begin here, each with its own state."""
        return tuple((number, self.states[self.key.index(number)]) for number in self.opens)

    @property
    def is_beside(self) -> bool:
        """Whether it holds words that the player marked and that are in no key."""
        return self.state == "extra" and any(character.isalnum() for character in self.text)

    @property
    def words(self) -> str:
        """The text without the white space before its first word."""
        return self.text.lstrip()

    @property
    def space(self) -> str:
        return self.text[: len(self.text) - len(self.words)]


@dataclass(frozen=True)
class SegmentSentence:
    number: int
    new_paragraph: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class SegmentPassage:
    sentences: tuple[SegmentSentence, ...]


@dataclass(frozen=True)
class _Unit:
    """A stretch of text that belongs to one word (index) or stands between two (gap after that word)."""

    text: str
    index: int | None
    after: int


@dataclass
class _Look:
    """What decides whether two neighbouring units are drawn alike."""

    lit: bool = False
    mine: bool = False
    key: tuple[int, ...] = ()
    envelope: bool = False
    state: str = ""
    states: tuple[str, ...] = ()
    opens: tuple[int, ...] = field(default=(), compare=False)
    closes: tuple[int, ...] = field(default=(), compare=False)

    def shared(self, other: _Look) -> _Look:
        """The look of what stands between two words: what both are."""
        mine, key = self.mine and other.mine, tuple(number for number in self.key if number in other.key)
        state = next((each.state for each in (self, other) if each.key[:1] == key[:1]), "") if mine or key else ""
        states = tuple(self.states[self.key.index(number)] for number in key)
        return _Look(self.lit and other.lit, mine, key, self.envelope and other.envelope, state, states)


def marking(content: PassageContent, *, checked: frozenset[int] = frozenset()) -> MarkingPassage:
    """The passage as toggle units, with the words of `checked` marked."""
    sentences = []
    for number, (first, last) in enumerate(content.words.sentences):
        tokens = tuple(Token(unit.text, unit.index, unit.index in checked) for unit in _units(content, number))
        new = _starts_paragraph(content, number)
        sentences.append(MarkingSentence(number + 1, first, last - 1, new, tokens))
    return MarkingPassage(tuple(sentences))


def plain(content: PassageContent) -> SegmentPassage:
    return _segmented(content, {})


def lit(content: PassageContent, spans: Iterable[Span]) -> SegmentPassage:
    """The passage with spans of the file lit."""
    words = frozenset().union(*(_indices(content, span) for span in spans))
    return _segmented(content, {index: _Look(lit=True) for index in words})


def revealed(
    content: PassageContent, targets: Sequence[Target], marks: Sequence[Mark], *, answered: bool
) -> SegmentPassage:
    """The player's marks over the key. `answered` is False where the kind asks for no marks: nothing is missed.

    Annotations are numbered from 1 in the order of `targets`. The state of key words is that of their annotation
    (found, partly, missed), of words marked outside every annotation "extra".
    """
    picked = frozenset().union(*(mark.picked for mark in marks))
    states = [verdict(marks, target) if answered else "shown" for target in targets]
    looks: dict[int, _Look] = {}
    for index in range(len(content.words)):
        covering = [number for number, target in enumerate(targets, 1) if index in target.core]
        around = any(index in target.envelope for target in targets)
        mine = index in picked
        if not (covering or mine or around):
            continue
        own = tuple(states[number - 1] for number in covering)
        state = own[0] if own else "extra" if mine and not around else ""
        looks[index] = _Look(mine=mine, key=tuple(covering), envelope=around and not covering, state=state, states=own)
        for number in covering:
            places = runs(targets[number - 1].core)
            looks[index].opens += (number,) if any(index == first for first, _ in places) else ()
            looks[index].closes += (number,) if any(index == last - 1 for _, last in places) else ()
    return _segmented(content, looks)


def verdict_of(target: Target, marks: Sequence[Mark]) -> Verdict:
    """Whether the marks found an annotation, as scoring has it."""
    return verdict(marks, target)


def quoted(content: PassageContent, spans: Iterable[Span]) -> str:
    """The words of spans of the file, as one line to stand between quotation marks: their own are single in there."""
    start = content.start
    words = " … ".join(_folded(content.text[first - start : last - start]) for first, last in spans)
    return re.sub(r"[”\"]", "’", re.sub(r"“|(?<!\S)\"", "‘", words))


def _segmented(content: PassageContent, looks: dict[int, _Look]) -> SegmentPassage:
    plain_look = _Look()
    sentences: list[list[Segment]] = []
    for number in range(len(content.words.sentences)):
        segments: list[tuple[str, _Look, _Look]] = []
        for unit in _units(content, number):
            if unit.index is None:
                look = looks.get(unit.after, plain_look).shared(looks.get(unit.after + 1, plain_look))
            else:
                look = looks.get(unit.index, plain_look)
            joins = (
                segments
                and segments[-1][1] == look
                and not (look.opens and unit.index is not None)
                and not segments[-1][2].closes
            )
            if joins:
                text, first, _ = segments[-1]
                segments[-1] = (text + unit.text, first, look)
            else:
                segments.append((unit.text, look, look))
        sentences.append(
            [
                Segment(
                    text,
                    first.lit,
                    first.mine,
                    first.key,
                    first.envelope,
                    first.state,
                    first.opens,
                    last.closes,
                    states=first.states,
                )
                for text, first, last in segments
            ]
        )
    return SegmentPassage(
        tuple(
            SegmentSentence(number + 1, _starts_paragraph(content, number), segments)
            for number, segments in enumerate(_marks_bounded(sentences))
        )
    )


def _marks_bounded(sentences: list[list[Segment]]) -> Iterator[tuple[Segment, ...]]:
    """The sentences with the ends of each of the player's marks noted."""
    mine = [False, *(segment.mine for sentence in sentences for segment in sentence), False]
    place = count(1)
    for sentence in sentences:
        yield tuple(
            replace(segment, begins=segment.mine and not mine[at - 1], ends=segment.mine and not mine[at + 1])
            for segment, at in zip(sentence, place, strict=False)
        )


def _units(content: PassageContent, sentence: int) -> Iterator[_Unit]:
    """The words of a sentence and what stands between them, from its first character to its last."""
    first, last = content.words.sentences[sentence]
    spans = content.words.spans
    start, end = (edge - content.start for edge in content.passage.sentences[sentence])
    position = start
    for index in range(first, last):
        word_start, word_end = spans[index]
        if word_start > position and (gap := _spaced(content.text[position:word_start], opening=position == start)):
            yield _Unit(gap, None, index - 1)
        yield _Unit(content.text[word_start:word_end], index, index)
        position = word_end
    tail = _spaced(content.text[position:end], opening=False)
    yield _Unit(tail + " ", None, last - 1)


def _spaced(text: str, *, opening: bool) -> str:
    folded = re.sub(r"\s+", " ", text)
    return folded.lstrip() if opening else folded


def _starts_paragraph(content: PassageContent, sentence: int) -> bool:
    """Whether a sentence begins on a line of its own."""
    if sentence == 0:
        return False
    end, start = content.passage.sentences[sentence - 1][1], content.passage.sentences[sentence][0]
    between = content.text[end - content.start : start - content.start]
    return "\n\n" in re.sub(r"[ \t]", "", between) or ("\n" in between and "\n" not in _inside_lines(content))


def _inside_lines(content: PassageContent) -> str:
    """The white space within the sentences: a text with hard line breaks has some there."""
    return "".join(
        character
        for first, last in content.passage.sentences
        for character in content.text[first - content.start : last - content.start]
        if character == "\n"
    )


def _indices(content: PassageContent, span: Span) -> frozenset[int]:
    return content.words.indices(span[0] - content.start, span[1] - content.start)


def runs(indices: frozenset[int]) -> list[Span]:
    """Word indices as runs of neighbours."""
    found: list[Span] = []
    for index in sorted(indices):
        if found and found[-1][1] == index:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found


def _folded(text: str) -> str:
    return " ".join(text.split())
