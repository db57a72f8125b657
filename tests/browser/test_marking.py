"""The marking widget: mouse, touch and keys; and that nothing marked is ever lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice, watched_devices
from tests.browser.inspection import check, watch
from tests.browser.journeys import Catalogue, Classroom, marked, words
from tests.browser.server import Server

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@dataclass(frozen=True)
class Lesson:
    """A class with a set in which one mark is asked for early, and a student who has come to that question."""

    classroom: Classroom
    title: str
    page: Page
    address: str


@pytest.fixture(scope="module")
def lesson(browser: Browser, server: Server, signed_in: StorageState, catalogue: Catalogue) -> Iterator[Lesson]:
    with watched_devices(browser, lambda: server.url) as new_device:
        teacher = new_device(storage_state=signed_in)
        classroom = journeys.make_class(teacher, "marking")
        title = journeys.earliest(catalogue, "spot", "source")
        journeys.assign(teacher, classroom, title)
        page = _at_a_mark(new_device(), classroom, title)
        yield Lesson(classroom, title, page, page.url)


@pytest.fixture
def page(lesson: Lesson) -> Page:
    """The question as it is when one comes to it; tests that share it do not answer it."""
    lesson.page.goto("about:blank")
    lesson.page.goto(lesson.address)
    expect(lesson.page.locator("form.question")).to_be_visible()
    return lesson.page


def test_a_word_then_another_make_a_run(page: Page) -> None:
    assert marked(page) == []
    journeys.mark(page, 1)
    assert marked(page) == [1]
    journeys.mark(page, 4)
    assert marked(page) == [1, 2, 3, 4]
    journeys.mark(page, 0)
    assert marked(page) == [0, 1, 2, 3, 4]
    journeys.mark(page, 4)
    assert marked(page) == [0, 1, 2, 3]
    check(page, "marked")


def test_the_only_word_comes_off_again(page: Page) -> None:
    journeys.mark(page, 2)
    journeys.mark(page, 2)
    assert marked(page) == []


def test_a_number_takes_its_sentence(page: Page) -> None:
    last = _number(page, -1)
    journeys.mark(page, 0)
    last.click()
    box = last.locator("input")
    first_word, last_word = (int(box.get_attribute(f"data-{end}") or "") for end in ("first", "last"))
    assert marked(page) == list(range(first_word, last_word + 1))
    last.click()
    assert marked(page) == []


def test_clear(page: Page) -> None:
    clear = page.locator("[data-clear]")
    expect(clear).to_be_disabled()
    journeys.mark(page, 1, 3)
    clear.click()
    assert marked(page) == []
    expect(clear).to_be_disabled()
    expect(_status(page)).to_have_text("Nothing is marked.")
    expect(words(page).nth(1).locator("input")).to_be_focused()


def test_the_options_appear_with_a_mark(page: Page) -> None:
    names = journeys.options(page)
    expect(names).to_have_count(6)
    expect(names.first).to_be_hidden()
    expect(page.locator("button[name=nothing]")).to_be_visible()
    journeys.mark(page, 1)
    expect(names.first).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(names.first).to_be_hidden()


def test_the_two_ways_out_weigh_the_same(page: Page) -> None:
    mine, nothing = page.get_by_role("button", name="Submit my mark"), page.locator("button[name=nothing]")
    boxes = [each.bounding_box() for each in (mine, nothing)]
    assert boxes[0]
    assert boxes[1]
    assert abs(boxes[0]["height"] - boxes[1]["height"]) <= 1
    looks = [
        each.evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]")
        for each in (mine, nothing)
    ]
    assert looks[0] == looks[1]


def test_a_screen_reader_hears_what_is_marked(page: Page) -> None:
    journeys.mark(page, 1)
    first = words(page).nth(1).inner_text()
    expect(_status(page)).to_have_text(f"Marked words: 1. {first}")
    journeys.mark(page, 2)
    expect(_status(page)).to_have_text(
        re.compile(rf"Marked words: 2\. {re.escape(first)}\W+{re.escape(words(page).nth(2).inner_text())}")
    )
    expect(_status(page)).to_have_role("status")
    expect(page.get_by_role("checkbox", name=first, exact=True).first).to_be_checked()
    expect(page.get_by_role("checkbox", name="Take sentence 1 whole")).to_be_visible()
    expect(page.get_by_role("group", name=journeys.task(page).inner_text())).to_be_visible()


def test_keys_alone(page: Page) -> None:
    count = words(page).count()
    _tab_into_the_passage(page)
    page.keyboard.press("ArrowRight")
    expect(words(page).first.locator("input")).to_be_focused()
    page.keyboard.press("Space")
    assert marked(page) == [0]
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert marked(page) == [0, 1, 2]
    page.keyboard.press("Shift+ArrowLeft")
    assert marked(page) == [0, 1]
    page.keyboard.press("Escape")
    assert marked(page) == []
    page.keyboard.press("End")
    page.keyboard.press("Space")
    assert marked(page) == [count - 1]
    page.keyboard.press("Shift+ArrowLeft")
    assert marked(page) == [count - 2, count - 1]
    page.keyboard.press("Home")
    expect(_number(page, 0).locator("input")).to_be_focused()
    page.keyboard.press("Space")
    assert marked(page)[0] == 0
    expect(_number(page, 0).locator("input")).to_be_checked()
    if page.locator("label.sentence-unit").count() > 1:
        page.keyboard.press("ArrowDown")
        expect(_number(page, 1).locator("input")).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(_number(page, 0).locator("input")).to_be_focused()
    assert page.locator(".passage input[tabindex='0']").count() == 1
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(_number(page, 0).locator("input")).to_be_focused()
    check(page)


def test_enter_in_the_passage_marks_and_sends_nothing(page: Page) -> None:
    _tab_into_the_passage(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert marked(page) == [0]
    expect(page.locator("form.question")).to_be_visible()


def test_touch(new_device: NewDevice, lesson: Lesson) -> None:
    page = _at_a_mark(new_device(**PHONE), lesson.classroom, lesson.title)
    words(page).nth(1).tap()
    words(page).nth(3).tap()
    assert marked(page) == [1, 2, 3]
    _number(page, 0).tap()
    assert marked(page)[0] == 0
    for target in (words(page).nth(1), _number(page, 0), page.get_by_role("button", name="Clear")):
        box = target.bounding_box()
        assert box
        assert box["height"] >= 24
    journeys.options(page).first.tap()
    page.get_by_role("button", name="Submit my mark").tap()
    expect(page.locator(".verdict")).to_be_visible()
    check(page)


def test_what_lacks_is_said_and_the_mark_stays(new_device: NewDevice, lesson: Lesson) -> None:
    page = _at_a_mark(new_device(), lesson.classroom, lesson.title)
    page.get_by_role("button", name="Submit my mark").click()
    expect(page.get_by_text("Mark the words first")).to_be_visible()
    check(page)
    journeys.mark(page, 1, 3)
    page.get_by_role("button", name="Submit my mark").click()
    expect(page.get_by_text("Choose a name for the words that you marked.")).to_be_visible()
    assert marked(page) == [1, 2, 3]
    expect(journeys.options(page).first).to_be_visible()
    expect(journeys.task(page)).to_be_focused()
    expect(_status(page)).to_contain_text("Marked words: 3. ")
    expect(_status(page)).to_have_attribute("aria-live", "off")
    check(page, "marked-without-name")
    journeys.mark(page, 4)
    assert marked(page) == [1, 2, 3, 4]
    expect(_status(page)).to_have_attribute("aria-live", "polite")
    first = words(page).nth(1).inner_text()
    journeys.options(page).nth(1).click()
    page.get_by_role("button", name="Submit my mark").click()
    expect(page.locator(".my-answer")).to_contain_text(f"“{first}")


def test_looking_elsewhere_and_coming_back_keeps_the_mark_and_its_name(page: Page) -> None:
    journeys.mark(page, 1, 3)
    journeys.options(page).nth(2).click()
    status = _status(page).inner_text()
    page.get_by_role("link", name="About this game").click()
    expect(page.get_by_role("heading", name="About this game")).to_be_visible()
    page.go_back()
    expect(page.locator("form.question")).to_be_visible()
    expect(journeys.options(page).nth(2).locator("input")).to_be_checked()
    assert marked(page) == [1, 2, 3]
    expect(_status(page)).to_have_text(status)


def test_what_one_student_left_is_not_put_into_the_next_one_s_form(
    teacher: Page, classroom: Classroom, catalogue: Catalogue, new_device: NewDevice
) -> None:
    """Handed over in another tab, the device goes back in the first to a question that is the next student's now."""
    title = journeys.earliest(catalogue, "spot", "source")
    teacher.get_by_role("link", name="Plan it").click()
    teacher.get_by_label("Set", exact=True).select_option(label=title)
    teacher.locator("[name=order]").select_option(label="as in the set")
    teacher.get_by_role("button", name="Assign to the class").click()
    expect(teacher.get_by_text(f"{title} is assigned")).to_be_visible()
    page = _at_a_mark(new_device(), classroom, title)
    journeys.mark(page, 1, 3)
    journeys.options(page).nth(1).click()
    address, old_name = page.url, page.locator(".whoami").inner_text()
    page.goto("/about/")
    other = page.context.new_page()
    other.goto(classroom.url.replace("/teach/classes/", "/class/"))
    other.get_by_role("button", name="Hand over: leave the class on this device").click()
    expect(other.get_by_label("Class code")).to_be_visible()
    assert _at_a_mark(other, classroom, title).url == address
    page.go_back()
    expect(page.locator(".whoami")).not_to_have_text(old_name)
    expect(page.locator("form.question")).to_be_visible()
    assert page.url == address
    assert page.locator("form.question :checked").count() == 0


