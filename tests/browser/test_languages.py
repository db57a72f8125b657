"""The game in each of its languages: nothing sticks out, passages are framed, and a click changes the language."""

from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from literacy_game import messages
from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check, keep
from tests.browser.journeys import Catalogue, Classroom

pytestmark = pytest.mark.long


@pytest.mark.parametrize("language", messages.languages())
def test_first_steps_in_each_language(new_device: NewDevice, language: str) -> None:
    page = new_device(locale=language)
    with translation.override(language):
        page.goto("/labels/")
        check(page, f"labels-{language}")
        page.goto("/")
        check(page, f"home-{language}")
        page.get_by_role("link", name=gettext("Try it alone")).click()
        page.get_by_role("link", name=gettext("Begin")).click()
        for _ in range(8):
            kind = journeys.kind_of(page)
            check(page, f"{kind}-{language}")
            if kind in journeys.MARKING:
                page.locator("button[name=nothing]").click()
            else:
                journeys.options(page).first.click()
                if kind == "judge":
                    page.locator("label.step").first.click()
                page.get_by_role("button", name=gettext("Submit")).click()
            expect(page.locator(".verdict")).to_be_visible()
            check(page, f"{kind}-after-{language}")
            page.get_by_role("link", name=gettext("Go on")).click()
        expect(page.get_by_role("heading", name=gettext("You are through"))).to_be_visible()
        check(page, f"finished-{language}")


@pytest.mark.parametrize("language", messages.languages())
def test_a_teacher_s_pages_in_each_language(
    new_device: NewDevice, signed_in: object, classroom: Classroom, language: str
) -> None:
    page = new_device(storage_state=signed_in, locale=language)
    for name, address in {"classes": "/teach/", "class": classroom.url, "sets": "/teach/sets/"}.items():
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", language)
        check(page)
        keep(page, f"{name}-{language}")
    page.goto(f"{classroom.url}settings/")
    check(page, f"settings-{language}")


def test_a_class_has_a_language_and_a_student_another(
    teacher: Page, classroom: Classroom, catalogue: Catalogue, new_device: NewDevice
) -> None:
    """Without JavaScript, too: the switch is a plain form."""
    journeys.assign(teacher, classroom, next(iter(catalogue)))
    teacher.goto(f"{classroom.url}settings/")
    teacher.get_by_label("Language of the class").select_option(label="Українська")
    teacher.get_by_role("button", name="Save").click()
    student = new_device(scripts=False, locale="de")
    html = student.locator("html")
    student.goto("/join/" + classroom.code)
    expect(html).to_have_attribute("lang", "uk")
    student.get_by_role("button", name="Увійти з цим іменем").click()
    expect(student.get_by_role("heading", name="Ти — ")).to_be_visible()
    check(student, "class-uk")
    home = student.url
    student.get_by_role("button", name="Polski").click()
    expect(html).to_have_attribute("lang", "pl")
    assert student.url == home
    expect(student.get_by_role("button", name="Polski")).to_have_attribute("aria-current", "true")
    check(student)
    expect(teacher.locator("html")).to_have_attribute("lang", "en")


WIDTHS = """async letters => {
    const widths = [];
    await document.fonts.load("600 40px Sofia", letters);
    for (const language of ["uk", "ru"]) {
        const line = document.createElement("h2");
        line.lang = language;
        line.style.cssText = "font: 600 40px Sofia; width: max-content";
        line.textContent = letters;
        document.body.append(line);
        widths.push(line.getBoundingClientRect().width);
    }
    return widths;
}"""


def test_cyrillic_letters_have_the_forms_that_are_read_in_ukraine(new_device: NewDevice) -> None:
    """The face draws Bulgarian forms unless told otherwise, and only Russian was told: “в” like “b”, “д” like “g”."""
    page = new_device(locale="uk")
    page.goto("/")
    ours, told = page.evaluate(WIDTHS, "вгджзиклптцшю")
    assert ours == told
