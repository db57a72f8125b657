"""Steps of the journeys, so that tests read as stories. They do what hands do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.browser.server import Server

KINDS = {
    "Spot the technique": "spot",
    "Find the missing source": "source",
    "Name it": "name",
    "What would settle it?": "evidence",
    "Judge, and how sure": "judge",
    "Mark up everything": "markup",
}
MARKING = ("spot", "source", "markup")
READY_MADE = "#ready_made h3 a"
"""Links to the ready-made sets on the page of the sets."""
MANY = 60
"""More decisions than any set has."""

FETCH = "address => fetch(address).then(response => response.text())"

Catalogue = dict[str, list[str]]
"""The kinds of every set's decisions, in order, by the set's title."""
Look = Callable[[Page, str], None]
"""What a test does at a question or a reveal of a kind."""


@dataclass(frozen=True)
class Account:
    username: str = "ada"
    password: str = "a kettle, a map and rain"


@dataclass(frozen=True)
class Classroom:
    url: str
    name: str
    code: str


@dataclass(frozen=True)
class Student:
    nickname: str
    phrase: str


def nothing_more(page: Page, kind: str) -> None:
    """A look that does not look."""


# The teacher


def make_owner(page: Page, setup_path: str, account: Account) -> None:
    """Open the first-run link and make the owner's account."""
    page.goto(setup_path)
    page.get_by_label("Name to sign in with").fill(account.username)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="My classes", level=1)).to_be_visible()


def owner_of(browser: Browser, server: Server, account: Account, **options: Any) -> StorageState:
    """The owner's cookies, after the first-run link was used. `options` as `Browser.new_context` has them."""
    context = browser.new_context(**{"base_url": server.url} | options)
    make_owner(context.new_page(), server.setup_path, account)
    state = context.storage_state()
    context.close()
    return state


def sign_in(page: Page, account: Account) -> None:
    page.goto("/")
    page.get_by_role("link", name="Teachers: sign in").click()
    page.get_by_label("Name to sign in with").fill(account.username)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My classes", level=1)).to_be_visible()


def make_class(page: Page, name: str) -> Classroom:
    page.goto("/teach/")
    page.get_by_label("Name of the class").fill(name)
    page.get_by_role("button", name="Make the class").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    code = page.locator(".code-big").inner_text().split()[-1]
    return Classroom(page.url, name, code)


def assign(page: Page, classroom: Classroom, title: str) -> None:
    page.goto(classroom.url)
    page.get_by_label("Set", exact=True).select_option(label=title)
    page.get_by_role("button", name="Assign to the class").click()
    expect(page.get_by_role("status").filter(has_text=f"{title} is assigned")).to_be_visible()


def open_projector(page: Page, classroom: Classroom, title: str) -> None:
    page.goto(classroom.url)
    page.get_by_role("link", name=f"Leaderboard {title}").click()
    expect(page.get_by_role("heading", name="Leaderboard")).to_be_visible()


def read_catalogue(page: Page) -> Catalogue:
    """Look through every ready-made set, as a teacher does before assigning one; other tests build own ones."""
    page.goto("/teach/sets/")
    addresses = {link.inner_text(): link.get_attribute("href") or "" for link in page.locator(READY_MADE).all()}
    return {title: _kinds(page.evaluate(FETCH, address)) for title, address in addresses.items()}


def _kinds(page: str) -> list[str]:
    return [KINDS[name] for name in re.findall(r"<h2>\s*\d+\.\s*(.+?)\s*<span", page)]


def earliest(catalogue: Catalogue, *kinds: str) -> str:
    """The set in which one of these kinds comes first."""
    found = {
        title: min(own.index(k) for k in kinds if k in own) for title, own in catalogue.items() if {*kinds} & {*own}
    }
    assert found, f"no set that can be assigned has {' or '.join(kinds)}"
    return min(found, key=lambda title: found[title])


def covering(catalogue: Catalogue) -> list[str]:
    """A few sets in which each of the six kinds is played."""
    missing, chosen = set(KINDS.values()), list[str]()
    while missing:
        title = max(catalogue, key=lambda each: (len(missing & {*catalogue[each]}), -len(catalogue[each])))
        assert missing & {*catalogue[title]}, f"no set that can be assigned has {', '.join(sorted(missing))}"
        missing -= {*catalogue[title]}
        chosen.append(title)
    return chosen


# The student


def join(page: Page, classroom: Classroom) -> Student:
    """Type the code, take the nickname, and write the four words down."""
    page.goto("/")
    page.get_by_label("Class code").fill(classroom.code)
    page.get_by_role("button", name="Join", exact=True).click()
    nickname = page.locator(".nickname-big").inner_text()
    page.get_by_role("button", name="Enter with this name").click()
    expect(page.get_by_role("heading", name=f"You are {nickname}")).to_be_visible()
    phrase = page.locator(".phrase").inner_text()
    page.get_by_role("button", name="I have them").click()
    expect(page.locator(".phrase")).to_have_count(0)
    return Student(nickname, phrase)


