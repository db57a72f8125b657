"""Takes the pictures of the home page from the running game: `python -m tests.browser.pictures`.

Passage and answer are the styleguide's, on an invented text: no key of a passage that somebody may
still play, and no side.
"""

from __future__ import annotations

import base64
import os
import re
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from literacy_game import machine
from tests.browser import journeys
from tests.browser.conftest import ARGUMENTS
from tests.browser.journeys import Account
from tests.browser.server import ROOT, Server

FOLDER = ROOT / "static" / "img"
QUALITY = 40
SCALE = 1.25
PHONE, DESK, SENTENCES = (390, 700), (960, 440), (960, 312)
"""Width and height in CSS pixels, as templates/home.html has them."""
MARGIN = 8
"""CSS pixels above what a picture begins with."""
Scheme = Literal["light", "dark"]


def main() -> None:
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        server = Server(Path(data))
        server.start()
        try:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM") or machine.chromium(), args=ARGUMENTS
            )
            owner = _device(browser, server, "light", DESK)
            journeys.make_owner(owner, server.setup_path, Account())
            told = re.search(r"password (\S+)", server.manage("demo_school", "--students", "12"))
            assert told
            for scheme in ("light", "dark"):
                _play(_signed_in(browser, server, scheme, PHONE, Account()), scheme)
                _reveal(_signed_in(browser, server, scheme, DESK, Account()), scheme)
                _results(_signed_in(browser, server, scheme, SENTENCES, Account("demo", told[1])), scheme)
        finally:
            server.stop()


def _play(page: Page, scheme: Scheme) -> None:
    page.goto("/styleguide/")
    _take(page, "play", scheme, ".question", PHONE)


def _reveal(page: Page, scheme: Scheme) -> None:
    page.goto("/styleguide/")
    _take(page, "reveal", scheme, ".reveal-layout", DESK)


def _results(page: Page, scheme: Scheme) -> None:
    page.goto("/teach/")
    page.get_by_role("link", name="Improving").click()
    page.get_by_role("link", name="Results", exact=True).click()
    _take(page, "results", scheme, "h2", SENTENCES)


def _take(page: Page, name: str, scheme: Scheme, top: str, size: tuple[int, int]) -> None:
    """A picture of the page from a little above the part `top`. As WebP, which Playwright itself cannot write."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    y = page.evaluate("top => document.querySelector(top).getBoundingClientRect().top + scrollY", top) - MARGIN
    clip = {"x": 0, "y": max(0, y), "width": size[0], "height": size[1], "scale": SCALE}
    picture = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot",
        {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True},
    )
    (FOLDER / f"{name}-{scheme}.webp").write_bytes(base64.b64decode(picture["data"]))


def _signed_in(browser: Browser, server: Server, scheme: Scheme, size: tuple[int, int], account: Account) -> Page:
    page = _device(browser, server, scheme, size)
    journeys.sign_in(page, account)
    return page


def _device(browser: Browser, server: Server, scheme: Scheme, size: tuple[int, int]) -> Page:
    width, height = size
    context = browser.new_context(
        base_url=server.loopback,
        color_scheme=scheme,
        reduced_motion="reduce",
        viewport={"width": width, "height": height},
        has_touch=size == PHONE,
        is_mobile=size == PHONE,
    )
    return context.new_page()


if __name__ == "__main__":
    main()
