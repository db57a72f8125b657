"""What people set on their devices: wide text spacing, zoom, high-contrast colours, less motion; room for thumbs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import HEIGHT, LAPTOP, NARROWEST, PHONE, TOO_WIDE, at_width, check
from tests.browser.journeys import Catalogue, Classroom

pytestmark = pytest.mark.long

ZOOMED = LAPTOP // 2
"""CSS pixels that a laptop has left at 200 %."""
SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }
"""
"""WCAG 1.4.12."""
SPACED = """style => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(style)
    document.adoptedStyleSheets = [sheet]
}"""
UNSPACED = "() => { document.adoptedStyleSheets = [] }"
CUT = """() => [...document.querySelectorAll('a, button, label, h1, h2, h3, p, li, dd, dt, span, td')].filter(each => {
    const style = getComputedStyle(each)
    if (each.closest('.visually-hidden, .exhibit-rail, .skip-link') || !each.checkVisibility()) return false
    const cuts = side => ['hidden', 'clip'].includes(side)
    return (cuts(style.overflowX) && each.scrollWidth > each.clientWidth + 1)
        || (cuts(style.overflowY) && each.scrollHeight > each.clientHeight + 1)
}).map(each => `${each.tagName} ${each.className}: ${each.innerText}`.slice(0, 80))"""
"""Elements whose words do not fit and cannot be scrolled to."""
SMALL = """() => {
    const inText = each => ['P', 'LI', 'DD', 'CITE', 'SPAN', 'Q'].includes(each.parentElement.tagName)
        && each.parentElement.innerText.trim() !== each.innerText.trim()
    const seen = each => each.checkVisibility({ opacityProperty: true })
        && !each.closest('.visually-hidden, .skip-link')
    const shown = each => each.closest('label') ?? each
    return [...document.querySelectorAll('a[href], button, summary, select, input:not([type=hidden])')].filter(each => {
        if (!seen(each) && !each.closest('label.option, label.step')) return false
        if (each.closest('.passage') || (getComputedStyle(each).display === 'inline' && inText(each))) return false
        const box = shown(each).getBoundingClientRect()
        return box.width < 24 || box.height < 24
    }).map(each => `${each.tagName} ${each.className} ${each.innerText || each.name}`.slice(0, 60))
}"""
"""Targets below 24 pixels that do not stand in a line of text (WCAG 2.5.8)."""
LOOK = """each => {
    const style = getComputedStyle(each)
    return ['backgroundColor', 'backgroundImage', 'color', 'outlineStyle', 'borderColor'].map(key => style[key]).join()
}"""
LINES = """async () => {
    await document.fonts.ready
    const passage = document.querySelector('.passage'), range = document.createRange(), lines = []
    const walker = document.createTreeWalker(passage, NodeFilter.SHOW_TEXT)
    for (let node; (node = walker.nextNode());) {
        if (node.parentElement.closest('.visually-hidden, .note-ref, .sentence-unit')) continue
        for (let at = 0; at < node.length; at++) {
            range.setStart(node, at)
            range.setEnd(node, at + 1)
            const box = range.getBoundingClientRect()
            if (!box.width) continue
            if (!lines.length || Math.abs(lines.at(-1).bottom - box.bottom) > box.height / 2)
                lines.push({ bottom: box.bottom, count: 0 })
            lines.at(-1).count++
        }
    }
    return Math.max(...lines.map(line => line.count))
}"""
"""How many characters the longest line of the passage has."""
MEASURE = range(58, 73)
"""60 to 70 characters a line; a long word more or less, and numbers that stand between the words."""
PARTED = "all => all.filter(each => each.getClientRects().length > 1).map(each => each.innerText)"
MOVES = "() => document.getAnimations().filter(each => each.playState === 'running').length"


@pytest.fixture
def way(teacher: Page, classroom: Classroom, catalogue: Catalogue) -> tuple[Classroom, str]:
    title = journeys.earliest(catalogue, "spot")
    journeys.assign(teacher, classroom, title)
    return classroom, title


def walk(page: Page, classroom: Classroom, title: str, look: Callable[[Page], None]) -> None:
    """Home, join, class, question, reveal, board; a look at each."""
    page.goto("/")
    look(page)
    page.goto("/join/")
    look(page)
    journeys.join(page, classroom)
    look(page)
    journeys.begin(page, title)
    journeys.play_until(page, "spot")
    journeys.mark(page, 0, 2)
    look(page)
    journeys.answer(page)
    look(page)
    page.goto(page.url.rsplit("/", 2)[0] + "/leaderboard/")
    look(page)


