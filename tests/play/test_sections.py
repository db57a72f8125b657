"""Sections of a set: where play passes from one to the next, students see its heading."""

from __future__ import annotations

import pytest
from django.urls import reverse

from classroom import building
from classroom.models import Assignment, ExerciseSet, Order
from exercises.models import Exercise
from play import queries
from tests.cast import NOW, Stage, answer, assign, desk_of, device_of, items, students
from tests.pages import read, submit

pytestmark = pytest.mark.django_db

HEADINGS = {2: "Wording", 5: "How sure"}
"""Positions of "Six ways" at which a section begins."""


@pytest.fixture
def sectioned(stage: Stage) -> Stage:
    for position, heading in HEADINGS.items():
        stage.six_ways.exercise_set.items.filter(position=position).update(section=heading)
    return stage


def sections(assignment: Assignment) -> list[str]:
    return list(assignment.items.values_list("section", flat=True))


def told(stage: Stage, given: Assignment, position: int) -> tuple[str, str]:
    """What a decision's page says about its section: where a new one begins, and otherwise."""
    shown = read(device_of(stage.heron).get(reverse("exercise", args=[stage.class_9b.uid, given.uid, position])))
    part = shown.one(id="exercise")
    return " ".join(each.text for each in part.of_class("section-begins")), " ".join(
        each.text for each in part.of_class("eyebrow")
    )


def test_each_decision_says_its_section_and_a_new_one_stands_out(sectioned: Stage) -> None:
    given = assign(sectioned.class_9b, "six-ways")
    assert sections(given) == ["", *["Wording"] * 3, *["How sure"] * 2]
    assert told(sectioned, given, 1) == ("", "")
    answer(sectioned.heron, given, 1)
    assert told(sectioned, given, 2) == ("A new section: Wording", "")
    answer(sectioned.heron, given, 2)
    assert told(sectioned, given, 3) == ("", "Wording")
    for position in (3, 4):
        answer(sectioned.heron, given, position)
    assert told(sectioned, given, 5) == ("A new section: How sure", "")


@pytest.mark.parametrize("order", [Order.SHUFFLED, Order.HARD_FIRST])
def test_sections_stay_together_and_in_their_order(sectioned: Stage, order: Order) -> None:
    given = assign(sectioned.class_9b, "six-ways", order=order)
    in_section = dict(given.items.values_list("exercise_version", "section"))
    orders = []
    for student in students(sectioned.class_9b, 8):
        progress = queries.progress(student=student, assignment=given)
        orders.append([each.version_id for each in progress.items])
        assert [in_section[each] for each in orders[-1]] == sections(given)
        assert [each.position for each in progress.items if each.begins_section] == [1, 2, 5]
    assert (len({tuple(each) for each in orders}) > 1) == (order == Order.SHUFFLED)


def test_hard_to_easy_inside_a_section(sectioned: Stage) -> None:
    given = assign(sectioned.class_9b, "six-ways", order=Order.HARD_FIRST)
    for position, difficulty in ((3, 2), (4, 3), (6, 9)):
        version = given.items.get(position=position).exercise_version.passage_version
        version.content["difficulty"] = difficulty
        version.save()
    hard = [
        queries.ordered(student=sectioned.heron, assignment=given).index(items(given)[n].version_id) for n in (3, 5)
    ]
    assert hard == [1, 4]


def test_a_heading_outlives_the_decision_that_it_began_with(sectioned: Stage) -> None:
    Exercise.objects.filter(set_items__exercise_set__slug="six-ways", set_items__position=2).update(current=None)
    assert sections(assign(sectioned.class_9b, "six-ways")) == ["", *["Wording"] * 2, *["How sure"] * 2]


def test_who_has_begun_keeps_the_sections(sectioned: Stage) -> None:
    given = assign(sectioned.class_9b, "six-ways")
    sectioned.six_ways.exercise_set.items.update(section="")
    assert "Wording" in sections(given)
    assert set(sections(assign(sectioned.class_9b, "six-ways"))) == {""}


def test_the_preview_shows_sections_too(sectioned: Stage) -> None:
    shared = ExerciseSet.objects.get(slug="six-ways")
    own = building.copy_set(exercise_set=shared, teacher=sectioned.bob, title="Mine", now=NOW)
    desk, found = desk_of(sectioned.bob), []
    for position in (1, 2, 3):
        page = desk.get(reverse("preview_exercise", args=[own.uid, position]))
        found.append([each.text for each in read(page).of_class("section-begins")])
    assert found == [[], ["A new section: Wording"], []]


def test_htmx_brings_the_section_along(sectioned: Stage) -> None:
    given = assign(sectioned.class_9b, "six-ways")
    answer(sectioned.heron, given, 1)
    device = device_of(sectioned.heron)
    page = device.get(reverse("exercise", args=[sectioned.class_9b.uid, given.uid, 2]))
    part = submit(device, page, button="nothing", htmx=True)
    assert read(part).one(id="exercise").of_class("eyebrow")[0].text == "Wording"
    assert not read(part).of_class("section-begins"), "that was before the answer"
