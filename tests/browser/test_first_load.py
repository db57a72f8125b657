"""What a student's device fetches for its first page, counted by the browser itself, over plain http as in a school."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, StorageState

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.journeys import Catalogue, Classroom

pytestmark = pytest.mark.long

MOST = 60_000
"""Bytes over the wire, headers included."""
REQUESTS = 8
SHIFTED = """() => new Promise((resolve) => {
  let moved = 0;
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (moved += value)));
  observer.observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(moved)));
})"""
FETCH_ICON = (
    "() => fetch(document.querySelector('link[rel=icon]').href, { cache: 'reload' }).then((icon) => icon.text())"
)


@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("language", ["en", "de"])
def test_joining(new_device: NewDevice, signed_in: StorageState, language: str, width: int) -> None:
    page = new_device(locale=language, viewport={"width": width, "height": 800})
    is_light(page, lambda: page.goto("/join/"))


@pytest.mark.parametrize("width", [390, 1366])
def test_class_page_and_first_passages(
    new_device: NewDevice, teacher: Page, classroom: Classroom, catalogue: Catalogue, width: int
) -> None:
    for title in catalogue:
        journeys.assign(teacher, classroom, title)
    device = new_device()
    journeys.join(device, classroom)
    addresses = [device.url]
    for title in catalogue:
        journeys.begin(device, title)
        addresses.append(device.url)
        journeys.open_class(device)
    for address in addresses:
        cold = new_device(storage_state=device.context.storage_state(), viewport={"width": width, "height": 800})
        is_light(cold, lambda cold=cold, address=address: cold.goto(address))
        cold.close()


def is_light(page: Page, load: Callable[[], Any]) -> None:
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session = page.context.new_cdp_session(page)
    session.on(
        "Network.requestWillBeSent", lambda told: addresses.setdefault(told["requestId"], told["request"]["url"])
    )
    session.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    session.send("Network.enable")
    load()
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate(FETCH_ICON)  # browsers fetch it where nobody sees
    page.wait_for_load_state("networkidle")
    found = {addresses[each]: size for each, size in sizes.items() if "/stream/" not in addresses[each]}
    assert any("/css/app." in address for address in found)
    assert len(found) < REQUESTS, found
    assert sum(found.values()) < MOST, found
    assert page.evaluate(SHIFTED) < 0.01
