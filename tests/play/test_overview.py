"""The picture of d′ against c, and what stands in two tables at once."""

from __future__ import annotations

import pytest
from django.utils import translation

from play.queries.trials import Said
from play.results import words
from play.results.confidence import levels
from play.results.fairness import fairness
from play.results.overview import MOST_POINTS, Overview, overview
from play.results.tables import two
from scoring.statistics.detection import Outcomes, detection
from scoring.statistics.intervals import wilson
from tests.play.test_cautions import answers


def picture(people: int) -> Overview:
    found = answers(people, passages=30)
    return overview(found, [], words.spreads(found))


@pytest.mark.parametrize(("people", "points"), [(MOST_POINTS, MOST_POINTS + 1), (MOST_POINTS + 1, 1)])
def test_students_are_in_the_picture_as_long_as_they_can_be_told_apart(people: int, points: int) -> None:
    with translation.override("en"):
        found = picture(people)
    assert found.detection_plot
    assert len(found.detection_plot.marks) == len(found.detection_points.rows) == points
    assert ("too many to be told apart" in found.detection_points.explanation) is (points == 1)


def test_false_alarms_have_one_interval_on_every_page() -> None:
    """One camp alone: by camp and for the class it is the same figure."""
    found = answers(20, passages=6)
    (camp,) = fairness(found).camps.rows
    (counts,) = overview(found, [], words.spreads(found)).counts.rows
    assert camp[4:7] == counts[9:12]


def said(people: int, *, passages: int = 5) -> list[Said]:
    """Every other student is always right, the others never."""
    return [
        Said(student, passage, True, not student % 2, not student % 2, 80)
        for student in range(people)
        for passage in range(passages)
    ]


def test_a_level_of_confidence_knows_that_answers_of_a_student_hang_together() -> None:
    """Sixty answers of twelve students, each the same five times, tell about as much as twelve."""
    table, (point,) = levels(said(12))
    (row,) = table.rows
    single = wilson(30, 60)
    assert row[1:3] == [60, 50]
    assert row[3] == pytest.approx(100 * wilson(6, 12).low, abs=2)
    assert row[4] == pytest.approx(100 * wilson(6, 12).high, abs=2)
    assert row[3] < 100 * single.low - 5
    assert point.y_interval
    assert point.y_interval[0] == pytest.approx(row[3], abs=0.5)


def test_a_level_of_fewer_than_ten_students_has_no_interval() -> None:
    table, (point,) = levels(said(9))
    assert table.rows[0][2:5] == [56, None, None]
    assert point.y_interval is None


def test_an_end_that_is_missing_is_an_empty_cell() -> None:
    """Nobody knows how well somebody tells who has never been wrong."""
    found = detection(Outcomes(30, 0, 0, 30))
    assert [two(found.d_interval.low), two(found.d_interval.high)] == [2.96, None]
