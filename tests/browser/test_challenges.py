"""A student disagrees, the class talks about it, the teacher accepts the alternative, and every result follows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check, check_everywhere
from tests.browser.journeys import Account
from tests.browser.server import Server

pytestmark = pytest.mark.long

TITLE = "Loaded words and labels"
WHY = "Both names can be argued for here, so both are accepted."


def test_a_student_disagrees_and_every_result_follows(own_server: Server, new_device: NewDevice) -> None:
    teacher, device = new_device(at=own_server.url), new_device(at=own_server.url)
    journeys.make_owner(teacher, own_server.setup_path, Account())
    classroom = journeys.make_class(teacher, "9b")
    journeys.assign(teacher, classroom, TITLE)
    journeys.join(device, classroom)
    journeys.begin(device, TITLE)
    journeys.play_until(device, "name")
    label, words, before = answered_wrong(device)
    check(device, "challenge-reveal")

    device.get_by_role("link", name="I disagree").click()
    expect(device.get_by_role("heading", name="What is not right about this key?")).to_be_focused()
    check_everywhere(device, "challenge-form")
    device.get_by_role("radio", name=words).check()
    device.get_by_label("another name fits these words").check()
    device.get_by_label("What should be there?").select_option(label=label)
    device.get_by_role("button", name="Send it to my teacher").click()
    expect(device.locator(".error")).to_contain_text("Give a reason")
    expect(device.get_by_label("Why?")).to_be_focused()
    device.get_by_label("Why?").fill("The words say it outright.")
    without_words(device)
    device.get_by_role("button", name="Send it to my teacher").click()
    expect(device.get_by_text("Open: your teacher has not ruled on it yet.")).to_be_visible()
    check_everywhere(device, "challenge-mine-open")

    teacher.goto(classroom.url)
    teacher.get_by_role("link", name="Contested marks").click()
    check_everywhere(teacher, "challenge-list")
    teacher.get_by_role("heading", level=2).get_by_role("link").click()
    expect(teacher.get_by_text("The words say it outright.")).to_be_visible()
    check_everywhere(teacher, "challenge-mark")
    projector = teacher.url
    teacher.get_by_role("button", name="Put it on the projector").click()
    expect(teacher.get_by_role("heading", name="Vote on your own device")).to_be_visible()
    check_everywhere(teacher, "challenge-projector")

    journeys.open_class(device)
    device.get_by_role("link", name="Vote", exact=True).click()
    device.get_by_label("with those who disagree").check()
    check_everywhere(device, "challenge-vote")
    device.get_by_role("button", name="Vote").click()
    expect(teacher.locator("#vote")).to_contain_text("1 vote")
    expect(teacher.locator("#vote")).to_contain_text("from five votes on")
    teacher.get_by_role("button", name="End the vote").click()
    expect(teacher.get_by_role("heading", name="The vote is over")).to_be_visible()

    teacher.goto(projector)
    teacher.get_by_label("accept another label as well").check()
    teacher.get_by_label("The label that is accepted as well").select_option(label=label)
    teacher.get_by_label("Your answer").fill(WHY)
    teacher.get_by_role("button", name="Rule, and rescore the answers").click()
    expect(
        teacher.get_by_text(re.compile("answers changed: 1 of 1; points, up or down: [0-9]+; students: 1"))
    ).to_be_visible()
    check_everywhere(teacher, "challenge-ruling")

    journeys.open_class(device)
    device.get_by_role("link", name="Where I disagreed, and what was rescored").click()
    expect(device.get_by_text(f"{before} points before, 100 now.")).to_be_visible()
    expect(device.get_by_text(WHY).first).to_be_visible()
    check_everywhere(device, "challenge-mine-ruled")
    assert board_points(teacher, classroom.url) >= 100

    teacher.goto("/teach/rulings/")
    check_everywhere(teacher, "challenge-rulings")
    teacher.get_by_role("main").get_by_role("heading", level=2).get_by_role("link").click()
    teacher.get_by_role("button", name="Undo it, and rescore").click()
    expect(teacher.get_by_role("heading", name="undone")).to_be_visible()
    device.reload()
    expect(device.get_by_text("this ruling was taken back.")).to_be_visible()
    assert not own_server.complaints()


def without_words(page: Page) -> None:
    """Other words should be marked, and none is: said at the passage, with the focus there and what was typed kept."""
    page.get_by_label("other words should be marked").check()
    page.get_by_role("button", name="Send it to my teacher").click()
    passage = page.get_by_role("group", name="Which words do you mean?")
    expect(passage).to_have_accessible_description(re.compile("^Mark the words that you mean."))
    expect(passage.locator("input").first).to_be_focused()
    expect(page.get_by_text("Mark the words that you mean.")).to_be_in_viewport()
    expect(page.get_by_label("Why?")).to_have_value("The words say it outright.")
    check_everywhere(page, "challenge-form-without-words")
    page.get_by_label("another name fits these words").check()


def answered_wrong(page: Page) -> tuple[str, str, int]:
    """Answer a question of names wrong: the name that was given, the words it was about, and the points."""
    for _ in range(journeys.MANY):
        chosen = journeys.options(page).nth(0)
        label, words = chosen.locator(".option-text").inner_text(), page.locator(".lit").first.inner_text()
        journeys.answer(page, option=0)
        if page.locator(".verdict").get_attribute("data-state") != "right":
            return label, words, journeys.points(page)
        journeys.go_on(page)
        journeys.play_until(page, "name")
    raise AssertionError("every answer was right")


def board_points(page: Page, address: str) -> int:
    """The points of the one student on the leaderboard."""
    page.goto(address)
    page.get_by_role("link", name=f"Leaderboard {TITLE}").click()
    expect(page.get_by_role("heading", name="Leaderboard")).to_be_visible()
    (points,) = journeys.board(page).values()
    return points
