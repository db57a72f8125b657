""" "Try it": the starter set without a class. Answers stay in the visitor's session."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from classroom import queries
from classroom.models import ExerciseSet
from exercises.models import Exercise
from exercises.versions import played
from play.models import Attempt
from tests.devices import Device
from tests.pages import Element, filled, form_of, read, submit, words_of

pytestmark = pytest.mark.django_db

RIGHT: list[dict[str, Any]] = [
    {"flagged": "yes", "confidence": "90"},
    {"choice": "name-calling"},
    {"button": "nothing"},
]
"""Answers to the starter set: judge, name, spot."""


def url_of(position: int) -> str:
    return reverse("try_exercise", args=[position])


def try_until(device: Device, position: int) -> None:
    for earlier in range(1, position):
        assert submit(device, device.get(url_of(earlier)), **RIGHT[earlier - 1]).url == url_of(earlier)


def test_the_home_page_offers_it_where_a_starter_set_is_loaded(content: None) -> None:
    links = [link.attributes["href"] for link in read(Device().get(reverse("home"))).all("a")]
    assert reverse("try_it") in links
    ExerciseSet.objects.filter(starter=True).update(withdrawn=True)
    links = [link.attributes["href"] for link in read(Device().get(reverse("home"))).all("a")]
    assert reverse("try_it") not in links


@pytest.mark.parametrize("url", [reverse("try_it"), url_of(1), reverse("try_finished")])
def test_without_a_starter_set_it_does_not_exist(url: str) -> None:
    assert Device().get(url).status_code == 404


def test_it_begins_with_an_invented_example(content: None) -> None:
    page = read(Device().get(reverse("try_it")))
    assert page.one("h2").text == "Slogan"
    assert page.of_class("lit")
    begin = next(link for link in page.one("main").all("a") if link.text == "Begin")
    assert begin.attributes["href"] == url_of(1)


def test_it_is_played_to_the_end_by_links_alone(content: None) -> None:
    device = Device()
    page = device.get(url_of(1))
    for right in RIGHT:
        revealed = device.get(submit(device, page, **right).url)
        assert read(revealed).of_class("score-points")[0].text == "100"
        onward = next(link for link in read(revealed).all("a") if link.text == "Go on")
        page = device.get(onward.attributes["href"])
    told = read(page)
    counts = dict(zip((each.text for each in told.all("dt")), (each.text for each in told.all("dd")), strict=True))
    assert "300 of 300 points" in told.of_class("lead")[0].text
    assert counts == {"Caught": "1", "Missed": "0", "Falsely accused": "0", "Well left alone": "1"}
    assert not Attempt.objects.exists()


def test_the_first_answer_stays(content: None) -> None:
    device = Device()
    page = device.get(url_of(1))
    submit(device, page, flagged="no", confidence="60")
    submit(device, page, **RIGHT[0])
    assert "(60 % sure)" in read(device.get(url_of(1))).of_class("my-answer")[0].text


def test_half_an_answer_is_kept(content: None) -> None:
    device = Device()
    try_until(device, 3)
    page = device.get(url_of(3))
    response = submit(device, page, w=words_of(form_of(page), "fifteen minutes"))
    assert response.status_code == 422
    assert filled(form_of(response))["w"] == words_of(form_of(page), "fifteen minutes")
    assert read(response).of_class("error")


def test_later_decisions_and_the_end_lead_to_where_one_is(content: None) -> None:
    device = Device()
    try_until(device, 2)
    for url in (url_of(3), reverse("try_finished"), reverse("try_it")):
        assert device.get(url, follow=True).request["PATH_INFO"] == url_of(2)


@pytest.mark.parametrize("position", [0, 4, 10**30])
def test_there_is_no_decision_beyond_the_set(content: None, position: int) -> None:
    assert Device().get(url_of(position)).status_code == 404


def test_refreshing_shows_the_reveal(content: None) -> None:
    device = Device()
    try_until(device, 2)
    assert read(device.get(url_of(1))).of_class("note")


def test_visitors_do_not_see_each_other(content: None) -> None:
    try_until(Device(), 3)
    assert not read(Device().get(url_of(1))).of_class("note")


def test_it_can_be_played_again(content: None) -> None:
    device = Device()
    try_until(device, 4)
    finished = device.get(reverse("try_finished"))
    assert submit(device, finished, to=reverse("try_again")).url == reverse("try_it")
    assert not read(device.get(url_of(1))).of_class("note")
    assert device.get(reverse("try_it")).status_code == 200


def test_htmx_gets_the_part_of_the_page(content: None) -> None:
    device = Device()
    response = submit(device, device.get(url_of(1)), htmx=True, **RIGHT[0])
    (section,) = [child for child in read(response).children if isinstance(child, Element)]
    assert section.id == "exercise"
    assert section.of_class("note")


def test_passing_a_sensitive_passage_costs_nothing_and_counts_neither_way(content: None) -> None:
    starter = queries.starter()
    assert starter
    version = Exercise.objects.get(set_items__exercise_set=starter, set_items__position=3).current
    assert version
    version.passage_version.content["sensitive"] = True
    version.passage_version.save()
    played.cache_clear()
    device = Device()
    try_until(device, 3)
    page = device.get(url_of(3))
    revealed = read(device.get(submit(device, page, button="pass").url))
    assert "You passed. Nothing is lost." in revealed.text
    assert not revealed.of_class("score")
    assert not revealed.of_class("my-answer")
    told = read(device.get(reverse("try_finished")))
    assert "200 of 200 points" in told.of_class("lead")[0].text
    assert [each.text for each in told.all("dd")] == ["1", "0", "0", "0"]


def test_the_shipped_starter_set_holds_nothing_that_one_may_want_to_pass(shipped_content: None) -> None:
    """Passing is for students, whose answers are kept; a visitor is not shown violence."""
    starter = queries.starter()
    assert starter
    assert not [
        each for each in map(played, queries.version_ids(exercise_set=starter)) if each.content.passage.sensitive
    ]
