"""Figures of few answers come with a caution, between the two columns of the table of thresholds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils import translation

from play.queries.trials import Answers, Asked, Given, Said
from play.results import words
from play.results.confidence import levels, sureness
from play.results.fairness import fairness
from play.results.items import choice_table, items_table, statistics
from play.results.overview import overview
from play.results.person import person
from play.results.tables import Table
from scoring.statistics.thresholds import (
    AUC,
    CLASS_BRIER,
    CLASS_WORDS,
    DISCRIMINATION,
    DISTRACTORS,
    FACILITY,
    FAIRNESS_ANSWERS,
    STUDENT_BRIER,
    STUDENT_LABEL,
    Threshold,
)

HINT = "few answers: a hint, not a finding"
FEW = "few answers"
SENTENCE = "These are few answers: a hint, not a finding."
LABELS = {"t1": "loaded-language", "t2": "doubt"}
"""Of two labels, so that no passage speaks for one."""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def counts(threshold: Threshold) -> tuple[tuple[int, bool], ...]:
    """Around the threshold: how many answers, and whether they want a caution."""
    return (threshold.hide, True), (threshold.plain - 1, True), (threshold.plain, False)


def answers(people: int, *, kind: str = "judge", passages: int = 1) -> Answers:
    """Each of so many students meets so many marked and as many clean passages of one text."""
    dice = random.Random(2)
    asked = {
        number: Asked(
            number, kind, "technique", number, f"t/{number}", "t", "ukraine", "", {} if number % 2 else LABELS
        )
        for number in range(2 * passages)
    }
    given = []
    for student in range(people):
        for number, decision in asked.items():
            flagged = dice.random() < 0.6
            right = flagged == decision.marked
            given.append(Given(student, number, decision.marked, flagged, right, None, "", "", "", 1))
    return Answers(given, asked, {student: f"Newt {student}" for student in range(people)}, {})


def said(number: int) -> list[Said]:
    return [Said(each, each % 2, not each % 2, True, not each % 2, 80) for each in range(number)]


def remarks(table: Table) -> list[str]:
    return [str(row[-1]) for row in table.rows]


def test_the_first_line() -> None:
    for number, cautious in counts(CLASS_WORDS):
        found = answers(number)
        way = "judge", "technique"
        line = words.line(found, way, found.trials, words.spreads(found)[way])
        assert line.text.endswith(SENTENCE) is cautious


def test_sureness() -> None:
    assert sureness(said(STUDENT_BRIER.hide - 1)) == ""
    for number, cautious in counts(STUDENT_BRIER):
        assert sureness(said(number)).endswith(SENTENCE) is cautious


def test_a_level_of_confidence() -> None:
    for number, cautious in counts(CLASS_BRIER):
        table, _ = levels(said(number))
        assert remarks(table) == [HINT if cautious else ""]
    table, _ = levels(said(CLASS_BRIER.hide - 1))
    assert remarks(table) == ["too few answers for figures"]


def test_auc() -> None:
    """The class has enough for d′; how sure was said less often."""
    found = answers(200)
    for number, cautious in ((AUC.hide - 1, False), *counts(AUC)):
        table = overview(found, said(2 * number), words.spreads(found)).figures
        assert remarks(table) == [HINT if cautious else ""]


def test_decisions() -> None:
    """Facility by itself below 50 answers; with discrimination, which comes at 50, below 100."""
    for number, cautious in counts(FACILITY):
        table = items_table(statistics(answers(number).given[::2], answers(number).asked), ())
        assert [FEW in each for each in remarks(table)] == [cautious]
    for number, cautious in counts(DISCRIMINATION):
        table = items_table(statistics(answers(number, passages=5).given, answers(1, passages=5).asked), ())
        assert {FEW in each for each in remarks(table)} == {cautious}


def test_a_distractor_that_is_preferred() -> None:
    for best, cautious in counts(DISTRACTORS):
        given = answers(3 * best, passages=4).given
        wrong = [each._replace(flagged=True, correct=False) if each.version_id == 1 else each for each in given]
        found = next(each for each in statistics(wrong, answers(1, passages=4).asked) if each.asked.version_id == 1)
        (beats,) = remarks(choice_table(found))
        assert beats == "more of the best third than the key" + (f"; {FEW}" if cautious else "")


def test_a_label_of_a_student(content: None) -> None:
    for number, cautious in counts(STUDENT_LABEL):
        found = answers(1, passages=number)
        asked = {key: replace(each, labels=dict(list(each.labels.items())[:1])) for key, each in found.asked.items()}
        (row,) = person(replace(found, asked=asked), []).labels.rows
        assert row[-1] == (HINT if cautious else "")


def test_false_alarms_on_a_camp() -> None:
    """Ten students are the least that is shown, with five clean passages each."""
    assert FAIRNESS_ANSWERS.plain == 20 * 5
    for people, cautious in ((10, True), (19, True), (20, False)):
        assert remarks(fairness(answers(people, passages=5)).camps) == [HINT if cautious else ""]
