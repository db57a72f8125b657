"""A teacher reads results: on a phone and a laptop, by keyboard, on paper."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import inspection, journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check, check_everywhere
from tests.browser.journeys import Account
from tests.browser.server import Server

School = tuple[Account, dict[str, str]]


@pytest.fixture(scope="module")
def school(server: Server) -> School:
    """The demonstration school with its teacher, and the address of each class's results."""
    said = server.manage("demo_school", "--students", "3")
    (password,) = re.findall(r"password (\S+)", said)
    return Account("demo", password), dict(re.findall(r"^(\w+): (/teach\S+)$", said, re.MULTILINE))


@pytest.fixture
def desk(new_device: NewDevice, signed_in: object, school: School) -> Page:
    page = new_device()
    journeys.sign_in(page, school[0])
    return page


def test_results_are_read(desk: Page, school: School) -> None:
    desk.goto(school[1]["Suspicious"])
    expect(desk.locator(".first-line")).to_contain_text("the class")
    check_everywhere(desk, "results")
    desk.get_by_role("link", name="Students by decisions").click()
    expect(desk.get_by_role("table")).to_be_visible()
    check_everywhere(desk, "results-grid")
    desk.get_by_role("link", name="Labels", exact=True).click()
    check(desk, "results-labels")
    desk.get_by_role("link", name="Decisions", exact=True).click()
    check(desk, "results-items")
    desk.get_by_role("link", name="Peace initiative: wish to negotiate").first.click()
    check_everywhere(desk, "results-item")
    number = desk.locator(".heat-count").first.bounding_box()
    assert number is not None
    assert number["width"] > 4, "the number of students stands beside the words they marked"


def test_groups_are_compared(desk: Page, school: School) -> None:
    desk.goto(school[1]["Suspicious"])
    desk.get_by_role("link", name="By wording or by side?").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("By wording or by side?")
    check(desk, "results-fairness")


def test_tests_are_planned(desk: Page, school: School) -> None:
    today = date.today()
    desk.goto(school[1]["Novices"])
    desk.get_by_role("link", name="Before and after").click()
    check(desk, "before-after-plan")
    desk.get_by_label("Test before").fill(str(today + timedelta(days=9)))
    desk.get_by_label("Test after").fill(str(today + timedelta(days=9)))
    desk.get_by_role("button", name="Plan the four tests").click()
    expect(desk.locator(".error")).to_contain_text("still open")
    check(desk)
    desk.get_by_label("Test after").fill(str(today + timedelta(days=30)))
    desk.get_by_role("button", name="Plan the four tests").click()
    expect(desk.get_by_role("heading", name="When the tests are")).to_be_visible()
    check(desk, "before-after")


def test_owners_look_at_all_classes(teacher: Page, school: School) -> None:
    teacher.goto("/teach/")
    teacher.get_by_role("link", name="Item health").click()
    expect(teacher.get_by_role("table")).to_be_visible()
    check(teacher, "item-health")
    teacher.goto("/teach/fairness/")
    check(teacher, "fairness-all")


def test_the_grid_is_read_with_the_keyboard(desk: Page, school: School) -> None:
    """The grid scrolls with the arrow keys; the names and the heads stay where they are."""
    desk.set_viewport_size({"width": inspection.PHONE, "height": inspection.HEIGHT})
    desk.goto(school[1]["Experts"] + "grid/")
    grid = desk.get_by_role("region", name="Students by decisions")
    grid.focus()
    name = desk.get_by_role("link", name="Experts 01")
    before = name.bounding_box()
    desk.keyboard.press("ArrowRight")
    for _ in range(100):
        if grid.evaluate("each => each.scrollLeft"):
            break
        desk.wait_for_timeout(50)
    assert grid.evaluate("each => each.scrollLeft") > 0
    assert name.bounding_box() == before


def test_filters_are_a_form(desk: Page, school: School) -> None:
    desk.goto(school[1]["Novices"])
    desk.get_by_text("Choose what is looked at").click()
    desk.get_by_label("Layer").select_option("source")
    desk.get_by_role("button", name="Show", exact=True).click()
    expect(desk.get_by_role("link", name="Show everything")).to_be_visible()
    expect(desk.locator("#counts-heading + * + .table-scroll")).not_to_contain_text("Spot the technique")
    check(desk)
    desk.get_by_role("link", name="Labels", exact=True).click()
    expect(desk.get_by_label("Layer")).to_have_value("source")


def test_sheets_are_printed(desk: Page, school: School) -> None:
    """One page for each student, and nothing of the screen's tools on it."""
    desk.goto(school[1]["Experts"] + "sheets/")
    check(desk, "results-sheets")
    desk.emulate_media(media="print")
    expect(desk.get_by_role("navigation", name="Results")).to_be_hidden()
    pages = desk.pdf(format="A4").count(b"/Type /Page\n")
    assert pages == 3


def test_the_grid_is_printed_on_a_wide_page(desk: Page, school: School) -> None:
    """Signs and numbers alone, so that a long set fits; below it stands which decision a number is."""
    desk.goto(school[1]["Experts"] + "grid/")
    assert b"/MediaBox [0 0 841" in desk.pdf(prefer_css_page_size=True)
    desk.set_viewport_size({"width": 1000, "height": 700})
    desk.emulate_media(media="print")
    expect(desk.locator(".grid-passage").first).to_be_hidden()
    expect(desk.locator(".grid-list li").first).to_be_visible()
    assert desk.locator(".grid-scroll").evaluate("each => each.scrollWidth <= each.clientWidth")


def test_wide_tables_are_printed_whole(desk: Page, school: School) -> None:
    """Labels against labels have more columns than a page is wide: their heads are written upwards."""
    desk.goto(school[1]["Novices"] + "labels/")
    assert b"/MediaBox [0 0 841" in desk.pdf(prefer_css_page_size=True)
    desk.set_viewport_size({"width": 1000, "height": 700})
    desk.emulate_media(media="print")
    for name in ("Students by labels", "Which label is taken for which"):
        table = desk.get_by_role("region", name=name).get_by_role("table")
        assert table.evaluate("each => each.getBoundingClientRect().right <= document.documentElement.clientWidth")


def test_how_figures_are_computed(desk: Page, school: School) -> None:
    desk.goto(school[1]["Experts"])
    desk.get_by_role("link", name=re.compile("How it is computed.*Telling apart")).click()
    expect(desk).to_have_url(re.compile("#d-prime$"))
    expect(desk.locator("#d-prime")).to_be_in_viewport()
    check(desk, "statistics")
