"""The server's door: bodies are read whole, within limits, before a thread is taken. Driven without a network."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from literacy_game import asgi
from literacy_game.asgi import (
    LARGE_AT_ONCE,
    LARGEST_BODY,
    LARGEST_UPLOAD,
    STUDENTS_THREADS,
    THREADS,
    BufferedBodies,
    application,
    for_students,
)
from tests.cast import Cast

Message = dict[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]
DJANGO = pytest.mark.django_db(transaction=True)
"""For tests whose request reaches Django, in a thread with a connection of its own."""
PATIENCE = 20
"""Seconds after which a test that hangs fails."""
STALLED = object()
GONE = {"type": "http.disconnect"}


@dataclass
class Exchange:
    """One request of a client that sends its body in chunks, and what it got back."""

    method: str = "GET"
    path: str = "/about/"
    headers: dict[str, str] = field(default_factory=dict)
    chunks: Iterable[bytes | object] = ()
    """What arrives, in order; STALLED for silence, GONE for a client that hangs up."""
    sent: list[Message] = field(default_factory=list)
    taken: int = 0
    """Messages that the server has asked for."""

    async def of(self, app: App) -> Exchange:
        arriving = list(self.chunks)
        answered = asyncio.Event()

        async def receive() -> Message:
            self.taken += 1
            if self.taken <= len(arriving):
                chunk = arriving[self.taken - 1]
                if chunk is STALLED:
                    await asyncio.Event().wait()
                if chunk is GONE:
                    return GONE
                return {"type": "http.request", "body": chunk, "more_body": self.taken < len(arriving)}
            if not arriving and self.taken == 1:
                return {"type": "http.request", "body": b"", "more_body": False}
            await answered.wait()
            return GONE

        async def send(message: Message) -> None:
            self.sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                answered.set()

        await app(self.scope, receive, send)
        return self

    @property
    def scope(self) -> Message:
        path, _, query = self.path.partition("?")
        headers = {"host": "testserver"} | self.headers
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("192.0.2.7", 5000),
            "server": ("testserver", 80),
        }

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])

    def header(self, name: str) -> list[str]:
        return [value.decode() for key, value in self.sent[0]["headers"] if key.decode().lower() == name]


class Echo:
    """An application that answers with the body that it got, and remembers that it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.after: Message | None = None

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        self.asked += 1
        message = await receive()
        assert not message["more_body"], "the body comes whole"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": message["body"]})
        self.after = await receive()


def exchange(app: App, **request: Any) -> Exchange:
    """Let a client and the server talk, and give up on a server that does not end it."""
    return asyncio.run(asyncio.wait_for(Exchange(**request).of(app), PATIENCE))


def test_a_body_in_pieces_arrives_whole() -> None:
    echo = Echo()
    done = exchange(BufferedBodies(echo), method="POST", chunks=[b"one ", b"", b"two ", b"three"])
    assert (done.status, done.body) == (200, b"one two three")
    assert echo.after == GONE, "what follows the body is the client's"


def test_a_body_as_large_as_allowed_passes() -> None:
    done = exchange(BufferedBodies(Echo(), largest=10), chunks=[b"12345", b"67890"], headers={"content-length": "10"})
    assert (done.status, done.body) == (200, b"1234567890")


def test_a_body_announced_as_too_large_is_refused_unread() -> None:
    echo = Echo()
    done = exchange(BufferedBodies(echo, largest=10), chunks=[b"x" * 11], headers={"content-length": "11"})
    assert done.status == 413
    assert done.header("connection") == ["close"]
    assert (done.taken, echo.asked) == (0, 0)


def test_a_body_that_grows_too_large_is_refused_as_soon_as_it_does() -> None:
    echo = Echo()
    done = exchange(BufferedBodies(echo, largest=10), chunks=[b"12345"] * 100)
    assert done.status == 413
    assert (done.taken, echo.asked) == (3, 0)


@pytest.mark.parametrize("length", ["5", "-1", "many"])
def test_a_false_length_does_not_get_a_large_body_through(length: str) -> None:
    done = exchange(BufferedBodies(Echo(), largest=10), chunks=[b"x" * 11], headers={"content-length": length})
    assert done.status == 413


SIGNED_IN = {"cookie": "csrftoken=x; sessionid=y"}
NEW_TEXT = "/teach/own-texts/new/"


def file_of(size: int, *, path: str = NEW_TEXT, headers: dict[str, str] = SIGNED_IN) -> int:
    """The status that a body of so many bytes gets from a server for small ones."""
    app = BufferedBodies(Echo(), largest=10)
    return exchange(app, method="POST", path=path, headers=headers, chunks=[b"x" * size]).status


