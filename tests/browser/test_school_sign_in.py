"""Signing in with a school's OpenID Connect provider as teachers meet it: on two sites, with pages of both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page, StorageState, expect

from tests import openid_provider
from tests.browser import journeys
from tests.browser.conftest import NewDevice, watched_devices
from tests.browser.inspection import check, watch
from tests.browser.journeys import Account
from tests.browser.server import Server
from tests.browser.words import foreign_words
from tests.openid_provider import Provider

SCHOOL = "Our school"
UNAUTHORISED = "status of 401"
"""What the browser writes to its console about a sign-in that did not work."""
in_languages = pytest.mark.parametrize("language", ["en", pytest.param("de", marks=pytest.mark.long)])


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with openid_provider.provider() as made:
        yield made


@pytest.fixture(scope="module")
def school(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An installation that knows the provider."""
    pytest.importorskip("requests", reason="requirements-district.txt brings it")
    named = {"URL": provider.url, "NAME": SCHOOL, "CLIENT_ID": "game", "SECRET": "a-secret"}
    server = Server(tmp_path_factory.mktemp("school"), **{f"OIDC_{name}": value for name, value in named.items()})
    server.start()
    yield server
    server.stop()
    assert not server.complaints()


@pytest.fixture
def school_device(browser: Browser, school: Server) -> Iterator[NewDevice]:
    """Makes devices that may go to the provider's pages, too."""
    with watched_devices(browser, lambda: school.url) as make:

        def device(**options: object) -> Page:
            page = make(**options)
            watch(page.context).hosts.add("127.0.0.1")
            return page

        yield device


@pytest.fixture(scope="module")
def owner_cookies(browser: Browser, school: Server, owner: Account) -> StorageState:
    return journeys.owner_of(browser, school, owner)


def press(page: Page, words: str) -> None:
    """Press the provider's button, as it reads in the language that is on."""
    page.get_by_role("button", name=gettext(words) % {"provider": SCHOOL}).click()


def sign_in_there(page: Page, name: str) -> None:
    """Say on the provider's page who you are."""
    expect(page.get_by_role("heading", name="Our school: who are you?")).to_be_visible()
    page.get_by_label("Name at school").fill(name)
    page.get_by_role("button", name="Sign in").click()


def expect_page(page: Page, heading: str, name: str) -> None:
    """A page of ours with this heading, in the language that is on, with nothing wrong and a way back."""
    expect(page.get_by_role("heading", name=gettext(heading), level=1)).to_be_visible()
    check(page, f"{name}-{translation.get_language()}")
    assert not foreign_words(page)


def expect_way_back(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name=gettext("Teachers: sign in")).click()
    expect(page.get_by_role("heading", name=gettext("Teachers: sign in"))).to_be_visible()


def invitation(owner: Page) -> str:
    owner.goto("/teach/teachers/")
    owner.get_by_role("button", name="Invite a teacher").click()
    return owner.locator(".link-box").inner_text()


@contextmanager
def away(provider: Provider) -> Iterator[None]:
    provider.stop()
    yield
    provider.start()


def test_a_teacher_connects_the_provider_and_signs_in_with_it(
    school_device: NewDevice, owner_cookies: StorageState
) -> None:
    desk = school_device(storage_state=owner_cookies)
    desk.goto("/teach/account/")
    check(desk, "provider-to-connect")
    desk.get_by_role("button", name=f"Connect {SCHOOL}").click()
    sign_in_there(desk, "ada")
    expect(desk.get_by_role("status").filter(has_text=f"You can now sign in with {SCHOOL}, too.")).to_be_visible()
    expect(desk.get_by_text(f"You can sign in with {SCHOOL}.")).to_be_visible()
    expect(desk.get_by_role("button", name=f"Connect {SCHOOL}")).to_have_count(0)
    check(desk, "provider-connected")

    # On another device, on the way to a page that only teachers see.
    laptop = school_device()
    laptop.goto("/teach/sets/")
    check(laptop, "provider-sign-in")
    laptop.get_by_role("button", name=f"Sign in with {SCHOOL}").click()
    sign_in_there(laptop, "ada")
    laptop.wait_for_url("/teach/sets/")
    laptop.get_by_role("button", name="Sign out").click()

    desk.get_by_role("link", name="Connected sign-ins").click()
    check(desk, "provider-connections")
    desk.get_by_role("button", name="Disconnect it").click()
    expect(desk.get_by_role("status").filter(has_text=f"{SCHOOL} does not sign you in any more.")).to_be_visible()
    laptop.goto("/account/login/")
    laptop.get_by_role("button", name=f"Sign in with {SCHOOL}").click()
    sign_in_there(laptop, "ada")
    expect(laptop.get_by_role("heading", name="There is no account for you here")).to_be_visible()


