"""What an answer is worth: place, label and points, against small examples that are counted out by hand."""

from __future__ import annotations

from itertools import pairwise
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.points import (
    SENTENCE_CREDIT,
    Mark,
    Target,
    best_fit,
    expected_fit,
    fit,
    is_found,
    label_score,
    place_score,
    points,
    together,
    verdict,
)
from scoring.spans import Span, Words


def passage(*sentences: int) -> Words:
    """Words of sentences with so many words each."""
    edges = [sum(sentences[:number]) for number in range(len(sentences) + 1)]
    spans = tuple((3 * index, 3 * index + 2) for index in range(edges[-1]))
    return Words(spans, tuple(pairwise(edges)))


def target(
    first: int, end: int, label: str = "a", *, key: str = "t1", envelope: Span = (0, 0), **more: object
) -> Target:
    core = frozenset(range(first, end))
    return Target(key, label, core, core | frozenset(range(*envelope)), **more)  # type: ignore[arg-type]


def runs(words: Words, length: int) -> list[Span]:
    return [(start, start + length) for start in range(len(words) - length + 1)]


# Eight words in two sentences; the core is words 1 and 2.
EIGHT, CORE = passage(4, 4), target(1, 3)


def test_fit_is_kappa_counted_out_by_hand() -> None:
    # Words 1-2: all 8 agree. Words 2-3: 6 of 8 agree, chance (4 + 36) / 64. Words 5-6: 4 of 8 agree.
    assert fit(EIGHT, (1, 3), CORE) == pytest.approx(1)
    assert fit(EIGHT, (2, 4), CORE) == pytest.approx((6 / 8 - 40 / 64) / (1 - 40 / 64))
    assert fit(EIGHT, (5, 7), CORE) == pytest.approx((4 / 8 - 40 / 64) / (1 - 40 / 64))


def test_expected_fit_is_the_mean_over_all_runs_of_the_same_length() -> None:
    # Seven runs of two words: one fits, two overlap by a word (1/3 each), four do not touch (-1/3 each).
    assert expected_fit(EIGHT, (1, 3), [CORE]) == pytest.approx((1 + 2 / 3 - 4 / 3) / 7)
    assert place_score(EIGHT, (1, 3), [CORE]) == pytest.approx(1)
    assert place_score(EIGHT, (5, 7), [CORE]) == pytest.approx((-1 / 3 - 1 / 21) / (1 - 1 / 21))


def test_the_cores_own_sentence_is_granted_the_sentence_credit() -> None:
    assert fit(EIGHT, (0, 4), CORE) == SENTENCE_CREDIT
    assert fit(EIGHT, (1, 4), CORE) > SENTENCE_CREDIT  # kappa is more than the credit here
    assert fit(passage(8, 4), (0, 8), target(1, 2)) == SENTENCE_CREDIT
    assert fit(passage(8, 4), (1, 7), target(1, 2)) == SENTENCE_CREDIT


def test_the_sentence_credit_needs_the_whole_core_its_own_sentences_and_a_rest() -> None:
    words = passage(8, 8)
    assert fit(words, (2, 8), target(1, 3)) < SENTENCE_CREDIT
    assert fit(words, (1, 9), target(1, 3)) < SENTENCE_CREDIT
    assert fit(passage(8), (0, 8), target(1, 3)) == pytest.approx(0)
    assert fit(words, (0, 16), target(7, 9)) == pytest.approx(0)


def test_a_whole_sentence_is_measured_against_all_sentences() -> None:
    words, core = passage(6, 2, 2), target(0, 1)
    by_length = mean(fit(words, run, core) for run in runs(words, 6))
    by_sentence = mean(fit(words, run, core) for run in words.sentences)
    assert expected_fit(words, (0, 6), [core]) == pytest.approx(max(by_length, by_sentence))
    assert by_sentence != pytest.approx(by_length)


def test_always_the_same_number_of_sentences_earns_no_place() -> None:
    words, cores = passage(7, 5, 6), [target(1, 3), target(8, 10, key="t2")]
    firsts = (0, 1)
    pairs = [(words.sentences[n][0], words.sentences[n + 1][1]) for n in firsts]
    for sentences in (list(words.sentences), pairs):
        assert mean(place_score(words, run, cores) for run in sentences) <= 1e-9


@pytest.mark.parametrize("cores", [[target(2, 4)], [target(0, 3), target(9, 10, key="t2")], [target(11, 15)]])
def test_a_random_run_of_any_length_earns_no_place(cores: list[Target]) -> None:
    words = passage(16, 16)
    for length in range(1, 33):
        earned = [place_score(words, run, cores) for run in runs(words, length)]
        whole = any(words.whole_sentences(run) for run in runs(words, length))
        assert min(earned) > -1
        assert mean(earned) <= 1e-9 if whole else mean(earned) == pytest.approx(0)


def test_marking_everything_earns_no_place() -> None:
    for sentences in ((8,), (4, 4), (1, 6, 1)):
        words = passage(*sentences)
        for cores in ([target(1, 3)], [target(0, 4)], [target(1, 3, envelope=(0, 7)), target(4, 6, key="t2")]):
            assert place_score(words, (0, len(words)), cores) == pytest.approx(0)


def test_words_of_the_envelope_count_neither_way() -> None:
    words, core = passage(10, 10), target(3, 5, envelope=(2, 8))
    for run in ((3, 5), (2, 5), (3, 8), (2, 8)):
        assert fit(words, run, core) == pytest.approx(1)
    assert fit(words, (1, 8), core) < 1
    assert fit(words, (5, 8), core) == pytest.approx(0)


