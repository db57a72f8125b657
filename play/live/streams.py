"""Streams of server-sent events, natively beside Django: they tell pages that something has changed.

A page opens a stream with a signed token for one subject. What a stream carries is for everybody who may open it:
versions, counts, and the page as it is for somebody who has done nothing; never what is one student's own. Each process
looks at the versions of all that its streams are about, so that several processes need nothing between them.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from django.core import signing
from django.utils import timezone

from play.live import queries
from play.live.queries import News
from play.live.showing import common_part
from play.live.threads import apart
from play.live.tokens import Subject, subject_of
from play.models import Board
from play.queries import class_version

PACE = 0.1
"""Seconds between two looks at the versions."""
CALM = 1.0
"""Seconds at least between two events of a subject; the phases of a round do not wait for it."""
BEAT = 2.0
"""Seconds after which something is sent though nothing has changed, so that pages notice a dead line."""
SPREAD = 1.0
"""Milliseconds for each page over which pages spread their own requests after an event."""
LONGEST_SPREAD = 2000

Reader = Callable[[Collection[Subject]], dict[Subject, News]]

logger = logging.getLogger(__name__)


def news_of_boards(pks: Collection[int], now: datetime) -> dict[int, News]:
    """A closing that is not in the standings yet is as good as a change."""
    rows = Board.objects.filter(assignment__in=pks).values_list("assignment", "version", "due")
    found: dict[int, News] = {pk: {"version": 0} for pk in pks}
    return found | {pk: {"version": version + bool(due and due <= now)} for pk, version, due in rows}


def news_of_classes(pks: Collection[int], now: datetime) -> dict[int, News]:
    return {pk: {"version": class_version(classroom_id=pk, now=now)} for pk in pks}


NEWS: dict[str, Callable[[Collection[int], datetime], dict[int, News]]] = {
    "round": queries.news_of_rounds,
    "lobby": queries.news_of_lobbies,
    "board": news_of_boards,
    "class": news_of_classes,
    "debate": queries.news_of_debates,
}


def news(subjects: Iterable[Subject], now: datetime) -> dict[Subject, News]:
    """The state of each subject; what is gone is left out."""
    by_kind: dict[str, list[int]] = {}
    for kind, pk in subjects:
        by_kind.setdefault(kind, []).append(pk)
    return {(kind, pk): each for kind, pks in by_kind.items() for pk, each in NEWS[kind](pks, now).items()}


def read(subjects: Collection[Subject]) -> dict[Subject, News]:
    return news(subjects, timezone.now())


@dataclass(eq=False)
class Listener:
    """One open stream. It holds the last event alone: a slow line skips what is past."""

    event: bytes = b""
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, event: bytes) -> None:
        self.event = event
        self.ready.set()

    async def next(self) -> bytes:
        await self.ready.wait()
        self.ready.clear()
        return self.event


@dataclass
class Channel:
    """What is known of a subject, and who listens."""

    listeners: set[Listener] = field(default_factory=set)
    told: News = field(default_factory=dict)
    at: float = 0.0


class Hub:
    """Looks at the versions while anybody listens, and tells."""

    def __init__(self, reader: Reader = read) -> None:
        self.reader = reader
        self.channels: dict[Subject, Channel] = {}
        self.watching: asyncio.Task[None] | None = None
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")

    def join(self, subject: Subject) -> Listener:
        listener = Listener()
        channel = self.channels.setdefault(subject, Channel())
        channel.listeners.add(listener)
        if channel.told:
            listener.hear(encoded(channel.told))
        if self.watching is None or self.watching.done():
            self.watching = asyncio.get_running_loop().create_task(self._watch())
        return listener

    def leave(self, subject: Subject, listener: Listener) -> None:
        channel = self.channels[subject]
        channel.listeners.discard(listener)
        if not channel.listeners:
            del self.channels[subject]

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while self.channels:
            try:
                found = await loop.run_in_executor(self.thread, apart, partial(self.reader, list(self.channels)))
                for subject, each in found.items():
                    await self._tell(subject, each, loop)
            except Exception:
                logger.exception("The versions of live pages could not be read")
            await asyncio.sleep(PACE)

    async def _tell(self, subject: Subject, found: News, loop: asyncio.AbstractEventLoop) -> None:
        channel = self.channels.get(subject)
        if channel is None:
            return
        is_new = found["version"] != channel.told.get("version")
        at_once = is_new and (subject[0] == "round" or not channel.told)
        if not at_once and loop.time() - channel.at < (BEAT if found == channel.told else CALM):
            return
        event: dict[str, Any] = dict(found)
        event["spread"] = min(LONGEST_SPREAD, round(SPREAD * len(channel.listeners)))
        if channel.told and found.get("face") != channel.told.get("face"):
            work = partial(common_part, pk=subject[1], version=int(found["version"]), now=timezone.now())
            event |= await loop.run_in_executor(self.thread, apart, work)
        channel.told, channel.at = found, loop.time()
        data = encoded(event)
        for listener in channel.listeners:
            listener.hear(data)


def encoded(event: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(event)}\n\n".encode()


HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, private"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class EventStreams:
    """The door: GET with a token opens a stream; without one it is closed."""

    def __init__(self, hub: Hub | None = None) -> None:
        self.hub = hub or Hub()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
            subject = subject_of(given)
        except signing.BadSignature:
            await refuse(send, 403)
            return
        if scope["method"] != "GET":
            await refuse(send, 405)
            return
        listener = self.hub.join(subject)
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            while not gone.done():
                heard = asyncio.ensure_future(listener.next())
                await asyncio.wait({gone, heard}, return_when=asyncio.FIRST_COMPLETED)
                if heard.done():
                    await send({"type": "http.response.body", "body": heard.result(), "more_body": True})
                else:
                    heard.cancel()
        except OSError:
            pass  # the line broke while something was sent
        finally:
            gone.cancel()
            self.hub.leave(subject, listener)


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def refuse(send: Any, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
