"""A real server, a real Chromium, devices on a plain-http name, and a teacher with a class."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from literacy_game import machine
from tests.browser import inspection, journeys
from tests.browser.journeys import Account, Catalogue, Classroom
from tests.browser.server import NAME, Server

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
]
PATIENCE = 15_000
"""Milliseconds that anything may take on a busy machine."""

NewDevice = Callable[..., Page]
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or machine.chromium()
    if path is None:
        pytest.fail("no Chromium was found or could be installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One installation for all tests that do not need one of their own."""
    yield from _running(Server(tmp_path_factory.mktemp("server")))


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An empty installation for one test alone."""
    yield from _running(Server(tmp_path_factory.mktemp("own-server")))


def _running(server: Server) -> Iterator[Server]:
    server.start()
    yield server
    server.stop()
    assert not server.complaints()


@contextmanager
def watched_devices(browser: Browser, address: Callable[[], str]) -> Iterator[NewDevice]:
    """Makes devices: each an empty browser with one page, of which everything is watched until the end."""
    contexts: list[BrowserContext] = []

    def make(*, at: str = "", scripts: bool = True, **options: Any) -> Page:
        base = at or address()
        context = browser.new_context(base_url=base, java_script_enabled=scripts, **options)
        context.set_default_timeout(PATIENCE)
        inspection.begin(context, urlsplit(base).hostname or "", without_scripts=not scripts)
        contexts.append(context)
        return context.new_page()

    yield make
    problems = []
    for context in contexts:
        problems += inspection.forget(context).problems
        context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def new_device(browser: Browser, request: pytest.FixtureRequest) -> Iterator[NewDevice]:
    """Makes devices for this test; `at` is an address other than the common server's."""
    with watched_devices(browser, lambda: str(request.getfixturevalue("server").url)) as make:
        yield make


@pytest.fixture(scope="session")
def owner() -> Account:
    return Account()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, server: Server, owner: Account) -> StorageState:
    """The owner's cookies, after the first-run link was used."""
    return journeys.owner_of(browser, server, owner)


@pytest.fixture(scope="session")
def catalogue(browser: Browser, server: Server, signed_in: StorageState) -> Catalogue:
    context = browser.new_context(base_url=server.url, storage_state=signed_in)
    found = journeys.read_catalogue(context.new_page())
    context.close()
    return found


@pytest.fixture
def teacher(new_device: NewDevice, signed_in: StorageState) -> Page:
    """The owner's laptop."""
    return new_device(storage_state=signed_in)


@pytest.fixture
def classroom(teacher: Page, request: pytest.FixtureRequest) -> Classroom:
    """A class of this test's own."""
    return journeys.make_class(teacher, request.node.name.removeprefix("test_").replace("_", " ")[:60])
