"""The whole game with check boxes, radio buttons and plain forms: scripts may be blocked, or not arrive."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check
from tests.browser.journeys import Catalogue, Classroom

pytestmark = pytest.mark.long


@pytest.fixture
def plain(new_device: NewDevice) -> Page:
    """A device without JavaScript."""
    return new_device(scripts=False)


def test_the_starter_set(plain: Page) -> None:
    plain.goto("/")
    check(plain)
    plain.get_by_role("link", name="Try it alone").click()
    plain.get_by_role("link", name="Begin").click()
    kinds = []
    for _ in range(8):
        check(plain)
        kinds.append(journeys.answer(plain))
        check(plain)
        journeys.go_on(plain)
    assert kinds == ["judge"] * 3 + ["name"] * 2 + ["spot"] * 3
    expect(plain.get_by_role("heading", name="You are through")).to_be_visible()
    check(plain)


def test_an_answer_of_every_kind(teacher: Page, classroom: Classroom, catalogue: Catalogue, plain: Page) -> None:
    seen: set[str] = set()
    journeys.join(plain, classroom)
    for title in journeys.covering(catalogue):
        journeys.assign(teacher, classroom, title)
        journeys.open_class(plain)
        journeys.begin(plain, title)
        _answer_new_kinds(plain, seen, set(catalogue[title]) - seen)
    assert seen == set(journeys.KINDS.values())


def test_what_lacks_is_said_at_its_place(
    teacher: Page, classroom: Classroom, catalogue: Catalogue, plain: Page
) -> None:
    title = journeys.earliest(catalogue, "spot", "source")
    journeys.assign(teacher, classroom, title)
    journeys.join(plain, classroom)
    journeys.begin(plain, title)
    journeys.play_until(plain, "spot", "source")
    expect(journeys.options(plain).first).to_be_visible()
    journeys.words(plain).nth(2).click()
    plain.get_by_role("button", name="Submit my mark").click()
    expect(plain.get_by_text("Choose a name for the words that you marked.")).to_be_visible()
    assert journeys.marked(plain) == [2]
    check(plain)
    journeys.words(plain).nth(4).click()
    journeys.options(plain).nth(1).click()
    plain.get_by_role("button", name="Submit my mark").click()
    expect(plain.locator(".verdict")).to_be_visible()
    plain.reload()
    expect(plain.locator(".verdict")).to_be_visible()


def test_the_board(teacher: Page, classroom: Classroom, catalogue: Catalogue, plain: Page) -> None:
    title = next(iter(catalogue))
    journeys.assign(teacher, classroom, title)
    name = journeys.join(plain, classroom).nickname
    journeys.begin(plain, title)
    journeys.answer(plain)
    points = journeys.points(plain)
    journeys.open_class(plain)
    plain.get_by_role("link", name=f"Leaderboard {title}").click()
    assert journeys.board(plain) == {name: points}
    check(plain)


def test_a_live_round(new_device: NewDevice, teacher: Page, classroom: Classroom, catalogue: Catalogue) -> None:
    """Teacher and student without scripts: a link says where the round stands."""
    title = next(iter(catalogue))
    desk, phone = (
        new_device(scripts=False, **more) for more in ({"storage_state": teacher.context.storage_state()}, {})
    )
    desk.goto(classroom.url)
    desk.get_by_role("link", name="Live in class").click()
    desk.get_by_label("Set", exact=True).select_option(label=title)
    desk.get_by_role("button", name="Open the lobby").click()
    name = journeys.join(phone, classroom).nickname
    phone.get_by_role("link", name=f"Come in {title}").click()

    def look(page: Page) -> None:
        page.get_by_role("link", name="See where the round stands now").click()

    def step(words: str) -> None:
        desk.get_by_role("button", name=words, exact=True).click()
        look(phone)

    look(desk)
    expect(desk.locator(".live-seat")).to_contain_text(name)
    for page in (desk, phone):
        check(page)
    step("Begin: first passage")
    expect(journeys.task(phone)).to_have_text("Read. Answers open in a moment.")
    step("Open the answers")
    journeys.fill_in(phone, journeys.kind_of(phone)).click()
    expect(journeys.task(phone)).to_have_text("Saved")
    look(desk)
    expect(desk.locator(".live-counts")).to_have_text("1 of 1 answered")
    step("Lock the answers")
    step("Reveal the key")
    expect(phone.get_by_text("Only you see this.")).to_be_visible()
    desk.goto(f"{desk.url}projector/")
    expect(desk.locator("#stage-heading")).to_have_text("The key")
    check(desk)
    step("What the class answered")
    expect(desk.locator("#stage-heading")).to_have_text("What the class answered")


def _answer_new_kinds(page: Page, seen: set[str], wanted: set[str]) -> None:
    """Play until the wanted kinds have been answered, with a look at each before and after."""
    while wanted - seen:
        kind = journeys.kind_of(page)
        fresh = kind not in seen
        if fresh:
            check(page)
        journeys.answer(page, nothing=not fresh)
        if fresh:
            check(page)
            seen.add(kind)
        journeys.go_on(page)
