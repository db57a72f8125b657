"""Every page opens clean at every width, light and dark; passages carry their frame; keys stay in the server."""

from __future__ import annotations

from html import unescape
from io import BytesIO

import pytest
from playwright.sync_api import Page, StorageState, expect
from pypdf import PdfReader

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import FRAME_WORDS, check, check_everywhere, check_frames, keep, watch
from tests.browser.journeys import Account, Catalogue, Classroom

OPEN_PAGES = {
    "home": "/",
    "about": "/about/",
    "accessibility": "/accessibility/",
    "join": "/join/",
    "labels": "/labels/",
    "sign-in": "/account/login/",
    "try-it": "/try/",
}
TEACHERS_PAGES = {
    "my-classes": "/teach/",
    "new-class": "/teach/classes/new/",
    "sets": "/teach/sets/",
    "texts": "/teach/texts/",
    "teachers": "/teach/teachers/",
    "log": "/teach/log/",
    "lesson-plan": "/teach/guide/lesson-plan/",
    "letter": "/teach/guide/letter/",
    "statistics": "/teach/statistics/",
    "styleguide": "/styleguide/",
    "second-factor": "/account/2fa/",
    "password-change": "/account/password/change/",
    "sign-out": "/account/logout/",
}
REVEALED = ".note-lead, .note-body p, .note-body dd, .note-clean > p:not(.caution), .reveal .fact"
"""What of a reveal is text that somebody wrote about the passage."""


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_open_pages(new_device: NewDevice, signed_in: StorageState, name: str) -> None:
    page = new_device()
    page.goto(OPEN_PAGES[name])
    check_everywhere(page, name)


@pytest.mark.parametrize("name", TEACHERS_PAGES)
def test_teachers_pages(new_device: NewDevice, signed_in: StorageState, name: str) -> None:
    page = new_device(storage_state=signed_in)
    page.goto(TEACHERS_PAGES[name])
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    check_everywhere(page, name)


def test_a_page_that_does_not_exist(new_device: NewDevice, signed_in: StorageState) -> None:
    page = new_device()
    watch(page.context).expect("status of 404")
    page.goto("/nothing/at/all/")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    check_everywhere(page, "not-found")


def test_every_set_is_framed(teacher: Page, catalogue: Catalogue) -> None:
    of_all_kinds = journeys.covering(catalogue)
    for title, kinds in catalogue.items():
        teacher.goto("/teach/sets/")
        teacher.get_by_role("link", name=title, exact=True).click()
        expect(teacher.locator(".exhibit")).to_have_count(len(kinds))
        expect(teacher.get_by_text(FRAME_WORDS).first).to_be_visible()
        check_frames(teacher)
        if title in of_all_kinds:
            check(teacher)


def test_every_text_is_framed(teacher: Page) -> None:
    passages: dict[str, int] = {}
    teacher.goto("/teach/texts/")
    for address in [link.get_attribute("href") or "" for link in teacher.locator("main h2 a").all()]:
        teacher.goto(address)
        expect(teacher.locator(".exhibit").first).to_be_visible()
        check_frames(teacher)
        passages[address] = teacher.locator(".exhibit").count()
    assert len(passages) == 5
    teacher.goto(min(passages, key=lambda address: passages[address]))
    check(teacher, "text")


@pytest.mark.long
def test_printed_pages_keep_their_frame(teacher: Page) -> None:
    teacher.goto("/teach/sets/")
    teacher.locator(journeys.READY_MADE).first.click()
    expect(teacher.locator(".exhibit").first).to_be_visible()
    teacher.emulate_media(media="print")
    check(teacher)


def test_papers(teacher: Page, classroom: Classroom) -> None:
    """The worksheet and the letter, on the screen and as they are printed."""
    teacher.get_by_role("link", name="Letter to parents").click()
    expect(teacher.get_by_role("heading", name=f"Literacy Game in class {classroom.name}")).to_be_visible()
    check_everywhere(teacher, "class-letter")
    teacher.goto("/teach/sets/")
    teacher.locator(journeys.READY_MADE).first.click()
    teacher.get_by_role("link", name="Worksheet to print").click()
    expect(teacher.locator(".sheet-item").first).to_be_visible()
    check(teacher, "worksheet")
    teacher.emulate_media(media="print")
    check(teacher, "worksheet-printed")
    assert teacher.locator(".sheet-key").evaluate("each => getComputedStyle(each).breakBefore") == "page"
    expect(teacher.get_by_role("button", name="Print")).to_be_hidden()


@pytest.mark.parametrize("name", ["lesson-plan", "letter"])
def test_teachers_papers_print_on_two_pages(teacher: Page, name: str) -> None:
    teacher.goto(TEACHERS_PAGES[name])
    expect(teacher.get_by_role("heading", level=1)).to_be_visible()
    teacher.evaluate("document.fonts.ready")
    assert len(PdfReader(BytesIO(teacher.pdf(format="A4"))).pages) == 2


def test_a_second_factor_is_set_up(new_device: NewDevice, teacher: Page) -> None:
    """On an invited teacher's account, so that the owner stays without."""
    teacher.goto("/teach/teachers/")
    teacher.get_by_role("button", name="Invite a teacher").click()
    page = new_device()
    page.goto(teacher.locator(".link-box").inner_text())
    account = Account("rosalind", "a desk, a lamp and a fern")
    page.get_by_label("Name to sign in with").fill(account.username)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("link", name="My account").click()
    page.get_by_role("link", name="Secure my account").click()
    page.get_by_role("link", name="Set it up").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    check(page, "is-it-you")
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Code from the app")).to_be_visible()
    check(page, "second-factor-activate")
    page.get_by_label("Code from the app").fill("000000")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator(".error, .message-error").first).to_be_visible()
    check(page)


@pytest.mark.long
def test_nothing_of_a_reveal_is_there_before_the_answer(
    teacher: Page, classroom: Classroom, catalogue: Catalogue, new_device: NewDevice
) -> None:
    """One student plays ahead; what the reveals say stands in no page that the other has before answering."""
    title = next(iter(catalogue))
    journeys.assign(teacher, classroom, title)
    ahead, behind = new_device(), new_device()
    for page in (ahead, behind):
        journeys.join(page, classroom)
        journeys.begin(page, title)
    for _ in range(5):
        before = unescape(behind.content())
        assert "data-state" not in before
        journeys.answer(ahead)
        texts = ahead.locator(REVEALED).evaluate_all("all => all.map(each => each.lastChild.textContent.trim())")
        secrets = [text for text in texts if len(text) > 30]
        assert len(secrets) >= 3, "the fact twice, and an explanation"
        for secret in secrets:
            assert secret not in before
        assert journeys.answer(behind)
        for page in (ahead, behind):
            journeys.go_on(page)


def test_in_the_dark(teacher: Page, classroom: Classroom, catalogue: Catalogue, new_device: NewDevice) -> None:
    """Playing in dark mode, a look at every kind before and after."""
    page = new_device(color_scheme="dark")
    journeys.join(page, classroom)
    seen: set[str] = set()
    for title in journeys.covering(catalogue):
        journeys.assign(teacher, classroom, title)
        journeys.open_class(page)
        journeys.begin(page, title)
        while set(catalogue[title]) - seen:
            kind = journeys.kind_of(page)
            if kind in seen:
                journeys.answer(page, nothing=True)
            else:
                check(page)
                journeys.answer(page)
                check(page)
                keep(page, f"{kind}-after", dark=True)
                seen.add(kind)
            journeys.go_on(page)
