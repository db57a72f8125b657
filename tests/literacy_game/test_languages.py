"""Which language a page speaks: chosen on the device, else that of the class, else the browser's. Texts keep theirs."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from classroom.models import Classroom
from exercises import catalogue
from literacy_game import messages
from tests.cast import Cast, Stage, answer, desk_of, device_of
from tests.devices import Device
from tests.literacy_game.test_access import ROLES, ROWS, address, device_for
from tests.pages import Element, read, submit

pytestmark = pytest.mark.django_db

PAGES = [
    (name, next(role for role in ROLES if row[role] == "200"))
    for (name, method), row in ROWS.items()
    if method == "GET" and "200" in row.values() and name != "styleguide"
]
"""The styleguide shows invented samples, which are in English."""
NOT_TRANSLATED = 12
"""Shorter messages may stand in a page as somebody's name."""


def language_of(response: Any) -> str:
    return read(response).one("html").attributes["lang"]


def speak(classroom: Classroom, language: str) -> None:
    Classroom.objects.filter(pk=classroom.pk).update(language=language)


def said(element: Element, language: str) -> list[str]:
    """The texts of an element that are in a language, after the `lang` nearest to each."""
    found: list[str] = []
    own = element.attributes.get("lang", language)
    for child in element.children:
        if isinstance(child, Element):
            if child.tag not in ("script", "style"):
                found += said(child, own) if own == language else of_other(child, language)
        elif own == language and child.strip():
            found.append(" ".join(child.split()))
    return found


def of_other(element: Element, language: str) -> list[str]:
    """The same inside an element of another language."""
    if element.attributes.get("lang") == language:
        return said(element, language)
    return [text for child in element.children if isinstance(child, Element) for text in of_other(child, language)]


def test_a_page_speaks_the_language_of_the_browser() -> None:
    for asked, spoken in {"uk": "uk", "de-AT,de;q=0.9": "de", "pl,en;q=0.5": "pl", "fr": "en", "": "en"}.items():
        response = Device().get("/", headers={"Accept-Language": asked})
        assert language_of(response) == spoken
        assert response.headers["Content-Language"] == spoken


def test_students_meet_the_language_of_their_class(stage: Stage) -> None:
    """From the sheet's link on, whatever the browser asks for; in the parts that renew themselves, too."""
    speak(stage.class_9b, "uk")
    heron, guest = device_of(stage.heron), Device()
    asked = {"Accept-Language": "de"}
    for name in ("student_home", "exercise", "leaderboard", "class_board"):
        assert language_of(heron.get(address(name, stage), headers=asked)) == "uk", name
    for name in ("join_class", "reenter"):
        assert language_of(guest.get(address(name, stage), headers=asked)) == "uk", name
    answer(stage.heron, stage.six_ways, 1)
    part = heron.get(address("standings", stage).replace("/99", "/0"), headers=asked | {"HX-Request": "true"})
    assert part.headers["Content-Language"] == "uk"
    assert language_of(device_of(stage.finch).get(reverse("student_home", args=[stage.class_7a.uid]))) == "en"


def test_teachers_keep_their_own_language(stage: Stage) -> None:
    speak(stage.class_9b, "uk")
    desk = desk_of(stage.bob)
    assert language_of(desk.get(address("classroom", stage), headers={"Accept-Language": "pl"})) == "pl"


def test_a_student_changes_the_language_of_the_device(stage: Stage) -> None:
    """By a plain form that leads back to the page; every class on the device follows."""
    speak(stage.class_9b, "uk")
    heron, here = device_of(stage.heron), address("student_home", stage)
    form = next(each for each in read(heron.get(here)).all("form") if "languages" in each.classes)
    buttons = {each.attributes["value"]: each for each in form.all("button")}
    assert {code: each.text for code, each in buttons.items()} == dict(settings.LANGUAGES), "each in its own words"
    assert [code for code, each in buttons.items() if "aria-current" in each.attributes] == ["uk"]
    assert all(each.attributes["lang"] == code for code, each in buttons.items())
    sent = heron.post(form.attributes["action"], {"language": "de"}, headers={"Referer": f"http://testserver{here}"})
    assert sent.url == f"http://testserver{here}"
    assert language_of(heron.get(here)) == "de"
    assert language_of(heron.get("/")) == "de"


def test_a_language_that_is_not_there_changes_nothing(stage: Stage) -> None:
    speak(stage.class_9b, "uk")
    heron, here = device_of(stage.heron), address("student_home", stage)
    heron.post(reverse("set_language"), {"language": "tlh"})
    assert language_of(heron.get(here)) == "uk"
    heron.cookies[settings.LANGUAGE_COOKIE_NAME] = "tlh"
    assert language_of(heron.get(here)) == "uk"


