"""The picture of d′ against c, and what stands in two tables at once."""

from __future__ import annotations

import pytest
from django.utils import translation

from play.results import words
from play.results.fairness import fairness
from play.results.overview import MOST_POINTS, Overview, overview
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
