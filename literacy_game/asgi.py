"""One process, two doors: event streams natively, everything else through Django's WSGI handler.

Django's WSGI handler in a fixed pool of threads costs a fifth of its ASGI handler and lets database
connections persist. A thread is taken only when the whole body is there, so that slow uploads hold up nobody.
"""

from __future__ import annotations

import asyncio
from typing import Any

from a2wsgi import WSGIMiddleware
from django.conf import settings

from exercises import text_files
from literacy_game.refusals import refusal
from literacy_game.wsgi import application as django_wsgi
from play.live import results, tokens
from play.live.results import OwnResults
from play.live.streams import EventStreams

LARGEST_BODY = 1024 * 1024
"""Bytes; more is answered with 413 before a thread is taken."""
SLOWEST_BODY = 15.0
"""Seconds until the whole body must be there; later is answered with 408."""
FILES = "/teach/own-texts/"
"""Below this, teachers bring files, which may be larger and take longer."""
LARGEST_FILE_BODY = text_files.LARGEST_FILE + 512 * 1024
SLOWEST_FILE_BODY = 60.0
LARGE_AT_ONCE = 8
"""Bodies above LARGEST_BODY that arrive at the same time; one more is answered with 503."""
THREADS = 8

Scope = dict[str, Any]


class BodyTooLarge(Exception):
    pass


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
        brings_file = scope["path"].startswith(FILES) and _is_signed_in(scope)
        largest, slowest = (LARGEST_FILE_BODY, SLOWEST_FILE_BODY) if brings_file else (self.largest, self.slowest)
        try:
            body = await asyncio.wait_for(self._read(scope, receive, largest), slowest)
        except TooManyLargeBodies:
            await refuse(scope, send, 503)
            return
        except BodyTooLarge:
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
            raise BodyTooLarge
        chunks, size, is_large = [], 0, False
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
                if size > largest:
                    raise BodyTooLarge
                if size > self.largest and not is_large:
                    if self.large >= LARGE_AT_ONCE:
                        raise TooManyLargeBodies
                    self.large, is_large = self.large + 1, True
                if not message.get("more_body", False):
                    return b"".join(chunks)
        finally:
            self.large -= is_large

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


async def lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


_doors: dict[str, Any] = {tokens.PATH: EventStreams(), results.PATH: OwnResults()}
_django = BufferedBodies(WSGIMiddleware(django_wsgi, workers=THREADS))  # type: ignore[arg-type]


async def application(scope: Scope, receive: Any, send: Any) -> None:
    """The process's one entry. Event streams get their own door here, beside Django's."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        await _doors.get(scope["path"], _django)(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})
