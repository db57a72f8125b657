"""A set on paper: questions without their answers, the key after them, and only of sets that a teacher may see."""

from __future__ import annotations

import pytest
from django.urls import reverse

from classroom import building
from classroom.models import ExerciseSet
from tests.cast import NOW, Stage, desk_of
from tests.pages import Element, read

pytestmark = pytest.mark.django_db


def sheet(stage: Stage, slug: str = "six-ways") -> Element:
    return read(desk_of(stage.bob).get(address(ExerciseSet.objects.get(slug=slug))))


def address(exercise_set: ExerciseSet) -> str:
    return reverse("worksheet", args=[exercise_set.uid])


def test_every_decision_is_asked_once_and_answered_once(stage: Stage) -> None:
    page = sheet(stage)
    assert len(page.of_class("sheet-item")) == len(page.of_class("sheet-answer")) == 6
    assert [each.text[:2] for each in page.all("h2") if "item-" in each.id] == [f"{n}." for n in range(1, 7)]


def test_sentences_have_numbers_and_passages_their_frame(stage: Stage) -> None:
    for item in sheet(stage).of_class("sheet-item"):
        numbers = [each.text for each in item.of_class("sentence-number")]
        assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
        assert numbers
        assert item.text.count("Text under examination, not our statement") > 1


def test_nothing_of_the_key_stands_among_the_questions(stage: Stage) -> None:
    page = sheet(stage)
    (key,) = page.of_class("sheet-key")
    answers = [each.text for answer in key.of_class("sheet-answer") for each in answer.all("p")]
    assert len(answers) > 6
    asked = " ".join(item.text for item in page.of_class("sheet-item"))
    assert not [each for each in answers if len(each) > 30 and each in asked]
    assert all(each.parent is not None and "worksheet" in each.parent.classes for each in page.of_class("sheet-item"))


def test_the_key_names_the_label_that_is_asked_about(stage: Stage) -> None:
    answers = sheet(stage).of_class("sheet-answer")
    for number, exercise in enumerate(stage.six_ways.exercise_set.exercises.order_by("set_items__position")):
        heading = answers[number].one("h3").text
        assert ("No technique" in heading or "could trace" in heading) or len(heading) > 4
        if exercise.annotation:
            assert "," not in heading, "one annotation is asked about"


def test_the_starter_is_printed_and_a_test_form_never(stage: Stage) -> None:
    """Not even for the owner, and whether it is open or not: paper cannot be sealed."""
    assert sheet(stage, "first-steps").of_class("sheet-item")
    sealed = ExerciseSet.objects.filter(sealed=True)
    assert sealed
    for each in sealed:
        for teacher in (stage.bob, stage.alice):
            assert desk_of(teacher).get(address(each)).status_code == 404
            page = read(desk_of(teacher).get(reverse("set_detail", args=[each.uid])))
            assert address(each) not in [link.attributes.get("href") for link in page.all("a")]


def test_only_of_sets_that_the_teacher_sees(stage: Stage) -> None:
    own = building.create_set(teacher=stage.carol, title="Mine", now=NOW)
    assert desk_of(stage.bob).get(address(own)).status_code == 404
    own.is_shared = True
    own.save()
    assert desk_of(stage.bob).get(address(own)).status_code == 200


def test_an_empty_set_says_so(stage: Stage) -> None:
    own = building.create_set(teacher=stage.bob, title="Mine", now=NOW)
    page = read(desk_of(stage.bob).get(address(own)))
    assert "Nothing to print yet" in page.text
