"""A live round over networks as schools have them: proxies that keep streams back or cut them, and none at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import watch
from tests.browser.journeys import Account, Catalogue, Classroom, Student
from tests.browser.server import NAME, Server
from tests.browser.test_live import OFFLINE, WAITING, counted, heading, open_lobby, step, vote
from tests.browser.test_outbox import IN_STORE, kept
from tests.serving.proxy import Proxy, proxy

pytestmark = pytest.mark.long


@pytest.fixture
def title(catalogue: Catalogue) -> str:
    """A ready-made set."""
    return next(iter(catalogue))


@pytest.fixture
def buffering(server: Server) -> Iterator[Proxy]:
    with proxy([server.port], buffers=True) as made:
        yield made


@pytest.fixture
def cutting(server: Server) -> Iterator[Proxy]:
    """Cuts lines on which nothing was said for five seconds."""
    with proxy([server.port], idle=5) as made:
        yield made


def behind(made: Proxy, new_device: NewDevice, classroom: Classroom, owner: Account, title: str) -> tuple[Page, Page]:
    """Control and phone in the lobby of a round, both behind the proxy."""
    address = f"http://{NAME}:{made.port}"
    there = replace(classroom, url=address + urlsplit(classroom.url).path)
    control, phone = new_device(at=address), new_device(at=address)
    journeys.sign_in(control, owner)
    journeys.join(phone, there)
    open_lobby(control, there, title)
    phone.get_by_role("link", name=f"Come in {title}").click()
    expect(control.locator(".live-seat")).to_have_count(1)
    return control, phone


def play(control: Page, phone: Page) -> None:
    """A passage from the lobby to the key."""
    step(control, "Begin: first passage")
    expect(heading(phone)).to_have_text("Read. Answers open in a moment.")
    step(control, "Open the answers")
    vote(phone)
    counted(control, "1 of 1 answered")
    step(control, "Lock the answers")
    step(control, "Reveal the key")
    expect(phone.get_by_text("Only you see this.")).to_be_visible()


def test_behind_a_proxy_that_keeps_streams_back(
    new_device: NewDevice, classroom: Classroom, owner: Account, title: str, buffering: Proxy
) -> None:
    """No event ever comes through: the pages find it out by themselves, and ask."""
    control, phone = behind(buffering, new_device, classroom, owner, title)
    journeys.stay_here(phone)
    play(control, phone)
    assert journeys.is_still_here(phone)
    assert buffering.streams >= 4, "two pages tried twice each"


def test_behind_a_proxy_that_cuts_idle_lines(
    new_device: NewDevice, classroom: Classroom, owner: Account, title: str, cutting: Proxy
) -> None:
    """The server's beat keeps the lines open."""
    control, phone = behind(cutting, new_device, classroom, owner, title)
    opened = cutting.streams
    phone.wait_for_timeout(8000)
    play(control, phone)
    assert cutting.streams == opened, "no line was opened anew"


def live_phone(new_device: NewDevice, teacher: Page, classroom: Classroom, title: str, *, at: str = "") -> Page:
    """A student who has the first passage's form."""
    phone = new_device(at=at)
    watch(phone.context).expect(*OFFLINE)
    journeys.join(phone, classroom)
    open_lobby(teacher, classroom, title)
    phone.get_by_role("link", name=f"Come in {title}").click()
    expect(heading(phone)).to_contain_text("You are in")
    step(teacher, "Begin: first passage")
    step(teacher, "Open the answers")
    return phone


def answer_offline(phone: Page) -> None:
    expect(phone.locator("form.question")).to_be_visible()
    kind = journeys.kind_of(phone)
    button = journeys.fill_in(phone, kind, nothing=True)
    phone.context.set_offline(True)
    button.click()
    expect(phone.locator("#outbox")).to_contain_text(WAITING)


@pytest.mark.parametrize("leaving", ["reloaded", "closed"])
def test_an_unsent_answer_outlives_its_page(
    new_device: NewDevice, teacher: Page, classroom: Classroom, title: str, leaving: str
) -> None:
    phone = live_phone(new_device, teacher, classroom, title)
    address, context = phone.url, phone.context
    answer_offline(phone)
    assert len(kept(phone)) == 1
    if leaving == "closed":
        phone.close()
        context.set_offline(False)
        phone = context.new_page()
        phone.goto(address)
    else:
        with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
            phone.reload()
        context.set_offline(False)
        phone.goto(address)
    expect(heading(phone)).to_have_text("Saved")
    phone.wait_for_function(f"async () => !(await ({IN_STORE})()).length")
    counted(teacher, "1 of 1 answered")
    step(teacher, "Lock the answers")
    step(teacher, "Reveal the key")
    expect(phone.locator(".score")).to_be_visible()


