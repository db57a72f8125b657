"""Browsing the material: what fits a filter, what is kept apart, and adding to a set without leaving the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from classroom import building, material
from classroom.material import Filters, browse
from classroom.models import ExerciseSet, Teacher
from exercises.models import Exercise, Passage
from play.difficulty import measured
from play.models import Attempt
from scoring.points import Answer
from tests.cast import NOW, Stage, answer, desk_of, items, students
from tests.devices import Device
from tests.pages import Element, filled, read, submit

pytestmark = pytest.mark.django_db

OFFERED = ["vote", "planners", "money", "fountain", "bench"]
"""What a teacher's set may hold, without sensitive passages. The library is in a sealed form, the school bell in the
starter."""


@pytest.fixture
def own(stage: Stage) -> ExerciseSet:
    return building.create_set(teacher=stage.bob, title="Trees", now=NOW)


def found(**filters: Any) -> list[str]:
    bob = Teacher.objects.get(username="bob")
    return [each.name for each in browse(teacher=bob, filters=Filters(**filters), page=1).found]


def shown(response: Any) -> list[str]:
    """The passages on a page."""
    return [next(each.all("h3")).text for each in read(response).of_class("found")]


def page_for(own: ExerciseSet, query: str = "") -> str:
    return f"{reverse('material')}?set={own.uid}{query}"


def place(page: Element, passage: str) -> Element:
    return page.one(id=f"place-market-square--{passage}")


def add(device: Device, page: Element, passage: str, exercise: Exercise, *, htmx: bool = False) -> Any:
    """Add a passage to a set with the form beside it."""
    form = place(page, passage).one("form")
    data = filled(form) | {"exercise": [str(exercise.pk)]}
    return device.post(form.attributes["action"], data, headers={"HX-Request": "true"} if htmx else {})


def spot(passage: str) -> Exercise:
    return Exercise.objects.get(passage__key=passage, kind="spot")


@pytest.mark.parametrize(
    ("filters", "passages"),
    [
        ({}, OFFERED),
        ({"text": "market-square"}, OFFERED),
        ({"text": "school-bell"}, []),
        ({"camp": "ukraine"}, OFFERED),
        ({"camp": "kremlin"}, []),
        ({"language": "en"}, OFFERED),
        ({"language": "de"}, []),
        ({"layer": "technique", "state": "marked"}, ["planners", "bench"]),
        ({"layer": "source", "state": "clean"}, ["vote", "bench"]),
        ({"state": "clean"}, ["vote", "money", "fountain", "bench"]),
        ({"label": "name-calling"}, ["planners"]),
        ({"label": "name-calling", "layer": "source"}, []),
        ({"kind": "evidence"}, ["planners", "money", "fountain"]),
        ({"kind": "name", "layer": "technique"}, ["planners", "bench"]),
        ({"difficulty": 1}, OFFERED),
        ({"difficulty": 3}, []),
        ({"words": "TWELVE  trees"}, ["vote"]),
        ({"words": "%"}, []),
    ],
    ids=str,
)
def test_what_fits(stage: Stage, filters: dict[str, Any], passages: list[str]) -> None:
    assert found(**filters) == passages


def test_sensitive_passages_are_shown_only_when_asked_for(stage: Stage) -> None:
    assert found() == OFFERED
    assert found(sensitive=True) == [*OFFERED, "branch"]
    desk = desk_of(stage.bob)
    page = desk.get(reverse("material"))
    assert shown(page) == OFFERED
    assert shown(submit(desk, page, to=reverse("material"), sensitive="on")) == [*OFFERED, "branch"]


def test_the_form_filters_and_keeps_what_was_chosen(stage: Stage) -> None:
    desk = desk_of(stage.bob)
    response = submit(desk, desk.get(reverse("material")), layer="technique", state="marked", q="square")
    assert shown(response) == ["planners"]
    form = read(response).one("main").one("form", action=reverse("material"))
    assert filled(form) | {"page": [""]} == filled(form) | {"layer": ["technique"], "state": ["marked"], "page": [""]}
    assert form.one("input", name="q").attributes["value"] == "square"


@pytest.mark.parametrize("query", ["layer=colour", "set=nothing", "difficulty=9", "text=%00", "q=" + "x" * 201])
def test_a_filter_that_is_none_is_refused(stage: Stage, query: str) -> None:
    assert desk_of(stage.bob).get(f"{reverse('material')}?{query}").status_code == 422


@pytest.mark.parametrize("page", ["0", "99", "x", "1" * 50, "-1", "²"])
def test_pages_that_are_not_there_are_the_nearest(stage: Stage, page: str) -> None:
    assert shown(desk_of(stage.bob).get(reverse("material"), {"page": page})) == OFFERED


def test_results_come_in_pages(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(material, "PAGE", 2)
    desk = desk_of(stage.bob)
    first = desk.get(reverse("material"), {"state": "clean"})
    assert shown(first) == ["vote", "money"]
    (more,) = [link for link in read(first).all("a", **{"class": "button"}) if "More" in link.text]
    assert shown(desk.get(reverse("material") + more.attributes["href"])) == ["fountain", "bench"]


def test_a_passage_is_shown_in_its_frame_with_its_whole_key(stage: Stage) -> None:
    card = read(desk_of(stage.bob).get(reverse("material"))).one("li", id="market-square--planners")
    assert "Text under examination, not our statement" in card.one("figure").text
    assert "rip the heart out" in card.of_class("passage")[0].seen
    assert len(card.of_class("note-name")) == 3
    assert "Techniques: One labelling also marked “careless”" in card.text, "what else was seen"
    assert "Can be played as" in card.text


@pytest.mark.parametrize("htmx", [False, True])
def test_a_passage_is_added_without_leaving_the_page(own: ExerciseSet, stage: Stage, htmx: bool) -> None:
    desk = desk_of(stage.bob)
    page = read(desk.get(page_for(own, "&state=marked")))
    response = add(desk, page, "planners", spot("planners"), htmx=htmx)
    assert [row.exercise for row in own.items.all()] == [spot("planners")]
    if not htmx:
        assert response.url == f"{reverse('material')}?set={own.uid}&state=marked#market-square--planners"
        response = desk.get(response.url)
    here = place(read(response), "planners")
    assert "In the set, wording: Spot the technique" in here.text
    assert "One decision per passage and layer" in here.text
    groups = [group.attributes["label"] for group in here.all("optgroup")]
    assert groups == ["Sources"], "the other layer alone is offered"


def test_both_layers_of_a_passage_fill_it(own: ExerciseSet, stage: Stage) -> None:
    for layer in ("technique", "source"):
        exercise = Exercise.objects.get(passage__key="vote", kind="judge", layer=layer)
        building.add_item(exercise_set=own, exercise=exercise, now=NOW)
    here = place(read(desk_of(stage.bob).get(page_for(own))), "vote")
    assert "nothing is left to add" in here.text
    assert not list(here.all("form"))


@pytest.mark.parametrize("htmx", [False, True])
def test_a_layer_that_is_taken_is_refused_at_the_place(own: ExerciseSet, stage: Stage, htmx: bool) -> None:
    desk = desk_of(stage.bob)
    page = read(desk.get(page_for(own)))
    building.add_item(exercise_set=own, exercise=spot("planners"), now=NOW)
    judge = Exercise.objects.get(passage__key="planners", kind="judge", layer="technique")
    response = add(desk, page, "planners", judge, htmx=htmx)
    assert response.status_code == 422
    assert "holds one decision per passage and layer" in place(read(response), "planners").of_class("error")[0].text
    assert own.items.count() == 1


def test_what_is_kept_apart_cannot_be_slipped_in(own: ExerciseSet, stage: Stage) -> None:
    url = reverse("set_add", args=[own.uid])
    sealed = Exercise.objects.get(passage__key="library", kind="judge", layer="technique")
    for value in (sealed.pk, 0, "x", ""):
        response = desk_of(stage.bob).post(url, {"exercise": value, "back": "page=1&layer=colour&%00"})
        assert response.status_code == 422
    response = desk_of(stage.bob).post(url, {"exercise": sealed.pk})
    assert "kept for the first steps or for a test" in read(response).one("main").text
    assert not own.items.exists()


def test_the_way_back_stays_here(own: ExerciseSet, stage: Stage) -> None:
    data = {"exercise": spot("vote").pk, "back": "https://elsewhere.example/?a=b#c"}
    response = desk_of(stage.bob).post(reverse("set_add", args=[own.uid]), data)
    assert response.url.startswith(f"{reverse('material')}?")


def test_only_one_s_own_sets_are_offered(own: ExerciseSet, stage: Stage) -> None:
    building.create_set(teacher=stage.carol, title="Hers", now=NOW)
    ExerciseSet.objects.update(is_shared=True)
    page = read(desk_of(stage.bob).get(reverse("material")))
    offered = {option.attributes["value"] for option in page.one("select", name="set").all("option")}
    assert offered == {"", own.uid}


def test_htmx_gets_the_results_alone(stage: Stage) -> None:
    response = desk_of(stage.bob).get(reverse("material"), {"q": "twelve"}, headers={"HX-Request": "true"})
    assert shown(response) == ["vote"]
    assert not list(read(response).all("main"))
    assert "1 passage" in response.content.decode()


def test_a_withdrawn_passage_is_not_offered(stage: Stage) -> None:
    Passage.objects.filter(key="vote").update(current=None)
    assert "vote" not in found()


def answers(stage: Stage, right: int, wrong: int) -> None:
    """First answers to "Is there a technique in “vote”?", where there is none."""
    position = next(n for n, each in enumerate(items(stage.six_ways), 1) if each.kind == "judge")
    for number, student in enumerate(students(stage.class_9b, right + wrong)):
        answer(student, stage.six_ways, position, Answer(flagged=number >= right, confidence=70))


def test_difficulty_is_a_guess_until_there_is_data(stage: Stage) -> None:
    answers(stage, right=9, wrong=10)
    wanted = Filters(words="twelve")
    (vote,) = browse(teacher=stage.bob, filters=wanted, page=1, measure=lambda ids: measured(passages=ids)).found
    assert (vote.difficulty, vote.measured) == (1, None)
    assert "easy (a guess)" in read(desk_of(stage.bob).get(reverse("material"), {"q": "twelve"})).text


@pytest.mark.parametrize(("right", "level"), [(5, "3"), (10, "2"), (15, "1")])
def test_difficulty_is_measured_by_first_answers(stage: Stage, right: int, level: str) -> None:
    answers(stage, right=right, wrong=20 - right)
    desk = desk_of(stage.bob)
    for each in ("1", "2", "3"):
        page = desk.get(reverse("material"), {"difficulty": each})
        assert ("vote" in shown(page)) == (each == level)
        assert ("money" in shown(page)) == (each == "1"), "a guess stands where nothing is measured"
    told = read(desk.get(reverse("material"), {"q": "twelve"})).text
    assert f"({5 * right} % of 20 first answers right, all kinds)" in told


def test_practice_is_no_measure(stage: Stage) -> None:
    answers(stage, right=20, wrong=0)
    vote = Passage.objects.get(key="vote").pk
    assert measured(passages=[vote])[vote].answers == 20
    Attempt.objects.filter(student__nickname="Newt 1").update(is_practice=True)
    assert measured(passages=[vote]) == {}


def test_a_page_of_passages_costs_what_one_passage_costs(own: ExerciseSet, stage: Stage) -> None:
    desk, counts = desk_of(stage.bob), []
    for passage in ("vote", "planners", "money"):
        building.add_item(exercise_set=own, exercise=spot(passage), now=NOW)
    for query in ("&q=twelve", "&sensitive=on"):
        with CaptureQueriesContext(connection) as captured:
            response = desk.get(page_for(own, query))
        counts.append((len(shown(response)), len(captured)))
    assert [rows for rows, _ in counts] == [1, 6]
    assert counts[0][1] == counts[1][1]
