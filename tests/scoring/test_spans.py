"""Words and sentences on the tricky places of the texts, and kappa against a worked table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.spans import Words, agreement, indices, kappa, sentence_spans, word_spans


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in word_spans(text)]


def sentences(text: str, *, wrapped: bool = False, joins: tuple[str, ...] = ()) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, wrapped=wrapped, joins=joins)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv’s behind-the-scenes blocking", ["Kyiv’s", "behind-the-scenes", "blocking"]),
        ("Putin's demands", ["Putin's", "demands"]),
        ("so-called “winter pause”—a proposal", ["so-called", "winter", "pause", "a", "proposal"]),
        ("an “all-for-all” basis.", ["an", "all-for-all", "basis"]),
        ("consider that 84% of Ukrainians", ["consider", "that", "84%", "of", "Ukrainians"]),
        ("another 23,000 square meters to it. km", ["another", "23,000", "square", "meters", "to", "it", "km"]),
        ("the U.S. and China.", ["the", "U.S", "and", "China"]),
        ("a million- strong force", ["a", "million", "strong", "force"]),
        ("in the war - the liberation", ["in", "the", "war", "the", "liberation"]),
        ("most [European NATO] member states", ["most", "European", "NATO", "member", "states"]),
        ("should be 'denazified.'", ["should", "be", "denazified"]),
        ("It would be naïve", ["It", "would", "be", "naïve"]),
    ],
)
def test_words_hold_together_what_readers_hold_together(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # An abbreviation with a full stop in mid-sentence.
        (
            "There are only two: the U.S. and China. China is unlikely to.",
            ["There are only two: the U.S. and China.", "China is unlikely to."],
        ),
        ("Most states, including the U.S., are afraid. Why?", ["Most states, including the U.S., are afraid.", "Why?"]),
        (
            "Under the U.S. Constitution Mr. B. Smith may. Gen. C does.",
            ["Under the U.S. Constitution Mr. B. Smith may.", "Gen. C does."],
        ),
        # A full stop before a small letter ends nothing.
        ("Another 23,000 square meters to it. km (although small).", None),
        # Closing quotes and brackets belong to the sentence that they close.
        (
            "Under the guise of “negotiations.” Recent history.",
            ["Under the guise of “negotiations.”", "Recent history."],
        ),
        (
            "with every new city, is lost.\"' President Z said.",
            ["with every new city, is lost.\"'", "President Z said."],
        ),
        # A quotation that goes on after the comma.
        ('"We were first. He is not," the speaker said.', ['"We were first.', 'He is not," the speaker said.']),
        # An opening quote begins a sentence.
        ("He gave no date. “The stocks are low,” he said.", ["He gave no date.", "“The stocks are low,” he said."]),
        ("And the result? A war. Heaven forbid!", ["And the result?", "A war.", "Heaven forbid!"]),
        # Numbers with a point.
        ("It grew by 2.5 percent in May. Then it fell.", ["It grew by 2.5 percent in May.", "Then it fell."]),
    ],
)
def test_sentences_end_where_readers_end_them(text: str, expected: list[str] | None) -> None:
    assert sentences(text) == (expected or [text])


def test_headings_and_list_items_are_sentences_of_their_own() -> None:
    text = "Five points:\n\n  • Complete restoration;\n  • Respect for the Charter.\n\nWhat are the Goals?\nNone."
    assert sentences(text) == [
        "Five points:",
        "• Complete restoration;",
        "• Respect for the Charter.",
        "What are the Goals?",
        "None.",
    ]


def test_a_join_mends_a_line_break_inside_a_sentence() -> None:
    text = "They foiled plans to conquer\nKyiv and to go on.\nThey resist."
    assert len(sentences(text)) == 3
    assert sentences(text, joins=("conquer\nKyiv",)) == [
        "They foiled plans to conquer\nKyiv and to go on.",
        "They resist.",
    ]


def test_in_a_wrapped_text_only_a_blank_line_ends_a_line_and_a_join_mends_that() -> None:
    text = (
        " Attention is on the question of territorial\nconcessions. Must it be recognized?\n\nblackmail\n\nworks. So."
    )
    assert sentences(text, wrapped=True) == [
        "Attention is on the question of territorial\nconcessions.",
        "Must it be recognized?",
        "blackmail",
        "works.",
        "So.",
    ]
    assert sentences(text, wrapped=True, joins=("blackmail\n\nworks",))[2:] == ["blackmail\n\nworks.", "So."]


def test_what_holds_no_word_is_no_sentence() -> None:
    assert sentences("One.\n\n—\n\n   \nTwo.") == ["One.", "Two."]


@given(st.text(alphabet="ab .!?\n”“-—•'(),5%", max_size=60))
def test_sentences_hold_every_word_once_and_in_order(text: str) -> None:
    spans = sentence_spans(text)
    assert list(spans) == sorted(spans)
    for word in word_spans(text):
        assert sum(start <= word[0] and word[1] <= end for start, end in spans) == 1


def passage(text: str) -> Words:
    return Words.of(text, sentence_spans(text))


def test_a_span_touches_every_word_that_it_cuts() -> None:
    some = passage("The canteen is open. It is not.")
    assert some.indices(6, 13) == {1, 2}
    assert some.run(6, 13) == (1, 3)
    assert some.run(19, 20) is None
    assert some.code_points((1, 3)) == (4, 14)
    assert indices((), 0, 9) == frozenset()


def test_whole_sentences_are_counted_and_other_runs_are_not() -> None:
    some = passage("One two. Three four five. Six.")
    assert some.sentences == ((0, 2), (2, 5), (5, 6))
    assert [some.whole_sentences(run) for run in ((0, 2), (2, 6), (0, 6), (0, 3), (1, 2))] == [1, 2, 3, 0, 0]
    assert some.home(frozenset({1, 2})) == frozenset(range(5))


def mask(first: int, count: int) -> frozenset[int]:
    return frozenset(range(first, first + count))


CORE, ENVELOPE, WORDS = mask(20, 6), mask(18, 9), 62


@pytest.mark.parametrize(
    ("picked", "expected"),
    [
        (CORE, 1.0),
        (ENVELOPE, 1.0),
        (mask(20, 4), 0.78),
        (mask(14, 17), 0.53),
        (mask(0, 6), -0.11),
        (mask(0, WORDS), 0.0),
    ],
)
def test_kappa_gives_the_worked_table(picked: frozenset[int], expected: float) -> None:
    """62 words, core 6, envelope 9: the table in docs/scoring.md."""
    assert agreement(WORDS, picked, CORE, ENVELOPE) == pytest.approx(expected, abs=0.005)


def test_an_envelope_that_leaves_hardly_a_word_to_miss_is_not_used() -> None:
    core, envelope = mask(3, 4), mask(0, 20)
    assert agreement(22, core, core, envelope) == 1
    assert agreement(22, envelope, core, envelope) == pytest.approx(agreement(22, envelope, core, frozenset()))


runs = st.integers(1, 60).flatmap(
    lambda total: st.tuples(st.just(total), st.sets(st.integers(0, total - 1)), st.sets(st.integers(0, total - 1)))
)


@given(runs)
def test_kappa_is_nothing_for_everything_and_for_nothing(sizes: tuple[int, set[int], set[int]]) -> None:
    total, core, _ = sizes
    assert kappa(total, total, len(core), len(core)) == pytest.approx(0)
    assert kappa(total, 0, len(core), 0) == pytest.approx(0)


@given(runs)
def test_kappa_stays_in_range_and_knows_no_sides(sizes: tuple[int, set[int], set[int]]) -> None:
    total, picked, core = sizes
    both = len(picked & core)
    value = kappa(total, len(picked), len(core), both)
    assert -1 <= value <= 1
    assert value == pytest.approx(kappa(total, len(core), len(picked), both))
    if picked == core and 0 < len(core) < total:
        assert value == pytest.approx(1)
