"""Passages as pages show them: every word once, in order, in its look."""

from __future__ import annotations

import pytest

from exercises import content, rendering, versions
from exercises.content.schema import LayerState, Passage
from exercises.rendering import Segment, SegmentPassage
from exercises.versions import PassageContent
from scoring.points import Mark, Target
from scoring.spans import Span, sentence_spans
from tests.exercises.small import SmallSeeds

TEXT = "“Two birds,” he said. A heartless\nplan — is it? Yes."


def passage(text: str = TEXT, start: int = 7, *, wrapped: bool = True) -> PassageContent:
    """A passage that begins at code point 7 of its file."""
    sentences = tuple((first + start, last + start) for first, last in sentence_spans(text, wrapped=wrapped))
    layers = {layer: LayerState("clean", "So.") for layer in ("technique", "source")}
    return PassageContent(
        text, Passage("key", (start, start + len(text)), sentences, "Context.", "Fact.", False, 1, layers, ())
    )


def target(key: str, *core: int, envelope: tuple[int, ...] = ()) -> Target:
    return Target(key, "slogan", frozenset(core), frozenset(core) | frozenset(envelope))


def shown(segments: SegmentPassage) -> str:
    return "".join(segment.text for sentence in segments.sentences for segment in sentence.segments)


def looks(segments: SegmentPassage, **look: object) -> list[str]:
    """The texts of the segments that look so."""
    return [
        segment.text.strip()
        for sentence in segments.sentences
        for segment in sentence.segments
        if all(getattr(segment, name) == value for name, value in look.items())
    ]


def test_a_segment_knows_the_white_space_before_its_words() -> None:
    segment = Segment("\n a heartless ")
    assert (segment.space, segment.words) == ("\n ", "a heartless ")


def test_only_words_are_marked_beside_a_key() -> None:
    """A mark that goes on in the next paragraph leaves a quotation mark behind, which is nothing to be told."""
    assert Segment(" a plan ", state="extra").is_beside
    assert not Segment("” ", state="extra").is_beside
    assert not Segment(" a plan ", state="found").is_beside


def test_marking_offers_every_word_once_as_a_unit() -> None:
    units = rendering.marking(passage(), checked=frozenset({0, 5}))
    tokens = [token for sentence in units.sentences for token in sentence.tokens]
    words = [token for token in tokens if token.index is not None]
    assert [token.text for token in words] == [
        "Two",
        "birds",
        "he",
        "said",
        "A",
        "heartless",
        "plan",
        "is",
        "it",
        "Yes",
    ]
    assert [token.index for token in words] == list(range(10))
    assert [token.text for token in words if token.checked] == ["Two", "heartless"]
    assert [(sentence.number, sentence.first, sentence.last) for sentence in units.sentences] == [
        (1, 0, 3),
        (2, 4, 8),
        (3, 9, 9),
    ]


def test_what_stands_between_words_stays_and_white_space_is_folded() -> None:
    units = rendering.marking(passage())
    text = "".join(token.text for sentence in units.sentences for token in sentence.tokens)
    assert text == "“Two birds,” he said. A heartless plan — is it? Yes. "
    assert shown(rendering.plain(passage())) == text


def test_every_passage_of_a_folder_is_shown_whole(small: SmallSeeds) -> None:
    for text in content.read_seeds(small.folder).texts:
        for each in text.passages:
            there = PassageContent.of(versions.freeze(text, each))
            folded = " ".join(there.text.split())
            assert shown(rendering.plain(there)).split() == folded.split()
            spans = [span for annotation in each.annotations for span in annotation.core]
            assert shown(rendering.lit(there, spans)).split() == folded.split()
            targets = there.targets("technique") + there.targets("source")
            marks = [Mark((0, 2)), Mark((5, 6))]
            assert shown(rendering.revealed(there, targets, marks, answered=True)).split() == folded.split()


def test_a_heading_and_list_items_begin_lines_and_wrapped_lines_do_not() -> None:
    listed = passage("Two points:\n- One is this.\n- Two is that. And more.", wrapped=False)
    assert [each.new_paragraph for each in rendering.marking(listed).sentences] == [False, True, True, False]
    wrapped = passage("One line\nof a text. And\nanother.\n\nA new one.")
    assert [each.new_paragraph for each in rendering.plain(wrapped).sentences] == [False, False, True]


def test_the_lit_words_are_lit_with_what_stands_between_them() -> None:
    there = passage()
    assert looks(rendering.lit(there, [there.span_of((4, 7))]), lit=True) == ["A heartless plan"]
    assert looks(rendering.lit(there, [there.span_of((0, 1)), there.span_of((9, 10))]), lit=True) == ["Two", "Yes"]
    assert rendering.lit(there, []) == rendering.plain(there)


def test_the_reveal_shows_found_missed_and_extra_words() -> None:
    there = passage()
    targets = [target("t1", 5, envelope=(4, 6)), target("t2", 9)]
    reveal = rendering.revealed(there, targets, [Mark((5, 7)), Mark((0, 1))], answered=True)
    assert looks(reveal, key=(1,)) == ["heartless"]
    assert looks(reveal, state="found") == ["heartless"]
    assert looks(reveal, state="missed", key=(2,)) == ["Yes"]
    assert looks(reveal, state="extra") == ["Two"]
    assert looks(reveal, envelope=True) == ["A", "plan"]
    assert "".join(looks(reveal, mine=True)) == "Twoheartlessplan"


def test_a_mark_on_the_envelope_alone_is_partly() -> None:
    reveal = rendering.revealed(passage(), [target("t1", 5, envelope=(4, 6))], [Mark((6, 7))], answered=True)
    assert looks(reveal, state="partly") == ["heartless"]
    assert looks(reveal, state="extra") == []