def test_an_unsent_answer_that_comes_late_is_told_on_any_page(
    new_device: NewDevice, teacher: Page, classroom: Classroom, title: str
) -> None:
    phone = live_phone(new_device, teacher, classroom, title)
    home, context = phone.url.partition("live/")[0], phone.context
    answer_offline(phone)
    phone.goto("about:blank")  # a page that is being closed may have the network again for a moment, and use it
    phone.close()
    step(teacher, "Lock the answers")
    step(teacher, "Reveal the key")
    context.set_offline(False)
    phone = context.new_page()
    phone.goto(home)
    expect(phone.locator("#outbox")).to_contain_text("came late: it is kept, and earns no points")
    assert kept(phone) == []
    phone.get_by_role("link", name=f"Come in {title}").click()
    expect(phone.get_by_text("Your answer came late: it is kept, and earns no points.")).to_be_visible()


def handed_over(phone: Page, second: Student) -> Student:
    """In another tab the phone becomes the second student's, who has joined elsewhere."""
    other_tab = phone.context.new_page()
    other_tab.goto(f"{phone.url.partition('live/')[0]}return/")
    other_tab.get_by_label("Your four words").fill(second.phrase)
    other_tab.get_by_role("button", name="Come back").click()
    expect(other_tab.get_by_role("heading", name=f"You are {second.nickname}")).to_be_visible()
    return second


def test_another_student_of_the_device_votes_for_nobody_else(
    new_device: NewDevice, teacher: Page, classroom: Classroom, title: str
) -> None:
    """An old tab of a shared device: its form came with the stream, its cookie is another student's by now."""
    phone = live_phone(new_device, teacher, classroom, title)
    expect(phone.locator("form.question")).to_be_visible()
    phone.route("**/live/**", lambda route: route.fallback() if route.request.method == "POST" else route.abort())
    second = handed_over(phone, journeys.join(new_device(), classroom))
    phone.bring_to_front()
    journeys.fill_in(phone, journeys.kind_of(phone), nothing=True).click()
    expect(phone.get_by_role("heading", name=f"You are {second.nickname}")).to_be_visible()
    counted(teacher, "0 of 1 answered")


def test_an_old_tab_of_a_shared_device_takes_no_seat(
    new_device: NewDevice, teacher: Page, classroom: Classroom, title: str
) -> None:
    """When it next asks for itself, it goes to the page of the student whose device this is by now."""
    phone = live_phone(new_device, teacher, classroom, title)
    expect(phone.locator("form.question")).to_be_visible()
    second = handed_over(phone, journeys.join(new_device(), classroom))
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.get_by_role("heading", name=f"You are {second.nickname}")).to_be_visible()
    counted(teacher, "0 of 1 answered")


def at_the_same_passage(phone: Page, new_device: NewDevice, classroom: Classroom, *, at: str) -> Page:
    """A second phone, by which a test sees that events have gone out."""
    other = new_device(at=at)
    journeys.join(other, classroom)
    other.goto(phone.url)
    expect(other.locator("form.question")).to_be_visible()
    return other


def hold_answers(phone: Page) -> list[tuple[Route, APIResponse]]:
    """Answers arrive and are stored, what comes back waits. From the loopback address alone: the test asks itself."""
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append((route, route.fetch()))
        else:
            route.continue_()

    phone.route("**/live/**", hold)
    return held


def send_and_hold(phone: Page) -> list[tuple[Route, APIResponse]]:
    held = hold_answers(phone)
    journeys.fill_in(phone, journeys.kind_of(phone), nothing=True).click()
    while not held:
        phone.wait_for_timeout(50)
    return held


def let_go(held: list[tuple[Route, APIResponse]]) -> None:
    for route, response in held:
        route.fulfill(response=response)


def test_a_lock_that_comes_before_one_s_own_saved(
    new_device: NewDevice, server: Server, teacher: Page, classroom: Classroom, title: str
) -> None:
    """Whoever has sent an answer in time reads that it is saved, not that there was none."""
    phone = live_phone(new_device, teacher, classroom, title, at=server.loopback)
    expect(phone.locator("form.question")).to_be_visible()
    other = at_the_same_passage(phone, new_device, classroom, at=server.loopback)
    held = send_and_hold(phone)
    step(teacher, "Lock the answers")
    expect(heading(other)).to_contain_text("Locked")
    let_go(held)
    expect(heading(phone)).to_have_text("Saved")
    phone.wait_for_function(f"async () => !(await ({IN_STORE})()).length")


