"""One process, two doors: event streams natively, everything else through Django's WSGI handler.

Django's WSGI handler in a fixed pool of threads costs a fifth of its ASGI handler and lets database
connections persist. A thread is taken only when the whole body is there, so that slow uploads hold up nobody.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.db import connection

from literacy_game.refusals import refusal
from literacy_game.wsgi import application as django_wsgi
from play.live import results, tokens
from play.live.results import OwnResults
from play.live.streams import EventStreams

LARGEST_BODY = 1024 * 1024
"""Bytes; more is answered with 413 before a thread is taken."""
SLOWEST_BODY = 15.0
"""Seconds until the whole body must be there; later is answered with 408."""
UPLOAD = re.compile(r"/teach/own-texts/(?:new|import|[\w-]+/annotations)/")
"""Where teachers bring in files: a page of newspaper as PDF has more than other forms hold."""
LARGEST_UPLOAD = 6_000_000
"""Bytes there; the forms say what a file may have, and refuse more in words."""
SLOWEST_UPLOAD = 60.0
LARGE_AT_ONCE = 8
"""Bodies above LARGEST_BODY that are held in memory at a time; one more is answered with 503."""
DRAINED = 100_000_000
"""Bytes of an upload that is too large which are taken and dropped: who still sends does not read an answer."""
THREADS = 8
STUDENTS = "/class/"
"""Where students' pages are. They have threads of their own, so that no teacher's long work holds up a lesson."""
STUDENTS_THREADS = 1 if connection.vendor == "sqlite" else 4
"""For what they send, and as many for their pages. Beside SQLite there is one writer, one interpreter, and no waiting
for a network: with eight a third of an answer's time went into handing these on (docs/performance.md)."""

Scope = dict[str, Any]


class BodyTooLarge(Exception):
    """`goes_on`: there is more to come."""

    def __init__(self, *, goes_on: bool) -> None:
        super().__init__()
        self.goes_on = goes_on


class TooManyLargeBodies(Exception):
    pass


class BufferedBodies:
    """Reads a request's body asynchronously, within limits, before the application sees the request."""

    def __init__(self, application: Any, *, largest: int = LARGEST_BODY, slowest: float = SLOWEST_BODY) -> None:
        self.application = application
        self.largest = largest
        self.slowest = slowest
        self.large = 0
        """Bodies above `largest` that are arriving."""

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        is_upload = scope["method"] == "POST" and bool(UPLOAD.fullmatch(scope["path"])) and _is_signed_in(scope)
        largest, slowest = (LARGEST_UPLOAD, SLOWEST_UPLOAD) if is_upload else (self.largest, self.slowest)
        try:
            async with asyncio.timeout(slowest):
                body = await self._read(scope, receive, largest)
        except TooManyLargeBodies:
            await refuse(scope, send, 503)
            return
        except BodyTooLarge as left:
            if is_upload and (not left.goes_on or await self._is_drained(receive, slowest)):
                await _back_to_form(scope, send)
            else:
                await refuse(scope, send, 413)
            return
        except TimeoutError:
            await refuse(scope, send, 408)
            return
        if body is None:
            return
        await self.application(scope, self._replay(body, receive), send)

    async def _read(self, scope: Scope, receive: Any, largest: int) -> bytes | None:
        """The body, or None if the client has gone. Raises BodyTooLarge, TooManyLargeBodies."""
        if self._announced(scope) > largest:
            raise BodyTooLarge(goes_on=True)
        chunks, size, is_large = [], 0, False
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
                if size > largest:
                    raise BodyTooLarge(goes_on=message.get("more_body", False))
                if size > self.largest and not is_large:
                    if self.large >= LARGE_AT_ONCE:
                        raise TooManyLargeBodies
                    self.large, is_large = self.large + 1, True
                if not message.get("more_body", False):
                    return b"".join(chunks)
        finally:
            self.large -= is_large

    @staticmethod
    async def _is_drained(receive: Any, slowest: float) -> bool:
        """Take the rest of a body and drop it; whether it came to its end in time."""

        async def drain() -> bool:
            size = 0
            while size <= DRAINED:
                message = await receive()
                size += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return bool(message["type"] == "http.request")
            return False

        try:
            return await asyncio.wait_for(drain(), slowest)
        except TimeoutError:
            return False

    @staticmethod
    def _announced(scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value)
        return 0

    @staticmethod
    def _replay(body: bytes, receive: Any) -> Any:
        given = False

        async def replayed() -> dict[str, Any]:
            nonlocal given
            if given:
                return await receive()  # type: ignore[no-any-return]
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        return replayed


def _is_signed_in(scope: Scope) -> bool:
    """Whether there is a session at all; whose it is, Django finds out."""
    name = f"{settings.SESSION_COOKIE_NAME}=".encode()
    return any(key == b"cookie" and name in value for key, value in scope["headers"])


async def refuse(scope: Scope, send: Any, status: int) -> None:
    headers, body = refusal(scope, status)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _back_to_form(scope: Scope, send: Any) -> None:
    """To the page of the form, which says in words that the file was too large."""
    headers = [(b"location", scope["path"].encode() + b"?too-large"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def for_students(wsgi: Any) -> Any:
    """A door with threads for answers and others for pages: who looks does not wait for who writes."""
    answers, pages = (BufferedBodies(WSGIMiddleware(wsgi, workers=STUDENTS_THREADS)) for _ in range(2))

    async def door(scope: Scope, receive: Any, send: Any) -> None:
        await (answers if scope["method"] == "POST" else pages)(scope, receive, send)

    return door


_doors: dict[str, Any] = {tokens.PATH: EventStreams(), results.PATH: OwnResults()}
_students = for_students(django_wsgi)
_others = BufferedBodies(WSGIMiddleware(django_wsgi, workers=THREADS))  # type: ignore[arg-type]


async def application(scope: Scope, receive: Any, send: Any) -> None:
    """The process's one entry. Event streams get their own door here, beside Django's."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        path = scope["path"]
        door = _doors.get(path) or (_students if path.startswith(STUDENTS) else _others)
        await door(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})
