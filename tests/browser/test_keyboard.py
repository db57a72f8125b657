"""A student's whole way by keys alone, always seeing where the focus is."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check
from tests.browser.journeys import Catalogue, Classroom

FURTHEST = 80
"""Tab stops until we give up."""

FOCUSED = """() => {
    const focused = document.activeElement
    if (focused === document.body) return ''
    const label = focused.labels && focused.labels[0]
    return (focused.getAttribute('aria-label') || (label || focused).innerText || focused.name || focused.id).trim()
}"""
SHOWS_FOCUS = """() => {
    const focused = document.activeElement
    const shows = each => {
        const style = getComputedStyle(each)
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none'
    }
    const box = (focused.closest('label') || focused).getBoundingClientRect()
    const near = [focused, focused.closest('label'), focused.nextElementSibling].filter(Boolean)
    return near.some(shows) && box.width > 0 && box.bottom > 0 && box.top < innerHeight
}"""


def test_the_whole_way(teacher: Page, classroom: Classroom, catalogue: Catalogue, new_device: NewDevice) -> None:
    titles = journeys.covering(catalogue)
    for title in titles:
        journeys.assign(teacher, classroom, title)

    # In by the code.
    page = new_device()
    page.goto("/")
    tab_to(page, "Class code")
    page.keyboard.type(classroom.code)
    enter(page)
    tab_to(page, "Enter with this name")
    enter(page)
    tab_to(page, "I have them")
    enter(page)
    expect(page.locator(".phrase")).to_have_count(0)

    # One of each kind.
    seen: set[str] = set()
    for title in titles:
        tab_to(page, f"Begin {title}")
        enter(page)
        if page.get_by_role("link", name="Begin", exact=True).count():
            tab_to(page, "Begin")
            enter(page)
        wanted = set(catalogue[title]) - seen
        while wanted - seen:
            kind = journeys.kind_of(page)
            _answer(page, kind)
            expect(page.locator(".verdict")).to_be_visible()
            expect(journeys.task(page)).to_be_focused()
            seen.add(kind)
            tab_to(page, "Go on")
            enter(page)
        journeys.open_class(page)
    assert seen == set(journeys.KINDS.values())

    # And the board.
    tab_to(page, f"Leaderboard {titles[0]}")
    enter(page)
    expect(page.locator(".leaderboard-row.is-me")).to_be_visible()
    tab_to(page, "Back to the class")
    check(page)


def test_a_teachers_first_lesson(teacher: Page, catalogue: Catalogue) -> None:
    """From the sign-in to a set that is given and a round that waits, by keys alone."""
    teacher.goto("/teach/")
    tab_to(teacher, "Name of the class")
    teacher.keyboard.type("by keys alone")
    enter(teacher)
    expect(teacher.get_by_role("heading", name="by keys alone", level=1)).to_be_visible()
    tab_to(teacher, "Set")
    teacher.keyboard.press("ArrowDown")
    tab_to(teacher, "Assign to the class")
    enter(teacher)
    expect(teacher.get_by_role("status").filter(has_text="is assigned")).to_be_visible()
    tab_to(teacher, "Letter to parents")
    enter(teacher)
    tab_to(teacher, "Print")
    tab_to(teacher, "About this game, and what it stores")


def test_skip_link(new_device: NewDevice) -> None:
    page = new_device()
    page.goto("/about/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_reveal_leads_from_the_passage_to_the_note(
    teacher: Page, classroom: Classroom, catalogue: Catalogue, new_device: NewDevice
) -> None:
    """The number at the marked words is a link to its note, and the long explanation unfolds."""
    title = journeys.earliest(catalogue, "name", "evidence")
    journeys.assign(teacher, classroom, title)
    page = new_device()
    journeys.join(page, classroom)
    journeys.begin(page, title)
    journeys.play_until(page, "name", "evidence")
    journeys.answer(page)
    tab_to(page, " ".join(page.locator(".note-ref").first.inner_text().split()))
    page.keyboard.press("Enter")
    expect(page.locator(".note").first).to_be_focused()
    more = page.locator(".note-more summary").first
    page.keyboard.press("Tab")
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".note-body").first).to_be_visible()
    check(page)


def _comes(page: Page, condition: str) -> bool:
    """Whether it holds before long: a page scrolls to what has the focus."""
    for _ in range(60):
        if page.evaluate(condition):
            return True
        page.wait_for_timeout(50)
    return False


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has this name has the focus; at every stop the focus is to be seen."""
    passed: list[str] = []
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        focused = " ".join(page.evaluate(FOCUSED).split())
        if not focused:
            continue  # at the end, in the browser's own bar
        assert _comes(page, SHOWS_FOCUS), f"{page.url}: no focus to be seen on {focused!r} after {passed}"
        if focused == name:
            return
        passed.append(focused)
    raise AssertionError(f"{page.url}: Tab does not lead to {name!r}, but to {passed[:30]}")


def enter(page: Page) -> None:
    """Press Enter and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _answer(page: Page, kind: str) -> None:
    if kind in journeys.MARKING:
        tab_to(page, "Take sentence 1 whole")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        page.keyboard.press("Shift+ArrowRight")
        assert journeys.marked(page) == [0, 1]
    if kind == "markup":
        tab_to(page, "Name my marks")
        page.keyboard.press("Enter")
        name = page.locator(".runs-to-name select")
        expect(name).to_be_visible()
        expect(page.get_by_text("Name each of your marks")).to_be_focused()
        tab_to(page, page.locator(".runs-to-name label").inner_text())
        page.keyboard.press("ArrowDown")
        assert name.input_value()
        tab_to(page, "Submit my marks")
    elif kind in journeys.MARKING:
        _choose(page, "label.option")
        tab_to(page, "Submit my mark")
    else:
        _choose(page, "label.option")
        if kind == "judge":
            _choose(page, "label.step")
        tab_to(page, "Submit")
    page.keyboard.press("Enter")


def _choose(page: Page, options: str) -> None:
    """Tab into a group of radio buttons and take the first."""
    first = page.locator(options).first
    tab_to(page, " ".join(first.inner_text().split()))
    page.keyboard.press("Space")
    expect(first.locator("input")).to_be_checked()