def test_one_s_own_result_that_comes_after_the_next_step(
    new_device: NewDevice, server: Server, teacher: Page, classroom: Classroom, title: str
) -> None:
    """A slow line, and a teacher who goes on at once: what was fetched at the key is still one's own result."""
    phone = live_phone(new_device, teacher, classroom, title, at=server.loopback)
    other = at_the_same_passage(phone, new_device, classroom, at=server.loopback)
    vote(phone)
    step(teacher, "Lock the answers")
    expect(heading(phone)).to_have_text("Saved")
    held: list[tuple[Route, APIResponse]] = []
    phone.route("**/live/result/**", lambda route: held.append((route, route.fetch())))
    step(teacher, "Reveal the key")
    while not held:
        phone.wait_for_timeout(50)
    version = phone.locator("#exercise").get_attribute("data-version") or ""
    step(teacher, "What the class answered")
    expect(other.locator("#exercise")).not_to_have_attribute("data-version", version)
    expect(phone.locator("#exercise")).not_to_have_attribute("data-version", version)
    let_go(held)
    expect(phone.get_by_text("Only you see this.")).to_be_visible()


def test_an_older_answer_that_goes_out_leaves_what_is_marked(
    new_device: NewDevice, teacher: Page, classroom: Classroom, title: str
) -> None:
    phone = live_phone(new_device, teacher, classroom, title)
    expect(phone.locator("form.question")).to_be_visible()
    phone.route("**/live/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    journeys.fill_in(phone, journeys.kind_of(phone), nothing=True).click()
    expect(phone.locator("#outbox")).to_contain_text(WAITING)
    for button in ("Lock the answers", "Reveal the key", "What the class answered", "Standings", "Next passage"):
        step(teacher, button)
    expect(heading(phone)).to_have_text("Read. Answers open in a moment.")
    step(teacher, "Open the answers")
    chosen = mark_something(phone)
    phone.unroute("**/live/**")
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.locator("[data-late]")).to_be_visible()
    assert phone.locator("form.question :checked").count() == chosen
    phone.wait_for_function(f"async () => !(await ({IN_STORE})()).length")


def mark_something(phone: Page) -> int:
    """Half an answer; how many boxes it has taken."""
    if journeys.kind_of(phone) in journeys.MARKING:
        journeys.mark(phone, 0, 2)
    else:
        journeys.options(phone).first.click()
    return phone.locator("form.question :checked").count()


def test_a_line_that_breaks_half_way_through_the_page(
    new_device: NewDevice, classroom: Classroom, owner: Account, title: str, buffering: Proxy
) -> None:
    """The page tries again; it does not stand still for the rest of the lesson."""
    control, phone = behind(buffering, new_device, classroom, owner, title)
    watch(phone.context).expect("ERR_CONTENT_LENGTH_MISMATCH", "ERR_INCOMPLETE_CHUNKED_ENCODING")
    watch(control.context).expect("ERR_CONTENT_LENGTH_MISMATCH", "ERR_INCOMPLETE_CHUNKED_ENCODING")
    buffering.tears = 2
    phone.evaluate("dispatchEvent(new Event('online'))")
    while buffering.tears:
        phone.wait_for_timeout(50)
    play(control, phone)


def test_coming_and_going_makes_a_page_ask_no_more_often(
    new_device: NewDevice, teacher: Page, classroom: Classroom, title: str
) -> None:
    phones = [new_device(), new_device()]
    asked: dict[Page, int] = dict.fromkeys(phones, 0)
    open_lobby(teacher, classroom, title)
    for phone in phones:
        watch(phone.context).expect("net::ERR_FAILED")
        phone.context.route("**/live/stream/**", lambda route: route.abort())
        journeys.join(phone, classroom)
        phone.get_by_role("link", name=f"Come in {title}").click()
        with phone.expect_response("**/state/**"):
            pass  # it asks

    def count(phone: Page) -> None:
        asked[phone] += 1

    for phone in phones:
        phone.on("request", lambda request, phone=phone: "/state/" in request.url and count(phone))
    for _ in range(8):
        with phones[0].expect_response(lambda response: "/state/" not in response.url and "/live/" in response.url):
            phones[0].evaluate("dispatchEvent(new Event('online'))")
    asked.update(dict.fromkeys(phones, 0))
    while asked[phones[1]] < 4:
        phones[1].wait_for_timeout(100)
    assert asked[phones[0]] <= 3 * asked[phones[1]]


def test_what_a_teacher_has_folded_out_stays_so(
    new_device: NewDevice, teacher: Page, classroom: Classroom, title: str
) -> None:
    phone = live_phone(new_device, teacher, classroom, title)
    expect(phone.locator("form.question")).to_be_visible()
    for words in ("Students in the round", "End the round"):
        teacher.get_by_text(words).click()
    out = teacher.get_by_role("button", name="take out")
    out.click()
    expect(heading(phone)).to_have_text("You are out of this round")
    back = teacher.get_by_role("button", name="let in again")
    expect(back).to_be_visible()
    expect(teacher.get_by_role("button", name="Yes, end it for everybody")).to_be_visible()
    back.click()
    expect(out).to_be_visible()