def test_a_file_of_a_teacher_may_be_larger_than_a_form() -> None:
    assert file_of(LARGEST_UPLOAD) == 200
    assert file_of(11, headers={}) == 413
    assert file_of(11, path="/join/") == 413
    assert file_of(11, path="/teach/own-texts/") == 413


@pytest.mark.parametrize("headers", [{"content-length": str(LARGEST_UPLOAD + 1)}, {}])
def test_a_file_that_is_too_large_leads_back_to_its_form_once_it_is_sent(headers: dict[str, str]) -> None:
    echo = Echo()
    pieces = 10 * LARGEST_UPLOAD // LARGEST_BODY
    chunks = [b"x" * LARGEST_BODY] * pieces
    done = exchange(BufferedBodies(echo), method="POST", path=NEW_TEXT, chunks=chunks, headers=SIGNED_IN | headers)
    assert (done.status, done.header("location")) == (303, [f"{NEW_TEXT}?too-large"])
    assert (done.taken, echo.asked) == (pieces, 0)


def test_a_file_whose_last_piece_is_too_much_leads_back_at_once() -> None:
    assert file_of(LARGEST_UPLOAD + 1) == 303


def test_few_large_bodies_are_in_memory_at_a_time() -> None:
    """Those that stall keep others from bringing files for a while, and nobody from anything else."""

    async def run() -> list[int]:
        app = BufferedBodies(Echo(), largest=10)
        large: dict[str, Any] = {"method": "POST", "path": NEW_TEXT, "headers": SIGNED_IN}
        stalled = [
            asyncio.create_task(Exchange(**large, chunks=[b"x" * 11, STALLED]).of(app)) for _ in range(LARGE_AT_ONCE)
        ]
        while app.large < LARGE_AT_ONCE:
            await asyncio.sleep(0)
        statuses = [(await Exchange(**large, chunks=[b"x" * size]).of(app)).status for size in (11, 10)]
        for each in stalled:
            each.cancel()
        await asyncio.gather(*stalled, return_exceptions=True)
        assert app.large == 0
        return [*statuses, (await Exchange(**large, chunks=[b"x" * 11]).of(app)).status]

    assert asyncio.run(asyncio.wait_for(run(), PATIENCE)) == [503, 200, 200]


def test_an_upload_that_stalls_is_ended() -> None:
    echo = Echo()
    done = exchange(BufferedBodies(echo, slowest=0.01), method="POST", chunks=[b"begin", STALLED])
    assert done.status == 408
    assert b"too long" in done.body
    assert echo.asked == 0


def test_an_upload_that_drips_is_ended_too() -> None:
    """The limit is for the whole body, not for each piece."""

    async def drip(app: App) -> Exchange:
        done = Exchange(method="POST")

        async def receive() -> Message:
            await asyncio.sleep(0.001)
            return {"type": "http.request", "body": b".", "more_body": True}

        async def send(message: Message) -> None:
            done.sent.append(message)

        await app(done.scope, receive, send)
        return done

    server = BufferedBodies(Echo(), slowest=0.05)
    assert asyncio.run(asyncio.wait_for(drip(server), PATIENCE)).status == 408


def test_a_client_that_hangs_up_costs_nothing() -> None:
    echo = Echo()
    done = exchange(BufferedBodies(echo), method="POST", chunks=[b"begin", GONE])
    assert done.sent == []
    assert echo.asked == 0


@pytest.mark.parametrize(
    ("headers", "language"),
    [({"accept-language": "de"}, "de"), ({"accept-language": "de", "cookie": "language=uk"}, "uk"), ({}, "en")],
)
def test_a_browser_gets_a_page_for_what_is_refused(headers: dict[str, str], language: str) -> None:
    """In its language, with a way back, under the same policy as every page; a script gets the sentence."""
    asked = headers | {"content-length": str(LARGEST_BODY + 1), "accept": "text/html,*/*;q=0.8"}
    done = exchange(application, method="POST", headers=asked)
    assert done.status == 413
    assert done.header("content-type") == ["text/html; charset=utf-8"]
    assert "default-src" in done.header("content-security-policy")[0]
    assert f'<html lang="{language}">' in done.body.decode()
    assert b'class="languages"' not in done.body, "a form that could not be sent"
    slow = exchange(
        BufferedBodies(Echo(), slowest=0.01), method="POST", chunks=[STALLED], headers=headers | {"accept": "text/html"}
    )
    assert b"<h1>" in slow.body
    assert exchange(application, method="POST", headers=asked | {"accept": "*/*"}).body.startswith(b"This is more")


