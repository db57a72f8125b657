"""A teacher's week in the browser: the first class in a few actions, a roster, sections, a pair on one device."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check
from tests.browser.journeys import Account, Catalogue, Classroom, Student
from tests.browser.server import Server
from tests.classroom.test_rosters import csv_of, with_duplicates

FEW = 15


class Hands:
    """Somebody's hands at a page: each address opened, field filled in, choice and click is one action."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def open(self, address: str) -> None:
        self.actions += 1
        self.page.goto(address)

    def type(self, field: str, text: str) -> None:
        self.actions += 1
        self.page.get_by_label(field).fill(text)

    def choose(self, field: Locator, option: str) -> None:
        self.actions += 1
        field.select_option(label=option)

    def click(self, button: str) -> None:
        self.actions += 1
        self.page.get_by_role("button", name=button).click()


def test_from_an_empty_installation_to_a_class_of_five_that_plays(own_server: Server, new_device: NewDevice) -> None:
    account = Account()
    laptop = new_device(at=own_server.url)
    teacher = Hands(laptop)
    teacher.open(own_server.setup_path)
    teacher.type("Name to sign in with", account.username)
    teacher.type("Password", account.password)
    teacher.click("Make the account")
    teacher.type("Name of the class", "9b")
    teacher.click("Make the class")
    sets = laptop.get_by_label("Set", exact=True)
    title = sets.locator("option").nth(1).inner_text()
    teacher.choose(sets, title)
    teacher.click("Assign to the class")
    expect(laptop.get_by_role("status").filter(has_text=f"{title} is assigned")).to_be_visible()
    journeys.stay_here(laptop)

    classroom = Classroom(laptop.url, "9b", laptop.locator(".code-big").inner_text().split()[-1])
    for number in range(1, 6):
        phone = new_device(at=own_server.url)
        journeys.join(phone, classroom)
        joined = f"{number} has joined" if number == 1 else f"{number} have joined"
        expect(laptop.locator(".joined")).to_contain_text(joined)
        journeys.begin(phone, title)
        journeys.answer(phone, nothing=True)
    assert journeys.is_still_here(laptop), "the number counted along by itself"
    check(laptop)
    assert teacher.actions < FEW


def test_a_roster_of_200_with_two_bad_lines(teacher: Page, classroom: Classroom, tmp_path: Path) -> None:
    names = with_duplicates()
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(csv_of(names), encoding="utf-8-sig")
    names[40], names[150] = ("", "Müller"), ("Jürgen", "Groß;9b")
    bad.write_text(csv_of(names), encoding="utf-8-sig")
    teacher.get_by_role("link", name="Roster", exact=True).click()
    file, send = teacher.locator("input[type=file]"), teacher.get_by_role("button", name="Put on the roster")
    file.set_input_files(bad)
    send.click()
    expect(teacher.locator("#id_file_error li")).to_have_count(2)
    expect(teacher.locator("#id_file_error li").first).to_contain_text("Line 42")
    expect(teacher.locator("#id_file_error li").last).to_contain_text("Line 152")
    expect(teacher.get_by_role("heading", name="0 names")).to_be_visible()
    check(teacher, "roster-bad-lines")
    file.set_input_files(good)
    send.click()
    expect(teacher.get_by_text("200 names are new on the roster.")).to_be_visible()
    for name in ("Zoë Müller I", "Олена Шевченко II", "Zoë Müller I (3)"):
        expect(teacher.get_by_role("rowheader", name=name, exact=True)).to_have_count(1)
    check(teacher, "roster")


@pytest.fixture
def pair(
    teacher: Page, classroom: Classroom, catalogue: Catalogue, new_device: NewDevice
) -> tuple[str, Page, Student, Page, Student]:
    """A title that is assigned, and two students, each with a device."""
    title = journeys.earliest(catalogue, "spot", "source")
    journeys.assign(teacher, classroom, title)
    tablet, phone = new_device(), new_device()
    return title, tablet, journeys.join(tablet, classroom), phone, journeys.join(phone, classroom)