def test_a_page_that_answers_a_form_offers_no_other_language(cast: Cast) -> None:
    """It would lead back to an address that answers forms alone, or lose what was typed."""
    desk = desk_of(cast.bob)
    refused = submit(desk, desk.get(reverse("classroom_new")), name="")
    assert refused.status_code == 422
    assert not read(refused).of_class("languages")


def test_a_new_class_speaks_its_teacher_s_language(cast: Cast) -> None:
    desk = desk_of(cast.bob)
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "pl"
    submit(desk, desk.get(reverse("classroom_new")), name="8c")
    assert Classroom.objects.get(name="8c").language == "pl"


def test_a_class_takes_every_language(cast: Cast) -> None:
    desk, url = desk_of(cast.bob), reverse("classroom_settings", args=[cast.class_9b.uid])
    for language, _ in settings.LANGUAGES:
        submit(desk, desk.get(url), language=language)
        cast.class_9b.refresh_from_db()
        assert cast.class_9b.language == language


@pytest.mark.parametrize("language", messages.languages())
def test_the_catalogue_speaks_every_language(language: str) -> None:
    """Whole, in its order, with nothing left in English."""
    english = catalogue.labels()
    with translation.override(language):
        labels, groups = catalogue.labels(), catalogue.groups()
    assert list(labels) == list(english)
    for slug, label in labels.items():
        original = english[slug]
        texts = (label.group, label.definition, label.question, label.example, label.example_core)
        assert not {*texts} & {original.group, original.definition, original.question, original.example}
        assert (label.layer, bool(label.fills)) == (original.layer, bool(original.fills))
        assert [each for each, _ in label.confusions] == [each for each, _ in original.confusions]
        assert not {why for _, why in label.confusions} & {why for _, why in original.confusions}
    assert len({label.name for label in labels.values()}) == len(labels)
    assert [group.layer for group in groups] == [group.layer for group in catalogue.groups()]


def test_options_and_catalogue_follow_the_language(stage: Stage) -> None:
    speak(stage.class_9b, "de")
    page = read(device_of(stage.heron).get(address("exercise", stage)))
    with translation.override("de"):
        german = {label.name for label in catalogue.labels().values()}
    options = [each.text for each in page.of_class("option-text")]
    assert len(options) == 6
    assert {*options} <= german
    assert "Aufgeladene Sprache" in read(Device().get("/labels/", headers={"Accept-Language": "de"})).text


def test_texts_and_explanations_keep_their_language(stage: Stage) -> None:
    """A screen reader then reads each in its own; what we say in between is in the language of the page."""
    speak(stage.class_9b, "de")
    heron = device_of(stage.heron)
    for position in range(1, 7):
        url = reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, position])
        for response in (heron.get(url), answer(stage.heron, stage.six_ways, position) and heron.get(url)):
            page = read(response)
            for each in page.of_class("passage"):
                assert each.attributes["lang"] == "en"
                assert all(part.attributes["lang"] == "de" for part in each.of_class("visually-hidden"))
    german = said(page, "de")
    for name in ("note-lead", "fact", "note-body"):
        for each in page.of_class(name):
            assert said(each, "en"), name
    explained = [text for each in page.of_class("note-lead") for text in said(each, "en")]
    assert explained
    assert not {*explained} & {*german}
    assert "In der Lösung" in german or "Du hast das übersehen" in german


@pytest.mark.parametrize(("name", "role"), PAGES)
def test_no_page_says_anything_in_english(stage: Stage, name: str, role: str) -> None:
    """Of what we say in the page's language, nothing is a message that has a translation."""
    device = device_for(role, stage)
    device.cookies[settings.LANGUAGE_COOKIE_NAME] = "uk"
    response = device.get(address(name, stage))
    if not response.headers["Content-Type"].startswith("text/html") or not response.content.startswith(b"<!doctype"):
        return
    assert language_of(response) == "uk"
    page = read(response)
    texts = said(page, "uk") + [
        each.attributes[label] for each in page.all() for label in ("aria-label", "alt") if label in each.attributes
    ]
    with translation.override("uk"):
        left = [text for text in texts if len(text) >= NOT_TRANSLATED and text in ENGLISH and gettext(text) != text]
    assert left == []


ENGLISH = {each.id for each in messages.found() if isinstance(each.id, str)}