@in_languages
def test_an_invitation_makes_an_account_through_the_provider(
    school_device: NewDevice, owner_cookies: StorageState, language: str
) -> None:
    owner = school_device(storage_state=owner_cookies)
    link, name = invitation(owner), f"dora-{language}"
    page = school_device(locale=language)
    with translation.override(language):
        page.goto(link)
        expect_page(page, "You are invited: make your teacher’s account", "provider-invitation")
        press(page, "Make the account with %(provider)s")
        sign_in_there(page, name)
        expect_page(page, "My classes", "provider-invited")
        page.goto("/teach/account/")
        expect(page.get_by_text(gettext("You sign in as %(name)s.") % {"name": name})).to_be_visible()
        assert not foreign_words(page)

        # The account has no password, so what signs it in stays.
        page.get_by_role("link", name=gettext("Connected sign-ins")).click()
        page.get_by_role("button", name=gettext("Disconnect it")).click()
        words = "Nothing would sign you in then: your account has no password yet. Choose one first."
        expect(page.get_by_role("alert")).to_contain_text(gettext(words))
        expect_page(page, "Connected sign-ins", "provider-kept")
        page.get_by_role("link", name=gettext("Change the password")).click()
        expect_page(page, "Choose a password", "provider-password")

    late = school_device()
    watch(late.context).expect("status of 404")
    late.goto(link)
    expect(late.get_by_role("heading", name="This invitation is over")).to_be_visible()
    owner.goto("/teach/log/")
    expect(owner.get_by_role("row").filter(has_text=name).filter(has_text="ada")).to_have_count(1)


@in_languages
def test_nobody_gets_an_account_by_walking_in(
    school_device: NewDevice, owner_cookies: StorageState, language: str
) -> None:
    page = school_device(locale=language)
    with translation.override(language):
        page.goto("/account/login/")
        expect_page(page, "Teachers: sign in", "provider-sign-in")
        press(page, "Sign in with %(provider)s")
        sign_in_there(page, "mallory")
        expect_page(page, "There is no account for you here", "provider-refused")
        expect_way_back(page)
    page.goto("/teach/")
    expect(page.get_by_role("heading", name=gettext("My classes"))).to_have_count(0)
    owner = school_device(storage_state=owner_cookies)
    owner.goto("/teach/teachers/")
    expect(owner.get_by_role("rowheader", name="mallory")).to_have_count(0)


@in_languages
def test_whoever_stops_at_the_provider_comes_back_to_a_plain_page(school_device: NewDevice, language: str) -> None:
    page = school_device(locale=language)
    with translation.override(language):
        page.goto("/account/login/")
        press(page, "Sign in with %(provider)s")
        page.get_by_role("button", name="Cancel").click()
        expect_page(page, "You stopped half-way", "provider-cancelled")
        expect_way_back(page)


@in_languages
def test_a_provider_that_does_not_answer_is_told_of(
    school_device: NewDevice, school: Server, provider: Provider, language: str
) -> None:
    """Away before anything is asked, or broken between its page and ours."""
    page = school_device(locale=language)
    watch(page.context).expect(UNAUTHORISED)
    with translation.override(language):
        page.goto("/account/login/")
        with away(provider):
            press(page, "Sign in with %(provider)s")
            expect_page(page, "That sign-in did not work", "provider-away")
        expect_way_back(page)
        press(page, "Sign in with %(provider)s")
        expect(page.get_by_role("heading", name="Our school: who are you?")).to_be_visible()
        provider.broken = True
        sign_in_there(page, "mallory")
        expect_page(page, "That sign-in did not work", "provider-broken")
        provider.broken = False
        expect_way_back(page)
        press(page, "Sign in with %(provider)s")
        sign_in_there(page, "mallory")
        expect_page(page, "There is no account for you here", "provider-refused")
    assert f"Signing in with {SCHOOL} failed" in school.log.read_text(), "whoever runs the game finds why"


def test_a_way_back_that_was_used_before_is_a_plain_page(school_device: NewDevice) -> None:
    """The browser's back button, or an old bookmark."""
    page = school_device()
    watch(page.context).expect(UNAUTHORISED)
    page.goto("/account/provider/school/login/callback/?code=old&state=old")
    expect_page(page, "That sign-in did not work", "provider-old")