def test_the_exact_core_is_a_full_fit_even_when_the_envelope_is_the_passage() -> None:
    words, core = passage(12), target(3, 5, envelope=(0, 12))
    assert place_score(words, (3, 5), [core]) == pytest.approx(1)
    assert place_score(words, (0, 11), [core]) < 0.5


def test_place_never_falls_below_minus_one() -> None:
    words = passage(3, 9)
    cores = [target(0, 3), target(3, 6, key="t2")]
    assert min(place_score(words, run, cores) for length in range(1, 13) for run in runs(words, length)) >= -1


def test_the_best_annotation_counts_and_equals_count_together() -> None:
    words = passage(8, 8)
    one, two, far = target(0, 2, "a"), target(5, 6, "b", key="t2"), target(10, 12, "c", key="t3")
    assert best_fit(words, (0, 2), [one, two, far]) == (1.0, (one,))
    assert best_fit(words, (0, 8), [one, two, far]) == (SENTENCE_CREDIT, (one, two))
    both = together([one, two])
    assert both.right == {"a", "b"}
    assert both.core == {0, 1, 5}


def test_what_is_right_for_one_of_equals_is_no_near_miss() -> None:
    one = target(0, 1, "a", accepted=frozenset({"c"}), near=frozenset({"b", "d"}))
    both = together([one, target(1, 2, "b", near=frozenset({"c"}))])
    assert both.right == {"a", "b", "c"}
    assert both.near == {"d"}


@pytest.mark.parametrize(
    ("run", "found"),
    [
        ((0, 4), True),
        ((2, 3), True),
        ((3, 6), True),
        ((1, 2), False),
        ((4, 8), True),
        ((5, 11), False),
        ((8, 9), False),
    ],
)
def test_found_is_half_of_the_core_or_half_of_the_run(run: Span, found: bool) -> None:
    assert is_found(frozenset(range(*run)), target(2, 6)) is found


def test_touching_the_envelope_is_partly() -> None:
    core = target(4, 8, envelope=(2, 9))
    states = [verdict([Mark(run)], core) for run in ((4, 6), (0, 5), (2, 3), (8, 9), (9, 12))]
    assert states == ["found", "partly", "partly", "partly", "missed"]


def test_scraps_do_not_add_up_to_a_find() -> None:
    core = target(2, 6)
    assert verdict([Mark((0, 3)), Mark((5, 8))], core) == "partly"
    assert verdict([Mark((0, 3)), Mark((4, 8))], core) == "found"
    assert verdict([], core) == "missed"


OPTIONS = ("a", "b", "c", "d", "e", "f")


def test_a_label_is_right_near_or_costs_a_guess() -> None:
    named = target(0, 1, "a", accepted=frozenset({"b"}), near=frozenset({"c"}))
    earned = [label_score(label, named, OPTIONS) for label in OPTIONS]
    assert earned == [1, 1, 0, pytest.approx(-2 / 3), pytest.approx(-2 / 3), pytest.approx(-2 / 3)]


def test_accepted_labels_and_near_misses_count_only_where_they_are_shown() -> None:
    named = target(0, 1, "a", accepted=frozenset({"x"}), near=frozenset({"y", "c"}))
    assert label_score("d", named, ("a", "b", "c", "d")) == pytest.approx(-1 / 2)
    assert label_score("y", named, ("a", "b", "c", "d")) == pytest.approx(-1 / 2)
    assert label_score(None, named, ("a", "b", "c", "d")) == pytest.approx(-1 / 2)


counts = st.tuples(st.integers(1, 4), st.integers(0, 6), st.integers(1, 8))


@given(counts)
def test_a_blind_guess_at_the_label_earns_exactly_nothing(sizes: tuple[int, int, int]) -> None:
    """By enumeration of the options, whatever the numbers of right options, near misses and wrong ones."""
    right, near, _ = sizes
    options = [f"{kind}{number}" for kind, count in zip("rnw", sizes, strict=True) for number in range(count)]
    named = target(0, 1, "r0", accepted=frozenset(options[1:right]), near=frozenset(options[right : right + near]))
    assert mean(label_score(option, named, options) for option in options) == pytest.approx(0)
    assert sum(label_score(option, named, options) == 0 for option in options) == near


@given(counts, counts)
def test_a_blind_guess_at_a_sentence_with_two_annotations_earns_nothing_either(
    one: tuple[int, int, int], two: tuple[int, int, int]
) -> None:
    options = [f"o{number}" for number in range(24)]
    both = together(
        [
            target(0, 1, "o0", accepted=frozenset(options[: one[0]]), near=frozenset(options[5 : 5 + one[1]])),
            target(1, 2, "o4", accepted=frozenset(options[4 : 4 + two[0]]), near=frozenset(options[11 : 11 + two[1]])),
        ]
    )
    assert mean(label_score(option, both, options) for option in options) == pytest.approx(0)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_points_run_from_0_to_100_and_keep_the_order(one: float, two: float) -> None:
    assert 0 <= points(one) <= 100
    assert isinstance(points(one), int)
    assert one > two or points(one) <= points(two)


def test_points_of_the_corners_and_half_up() -> None:
    assert [points(score) for score in (-1, -0.5, 0, 0.01, 0.05, 1)] == [0, 25, 50, 51, 53, 100]
    assert (points(-7), points(7)) == (0, 100)
