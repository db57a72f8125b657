"""A teacher plays a set as students will: real questions and reveals, and nothing is stored."""

from __future__ import annotations

import pytest
from django.urls import reverse

from classroom.models import ExerciseSet
from exercises.models import Passage
from play.models import Attempt, Standing
from tests.cast import Stage, desk_of, items
from tests.pages import read, submit

pytestmark = pytest.mark.django_db


def test_a_set_is_played_through_and_nothing_is_stored(stage: Stage) -> None:
    desk, uid = desk_of(stage.bob), stage.six_ways.exercise_set.uid
    ExerciseSet.objects.filter(uid=uid).update(intro="Read slowly.", example="slogan")
    start = read(desk.get(reverse("set_preview", args=[uid])))
    assert "Read slowly." in start.text
    assert "An invented example" in start.text
    (begin,) = [link for link in start.all("a") if link.text == "Begin"]
    url = begin.attributes["href"]
    choices: dict[str, dict[str, str]] = {"judge": {"flagged": "no", "confidence": "70"}}
    for item in items(stage.six_ways):
        page = desk.get(url)
        assert "Preview" in read(page).text
        given = choices.get(item.kind, {"choice": item.options[0]} if item.kind in ("name", "evidence") else {})
        response = submit(desk, page, to=url, button="" if given else "nothing", **given)
        assert response.status_code == 200
        revealed = read(response)
        assert revealed.of_class("verdict")
        assert " ".join(item.content.passage.fact.split()) in revealed.text
        (onward,) = [link for link in revealed.all("a") if link.text == "Go on"]
        url = onward.attributes["href"]
    assert url == reverse("set_preview", args=[uid])
    assert not Attempt.objects.exists()
    assert not Standing.objects.exists()


def test_the_question_tells_no_more_than_a_student_s(stage: Stage) -> None:
    page = desk_of(stage.bob).get(reverse("preview_exercise", args=[stage.six_ways.exercise_set.uid, 1]))
    passage = items(stage.six_ways)[0].content.passage
    assert not any(each.explanation[:40] in page.content.decode() for each in passage.annotations)
    assert not read(page).of_class("verdict")


def test_an_answer_that_lacks_something_is_asked_for_again(stage: Stage) -> None:
    desk, url = desk_of(stage.bob), reverse("preview_exercise", args=[stage.six_ways.exercise_set.uid, 5])
    response = submit(desk, desk.get(url), to=url, flagged="yes", htmx=True)
    assert response.status_code == 422
    assert "Say how sure you are." in read(response).text
    assert not list(read(response).all("main"))


@pytest.mark.parametrize("position", [0, 7, 99])
def test_positions_outside_the_set_are_not_found(stage: Stage, position: int) -> None:
    url = reverse("preview_exercise", args=[stage.six_ways.exercise_set.uid, position])
    assert desk_of(stage.bob).get(url).status_code == 404


def test_an_empty_set_says_so(stage: Stage) -> None:
    made = ExerciseSet.objects.create(owner=stage.bob, title="Trees", minutes=5)
    assert "Nothing to play yet" in read(desk_of(stage.bob).get(reverse("set_preview", args=[made.uid]))).text
    assert desk_of(stage.carol).get(reverse("set_preview", args=[made.uid])).status_code == 404


def test_a_sensitive_passage_can_be_passed(stage: Stage) -> None:
    made = ExerciseSet.objects.create(owner=stage.bob, title="Trees", minutes=5)
    branch = Passage.objects.get(key="branch")
    made.items.create(exercise=branch.exercises.get(kind="spot"), position=1)
    desk, url = desk_of(stage.bob), reverse("preview_exercise", args=[made.uid, 1])
    response = submit(desk, desk.get(url), to=url, button="pass")
    assert "You passed. Nothing is lost." in read(response).text
    assert not read(response).of_class("score")
