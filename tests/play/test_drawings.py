"""What is drawn once for many shows nobody anything that is another's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from classroom.models import Classroom
from classroom.own_texts import publishing
from exercises.models import Exercise
from exercises.versions import Played, played
from play import drawings
from play.views import deciding
from scoring.points import Answer
from tests import own_texts
from tests.cast import NOW, Stage, device_of, items, students
from tests.devices import Device
from tests.pages import read

pytestmark = pytest.mark.django_db


def drawn(shown: Played, given: Answer, *, late: bool = False, practice: bool = False, run: int = 0) -> str:
    return drawings.reveal(shown, given, passed=False, late=late, practice=practice, aside=False, run=run).body


def sent(device: Device, stage: Stage, position: int) -> Any:
    here = reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, position])
    response = device.post(here, {"nothing": "1"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return response


def test_who_answers_alike_sees_the_same_reveal(stage: Stage) -> None:
    one, two = students(stage.class_9b, 2)
    assert sent(device_of(one), stage, 1).content == sent(device_of(two), stage, 1).content


def test_a_part_and_a_whole_page_show_the_same_reveal(stage: Stage) -> None:
    device = device_of(stage.heron)
    part = read(sent(device, stage, 1)).one(id="exercise")
    page = device.get(reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 1]))
    assert part.text == read(page).one(id="exercise").text


def test_another_answer_language_or_lateness_is_another_reveal(stage: Stage) -> None:
    shown = items(stage.six_ways)[2]
    answers = [Answer(choice=each) for each in shown.options[:2]]
    found = {drawn(shown, answers[0]), drawn(shown, answers[1])}
    found |= {drawn(shown, answers[0], late=True), drawn(shown, answers[0], practice=True)}
    found.add(drawn(shown, answers[0], run=3))
    with translation.override("de"):
        found.add(drawn(shown, answers[0]))
    assert len(found) == 6


def test_a_drawn_question_carries_nobodys_form(stage: Stage) -> None:
    device = device_of(stage.heron)
    here = reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 1])
    page = device.get(here).content.decode()
    body = drawings.question(items(stage.six_ways)[0]).body
    assert body in page
    assert stage.heron.uid not in body
    assert "csrfmiddlewaretoken" not in body
    assert "client_key" not in body


def test_an_own_text_that_is_published_again_shows_its_new_card(stage: Stage) -> None:
    """Its versions stay what they are, but where it comes from may have been put right."""
    own_text = own_texts.finished(stage.bob)
    source = publishing.publish(own_text=own_text, now=NOW)
    spot = Exercise.objects.filter(passage__source=source, kind="spot").exclude(current=None).first()
    assert spot
    assert spot.current_id
    shown = played(spot.current_id)
    before = drawn(shown, Answer())
    own_text.draft["card"]["outlet"] = "The Hill Post"
    own_text.save()
    publishing.publish(own_text=own_text, now=NOW)
    spot.refresh_from_db()
    assert spot.current_id == shown.version_id
    after = drawn(shown, Answer())
    assert ("The Hill Post" in before, "The Hill Post" in after) == (False, True)


def test_what_a_teacher_writes_is_read_out_in_the_language_of_the_text(stage: Stage) -> None:
    own_text = own_texts.finished(stage.bob)
    own_text.draft["card"]["language"] = "de"
    own_text.save()
    source = publishing.publish(own_text=own_text, now=NOW)
    for spot in Exercise.objects.filter(passage__source=source, kind__in=["spot", "source"]).exclude(current=None):
        assert spot.current_id
        shown = played(spot.current_id)
        with translation.override("pl"):
            for body in (drawings.question(shown).body, drawn(shown, Answer())):
                assert set(re.findall(r'lang="(\w+)"', body)) <= {"de", "pl"}
                assert 'lang="de"' in body


@pytest.mark.parametrize("nickname", ["Calm Heron", "<i>O'Neil & Søn</i>"])
def test_a_page_drawn_once_is_the_page_that_its_template_draws(
    stage: Stage, nickname: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.heron.nickname = nickname
    stage.heron.save()
    Classroom.objects.filter(pk=stage.class_9b.pk).update(name="9b <b>&amp;</b>")
    here = reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 1])
    drawn_once = whole(device_of(stage.heron).get(here))
    monkeypatch.setattr(deciding, "_is_plain", lambda request, context: False)
    assert whole(device_of(stage.heron).get(here)) == drawn_once


def whole(response: Any) -> str:
    """A page without what is new in each: the token, and the key of the answer to come."""
    page = response.content.decode()
    for new in (
        r'"X-CSRFToken": "\w+"',
        r'name="csrfmiddlewaretoken" value="\w+"',
        r'name="client_key" value="[\w-]+"',
    ):
        page, found = re.subn(new, "", page)
        assert found
    return page


def test_two_students_pages_are_each_ones_own(stage: Stage) -> None:
    one, two = students(stage.class_9b, 2)
    here = reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 1])
    for mine, other in ((one, two), (two, one)):
        page = device_of(mine).get(here).content.decode()
        assert (mine.uid in page, mine.nickname in page) == (True, True)
        assert (other.uid in page, other.nickname in page) == (False, False)


def test_a_message_is_on_the_page_of_who_it_is_for(stage: Stage) -> None:
    one, two = map(device_of, students(stage.class_9b, 2))
    here = reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 1])
    one.cookies["messages"] = message("Your vote is in.")
    assert ["Your vote is in." in device.get(here).content.decode() for device in (one, two, one)] == [
        True,
        False,
        False,
    ]


def message(words: str) -> str:
    """The cookie by which Django brings a message to the next page."""
    storage, response = CookieStorage(RequestFactory().get("/")), HttpResponse()
    storage.add(messages.INFO, words)
    storage.update(response)
    return response.cookies["messages"].value
