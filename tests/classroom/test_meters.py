"""What a set adds up to, and what a teacher is warned of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classroom.meters import Decision, Meter, measure

CLEAN = Decision("spot", "technique", "Text A", "argues left", 60, True, ())
MARKED = Decision("spot", "technique", "Text A", "argues left", 60, False, ("Slogan",))
OTHER_TEXT = {"text": "Text B", "camp": "argues right"}
BALANCED = [
    CLEAN,
    MARKED,
    replace(CLEAN, **OTHER_TEXT),
    replace(MARKED, **OTHER_TEXT, labels=("Name calling",)),
    replace(MARKED, labels=("Doubt",)),
]


def warnings(decisions: list[Decision], planned: int = 60) -> str:
    return " ".join(measure(decisions, planned=planned).warnings)


def test_a_balanced_set_is_not_warned_of() -> None:
    meter = measure(BALANCED, planned=60)
    assert meter.warnings == ()
    assert (meter.open, meter.clean, meter.clean_share) == (5, 2, 40)
    assert [(share.name, share.count) for share in meter.texts] == [("Text A", 3), ("Text B", 2)]
    assert {share.name for share in meter.camps} == {"argues left", "argues right"}
    assert {share.name: share.count for share in meter.labels} == {"Slogan": 1, "Name calling": 1, "Doubt": 1}


def test_minutes_are_reading_at_180_words_a_minute_and_45_seconds_a_decision() -> None:
    assert measure([replace(CLEAN, words=180)], planned=60).minutes == 2  # 60 + 45 seconds, rounded up
    assert measure([replace(CLEAN, words=45)] * 4, planned=60).minutes == 4  # exactly 4 × 60 seconds
    assert measure([], planned=60).minutes == 0


def test_too_little_time_is_warned_of() -> None:
    assert "take about 6" in warnings(BALANCED, planned=5)
    assert "take about" not in warnings(BALANCED, planned=6)


@pytest.mark.parametrize(
    ("clean", "marked", "words"),
    [(1, 3, "always flagging pays"), (3, 1, "never flagging pays"), (2, 2, ""), (3, 5, "always"), (2, 3, "")],
)
def test_the_share_clean_is_38_to_50_percent(clean: int, marked: int, words: str) -> None:
    told = warnings([CLEAN] * clean + [MARKED] * marked)
    assert words in told
    assert ("flagging pays" in told) == bool(words)


def test_only_decisions_that_allow_nothing_here_count_for_the_share() -> None:
    lit = replace(MARKED, kind="name")
    meter = measure([*BALANCED, lit, lit], planned=60)
    assert (meter.open, meter.clean_share, meter.decisions) == (5, 40, 7)
    assert measure([lit], planned=60).clean_share is None


def test_one_text_and_one_side_are_warned_of() -> None:
    assert "from one text" in warnings([CLEAN, MARKED])
    same_side = [CLEAN, MARKED, replace(CLEAN, text="Text B"), replace(MARKED, text="Text B")]
    assert "One-sided: every passage argues left" in warnings(same_side)
    assert "One-sided" not in warnings(BALANCED)


def test_clean_from_one_text_and_marked_from_another_is_a_giveaway() -> None:
    assert "no text has both" in warnings([CLEAN, CLEAN, replace(MARKED, **OTHER_TEXT), replace(MARKED, **OTHER_TEXT)])
    assert "no text has both" not in warnings([CLEAN, MARKED, replace(MARKED, **OTHER_TEXT)])


def test_clean_from_one_side_and_marked_from_the_other_is_a_giveaway() -> None:
    left, right = replace(CLEAN, text="Text C"), replace(MARKED, text="Text C", camp="argues right")
    assert "from one side and marked ones from the other" in warnings([CLEAN, left, right])


def test_a_task_that_tells_is_a_giveaway() -> None:
    assert "so the task tells" in warnings([CLEAN, CLEAN, replace(MARKED, kind="judge"), replace(MARKED, kind="judge")])
    assert "so the task tells" not in warnings(BALANCED)


def test_a_length_that_tells_is_a_giveaway() -> None:
    assert "length (40 and 90 words)" in warnings([replace(CLEAN, words=90), replace(MARKED, words=40)])
    assert "length" not in warnings([replace(CLEAN, words=59), replace(MARKED, words=40)])


def test_one_label_over_40_percent_is_warned_of() -> None:
    told = warnings([*BALANCED, replace(MARKED, labels=("Doubt",))])
    assert "“Doubt” is in 50 %" in told
    assert "Slogan" not in told
    assert "always guessing" not in warnings(BALANCED)


def test_what_cannot_be_played_is_told_and_left_out() -> None:
    meter: Meter = measure(
        [*BALANCED, replace(MARKED, is_available=False), replace(CLEAN, sensitive=True, is_held_back=True)], planned=60
    )
    told = " ".join(meter.warnings)
    assert meter.decisions == 6
    assert "1 decision is no longer in the material" in told
    assert "1 passage is kept for" in told
    assert "1 passage speaks of violence" in told


def test_a_label_in_40_percent_or_in_one_of_two_is_not_warned_of() -> None:
    others = [replace(MARKED, labels=(name,)) for name in ("Slogan", "Slogan", "Doubt", "Whataboutism", "Straw man")]
    assert "always guessing" not in warnings(others)
    assert "always guessing" not in warnings(others[:2])
    assert "always guessing" in warnings(others[:4])