def test_wide_spacing_zoom_and_thumbs(new_device: NewDevice, way: tuple[Classroom, str]) -> None:
    def look(page: Page) -> None:
        page.evaluate(SPACED, SPACING)
        for width in (NARROWEST, ZOOMED, LAPTOP):
            with at_width(page, width):
                assert page.evaluate(TOO_WIDE) == [], f"{page.url} at {width} with wide spacing"
                assert page.evaluate(CUT) == [], f"{page.url} at {width} with wide spacing"
        page.evaluate(UNSPACED)
        assert page.evaluate(SMALL) == [], page.url

    page = new_device(viewport={"width": PHONE, "height": HEIGHT}, has_touch=True)
    walk(page, *way, look)


def test_high_contrast_colours_show_what_is_chosen(new_device: NewDevice, way: tuple[Classroom, str]) -> None:
    """With the system's few colours a mark, a choice and the player's own row still differ from their neighbours."""
    page = new_device(forced_colors="active", reduced_motion="reduce")
    walk(page, *way, lambda page: None)
    own = page.locator(".leaderboard-row.is-me")
    assert own.evaluate(LOOK) != page.locator(".leaderboard").evaluate(LOOK)
    journeys.open_class(page)
    journeys.begin(page, way[1])
    journeys.play_until(page, "spot")
    journeys.mark(page, 0, 2)
    words = journeys.words(page).locator("span")
    assert words.nth(0).evaluate(LOOK) != words.nth(5).evaluate(LOOK)
    journeys.options(page).first.click()
    assert journeys.options(page).first.evaluate(LOOK) != journeys.options(page).last.evaluate(LOOK)
    check(page, "forced-colours")


def test_the_key_settles_unless_less_motion_is_wanted(new_device: NewDevice, way: tuple[Classroom, str]) -> None:
    calm, lively = new_device(reduced_motion="reduce"), new_device(reduced_motion="no-preference")
    for page in (calm, lively):
        journeys.join(page, way[0])
        journeys.begin(page, way[1])
        journeys.answer(page)
        page.reload()
        page.wait_for_function("document.readyState === 'complete'")
        names = page.evaluate("() => document.getAnimations().map(each => each.animationName)")
        assert bool({"stamp"} & {*names}) == (page is lively), names
        expect(page.locator(".score")).to_be_visible()
    assert calm.evaluate(MOVES) == 0


def test_reading_order(teacher: Page, classroom: Classroom, new_device: NewDevice, way: tuple[Classroom, str]) -> None:
    """As a screen reader goes through the accessibility tree: the verdict, the passage in its frame, then the notes."""
    page = new_device()
    journeys.join(page, classroom)
    journeys.begin(page, way[1])
    journeys.play_until(page, "spot")
    journeys.answer(page)
    tree = page.locator("main").aria_snapshot()
    places = [tree.index(words) for words in ("heading", "What is on record", "Text under examination", "Go on")]
    assert places == sorted(places), tree
    assert tree.index("Text under examination") < tree.index("article") < tree.index("Go on"), tree


def test_lines_have_60_to_70_characters_where_there_is_room(new_device: NewDevice, way: tuple[Classroom, str]) -> None:
    """Before the answer and after it, with the notes beside the passage."""
    page = new_device(viewport={"width": LAPTOP, "height": HEIGHT})
    journeys.join(page, way[0])
    journeys.begin(page, way[1])
    journeys.play_until(page, "spot")
    assert page.evaluate(LINES) in MEASURE
    journeys.answer(page)
    assert page.evaluate(LINES) in MEASURE


def test_the_bar_of_a_class_stays_in_its_place(teacher: Page, classroom: Classroom) -> None:
    """From page to page, whether there is a table or a form below it."""
    places = set()
    for page in ("students/", "roster/", "teachers/", "settings/", "results/"):
        teacher.goto(classroom.url + page)
        bar = teacher.get_by_role("navigation", name="This class").bounding_box()
        assert bar
        places.add(bar["x"])
    assert len(places) == 1


def test_numbers_of_notes_stay_whole(teacher: Page) -> None:
    """A line never ends between the edge of a number's ground and the number."""
    teacher.goto("/teach/texts/")
    teacher.locator("main h2 a").last.click()
    expect(teacher.locator(".note-ref").first).to_be_visible()
    for width in (*range(NARROWEST, ZOOMED, 20), LAPTOP):
        with at_width(teacher, width):
            assert teacher.locator(".note-ref").evaluate_all(PARTED) == [], width


def test_a_qr_code_keeps_its_ground(teacher: Page, classroom: Classroom) -> None:
    """High-contrast colours would put it black on black."""
    teacher.emulate_media(forced_colors="active", color_scheme="dark")
    teacher.goto(classroom.url)
    assert teacher.locator(".qr").evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(255, 255, 255)"
