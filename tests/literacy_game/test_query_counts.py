"""Lists cost the same number of queries for one row and for thirty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from classroom import actions, building, classes
from classroom.models import ExerciseSet, SetItem, Teacher
from exercises.models import Exercise
from tests.cast import NOW, PASSWORD, Stage, answer, assign, desk_of, device_of, students
from tests.devices import Device

pytestmark = pytest.mark.django_db

MORE = 29
STEADY = ("projector", "leaderboard", "class_projector", "class_board", "finished", "student_home")
"""Pages that show a few rows of however many there are."""


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


def more_names(stage: Stage) -> None:
    classes.extend_roster(classroom=stage.class_9b, names=[f"Child {chr(97 + n)}" for n in range(26)] + ["Ada", "Bo"])
    for entry in stage.class_9b.roster.all():
        actions.join(classroom=stage.class_9b, nickname=entry.name, roster_entry=entry, now=NOW)


def more_waiting(stage: Stage) -> None:
    classes.change(classroom=stage.class_9b, values={"approves_entries": True})
    students(stage.class_9b, MORE)


def more_co_teachers(stage: Stage) -> None:
    for number in range(MORE):
        stage.class_9b.co_teachers.add(Teacher.objects.create_user(username=f"teacher-{number}"))


def more_decisions(stage: Stage) -> None:
    """All ways of playing everything: more than one decision on a layer, as no teacher could have it."""
    for own in (stage.six_ways.exercise_set, stage.bob.sets.get()):
        others = Exercise.objects.exclude(pk__in=own.exercises.all()).order_by("pk")[:MORE]
        SetItem.objects.bulk_create(
            SetItem(exercise_set=own, exercise=each, position=position) for position, each in enumerate(others, 100)
        )


GROWING: list[tuple[str, str, Callable[[Stage], None]]] = [
    ("teach_home", "bob", more_classes),
    ("teachers", "alice", more_teachers),
    ("classroom", "bob", more_students),
    ("classroom", "bob", more_assignments),
    ("classroom", "bob", more_sets),
    ("classroom", "bob", more_waiting),
    ("roster", "bob", more_names),
    ("co_teachers", "bob", more_co_teachers),
    ("student_list", "bob", more_names),
    ("student_list", "bob", more_students),
    ("student_list", "bob", more_assignments),
    ("student", "bob", more_students),
    ("student", "bob", more_assignments),
    ("student", "bob", more_classes),
    ("my_account_delete", "bob", more_classes),
    ("set_list", "bob", more_sets),
    ("set_detail", "bob", more_decisions),
    ("set_edit", "bob", more_decisions),
    ("set_detail", "bob", more_classes),
    ("projector", "bob", more_students),
    ("class_projector", "bob", more_students),
    ("assignment_edit", "bob", more_students),
    ("assign", "bob", more_students),
    ("class_board", "heron", more_students),
    ("class_board", "heron", more_assignments),
    ("finished", "heron", more_assignments),
    ("student_home", "heron", more_assignments),
    ("leaderboard", "heron", more_students),
]


@pytest.mark.parametrize(("name", "who", "grow"), GROWING, ids=lambda value: getattr(value, "__name__", value))
def test_a_list_costs_the_same_for_one_row_and_for_thirty(
    stage: Stage, name: str, who: str, grow: Callable[[Stage], None]
) -> None:
    device = device_of(stage.heron) if who == "heron" else desk_of(getattr(stage, who))
    here = [stage.class_9b.uid]
    own = building.create_set(teacher=stage.bob, title="Mine", now=NOW)
    own.items.create(exercise=stage.six_ways.exercise_set.exercises.all()[0], position=1)
    arguments = {
        "classroom": here,
        "roster": here,
        "co_teachers": here,
        "student_list": here,
        "student": [*here, stage.heron.uid],
        "student_home": here,
        "set_detail": [stage.six_ways.exercise_set.uid],
        "set_edit": [own.uid],
        "leaderboard": [*here, stage.six_ways.uid],
        "projector": [*here, stage.six_ways.uid],
        "assignment_edit": [*here, stage.six_ways.uid],
        "assign": here,
        "class_board": [*here, "week"],
        "class_projector": [*here, "all"],
        "finished": [*here, stage.six_ways.uid],
    }
    url = reverse(name, args=arguments.get(name, []))
    for position in range(1, 7 if name == "finished" else 2):
        answer(stage.heron, stage.six_ways, position)
    before, page = queries_of(device, url)
    grow(stage)
    after, longer_page = queries_of(device, url)
    assert after == before
    assert len(longer_page) > len(page) or name in STEADY


def queries_of(device: Device, url: str) -> tuple[int, bytes]:
    """How many queries a page takes once its parts are in memory, and the page."""
    device.get(url)
    with CaptureQueriesContext(connection) as captured:
        response = device.get(url)
    assert response.status_code == 200
    return len(captured), response.content