def test_where_nothing_was_asked_for_nothing_is_missed() -> None:
    reveal = rendering.revealed(passage(), [target("t1", 5)], (), answered=False)
    assert looks(reveal, state="shown") == ["heartless"]
    assert looks(reveal, state="missed") == []


@pytest.mark.parametrize("marks", [(), (Mark((5, 6)),), (Mark((3, 9)),)])
def test_every_annotation_opens_and_closes_once_a_run(marks: tuple[Mark, ...]) -> None:
    targets = [target("t1", 4, 5, 6), target("t2", 6, 7), target("t3", 0, 1, 9)]
    segments = [
        segment
        for sentence in rendering.revealed(passage(), targets, marks, answered=True).sentences
        for segment in sentence.segments
    ]
    opened = [number for segment in segments for number in segment.opens]
    closed = [number for segment in segments for number in segment.closes]
    assert sorted(opened) == sorted(closed) == [1, 2, 3, 3]
    for number, words in ((1, "A heartless plan"), (2, "plan — is"), (3, "Two birds Yes")):
        covered = " ".join(segment.text.strip() for segment in segments if number in segment.key)
        assert covered.split() == words.split()


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ((4, 7), "A heartless plan"),  # into the key and out of it
        ((5, 6), "heartless"),  # the key itself
        ((5, 8), "heartless plan — is"),  # begins with the key
        ((2, 6), "he said. A heartless"),  # through two sentences, to the key's end
        ((0, 10), "Two birds,” he said. A heartless plan — is it? Yes"),  # over two keys
    ],
)
def test_a_mark_across_the_edges_of_keys_is_one_mark(run: Span, words: str) -> None:
    """It begins once and ends once, and all between is marked; the keys in it keep their own edges."""
    targets = [target("t1", 5), target("t2", 8)]
    segments = [
        segment
        for sentence in rendering.revealed(passage(), targets, [Mark(run)], answered=True).sentences
        for segment in sentence.segments
    ]
    (first,) = [index for index, segment in enumerate(segments) if segment.begins]
    (last,) = [index for index, segment in enumerate(segments) if segment.ends]
    assert "".join(segment.text for segment in segments[first : last + 1]) == words
    assert [segment.mine for segment in segments] == [first <= index <= last for index in range(len(segments))]
    assert [segment.text for segment in segments if segment.opens or segment.closes] == ["heartless", "it"]


@pytest.mark.parametrize("marks", [(), (Mark((4, 6)),), (Mark((6, 8)),)])
def test_a_key_goes_on_where_a_mark_or_another_key_begins(marks: tuple[Mark, ...]) -> None:
    targets = [target("t1", 5, 6, 7), target("t2", 6)]
    segments = [
        segment
        for sentence in rendering.revealed(passage(), targets, marks, answered=True).sentences
        for segment in sentence.segments
    ]
    assert "".join(segment.text for segment in segments if 1 in segment.key) == "heartless plan — is"
    assert "".join(segment.text for segment in segments if 2 in segment.key) == "plan"


def test_marks_on_the_same_words_keep_their_own_lines_and_states() -> None:
    """One found, one missed: where both lie on a word, each has its line, and each number says its own state."""
    targets = [target("t1", 5, 6), target("t2", 6, 7, 8, 9)]
    reveal = rendering.revealed(passage(), targets, [Mark((5, 6))], answered=True)
    segments = [segment for sentence in reveal.sentences for segment in sentence.segments]
    assert [
        (segment.text.strip(), segment.states, segment.beneath) for segment in segments if len(segment.key) > 1
    ] == [("plan", ("found", "missed"), ("missed",))]
    assert [pair for segment in segments for pair in segment.opened] == [(1, "found"), (2, "missed")]
    assert all(not segment.beneath for segment in segments if len(segment.key) < 2)


def test_two_marks_stay_two() -> None:
    reveal = rendering.revealed(passage(), [target("t1", 5)], [Mark((0, 1)), Mark((5, 7))], answered=True)
    segments = [segment for sentence in reveal.sentences for segment in sentence.segments]
    assert [segment.text for segment in segments if segment.begins] == ["Two", "heartless"]
    assert [segment.text.strip() for segment in segments if segment.ends] == ["Two", "plan"]


def test_segments_that_look_the_same_are_one() -> None:
    assert [len(sentence.segments) for sentence in rendering.plain(passage()).sentences] == [1, 1, 1]
    plain = rendering.revealed(passage(), [], (), answered=True)
    assert all(segment == Segment(segment.text) for sentence in plain.sentences for segment in sentence.segments)


def test_quotes_are_one_line_and_several_are_joined() -> None:
    there = passage()
    assert rendering.quoted(there, [there.span_of((4, 7))]) == "A heartless plan"
    assert rendering.quoted(there, [there.span_of((0, 2)), there.span_of((9, 10))]) == "Two birds … Yes"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("A so-called “plan” of his.", "A so-called ‘plan’ of his"),
        ('The "plan" of the "wise" man', "The ‘plan’ of the ‘wise’ man"),
        ("Theirs, and ‘ours’, it’s said", "Theirs, and ‘ours’, it’s said"),
    ],
)
def test_quotation_marks_within_a_quote_are_single(text: str, quote: str) -> None:
    there = passage(text)
    assert rendering.quoted(there, [there.span_of((0, len(there.words)))]) == quote


def test_the_reveal_and_the_score_call_the_same_marks_found() -> None:
    core, scraps = target("t1", 2, 3, 4, 5), [Mark((0, 3)), Mark((5, 8))]
    assert rendering.verdict_of(core, scraps) == "partly"
    assert looks(rendering.revealed(passage(), [core], scraps, answered=True), state="found") == []
