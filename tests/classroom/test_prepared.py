"""Statements made once say what a query set says."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classroom.models import Classroom, Student
from classroom.players import find
from classroom.prepared import Given, Reading, Writing
from play.models import Standing
from tests.cast import Stage, assign

pytestmark = pytest.mark.django_db

joined = Reading(lambda: Student.objects.filter(nickname=Given("name")).values_list("pk", "joined", "is_approved"))


def test_a_reading_gives_what_the_query_set_gives(stage: Stage) -> None:
    for student in (stage.heron, stage.otter):
        rows = Student.objects.filter(nickname=student.nickname).values_list("pk", "joined", "is_approved")
        assert joined(name=student.nickname) == list(rows)
    assert joined(name="nobody") == []


def test_a_reading_is_one_query_that_can_be_looked_at(stage: Stage) -> None:
    with CaptureQueriesContext(connection) as captured:
        joined(name="Brisk Heron")
    assert len(captured) == 1


def test_a_row_that_is_there_is_left_out_or_written_over(stage: Stage) -> None:
    def row(points: int) -> dict[str, int]:
        sums = {"decisions": 1, "correct": 1, "streak": 1, "longest_streak": 1}
        return {"assignment_id": stage.six_ways.pk, "student_id": stage.heron.pk, "points": points, **sums}

    first = Writing(Standing)(row(10))
    assert first == Standing.objects.get()
    assert (first.student, first.points) == (stage.heron, 10)
    assert Writing(Standing)(row(20)) is None
    assert Standing.objects.get().points == 10
    assert Writing(Standing, over=("assignment", "student"))(row(30)) == first
    assert Standing.objects.get().points == 30


def test_a_player_is_found_in_one_query_and_is_who_the_tables_say(stage: Stage) -> None:
    asked = {"classroom": stage.class_9b.uid, "assignment": stage.six_ways.uid, "student": stage.heron.uid}
    with CaptureQueriesContext(connection) as captured:
        found = find(**asked, session_key=stage.heron.session_key)
    assert len(captured) == 1
    assert found
    student, assignment, is_for_some = found
    assert (student, assignment, student.classroom) == (stage.heron, stage.six_ways, stage.class_9b)
    assert (student.joined, assignment.exercise_set) == (stage.heron.joined, stage.six_ways.exercise_set)
    assert assignment.classroom.code == Classroom.objects.get(pk=stage.class_9b.pk).code
    assert not is_for_some
    assert find(**asked, session_key="another") is None
    assert find(**asked | {"student": stage.finch.uid}, session_key=stage.finch.session_key) is None
    assert find(**asked | {"assignment": stage.six_ways_7a.uid}, session_key=stage.heron.session_key) is None


def test_an_assignment_for_some_says_so(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", students=(stage.otter,))
    asked = {"classroom": stage.class_9b.uid, "assignment": given.uid, "student": stage.heron.uid}
    found = find(**asked, session_key=stage.heron.session_key)
    assert found
    assert found[2]
