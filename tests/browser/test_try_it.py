"""Somebody tries the game alone, from the home page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check

ORDER = ["judge"] * 3 + ["name"] * 2 + ["spot"] * 3


def test_eight_decisions_and_again(new_device: NewDevice) -> None:
    page = new_device()
    page.goto("/")
    page.get_by_role("link", name="Try it alone").click()
    expect(page.get_by_text("An invented example")).to_be_visible()
    check(page, "try-it")
    page.get_by_role("link", name="Begin").click()
    kinds: list[str] = []
    total = 0
    for position in range(1, 9):
        expect(page.get_by_text(f"Decision {position} of 8")).to_be_visible()
        check(page)
        kinds.append(journeys.answer(page, nothing=position % 2 == 0, option=position % 2))
        check(page)
        total += journeys.points(page)
        if position == 4:
            page.goto("/")
            page.get_by_role("link", name="Try it alone").click()
        else:
            journeys.go_on(page)
    assert kinds == ORDER
    expect(page.get_by_role("heading", name="You are through")).to_be_visible()
    expect(page.locator(".lead")).to_have_text(f"{total} of 800 points.")
    check(page, "try-it-finished")
    page.get_by_role("button", name="Play it again").click()
    expect(page.get_by_text("An invented example")).to_be_visible()
    page.get_by_role("link", name="Begin").click()
    expect(page.get_by_text("Decision 1 of 8")).to_be_visible()
    assert journeys.kind_of(page) == "judge"
