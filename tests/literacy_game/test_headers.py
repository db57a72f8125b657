"""What every answer carries: a strict content policy, nothing inline, nothing kept by caches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from literacy_game import views
from tests.cast import PASSWORD, Cast, Stage, answer, desk_of, device_of
from tests.devices import Device
from tests.literacy_game.test_access import ROLES, ROWS, address, device_for
from tests.pages import Element, read, submit

pytestmark = pytest.mark.django_db

PAGES = [
    (name, role) for (name, method), row in ROWS.items() for role in ROLES if method == "GET" and row[role] == "200"
]


def inline(page: Element) -> Iterator[str]:
    """Whatever a strict content policy would stop, or would have to be loosened for."""
    for each in page.all():
        if each.tag == "style" or "style" in each.attributes:
            yield f"style of <{each.tag}>"
        if (
            each.tag == "script"
            and each.attributes.get("type") != "application/json"
            and not each.attributes.get("src")
        ):
            yield "script without src"
        yield from (f"{name} of <{each.tag}>" for name in each.attributes if name.startswith(("on", "hx-on")))
        for name in ("href", "src", "action", "formaction"):
            address = each.attributes.get(name, "")
            if address.startswith(("javascript:", "data:")) or (
                each.tag in ("script", "link", "img") and "//" in address
            ):
                yield f"{address} in <{each.tag}>"


def policy_of(response: Any) -> dict[str, list[str]]:
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


def assert_strict(response: Any) -> None:
    policy = policy_of(response)
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert list(inline(read(response))) == []


def assert_private(response: Any) -> None:
    headers = response.headers
    assert "HX-Request" in [each.strip() for each in headers["Vary"].split(",")]
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("name", "role"), [(name, role) for name, role in PAGES if role in ("guest", "student", "owner")]
)
def test_every_page_is_strict_and_private(stage: Stage, name: str, role: str) -> None:
    response = device_for(role, stage).get(address(name, stage))
    assert response.status_code == 200
    assert_private(response)
    if response.headers["Content-Type"].startswith("text/html"):
        assert_strict(response)


@pytest.mark.parametrize("name", ["classroom", "projector", "set_detail"])
def test_pages_of_a_class_are_strict_and_private(stage: Stage, name: str) -> None:
    for position in (1, 2):
        answer(stage.heron, stage.six_ways, position)
    response = desk_of(stage.bob).get(address(name, stage))
    assert_private(response)
    assert_strict(response)


def test_reveals_are_strict_and_private(stage: Stage) -> None:
    device = device_of(stage.heron)
    for position in range(1, 7):
        answer(stage.heron, stage.six_ways, position)
        response = device.get(reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, position]))
        assert read(response).of_class("reveal")
        assert_private(response)
        assert_strict(response)


def test_the_pages_of_a_second_factor_are_strict(cast: Cast) -> None:
    """The password is asked once more; then comes a QR code, drawn inline."""
    device, url = desk_of(cast.bob), reverse("mfa_activate_totp")
    asked = device.get(url).url
    assert submit(device, device.get(asked), password=PASSWORD).url == url
    for response in (device.get(reverse("mfa_index")), device.get(asked), device.get(url)):
        assert response.status_code == 200
        assert_strict(response)
    assert list(read(response).one("main").of_class("qr")[0].all("svg"))


def test_what_goes_wrong_is_a_page_too(cast: Cast) -> None:
    missing = Device().get("/no/such/page/")
    stale = Client(enforce_csrf_checks=True).post(reverse("join"), {"code": "X"})
    half = submit(desk_of(cast.bob), desk_of(cast.bob).get(reverse("classroom_new")), name="")
    assert [missing.status_code, stale.status_code, half.status_code] == [404, 403, 422]
    for response in (missing, stale, half):
        assert_private(response)
        assert_strict(response)
    assert read(missing).one("h1").text == "There is nothing here"
    assert read(stale).one("h1").text == "Please send that again"


def test_an_error_of_ours_is_told_plainly() -> None:
    response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert read(response).one("h1").text == "Something went wrong on our side"
    assert list(inline(read(response))) == []


def test_answers_to_polls_are_private(stage: Stage) -> None:
    page = device_of(stage.heron).get(address("leaderboard", stage))
    poll = read(page).one(id="standings").attributes["data-poll"]
    response = Device().get(poll)
    assert response.status_code == 204
    assert_private(response)


def test_a_page_and_its_part_are_told_apart_by_caches(stage: Stage) -> None:
    """ "Vary" names the header once, beside what Django puts there."""
    vary = device_of(stage.heron).get(address("exercise", stage)).headers["Vary"]
    names = [each.strip().lower() for each in vary.split(",")]
    assert names.count("hx-request") == 1
    assert "cookie" in names


def test_cookies_are_closed_to_scripts(cast: Cast) -> None:
    device = Device()
    page = device.get(reverse("account_login"))
    submit(device, page, to=reverse("account_login"), login="bob", password=PASSWORD)
    morsels = {morsel.key: morsel for morsel in device.jar.values()}
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= set(morsels)
    assert all(morsel["httponly"] and morsel["samesite"] == "Lax" for morsel in morsels.values())


def test_htmx_may_do_no_more_than_the_policy_allows(cast: Cast) -> None:
    config = read(Device().get(reverse("home"))).one("meta", name="htmx-config").attributes["content"]
    for needed in (
        '"includeIndicatorStyles":false',
        '"allowEval":false',
        '"allowScriptTags":false',
        '"historyCacheSize":0',
        '{"code":"422","swap":true}',
        '{"code":"204","swap":false}',
    ):
        assert needed in config
