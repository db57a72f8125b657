"""Where the context is secure, a service worker keeps the open question for when there is no network. And no key."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check, watch
from tests.browser.journeys import Account
from tests.browser.server import Server

AWAY = ("ERR_CONNECTION_REFUSED", "ERR_FAILED", "Failed to fetch", "htmx:sendError", "htmx:afterRequest", "net::ERR")
"""What Chromium and htmx write while the server is away."""
KEPT = """async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("questions-"))
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return kept.flat().map((each) => new URL(each.url).pathname)
}"""


def kept(page: Page) -> list[str]:
    """Paths of the questions on the device."""
    found: list[str] = page.evaluate(KEPT)
    return found


def test_an_open_question_is_there_without_a_network(own_server: Server, new_device: NewDevice) -> None:
    teacher = new_device(at=own_server.loopback)
    journeys.make_owner(teacher, own_server.setup_path, Account())
    classroom = journeys.make_class(teacher, "kept")
    title = journeys.earliest(journeys.read_catalogue(teacher), "spot", "source")
    journeys.assign(teacher, classroom, title)
    teacher.close()
    phone = new_device(at=own_server.loopback)
    watch(phone.context).expect(*AWAY)
    journeys.join(phone, classroom)
    phone.wait_for_function("() => navigator.serviceWorker.controller")
    journeys.begin(phone, title)
    first = phone.url
    assert kept(phone) == [first.removeprefix(own_server.loopback)]
    own_server.stop()

    # The question is there again, and its answer waits.
    phone.reload()
    journeys.fill_in(phone, journeys.kind_of(phone), nothing=True).click()
    expect(phone.locator("#outbox")).to_contain_text("kept on this device")
    phone.goto(first.partition("play/")[0])
    expect(phone.get_by_role("heading", name="No network")).to_be_visible()
    check(phone, "offline")
    own_server.start()
    phone.goto(first.partition("play/")[0])
    expect(phone.locator("#outbox")).to_contain_text("saved now")

    # What has been answered, with its key, is not kept; nor is anything after leaving.
    phone.goto(first)
    expect(phone.locator(".verdict")).to_be_visible()
    journeys.go_on(phone)
    assert kept(phone) == [phone.url.removeprefix(own_server.loopback)]
    assert first not in phone.url
    journeys.answer(phone)
    phone.wait_for_function(f"async () => !(await ({KEPT})()).length")
    journeys.go_on(phone)
    assert kept(phone)
    journeys.open_class(phone)
    phone.get_by_role("button", name="leave the class on this device").click()
    expect(phone.get_by_label("Class code")).to_be_visible()
    assert kept(phone) == []
