"""A teacher builds a set with the mouse and with the keyboard, and plays it as a student would."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import inspection, journeys
from tests.browser.inspection import check


def begin(teacher: Page, title: str) -> None:
    teacher.goto("/teach/sets/")
    teacher.get_by_label("Title").fill(title)
    teacher.get_by_role("button", name="Begin the set").click()
    expect(teacher.get_by_role("heading", name=title)).to_be_visible()


def add(teacher: Page, count: int) -> None:
    """Add the first passages of the material, in the first way that each offers."""
    for number in range(count):
        place = teacher.locator(".place").nth(number)
        place.get_by_role("button").click()
        expect(place.locator(".in-set")).to_be_visible()


def names(teacher: Page) -> list[str]:
    return teacher.locator(".build-item h3 + p > strong").all_inner_texts()


def test_a_set_is_built_without_leaving_the_material(teacher: Page) -> None:
    begin(teacher, "Built by hand")
    check(teacher, "set-edit-empty")
    teacher.get_by_role("link", name="Add passages").first.click()
    check(teacher, "material")
    journeys.stay_here(teacher)
    add(teacher, 3)
    expect(teacher.locator("#live")).to_have_text("Added to “Built by hand”.")
    teacher.get_by_label("Clean or marked").select_option("clean")
    teacher.get_by_label("Layer").select_option("source")
    expect(teacher.locator(".found").first).to_contain_text("Sources: clean")
    check(teacher)
    assert journeys.is_still_here(teacher)
    teacher.get_by_role("link", name="Back to building it").click()
    expect(teacher.locator(".build-item")).to_have_count(3)
    expect(teacher.locator(".build-meter")).to_contain_text("All passages are from one text")
    check(teacher, "set-edit")
    teacher.get_by_text("The passage with its key").first.click()
    check(teacher)
    teacher.get_by_role("link", name="Preview as a student").click()
    check(teacher, "set-preview")
    teacher.get_by_role("link", name="Begin").click()
    check(teacher, "preview-exercise")


def test_the_order_is_made_by_dragging_and_by_keyboard(teacher: Page) -> None:
    teacher.set_viewport_size({"width": inspection.LAPTOP, "height": 1800})
    begin(teacher, "Put in order")
    teacher.get_by_role("link", name="Add passages").first.click()
    add(teacher, 4)
    teacher.get_by_role("link", name="Back to building it").click()
    journeys.stay_here(teacher)
    one, two, three, four = names(teacher)

    # By keyboard: the focus stays on the button, which has moved with its decision.
    down = teacher.get_by_role("button", name="Down decision 1")
    down.focus()
    for place in (2, 3, 4):
        teacher.keyboard.press("Enter")
        expect(teacher.locator("#live")).to_have_text(f"Moved to place {place}.")
    assert names(teacher) == [two, three, four, one]
    teacher.keyboard.press("Shift+Tab")
    teacher.keyboard.press("Enter")
    expect(teacher.locator("#live")).to_have_text("Moved to place 3.")
    assert names(teacher) == [two, three, one, four]
    expect(teacher.get_by_role("button", name="Up decision 3")).to_be_focused()

    # By dragging: what is let go is saved, and Escape puts it back.
    drag(teacher, 3, 0)
    teacher.mouse.up()
    expect(teacher.locator("#live")).to_have_text("The order is saved.")
    assert names(teacher) == [four, two, three, one]
    drag(teacher, 0, 2)
    assert names(teacher) != [four, two, three, one]
    teacher.keyboard.press("Escape")
    teacher.mouse.up()
    assert names(teacher) == [four, two, three, one]

    # A removed decision leaves the focus where it was.
    teacher.get_by_role("button", name="Remove decision 2").click()
    expect(teacher.locator(".build-item")).to_have_count(3)
    expect(teacher.get_by_role("button", name="Remove decision 2")).to_be_focused()
    assert journeys.is_still_here(teacher)
    teacher.reload()
    assert names(teacher) == [four, three, one]


def test_a_refused_form_comes_into_view_where_it_is_wrong(teacher: Page) -> None:
    begin(teacher, "Too long a lesson")
    minutes = teacher.get_by_label("Minutes that you plan")
    minutes.fill("999")
    teacher.get_by_label("Title").locator("xpath=ancestor::form").get_by_role("button", name="Save").click()
    expect(minutes).to_be_focused()
    expect(minutes).to_be_in_viewport()
    expect(minutes).to_have_value("999")
    check(teacher)


def drag(teacher: Page, item: int, to: int) -> None:
    """Take an item by its grip and hold it over the place of another one."""
    items = teacher.locator(".build-item")
    grip = items.nth(item).locator("[data-grip]").bounding_box()
    target = items.nth(to).bounding_box()
    assert grip
    assert target
    x = grip["x"] + 5
    teacher.mouse.move(x, grip["y"] + 5)
    teacher.mouse.down()
    edge = target["y"] + (5 if to < item else target["height"] - 5)
    teacher.mouse.move(x, edge, steps=12)
