"""A form that does not get through: said in plain words, once, and nothing typed or marked is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check, watch
from tests.browser.journeys import Catalogue, Classroom

OFFLINE = "Not sent: no connection. Everything is still here; press again."
FAILED = "Not sent: something went wrong on our side. Everything is still here; press again."
REFUSED = "Not taken. Please load this page again."


@pytest.fixture
def page(new_device: NewDevice) -> Page:
    """A question of the first steps. (What students of a class answer, an outbox keeps: test_outbox.py.)"""
    page = new_device()
    page.goto("/try/")
    page.get_by_role("link", name="Begin").click()
    return page


def is_filled_in(page: Page) -> bool:
    return page.locator("input[name=flagged]:checked, input[name=confidence]:checked").count() == 2


def test_without_a_connection(page: Page) -> None:
    watch(page.context).expect("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    send = journeys.fill_in(page, "judge")
    page.context.set_offline(True)
    for _ in range(2):  # pressed again, it is said again, and stands there once
        send.click()
        expect(page.locator("form.question .not-sent")).to_have_text(OFFLINE)
        expect(page.locator("#live")).to_have_text(OFFLINE)
        expect(page.get_by_text(OFFLINE)).to_have_count(2)
        expect(page.locator("form[aria-busy]")).to_have_count(0)
    check(page, "not-sent")
    assert is_filled_in(page)
    page.context.set_offline(False)
    send.click()
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator("#live")).to_be_empty()


@pytest.mark.parametrize(("status", "words"), [(500, FAILED), (502, FAILED), (403, REFUSED)])
def test_an_answer_that_the_server_cannot_take(page: Page, status: int, words: str) -> None:
    watch(page.context).expect(f"status of {status}", "htmx:responseError", f"Status Error Code {status}")
    page.route("**/try/**", lambda route: route.fulfill(status=status, body="<h1>No</h1>"))
    journeys.fill_in(page, "judge").click()
    expect(page.locator("form.question .not-sent")).to_have_text(words)
    expect(page.locator("#live")).to_have_text(words)
    assert is_filled_in(page)


def test_long_work_is_shown_until_it_is_done(page: Page) -> None:
    held: list[Route] = []
    page.route("**/try/**", lambda route: held.append(route))
    journeys.fill_in(page, "judge").click()
    expect(page.locator("form.question .working progress")).to_be_visible()
    expect(page.locator("#live")).to_have_text("Working on it. Please stay on this page.")
    check(page, "working")
    held[0].continue_()
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator(".working")).to_have_count(0)
    expect(page.locator("#live")).to_be_empty()
    page.unroute("**/try/**")


def test_a_script_that_keeps_the_answer_itself_leaves_nothing_to_say(page: Page) -> None:
    watch(page.context).expect("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    page.evaluate("document.addEventListener('htmx:sendError', (event) => event.preventDefault(), true)")
    send = journeys.fill_in(page, "judge")
    page.context.set_offline(True)
    send.click()
    expect(page.locator("form[aria-busy]")).to_have_count(0)
    expect(page.locator(".not-sent")).to_have_count(0)
    page.context.set_offline(False)


def test_a_board_that_misses_a_poll_says_nothing(
    teacher: Page, classroom: Classroom, catalogue: Catalogue, new_device: NewDevice
) -> None:
    journeys.assign(teacher, classroom, next(iter(catalogue)))
    page = new_device()
    journeys.join(page, classroom)
    watch(page.context).expect("ERR_FAILED")
    for missed in ("**/live/stream/**", "**/board/week/*/?*"):  # a network that cuts streams: so it polls, in vain
        page.context.route(missed, lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "/board/" in request.url):
        page.get_by_role("link", name="Leaderboard of the week").click()
    expect(page.locator("#live")).to_be_empty()
    expect(page.locator(".not-sent")).to_have_count(0)
