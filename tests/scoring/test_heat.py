"""What a class answered, as a picture: nobody's answer can be read off it."""

from __future__ import annotations

from scoring import heat
from scoring.heat import Bar


def test_words_are_counted_once_a_player() -> None:
    marked = [frozenset({0, 1}), frozenset({1}), frozenset(), frozenset({1, 2})]
    assert heat.word_counts(marked, 4) == [1, 3, 1, 0]


def test_a_count_is_shaded_from_three_on_and_from_five_answers_on() -> None:
    assert [heat.level(count, 20) for count in (0, 2, 3, 4, 5, 20)] == [0, 0, 1, 1, 2, 5]
    assert heat.level(4, 4) == 0
    assert heat.level(3, 5) == 3


def test_small_bars_do_not_tell_their_number() -> None:
    assert heat.bars(["a", "a", "a", "b", "c", "c"], ["a", "b", "c", "d"]) == {
        "a": Bar(3, 6),
        "b": Bar(None, 6),
        "c": Bar(None, 6),
        "d": Bar(0, 6),
    }
    assert [Bar(3, 6).share, Bar(0, 6).share, Bar(0, 0).share] == [50, 0, 0]
    assert Bar(None, 100).share == Bar(None, 5).share > 0


def test_confidence_is_split_by_right_and_wrong() -> None:
    said = [(50, False)] * 4 + [(90, True)] * 5 + [(90, False)]
    found = heat.histogram(said, (50, 90, 100))
    assert found == {50: (Bar(0, 10), Bar(4, 10)), 90: (Bar(5, 10), Bar(None, 10)), 100: (Bar(0, 10), Bar(0, 10))}


def test_a_discussion_moves_a_class() -> None:
    first = {1: False, 2: False, 3: True, 4: True, 5: False, 6: True}
    second = {1: True, 2: True, 3: True, 4: False, 5: False, 7: True}
    found = heat.shift(first, second)
    assert found == heat.Shift(voters=5, before=2, after=3, gained=2, lost=1)
    assert heat.shift(first, {1: True, 2: True, 3: True, 4: True}) is None, "four gave both"
