"""Second factors behind https: a proxy ends it as Caddy does, and Chromium has an authenticator of its own."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice, watched_devices
from tests.browser.inspection import check, keep
from tests.browser.journeys import Account
from tests.browser.server import Server
from tests.browser.words import foreign_words
from tests.serving import certificates
from tests.serving.proxy import proxy

REFUSED = "Nothing came from the key: it was refused, or it took too long. Please try again."
NONE_CAME = "No passkey came: it was refused, it took too long, or this device has none for this game."
in_languages = pytest.mark.parametrize("language", ["en", pytest.param("de", marks=pytest.mark.long)])
ADD, USE = "Add it", "Use a passkey or security key"


@dataclass
class Installation:
    """A server that believes its proxy, and the address at which the proxy answers by https."""

    server: Server
    url: str


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    data = tmp_path_factory.mktemp("secure")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with proxy([port], tls=certificates.for_name("localhost", data)) as before:
        url = f"https://localhost:{before.port}"
        server = Server(data, TLS="1", PUBLIC_ADDRESS=url)
        server.port = port
        server.start()
        yield Installation(server, url)
    server.stop()
    assert not server.complaints()


@pytest.fixture
def secure_device(browser: Browser, secure: Installation) -> Iterator[NewDevice]:
    with watched_devices(browser, lambda: secure.url) as make:
        yield lambda **options: make(ignore_https_errors=True, **options)


@pytest.fixture(scope="module")
def owner_cookies(browser: Browser, secure: Installation, owner: Account) -> StorageState:
    return journeys.owner_of(browser, secure.server, owner, base_url=secure.url, ignore_https_errors=True)


class Authenticator:
    """What in a phone or laptop keeps passkeys: whoever holds it touches it at once, and is known to it or not."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.id = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def refuse(self, refuses: bool) -> None:
        """The finger is nobody's that it knows."""
        self._session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": not refuses})

    def keys(self) -> int:
        return len(self._session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"])


@pytest.fixture
def invited(secure_device: NewDevice, owner_cookies: StorageState, request: pytest.FixtureRequest) -> Account:
    """A teacher of this test's own."""
    desk = secure_device(storage_state=owner_cookies)
    desk.goto("/teach/teachers/")
    desk.get_by_role("button", name="Invite a teacher").click()
    page = secure_device()
    page.goto(desk.locator(".link-box").inner_text())
    account = Account(re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-"))
    page.get_by_label("Name to sign in with").fill(account.username)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="My classes", level=1)).to_be_visible()
    return account


def at(page: Page, heading: str, name: str = "") -> None:
    """A page of ours with this heading, in the language that is on, in words of that language, with nothing wrong."""
    expect(page.get_by_role("heading", name=gettext(heading), level=1)).to_be_visible()
    check(page)
    assert not foreign_words(page)
    if name:
        keep(page, f"{name}-{translation.get_language()}")


def button(page: Page, words: str) -> None:
    page.get_by_role("main").get_by_role("button", name=gettext(words), exact=True).click()


def link(page: Page, words: str) -> None:
    page.get_by_role("main").get_by_role("link", name=gettext(words)).first.click()


def type_password(page: Page, account: Account) -> None:
    """On the sign-in page, without waiting for what comes."""
    page.get_by_label(gettext("Name to sign in with")).fill(account.username)
    page.get_by_label(gettext("Password")).fill(account.password)
    button(page, "Sign in")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name=gettext("Sign out")).click()
    expect(page.get_by_role("status").filter(has_text=gettext("You are signed out."))).to_be_visible()


def open_new_key(page: Page, account: Account) -> None:
    """From My account to the page on which a key is added, past the question for the password."""
    page.goto("/teach/account/")
    link(page, "Secure my account with a second factor")
    at(page, "The second factor", "factors")
    link(page, "Add a key")
    at(page, "Is it you?")
    page.get_by_label(gettext("Password")).fill(account.password)
    button(page, "Go on")
    at(page, "Add a passkey or security key", "key-new")


def expect_said(page: Page, words: str, name: str = "") -> None:
    """Said beside the button, and read out."""
    expect(page.locator("main .not-sent")).to_have_text(gettext(words))
    expect(page.locator("#live")).to_have_text(gettext(words))
    check(page, f"{name}-{translation.get_language()}" if name else "")
    assert not foreign_words(page)