def open_class(page: Page) -> None:
    """Back to the class page, from any page of a class."""
    page.goto(re.sub(r"(/class/[^/]+/).*", r"\1", page.url))
    expect(page.get_by_role("heading", name=re.compile("^You are "))).to_be_visible()


def begin(page: Page, title: str) -> None:
    """Begin a set, or go on with it, from the class page; past the example where there is one."""
    page.get_by_role("link", name=re.compile(f"^(Begin|Go on) {re.escape(title)}$")).click()
    page.wait_for_url(re.compile(r"/play/"))
    if page.get_by_role("link", name="Begin", exact=True).count():
        page.get_by_role("link", name="Begin", exact=True).click()
    expect(page.locator("form.question, .verdict")).to_be_visible()


def is_through(page: Page) -> bool:
    return page.url.endswith("/finished/")


def task(page: Page) -> Locator:
    return page.locator("#task")


def kind_of(page: Page) -> str:
    """The kind of the question on the page, as its form shows it."""
    form = page.locator("form.question")
    expect(form).to_be_visible()
    if form.locator("[data-marking=multiple]").count():
        return "markup"
    if form.locator("[data-marking=single]").count():
        return "spot" if "technique" in task(page).inner_text() else "source"
    if form.locator("[name=flagged]").count():
        return "judge"
    return "evidence" if "settle" in task(page).inner_text() else "name"


def words(page: Page) -> Locator:
    return page.locator("label.word")


def marked(page: Page) -> list[int]:
    """Which words are marked, as the form would send it."""
    return [int(box.get_attribute("value") or "") for box in page.locator("input[name=w]:checked").all()]


def options(page: Page) -> Locator:
    return page.locator("label.option")


def mark(page: Page, first: int, last: int | None = None) -> None:
    """Tap the first and the last word of a run."""
    words(page).nth(first).click()
    if last is not None:
        words(page).nth(last).click()


def fill_in(page: Page, kind: str, *, nothing: bool = False, option: int = 0) -> Locator:
    """Give the question on the page an answer; the button that sends it comes back."""
    if kind in MARKING and nothing:
        return page.locator("button[name=nothing]")
    if kind == "markup":
        mark(page, 0)
        page.get_by_role("button", name="Name my marks").click()
        names = page.locator(".runs-to-name select")
        expect(names.first).to_be_visible()
        for select in names.all():
            select.select_option(index=option + 1)
        return page.get_by_role("button", name="Submit my marks")
    if kind in MARKING:
        mark(page, 0, 2)
        options(page).nth(option).click()
        return page.get_by_role("button", name="Submit my mark")
    options(page).nth(min(option + nothing, 1) if kind == "judge" else option).click()
    if kind == "judge":
        page.locator("label.step").nth(option).click()
    return page.get_by_role("button", name="Submit")


def answer(page: Page, *, nothing: bool = False, option: int = 0) -> str:
    """Answer the question on the page and wait for the verdict; the kind comes back."""
    kind = kind_of(page)
    fill_in(page, kind, nothing=nothing, option=option).click()
    expect(page.locator(".verdict")).to_be_visible()
    return kind


def points(page: Page) -> int:
    """The points of the reveal on the page; none for practice."""
    found = page.locator(".score-points")
    return int(found.inner_text()) if found.count() else 0


def go_on(page: Page) -> None:
    page.get_by_role("link", name="Go on", exact=True).click()
    expect(page.locator("form.question, .report, .lead").first).to_be_visible()


def play_to_the_end(
    page: Page, *, question: Look = nothing_more, reveal: Look = nothing_more, nothing: bool = False, option: int = 0
) -> int:
    """Answer everything that is left; the sum of the points comes back."""
    total = 0
    for _ in range(MANY):
        if is_through(page):
            return total
        question(page, kind_of(page))
        kind = answer(page, nothing=nothing, option=option)
        reveal(page, kind)
        total += points(page)
        go_on(page)
    raise AssertionError(f"no end after {MANY} decisions")


def play_until(page: Page, *kinds: str) -> None:
    """Say "nothing" until a question of one of these kinds is on the page."""
    for _ in range(MANY):
        if is_through(page):
            break
        if kind_of(page) in kinds:
            return
        answer(page, nothing=True)
        go_on(page)
    raise AssertionError(f"no question of kind {' or '.join(kinds)} in this set")


# The board


def board(page: Page) -> dict[str, int]:
    """Points by nickname."""
    rows = page.locator(".leaderboard-row").all()
    return {
        row.locator(".nickname").inner_text().removesuffix("you").strip(): int(
            row.locator(".points strong").inner_text()
        )
        for row in rows
    }


def stay_here(page: Page) -> None:
    """Note on the page that it is this one: a loaded page does not have the note."""
    page.evaluate("window.stillHere = true")


def is_still_here(page: Page) -> bool:
    return bool(page.evaluate("window.stillHere === true"))