def test_a_page_that_the_browser_has_kept_whole_is_looked_up_again(new_device: NewDevice, lesson: Lesson) -> None:
    """Some browsers show the page as it was, with the name of whoever was here before."""
    page = _at_a_mark(new_device(), lesson.classroom, lesson.title)
    journeys.mark(page, 1, 3)
    journeys.stay_here(page)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.wait_for_load_state("networkidle")
    assert journeys.is_still_here(page)
    assert marked(page) == [1, 2, 3]
    other = page.context.new_page()
    other.goto(lesson.classroom.url.replace("/teach/classes/", "/class/"))
    other.get_by_role("button", name="Hand over: leave the class on this device").click()
    expect(other.get_by_label("Class code")).to_be_visible()
    watch(page.context).expect("status of 404")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_several_marks_then_their_names(
    teacher: Page, classroom: Classroom, catalogue: Catalogue, new_device: NewDevice
) -> None:
    title = journeys.earliest(catalogue, "markup")
    journeys.assign(teacher, classroom, title)
    page = new_device()
    journeys.join(page, classroom)
    journeys.begin(page, title)
    journeys.play_until(page, "markup")
    quotes = []
    for first in (0, 4):
        journeys.mark(page, first)
        journeys.mark(page, first + 1)
        quotes.append(words(page).nth(first).inner_text())
    assert marked(page) == [0, 1, 4, 5]
    check(page, "markup-marked")
    page.get_by_role("button", name="Name my marks").click()
    names = page.locator(".runs-to-name select")
    expect(names).to_have_count(2)
    assert marked(page) == [0, 1, 4, 5]
    check(page, "markup-naming")
    names.nth(0).select_option(index=1)
    page.get_by_role("button", name="Submit my marks").click()
    expect(page.get_by_text("Choose a name for each of your marks.")).to_be_visible()
    assert names.nth(0).input_value()
    names.nth(1).select_option(index=2)
    page.get_by_role("button", name="Submit my marks").click()
    for quote in quotes:
        expect(page.locator(".my-answer")).to_contain_text(f"“{quote}")
    check(page, "markup-after")


def _at_a_mark(page: Page, classroom: Classroom, title: str) -> Page:
    journeys.join(page, classroom)
    journeys.begin(page, title)
    journeys.play_until(page, "spot", "source")
    return page


def _tab_into_the_passage(page: Page) -> None:
    page.locator("#main").focus()
    page.keyboard.press("Tab")
    expect(_number(page, 0).locator("input")).to_be_focused()


def _number(page: Page, index: int) -> Locator:
    return page.locator("label.sentence-unit").nth(index)


def _status(page: Page) -> Locator:
    return page.locator("[data-marking-status]")