@in_languages
def test_a_passkey_signs_in_alone(secure_device: NewDevice, invited: Account, language: str) -> None:
    """Added with the keyboard, seen, named anew, used, removed, and then of no use."""
    page = secure_device(locale=language)
    key = Authenticator(page)
    with translation.override(language):
        page.goto("/account/login/")
        type_password(page, invited)
        at(page, "My classes")
        open_new_key(page, invited)

        key.refuse(True)
        button(page, ADD)
        expect_said(page, REFUSED, "key-refused")
        key.refuse(False)
        page.get_by_label(gettext("Name of the key")).fill("Laptop")
        page.keyboard.press("Enter")
        at(page, "Recovery codes", "codes")
        expect(page.get_by_role("status").filter(has_text=gettext("The key is added."))).to_be_visible()
        assert key.keys() == 1

        page.goto("/account/2fa/")
        at(page, "The second factor", "factors-with-key")
        link(page, "Look at them")
        expect(page.get_by_text(gettext("Signs you in alone, without the password."))).to_be_visible()
        at(page, "Passkeys and security keys", "keys")
        link(page, "Rename")
        at(page, "Rename a key", "key-rename")
        page.get_by_label(gettext("Name of the key")).fill("Laptop at school")
        page.keyboard.press("Enter")
        expect(page.get_by_role("listitem").filter(has_text="Laptop at school")).to_be_visible()
        link(page, "Add a key")
        expect(page.get_by_label(gettext("Name of the key"))).to_have_value(gettext("Key %(n)d") % {"n": 2})
        button(page, ADD)
        expect_said(page, "This device or stick has a key for your account already.")
        sign_out(page)

        # In on the way to a page that only teachers see.
        page.goto("/teach/sets/")
        at(page, "Teachers: sign in", "sign-in-passkey")
        key.refuse(True)
        button(page, "Sign in with a passkey")
        expect_said(page, NONE_CAME, "sign-in-passkey-refused")
        key.refuse(False)
        button(page, "Sign in with a passkey")
        page.wait_for_url("/teach/sets/")

        page.goto("/account/2fa/webauthn/")
        link(page, "Remove")
        at(page, "Is it you?", "is-it-you")
        link(page, USE)
        at(page, "Is it you?", "is-it-you-key")
        key.refuse(True)
        button(page, USE)
        expect_said(page, REFUSED)
        key.refuse(False)
        button(page, USE)
        at(page, gettext("Remove %(name)s?") % {"name": "Laptop at school"}, "key-remove")
        button(page, "Remove it")
        expect(page.get_by_role("status").filter(has_text=gettext("The key is removed."))).to_be_visible()
        at(page, "Passkeys and security keys")
        sign_out(page)
        page.goto("/account/login/")
        button(page, "Sign in with a passkey")
        words = gettext("This passkey opens no account here. Please sign in in another way.")
        expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
        at(page, "Teachers: sign in", "sign-in-passkey-removed")
        type_password(page, invited)
        at(page, "My classes")


@pytest.mark.long
@in_languages
def test_a_key_comes_after_the_password(secure_device: NewDevice, invited: Account, language: str) -> None:
    """With a recovery code in its place where the device is not there."""
    page = secure_device(locale=language)
    Authenticator(page)
    with translation.override(language):
        page.goto("/account/login/")
        type_password(page, invited)
        at(page, "My classes")
        open_new_key(page, invited)
        page.get_by_role("checkbox").uncheck()
        button(page, ADD)
        at(page, "Recovery codes")
        codes = page.locator("main li code").all_inner_texts()
        assert len(codes) == 10
        with page.expect_download() as download:
            link(page, "Download them")
        assert download.value.path().read_text().split() == codes
        page.goto("/account/2fa/webauthn/")
        expect(page.get_by_text(gettext("Is asked for after your password."))).to_be_visible()
        sign_out(page)

        page.goto("/account/login/")
        type_password(page, invited)
        at(page, "The second factor", "second-factor-key")
        button(page, USE)
        at(page, "My classes")
        sign_out(page)

        # Another device has no key.
        other = secure_device(locale=language)
        Authenticator(other)
        other.goto("/account/login/")
        type_password(other, invited)
        button(other, USE)
        expect_said(other, REFUSED, "second-factor-refused")
        expect(other.get_by_text(gettext("Type one of your recovery codes."))).to_be_visible()
        other.get_by_label(gettext("Code")).fill("12345678")
        button(other, "Sign in")
        expect(other.locator(".error")).to_contain_text(gettext("That does not fit. Please try again."))
        at(other, "The second factor", "second-factor-wrong")
        other.get_by_label(gettext("Code")).fill(codes[0])
        button(other, "Sign in")
        at(other, "My classes")
        other.goto("/account/2fa/")
        link(other, "Show the codes")
        link(other, "Use a code")
        at(other, "Is it you?", "is-it-you-code")
        other.get_by_label(gettext("Code")).fill(codes[1])
        button(other, "Go on")
        expect(other.locator("main li code")).to_have_count(8)
        link(other, "Make new codes")
        at(other, "Make new recovery codes?", "codes-new")
        button(other, "Make new codes")
        expect(other.get_by_role("status").filter(has_text=gettext("New recovery codes are made."))).to_be_visible()
        assert codes[2] not in other.locator("main li code").all_inner_texts()


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "de"])
def test_an_app_shows_the_code(secure_device: NewDevice, invited: Account, language: str) -> None:
    """No key is asked of whoever has none."""
    page = secure_device(locale=language)
    with translation.override(language):
        page.goto("/account/login/")
        type_password(page, invited)
        page.goto("/account/2fa/")
        link(page, "Set it up")
        page.get_by_label(gettext("Password")).fill(invited.password)
        button(page, "Go on")
        at(page, "Set up the authenticator app", "app-new")
        page.get_by_label(gettext("Code from the app")).fill("000000")
        button(page, "Switch it on")
        expect(page.locator(".error")).to_contain_text(gettext("That does not fit. Please try again."))
        secret = page.locator("main code").inner_text()
        used = code_now(secret)
        page.get_by_label(gettext("Code from the app")).fill(used)
        button(page, "Switch it on")
        at(page, "Recovery codes")
        sign_out(page)

        page.goto("/account/login/")
        type_password(page, invited)
        at(page, "The second factor", "second-factor-app")
        expect(page.get_by_role("button", name=gettext(USE))).to_have_count(0)
        button(page, "Cancel")
        at(page, "Teachers: sign in")
        type_password(page, invited)
        while code_now(secret) == used:  # each code opens once
            page.wait_for_timeout(500)
        page.get_by_label(gettext("Code")).fill(code_now(secret))
        button(page, "Sign in")
        at(page, "My classes")


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_without_javascript_a_passkey_says_what_it_needs(secure_device: NewDevice, invited: Account) -> None:
    page = secure_device(scripts=False)
    page.goto("/account/login/")
    button(page, "Sign in with a passkey")
    expect(page.locator(".messages")).to_contain_text("Passkeys and security keys need JavaScript")
    at(page, "Teachers: sign in", "sign-in-without-javascript")
    type_password(page, invited)
    at(page, "My classes")