def test_the_server_s_own_limit_is_that_of_the_settings() -> None:
    done = exchange(application, method="POST", headers={"content-length": str(LARGEST_BODY + 1)})
    assert done.status == 413


@DJANGO
def test_a_page() -> None:
    done = exchange(application)
    assert done.status == 200
    assert b"About this game" in done.body
    assert done.header("content-security-policy")


@DJANGO
def test_head_goes_where_get_goes() -> None:
    """The body is left out by the server in front (uvicorn)."""
    page, head = exchange(application), exchange(application, method="HEAD")
    assert head.status == 200
    assert head.header("content-length") == page.header("content-length")


@DJANGO
def test_a_form_is_sent_through_to_django(cast: Cast) -> None:
    url = reverse("join")
    cookies = [each.partition(";")[0] for each in exchange(application, path=url).header("set-cookie")]
    cookie = next(each for each in cookies if each.startswith("csrftoken="))
    token = cookie.partition("=")[2]
    body = urlencode({"code": cast.class_9b.code, "csrfmiddlewaretoken": token}).encode()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": str(len(body)),
        "cookie": cookie,
    }
    done = exchange(application, method="POST", path=url, headers=headers, chunks=[body[:7], body[7:]])
    assert done.status == 302
    assert done.header("location") == [reverse("join_class", args=[cast.class_9b.uid, cast.class_9b.code])]


@DJANGO
def test_stalled_uploads_hold_up_nobody() -> None:
    """More of them than there are threads: a page is answered all the same."""

    async def meanwhile() -> Exchange:
        stalled = [
            asyncio.create_task(Exchange(method="POST", chunks=[b"begin", STALLED]).of(application))
            for _ in range(max(50, 3 * THREADS))
        ]
        await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(Exchange().of(application), PATIENCE)
        finally:
            for each in stalled:
                each.cancel()
            await asyncio.gather(*stalled, return_exceptions=True)

    assert asyncio.run(meanwhile()).status == 200


@DJANGO
def test_long_work_of_teachers_holds_up_no_student(cast: Cast) -> None:
    """Every thread for the other pages is taken: a student's page is answered all the same, and theirs wait."""
    done = threading.Event()

    async def meanwhile() -> Exchange:
        work = [asgi._others.application.executor.submit(done.wait, PATIENCE) for _ in range(THREADS)]
        teacher = asyncio.create_task(Exchange().of(application))
        try:
            student = Exchange(path=reverse("reenter", args=[cast.class_9b.uid]))
            found = await asyncio.wait_for(student.of(application), PATIENCE / 2)
            assert not teacher.done()
            return found
        finally:
            done.set()
            await teacher
            assert all(each.result(PATIENCE) for each in work)

    assert asyncio.run(meanwhile()).status == 200


def test_who_looks_does_not_wait_for_who_writes() -> None:
    """Every thread for what students send waits for a turn: their pages come all the same."""
    turn = threading.Event()

    def wsgi(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            assert turn.wait(PATIENCE)
        start("200 OK", [])
        return [b"ok"]

    async def meanwhile() -> list[Exchange]:
        door = for_students(wsgi)
        sent = [asyncio.create_task(Exchange(method="POST").of(door)) for _ in range(STUDENTS_THREADS + 1)]
        await asyncio.sleep(0)
        try:
            looked = await asyncio.wait_for(Exchange().of(door), PATIENCE / 2)
            assert not any(each.done() for each in sent)
        finally:
            turn.set()
        return [looked, *await asyncio.gather(*sent)]

    assert [each.status for each in asyncio.run(meanwhile())] == [200] * (STUDENTS_THREADS + 2)


def test_starting_and_stopping() -> None:
    async def run() -> list[str]:
        messages = iter(["lifespan.startup", "lifespan.shutdown"])
        sent: list[str] = []

        async def receive() -> Message:
            return {"type": next(messages)}

        async def send(message: Message) -> None:
            sent.append(message["type"])

        await application({"type": "lifespan"}, receive, send)
        return sent

    assert asyncio.run(run()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_there_are_no_web_sockets() -> None:
    async def run() -> list[Message]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        await application({"type": "websocket", "path": "/"}, receive, send)
        return sent

    assert asyncio.run(run()) == [{"type": "websocket.close", "code": 1000}]
