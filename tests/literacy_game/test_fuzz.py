"""Mutated requests to every address, as guest, student and teachers: never an error of ours, whatever comes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from django.db import transaction

from tests.cast import Stage, answer
from tests.devices import Device
from tests.literacy_game.test_access import PATTERNS, ROLES, address, device_for
from tests.odd import TEXTS
from tests.pages import read

pytestmark = pytest.mark.django_db

METHODS = ("GET",) * 8 + ("POST",) * 12 + ("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")
TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\u00e9",
    "application/json",
    "text/plain",
    "",
)
HEADERS = (
    "HX-Request", "HX-Current-URL", "HX-Target", "HX-Boosted", "X-Forwarded-For", "Accept-Language", "Referer",
    "Origin",    "If-None-Match", "If-Modified-Since", "Range", "Authorization", "X-Request-ID", "Host",
)  # fmt: skip
PARAMETERS = ("page", "attempt", "next", "token", "version", "q", "text", "kind", "layer", "label", "sort", "set")
COOKIES = ("student", "phrase", "device", "sessionid", "csrftoken", "messages", "django_language")
BOUNDARY = "literacy"


def encoded(text: str) -> str:
    """Percent-encoded, lone surrogates as the bytes that no browser sends and every attacker does."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


def latin(text: str) -> str:
    """As a header or cookie can hold it."""
    return quote(text, safe=" !#$&'()*+,/:;=?@[]{}<>", errors="replace")[:2000]


@dataclass
class Fuzzer:
    dice: random.Random
    paths: list[str]
    fields: list[str]
    """Names of all fields of all forms."""
    values: list[str]
    """What those fields hold on the pages: ids, options, keys."""

    def request(self) -> dict[str, Any]:
        dice = self.dice
        path = dice.choice(self.paths)
        if dice.random() < 0.2:
            path = self.other_path(path)
        if dice.random() < 0.3:
            parts = [f"{dice.choice(PARAMETERS)}={encoded(self.text())}" for _ in range(dice.randint(1, 3))]
            path += ("&" if "?" in path else "?") + "&".join(parts)
        names = {dice.choice(HEADERS) for _ in range(dice.randint(0, 2))}
        headers = {name: latin(self.text()).strip() or "true" for name in names}
        if dice.random() < 0.3:
            headers["HX-Request"] = "true"
        content_type, body = self.body()
        return {
            "method": dice.choice(METHODS),
            "path": path,
            "data": body,
            "content_type": content_type,
            "headers": headers,
        }

    def text(self) -> str:
        return self.dice.choice(TEXTS) if self.dice.random() < 0.6 else self.dice.choice(self.values)

    def other_path(self, path: str) -> str:
        parts = path.split("/")
        at = self.dice.randrange(1, len(parts))
        parts[at] = encoded(self.text())[:3000].replace("%2F", "/")
        return "/".join(parts) or "/"

    def body(self) -> tuple[str, bytes]:
        given = [(self.dice.choice(self.fields), self.text()) for _ in range(self.dice.randint(0, 8))]
        kind = self.dice.random()
        if kind < 0.7:
            body = "&".join(f"{encoded(name)}={encoded(text)}" for name, text in given)
            return TYPES[0], body.encode()
        if kind < 0.9:
            return f"multipart/form-data; boundary={BOUNDARY}", self.multipart(given)
        noise = bytes(self.dice.randrange(256) for _ in range(self.dice.randrange(300)))
        return self.dice.choice(TYPES), noise

    def multipart(self, given: list[tuple[str, str]]) -> bytes:
        parts = []
        for name, text in given:
            file = f'; filename="{latin(self.text())[:100]}"' if self.dice.random() < 0.5 else ""
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
            parts.append(head.encode() + text.encode("utf-8", "surrogatepass") + b"\r\n")
        return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def fuzzer_of(stage: Stage, seed: int) -> Fuzzer:
    """Knows every address, and every field and value that a page offers to somebody."""
    names = sorted({str(each.name) for each in PATTERNS})
    paths = [address(name, stage) for name in names]
    fields, values = {"w", "s", "label-0", "pass", "count", "student", "order"}, {"on"}
    for role in ROLES:
        device = device_for(role, stage)
        for path in paths:
            with transaction.atomic():
                response = device.get(path)
                transaction.set_rollback(True)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                for each in read(response).all():
                    if each.tag in ("input", "select", "textarea", "button", "option"):
                        fields.add(each.attributes.get("name", ""))
                        values.add(each.attributes.get("value", ""))
    return Fuzzer(random.Random(seed), paths, sorted(fields - {""}), sorted(values - {""}))


@pytest.mark.parametrize(
    ("seed", "requests"), [(1, 500), *(pytest.param(seed, 5000, marks=pytest.mark.long) for seed in range(2, 6))]
)
def test_no_request_makes_an_error_of_ours(stage: Stage, seed: int, requests: int) -> None:
    """Some positions are played already, so that reveals, boards and ends are met, too."""
    for position in range(1, 4):
        answer(stage.heron, stage.six_ways, position)
    fuzzer = fuzzer_of(stage, seed)
    devices = {role: device_for(role, stage) for role in ROLES}
    jars = {
        role: dict(device.jar) | {(m.key, m["path"]): m for m in device.cookies.values()}
        for role, device in devices.items()
    }
    found: dict[int, int] = {}
    for number in range(requests):
        role = fuzzer.dice.choice(ROLES)
        device, request = devices[role], fuzzer.request()
        device.jar = dict(jars[role])
        if fuzzer.dice.random() < 0.05:
            device.cookies[fuzzer.dice.choice(COOKIES)] = latin(fuzzer.text())
        status = sent(device, request, f"seed {seed}, request {number}, {role}: {request}"[:1500])
        found[status] = found.get(status, 0) + 1
    assert {200, 302, 404, 405, 422} <= set(found), found
    print(seed, requests, dict(sorted(found.items())))


def sent(device: Device, request: dict[str, Any], what: str) -> int:
    """The status; the database stays as it was."""
    try:
        with transaction.atomic():
            response = device.generic(**request)
            status = int(response.status_code)
            if hasattr(response, "streaming_content"):
                list(response.streaming_content)
            transaction.set_rollback(True)
    except Exception as error:
        raise AssertionError(what) from error
    assert status < 500, what
    return status
