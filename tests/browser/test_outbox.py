"""An answer that cannot be sent waits on the device, says so, and goes out by itself: once, as its own student's."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check, watch
from tests.browser.journeys import Catalogue, Classroom

OFFLINE = (
    "ERR_INTERNET_DISCONNECTED",
    "ERR_FAILED",
    "htmx:sendError",
    "htmx:afterRequest",
    "status of 403",
    "status of 503",
    "Error Code",
)
"""What Chromium and htmx write when there is no network, or the server says no."""
WAITING = "Your answer is kept on this device"
IN_STORE = """() => new Promise(resolve => {
    indexedDB.open('literacy-game', 1).onsuccess = ({ target }) => {
        const all = target.result.transaction('answers').objectStore('answers').getAll()
        all.onsuccess = () => { target.result.close(); resolve(all.result) }
    }
})"""


@pytest.fixture
def title(teacher: Page, classroom: Classroom, catalogue: Catalogue) -> str:
    title = next(iter(catalogue))
    journeys.assign(teacher, classroom, title)
    return title


@pytest.fixture
def phone(new_device: NewDevice) -> Page:
    page = new_device()
    watch(page.context).expect(*OFFLINE)
    return page


def begin(page: Page, classroom: Classroom, title: str) -> journeys.Student:
    student = journeys.join(page, classroom)
    journeys.begin(page, title)
    return student


def answer_offline(page: Page) -> None:
    page.context.set_offline(True)
    journeys.fill_in(page, journeys.kind_of(page), nothing=True).click()
    expect(page.locator("#outbox")).to_contain_text(WAITING)


def kept(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(IN_STORE)
    return found


def board(teacher: Page, classroom: Classroom, title: str) -> dict[str, str]:
    """Decisions by nickname."""
    journeys.open_projector(teacher, classroom, title)
    rows = teacher.locator(".leaderboard-row").all()
    return {row.locator(".nickname").inner_text().strip(): row.locator(".decisions").inner_text() for row in rows}


def test_an_answer_that_arrived_is_struck_out(phone: Page, classroom: Classroom, title: str) -> None:
    """It is not sent again by the next page."""
    begin(phone, classroom, title)
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    journeys.answer(phone, nothing=True)
    phone.wait_for_function(f"async () => !(await ({IN_STORE})()).length")
    journeys.go_on(phone)
    journeys.answer(phone, nothing=True)
    assert len(sent) == len(set(sent)) == 2


def test_an_answer_waits_for_the_network_and_goes_out_by_itself(
    phone: Page, teacher: Page, classroom: Classroom, title: str
) -> None:
    student = begin(phone, classroom, title)
    answer_offline(phone)
    check(phone, "outbox-waiting")
    expect(phone.locator("form.question .not-sent")).to_have_count(0)
    (entry,) = kept(phone)
    assert "csrf" not in entry["body"]
    assert entry["student"] in entry["body"]
    phone.context.set_offline(False)
    expect(phone.locator(".verdict")).to_be_visible()
    expect(phone.locator("#outbox")).to_be_hidden()
    expect(phone.locator("[data-focus]")).to_be_focused()
    phone.wait_for_function(f"async () => !(await ({IN_STORE})()).length")
    assert board(teacher, classroom, title) == {student.nickname: "1 decision"}


def test_an_answer_survives_the_closing_of_the_tab(
    phone: Page, teacher: Page, classroom: Classroom, title: str
) -> None:
    student = begin(phone, classroom, title)
    address, context = phone.url, phone.context
    answer_offline(phone)
    phone.close()
    context.set_offline(False)
    assert board(teacher, classroom, title) == {}
    later = context.new_page()
    later.goto(address.partition("play/")[0])
    expect(later.locator("#outbox")).to_contain_text("saved now")
    assert not kept(later)
    assert board(teacher, classroom, title) == {student.nickname: "1 decision"}
    later.goto(address)
    expect(later.locator(".verdict")).to_be_visible()


def test_on_a_shared_device_an_answer_stays_its_student_s(
    phone: Page, new_device: NewDevice, teacher: Page, classroom: Classroom, title: str
) -> None:
    """Two students, one device: the second came back with four words while the first's answer was waiting."""
    first = begin(phone, classroom, title)
    elsewhere = new_device()
    second = begin(elsewhere, classroom, title)
    context, home = phone.context, phone.url.partition("play/")[0]
    answer_offline(phone)
    context.route("**/play/**", lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    context.set_offline(False)
    other_tab = context.new_page()
    other_tab.goto(f"{home}return/")
    other_tab.get_by_label("Your four words").fill(second.phrase)
    other_tab.get_by_role("button", name="Come back").click()
    expect(other_tab.get_by_role("heading", name=f"You are {second.nickname}")).to_be_visible()
    context.unroute("**/play/**")

    # The first student's tab is still open, and tries again: as nobody else.
    phone.evaluate("dispatchEvent(new Event('online'))")
    other_tab.reload()
    other_tab.wait_for_load_state("networkidle")
    expect(other_tab.locator("#outbox")).to_be_hidden()
    assert len(kept(other_tab)) == 1
    assert board(teacher, classroom, title) == {}

    # Once the first student is back on the device, it goes out.
    other_tab.goto(f"{home}return/")
    other_tab.get_by_label("Your four words").fill(first.phrase)
    other_tab.get_by_role("button", name="Come back").click()
    expect(other_tab.locator("#outbox")).to_contain_text("saved now")
    assert board(teacher, classroom, title) == {first.nickname: "1 decision"}


def refuse_posts(context: BrowserContext, status: int) -> None:
    def refuse(route: Route) -> None:
        if route.request.method == "POST" and "/play/" in route.request.url:
            route.fulfill(status=status, body="No.")
        else:
            route.fallback()

    context.route("**/*", refuse)


def test_leaving_the_class_leaves_nothing_behind(phone: Page, teacher: Page, classroom: Classroom, title: str) -> None:
    """The server takes the answer no more; whoever leaves takes nothing along and leaves nothing here."""
    begin(phone, classroom, title)
    answer_offline(phone)
    refuse_posts(phone.context, 503)
    phone.context.set_offline(False)
    journeys.open_class(phone)
    assert len(kept(phone)) == 1
    phone.get_by_role("button", name="leave the class on this device").click()
    expect(phone.get_by_label("Class code")).to_be_visible()
    assert kept(phone) == []
    phone.context.unroute_all()
    next_one = journeys.join(phone, classroom)
    journeys.begin(phone, title)
    assert board(teacher, classroom, title) == {}
    journeys.answer(phone)
    assert board(teacher, classroom, title) == {next_one.nickname: "1 decision"}


def test_leaving_sends_what_can_still_go_out(phone: Page, teacher: Page, classroom: Classroom, title: str) -> None:
    student = begin(phone, classroom, title)
    answer_offline(phone)
    phone.context.set_offline(False)
    journeys.open_class(phone)
    phone.get_by_role("button", name="leave the class on this device").click()
    expect(phone.get_by_label("Class code")).to_be_visible()
    assert kept(phone) == []
    assert board(teacher, classroom, title) == {student.nickname: "1 decision"}


def test_a_stale_token_is_renewed(phone: Page, teacher: Page, classroom: Classroom, title: str) -> None:
    """The browser lost its token's cookie: the page's token fits nothing any more."""
    student = begin(phone, classroom, title)
    phone.context.clear_cookies(name="csrftoken")
    journeys.fill_in(phone, journeys.kind_of(phone), nothing=True).click()
    expect(phone.locator(".verdict")).to_be_visible()
    assert board(teacher, classroom, title) == {student.nickname: "1 decision"}


def test_an_unwell_server_is_asked_again(phone: Page, teacher: Page, classroom: Classroom, title: str) -> None:
    student = begin(phone, classroom, title)
    refuse_posts(phone.context, 503)
    journeys.fill_in(phone, journeys.kind_of(phone), nothing=True).click()
    expect(phone.locator("#outbox")).to_contain_text(WAITING)
    phone.context.unroute_all()
    expect(phone.locator(".verdict")).to_be_visible()
    assert board(teacher, classroom, title) == {student.nickname: "1 decision"}


def test_an_answer_after_closing_is_told(phone: Page, teacher: Page, classroom: Classroom, title: str) -> None:
    begin(phone, classroom, title)
    address = phone.url.partition("play/")[0]
    answer_offline(phone)
    phone.close()
    teacher.goto(classroom.url)
    teacher.get_by_role("link", name=f"Change {title}").click()
    teacher.get_by_text("Close it now").click()
    teacher.get_by_role("button", name="Yes, close it for everybody").click()
    expect(teacher.get_by_role("status").filter(has_text="is closed")).to_be_visible()
    later = phone.context.new_page()
    phone.context.set_offline(False)
    later.goto(address)
    expect(later.locator("#outbox")).to_contain_text("was not taken")
    assert kept(later) == []


def test_half_an_answer_is_not_kept(phone: Page, classroom: Classroom, catalogue: Catalogue, teacher: Page) -> None:
    title = journeys.earliest(catalogue, "spot", "source")
    journeys.assign(teacher, classroom, title)
    begin(phone, classroom, title)
    journeys.play_until(phone, "spot", "source")
    journeys.mark(phone, 1, 3)
    phone.context.set_offline(True)
    with phone.expect_event("requestfailed"):
        phone.get_by_role("button", name="Submit my mark").click()
    assert kept(phone) == []
    expect(phone.locator("#outbox")).to_be_hidden()
    assert journeys.marked(phone) == [1, 2, 3]
