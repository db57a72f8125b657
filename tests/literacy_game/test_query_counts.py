"""Lists cost the same number of queries for one row and for thirty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from classroom import actions
from classroom.models import ExerciseSet
from tests.cast import NOW, PASSWORD, Stage, answer, assign, desk_of, device_of, students
from tests.devices import Device

pytestmark = pytest.mark.django_db

MORE = 29


def more_classes(stage: Stage) -> None:
    for number in range(MORE):
        made = actions.create_classroom(teacher=stage.bob, name=f"Class {number}", now=NOW)
        students(made, 1)


def more_teachers(stage: Stage) -> None:
    for number in range(MORE):
        invitation = actions.invite_teacher(owner=stage.alice, now=NOW)
        actions.accept_invitation(invitation=invitation, username=f"teacher-{number}", password=PASSWORD)


def more_students(stage: Stage) -> None:
    for student in students(stage.class_9b, MORE):
        answer(student, stage.six_ways, 1)


def more_assignments(stage: Stage) -> None:
    for _ in range(MORE):
        answer(stage.heron, assign(stage.class_9b, "six-ways"), 1)


def more_sets(stage: Stage) -> None:
    for number in range(MORE):
        made = ExerciseSet.objects.create(
            slug=f"set-{number}", title=f"Set {number}", aim="", minutes=1, level="", note=""
        )
        made.items.create(exercise=stage.six_ways.exercise_set.exercises.all()[0], position=1)


GROWING: list[tuple[str, str, Callable[[Stage], None]]] = [
    ("teach_home", "bob", more_classes),
    ("teachers", "alice", more_teachers),
    ("classroom", "bob", more_students),
    ("classroom", "bob", more_assignments),
    ("classroom", "bob", more_sets),
    ("set_list", "bob", more_sets),
    ("set_detail", "bob", more_classes),
    ("projector", "bob", more_students),
    ("student_home", "heron", more_assignments),
    ("leaderboard", "heron", more_students),
]


@pytest.mark.parametrize(("name", "who", "grow"), GROWING, ids=lambda value: getattr(value, "__name__", value))
def test_a_list_costs_the_same_for_one_row_and_for_thirty(
    stage: Stage, name: str, who: str, grow: Callable[[Stage], None]
) -> None:
    device = device_of(stage.heron) if who == "heron" else desk_of(getattr(stage, who))
    here = [stage.class_9b.uid]
    arguments = {
        "classroom": here,
        "student_home": here,
        "set_detail": [stage.six_ways.exercise_set.uid],
        "leaderboard": [*here, stage.six_ways.uid],
        "projector": [*here, stage.six_ways.uid],
    }
    url = reverse(name, args=arguments.get(name, []))
    answer(stage.heron, stage.six_ways, 1)
    before, page = queries_of(device, url)
    grow(stage)
    after, longer_page = queries_of(device, url)
    assert after == before
    assert len(longer_page) > len(page) or name in ("projector", "leaderboard")


def queries_of(device: Device, url: str) -> tuple[int, bytes]:
    """How many queries a page takes once its parts are in memory, and the page."""
    device.get(url)
    with CaptureQueriesContext(connection) as captured:
        response = device.get(url)
    assert response.status_code == 200
    return len(captured), response.content