def test_two_play_as_a_pair_and_hand_over(pair: tuple[str, Page, Student, Page, Student]) -> None:
    title, tablet, one, phone, two = pair
    tablet.get_by_role("link", name="Play as a pair").click()
    check(tablet, "pair")
    tablet.get_by_label("four words").fill("not the right words")
    tablet.get_by_role("button", name="Play as a pair").click()
    expect(tablet.locator(".field .error")).to_contain_text("Nobody in this class")
    check(tablet)
    tablet.get_by_label("four words").fill(two.phrase)
    tablet.get_by_role("button", name="Play as a pair").click()
    both = f"You play as {one.nickname} and {two.nickname}"
    expect(tablet.get_by_role("heading", name=both)).to_be_visible()
    check(tablet, "pair-home")

    # They decide together; the second one's own phone has the answer, too.
    journeys.begin(tablet, title)
    expect(tablet.locator(".whoami")).to_contain_text(two.nickname)
    expect(tablet.locator(".pair-note")).to_contain_text(f"counts for {one.nickname} and for {two.nickname}")
    check(tablet, "pair-question")
    journeys.answer(tablet, nothing=True)
    check(tablet)
    phone.reload()
    expect(phone.get_by_text(re.compile(r"^1 of \d+ answered$"))).to_be_visible()

    # The second one keeps the device and sees nothing of the first one's.
    tablet.goto(phone.url)
    tablet.get_by_role("link", name="End the pair").click()
    check(tablet, "pair-end")
    tablet.get_by_role("button", name=f"{two.nickname} plays on alone").click()
    expect(tablet.get_by_role("heading", name=f"You are {two.nickname}")).to_be_visible()
    assert one.nickname not in tablet.content()

    # And hands it over to nobody.
    tablet.get_by_role("button", name="Hand over").click()
    expect(tablet.get_by_role("button", name="Join", exact=True)).to_be_visible()
    tablet.go_back()
    expect(tablet.get_by_role("heading", name="Come back with your four words")).to_be_visible()
    tablet.goto(phone.url)
    expect(tablet.get_by_role("heading", name="Come back with your four words")).to_be_visible()
    assert two.nickname not in tablet.content()


def test_a_second_player_who_is_new(teacher: Page, classroom: Classroom, new_device: NewDevice) -> None:
    tablet = new_device()
    one = journeys.join(tablet, classroom)
    tablet.get_by_role("link", name="Play as a pair").click()
    tablet.get_by_role("link", name="Take a nickname").click()
    check(tablet, "pair-new")
    name = tablet.locator(".nickname-big").inner_text()
    tablet.get_by_role("button", name="Enter with this name").click()
    expect(tablet.get_by_role("heading", name=f"You play as {one.nickname} and {name}")).to_be_visible()
    check(tablet, "pair-words")
    tablet.get_by_role("button", name="I have them").click()
    expect(tablet.get_by_role("heading", name=f"You play as {one.nickname} and {name}")).to_be_visible()


def test_a_new_section_is_announced_where_it_begins(teacher: Page, classroom: Classroom, new_device: NewDevice) -> None:
    teacher.goto("/teach/sets/")
    teacher.get_by_label("Title").fill("In two parts")
    teacher.get_by_role("button", name="Begin the set").click()
    teacher.get_by_role("link", name="Add passages").first.click()
    for number in range(2):
        place = teacher.locator(".place").nth(number)
        place.get_by_role("button").click()
        expect(place.locator(".in-set")).to_be_visible()
    teacher.get_by_role("link", name="Back to building it").click()
    second = teacher.locator(".build-item").nth(1)
    second.get_by_text("begin a section").click()
    second.get_by_label("Heading that begins here").fill("Sources")
    second.get_by_role("button", name="Save").click()
    expect(teacher.locator(".build-section")).to_have_text("Sources")
    journeys.assign(teacher, classroom, "In two parts")
    phone = new_device()
    journeys.join(phone, classroom)
    journeys.begin(phone, "In two parts")
    expect(phone.locator(".section-begins")).to_have_count(0)
    journeys.answer(phone, nothing=True)
    journeys.go_on(phone)
    expect(phone.locator(".section-begins")).to_contain_text("Sources")
    check(phone, "section")
