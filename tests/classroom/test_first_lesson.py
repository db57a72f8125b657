"""The steps of the first lesson tick themselves off, go away at the end, and can be sent away before."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from classroom import actions
from classroom.models import Classroom, ExerciseSet, NicknamePolicy
from tests.cast import NOW, Cast, Stage, answer, desk_of
from tests.devices import Device
from tests.pages import Element, read

pytestmark = pytest.mark.django_db


def home(device: Device) -> Element:
    return read(device.get(reverse("teach_home")))


def ticks(page: Element) -> list[bool]:
    return ["done:" in each.text for each in page.of_class("step-state")]


def test_steps_tick_themselves_off(content: None, cast: Cast) -> None:
    desk = desk_of(cast.alice)
    assert ticks(home(desk)) == [False] * 4
    made = actions.create_classroom(teacher=cast.alice, name="8c", now=NOW)
    assert ticks(home(desk)) == [True, False, False, False]
    given = actions.assign(classroom=made, exercise_set=ExerciseSet.objects.get(slug="six-ways"), now=timezone.now())
    assert ticks(home(desk)) == [True, True, False, False]
    newt, _ = actions.join(classroom=made, nickname="Newt", now=timezone.now())
    assert ticks(home(desk)) == [True, True, True, False]
    answer(newt, given, 1)
    assert ticks(home(desk)) == []


def test_the_class_that_is_furthest_counts(stage: Stage) -> None:
    actions.create_classroom(teacher=stage.bob, name="A new one", now=NOW)
    assert ticks(home(desk_of(stage.bob))) == [True, True, True, False]


def test_it_can_be_sent_away_on_a_device(stage: Stage) -> None:
    desk, other = desk_of(stage.bob), desk_of(stage.bob)
    assert desk.post(reverse("first_lesson_close")).url == reverse("teach_home")
    assert ticks(home(desk)) == []
    assert ticks(home(other))


@pytest.mark.parametrize(("language", "greeting"), [("en", "Dear parents,"), ("de", None), ("pl", None), ("uk", None)])
def test_the_letter_is_in_the_language_of_the_class(stage: Stage, language: str, greeting: str | None) -> None:
    Classroom.objects.filter(pk=stage.class_9b.pk).update(language=language, retention_days=90)
    page = read(desk_of(stage.bob).get(reverse("class_letter", args=[stage.class_9b.uid])))
    (letter,) = page.of_class("letter")
    assert letter.attributes["lang"] == language
    assert "90" in letter.text
    assert greeting is None or greeting in letter.text
    assert page.one("html").attributes["lang"] == "en"


@pytest.mark.parametrize("policy", NicknamePolicy.values)
def test_the_letter_tells_how_names_come_about(stage: Stage, policy: str) -> None:
    words = {"generated": "that the game draws", "roster": "from the list", "typed": "that your child types"}
    Classroom.objects.filter(pk=stage.class_9b.pk).update(nickname_policy=policy)
    text = read(desk_of(stage.bob).get(reverse("class_letter", args=[stage.class_9b.uid]))).text
    assert [key for key, each in words.items() if each in text] == [policy]
