"""Nothing that was answered is ever lost or counted twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check, watch
from tests.browser.journeys import Account, Catalogue, Classroom
from tests.browser.server import Server

OFFLINE = (
    "ERR_CONNECTION_REFUSED",
    "ERR_INCOMPLETE_CHUNKED_ENCODING",
    "ERR_CONNECTION_RESET",
    "htmx:sendError",
    "htmx:afterRequest",
)
"""What Chromium and htmx write when the server does not answer."""


@pytest.fixture
def title(teacher: Page, classroom: Classroom, catalogue: Catalogue) -> str:
    """An assigned set."""
    title = next(iter(catalogue))
    journeys.assign(teacher, classroom, title)
    return title


def test_refresh_and_back(new_device: NewDevice, classroom: Classroom, title: str) -> None:
    page = new_device()
    journeys.join(page, classroom)
    journeys.begin(page, title)
    journeys.answer(page)
    points = journeys.points(page)
    verdict = page.locator(".verdict").inner_text()
    page.reload()
    assert page.locator(".verdict").inner_text() == verdict
    journeys.go_on(page)
    second = page.url
    page.reload()
    expect(page.locator("form.question")).to_be_visible()
    page.go_back()
    assert page.locator(".verdict").inner_text() == verdict
    journeys.go_on(page)
    assert page.url == second
    journeys.answer(page, nothing=True)
    points += journeys.points(page)

    # From the class page the student goes on at the third decision, and cannot jump ahead of it.
    journeys.open_class(page)
    expect(page.get_by_text("2 of ")).to_be_visible()
    journeys.begin(page, title)
    expect(page.get_by_text("Decision 3 of ")).to_be_visible()
    third = page.url
    page.goto(third.replace("/3/", "/5/"))
    assert page.url == third
    journeys.open_class(page)
    page.get_by_role("link", name=f"Leaderboard {title}").click()
    assert list(journeys.board(page).values()) == [points]


def test_four_words_bring_one_back_on_another_device(
    new_device: NewDevice, teacher: Page, classroom: Classroom, title: str
) -> None:
    phone = new_device()
    student = journeys.join(phone, classroom)
    journeys.begin(phone, title)
    journeys.answer(phone)

    laptop = new_device()
    laptop.goto("/")
    laptop.get_by_label("Class code").fill(classroom.code.lower())
    laptop.get_by_role("button", name="Join", exact=True).click()
    check(laptop, "nickname")
    laptop.get_by_role("link", name="I was in this class before").click()
    check(laptop, "come-back")
    laptop.get_by_label("Your four words").fill("not the right words")
    laptop.get_by_role("button", name="Come back").click()
    expect(laptop.get_by_text("Nobody in this class has these four words")).to_be_visible()
    expect(laptop.get_by_label("Your four words")).to_have_value("not the right words")
    check(laptop)
    laptop.get_by_label("Your four words").fill(student.phrase.upper().replace(" ", "  "))
    laptop.get_by_role("button", name="Come back").click()
    expect(laptop.get_by_role("heading", name=f"You are {student.nickname}")).to_be_visible()
    journeys.begin(laptop, title)
    expect(laptop.get_by_text("Decision 2 of ")).to_be_visible()
    journeys.answer(laptop)

    # Both devices are the same student.
    journeys.open_class(phone)
    expect(phone.get_by_text("2 of ")).to_be_visible()

    # Lost words are renewed by the teacher; the old devices are out.
    teacher.goto(classroom.url)
    teacher.get_by_role("button", name=f"New words {student.nickname}").click()
    check(teacher, "new-words")
    renewed = teacher.locator(".phrase").inner_text()
    assert renewed != student.phrase
    phone.reload()
    expect(phone.get_by_role("heading", name="Come back with your four words")).to_be_visible()
    phone.get_by_label("Your four words").fill(renewed)
    phone.get_by_role("button", name="Come back").click()
    expect(phone.get_by_role("heading", name=f"You are {student.nickname}")).to_be_visible()


def test_the_four_words_are_shown_until_they_are_written_down(new_device: NewDevice, classroom: Classroom) -> None:
    page = new_device()
    page.goto("/")
    page.get_by_label("Class code").fill("XXXXXX")
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_text("There is no class with this code")).to_be_visible()
    check(page, "join-wrong-code")
    page.get_by_label("Class code").fill(f" {classroom.code[:3]} {classroom.code[3:].lower()}")
    page.get_by_role("button", name="Go on").click()
    offered = page.locator(".nickname-big").inner_text()
    page.get_by_role("link", name="Another name").click()
    expect(page.locator(".nickname-big")).not_to_have_text(offered)
    page.get_by_role("button", name="Enter with this name").click()
    phrase = page.locator(".phrase").inner_text()
    assert len(phrase.split()) == 4
    check(page, "lobby")
    page.reload()
    expect(page.locator(".phrase")).to_have_text(phrase)
    page.get_by_role("button", name="I have them").click()
    expect(page.get_by_text("Nothing to play yet")).to_be_visible()
    expect(page.locator(".phrase")).to_have_count(0)
    check(page, "lobby-empty")
    page.get_by_role("button", name="Leave the class on this device").click()
    expect(page.get_by_label("Class code")).to_be_visible()


def test_a_power_cut(own_server: Server, new_device: NewDevice) -> None:
    """Killed and started again: every answer that was acknowledged is there, and the student goes on."""
    teacher, phone = new_device(at=own_server.url), new_device(at=own_server.url)
    for page in (teacher, phone):
        watch(page.context).expect(*OFFLINE)
    journeys.make_owner(teacher, own_server.setup_path, Account())
    classroom = journeys.make_class(teacher, "power cut")
    title = next(iter(journeys.read_catalogue(teacher)))
    journeys.assign(teacher, classroom, title)
    name = journeys.join(phone, classroom).nickname
    journeys.begin(phone, title)
    total = 0
    for _ in range(2):
        journeys.answer(phone)
        total += journeys.points(phone)
        journeys.go_on(phone)
    journeys.open_projector(teacher, classroom, title)
    journeys.answer(phone, nothing=True)
    last = journeys.points(phone)
    own_server.kill()
    own_server.start()
    assert not own_server.setup_path, "the account is there"

    phone.reload()
    assert journeys.points(phone) == last
    journeys.go_on(phone)
    expect(phone.get_by_text("Decision 4 of ")).to_be_visible()
    journeys.answer(phone)
    total += last + journeys.points(phone)
    expect(teacher.locator(".points strong")).to_have_text(str(total))
    expect(teacher.locator(".decisions")).to_have_text("4 decisions")
    assert journeys.board(teacher) == {name: total}


def test_an_answer_that_did_not_get_through_is_sent_again(own_server: Server, new_device: NewDevice) -> None:
    teacher, phone = new_device(at=own_server.url), new_device(at=own_server.url)
    for page in (teacher, phone):
        watch(page.context).expect(*OFFLINE)
    journeys.make_owner(teacher, own_server.setup_path, Account())
    classroom = journeys.make_class(teacher, "no network")
    catalogue = journeys.read_catalogue(teacher)
    title = journeys.earliest(catalogue, "spot", "source")
    journeys.assign(teacher, classroom, title)
    journeys.join(phone, classroom)
    journeys.begin(phone, title)
    journeys.play_until(phone, "spot", "source")
    journeys.mark(phone, 1, 3)
    journeys.options(phone).first.click()
    own_server.kill()
    send = phone.get_by_role("button", name="Submit my mark")
    with phone.expect_event("requestfailed"):
        send.click()
    assert journeys.marked(phone) == [1, 2, 3]
    own_server.start()
    expect(phone.locator(".verdict")).to_be_visible()
    expect(phone.locator(".my-answer")).to_contain_text("“")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_is_one_answer(
    new_device: NewDevice, teacher: Page, classroom: Classroom, title: str, scripts: bool
) -> None:
    page = new_device(scripts=scripts)
    name = journeys.join(page, classroom).nickname
    journeys.begin(page, title)
    journeys.fill_in(page, journeys.kind_of(page)).dblclick()
    expect(page.locator(".verdict")).to_be_visible()
    points = journeys.points(page)
    journeys.open_projector(teacher, classroom, title)
    expect(teacher.locator(".decisions")).to_have_text("1 decision")
    assert journeys.board(teacher) == {name: points}
