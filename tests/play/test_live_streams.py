"""Streams: who may open one, what it carries, and that it tells of every change. Driven without a network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from typing import Any
from urllib.parse import quote

import pytest
from django.core import signing
from django.utils import translation
from django.utils.translation import get_language

from literacy_game.asgi import application
from play import entries
from play.live import queries, showing, streams, tokens
from play.live.streams import EventStreams, Hub, News, Subject
from play.questions import task
from tests.cast import NOW, Stage, answer
from tests.play.live import Class
from tests.threads import at_once

PATIENCE = 20
"""Seconds after which a test that hangs fails."""
ROUND = ("round", 1)


class Client:
    """A page that listens to a stream."""

    def __init__(self, token: str, method: str = "GET") -> None:
        self.scope = {
            "type": "http",
            "method": method,
            "path": tokens.PATH,
            "query_string": f"token={quote(token)}".encode(),
            "headers": [],
        }
        self.status = 0
        self.headers: dict[str, str] = {}
        self.events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.left = asyncio.Event()

    async def of(self, app: Any) -> None:
        await app(self.scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        elif message["body"]:
            line = message["body"].decode()
            assert line.startswith("data: ")
            assert line.endswith("\n\n")
            await self.events.put(json.loads(line.removeprefix("data: ")))

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.events.get(), PATIENCE)


Story = Callable[[Client], Awaitable[None]]


def listen(app: Any, token: str, story: Story) -> Client:
    """Open a stream, live through the story, and leave."""

    async def run() -> Client:
        client = Client(token)
        stream = asyncio.create_task(client.of(app))
        await asyncio.wait_for(story(client), PATIENCE)
        client.left.set()
        await asyncio.wait_for(stream, PATIENCE)
        return client

    return asyncio.run(run())


class Shelf:
    """Versions that a test sets."""

    def __init__(self) -> None:
        self.found: dict[Subject, News] = {ROUND: {"version": 1, "answered": 0}}
        self.reads = 0

    def __call__(self, subjects: Collection[Subject]) -> dict[Subject, News]:
        self.reads += 1
        return {each: self.found[each] for each in subjects if each in self.found}


def test_without_a_token_of_ours_the_door_is_closed() -> None:
    for token in ("", "x", signing.dumps(["round", 1], salt="another"), signing.dumps("odd", salt=tokens.SALT)):
        client = Client(token)
        asyncio.run(asyncio.wait_for(client.of(application), PATIENCE))
        assert client.status == 403, token


def test_an_old_token_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    token = tokens.token(*ROUND)
    assert tokens.subject_of(token) == ROUND
    monkeypatch.setattr(tokens, "TOKEN_AGE", -1)
    with pytest.raises(signing.SignatureExpired):
        tokens.subject_of(token)


def test_streams_are_only_listened_to() -> None:
    client = Client(tokens.token(*ROUND), "POST")
    asyncio.run(asyncio.wait_for(client.of(application), PATIENCE))
    assert client.status == 405


def test_the_present_state_comes_at_once_then_every_version() -> None:
    shelf = Shelf()

    async def story(client: Client) -> None:
        assert (await client.next())["version"] == 1
        for version in (2, 3):
            shelf.found[ROUND] = {"version": version, "answered": 0}
            assert (await client.next())["version"] == version

    client = listen(EventStreams(Hub(shelf)), tokens.token(*ROUND), story)
    assert client.status == 200
    assert client.headers["content-type"].startswith("text/event-stream")
    assert client.headers["cache-control"] == "no-store, private"


def test_counts_come_too_and_a_line_never_stays_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "CALM", 0.05)
    monkeypatch.setattr(streams, "BEAT", 0.2)
    shelf = Shelf()

    async def story(client: Client) -> None:
        await client.next()
        shelf.found[ROUND] = {"version": 1, "answered": 5}
        assert (await client.next())["answered"] == 5
        assert (await client.next())["answered"] == 5, "a beat"

    listen(EventStreams(Hub(shelf)), tokens.token(*ROUND), story)


def test_many_listen_to_one_look_and_nobody_to_none() -> None:
    shelf, hub = Shelf(), None

    async def run() -> None:
        nonlocal hub
        hub = Hub(shelf)
        clients = [Client(tokens.token(*ROUND)) for _ in range(50)]
        tasks = [asyncio.create_task(each.of(EventStreams(hub))) for each in clients]
        heard = [await each.next() for each in clients]
        assert {each["version"] for each in heard} == {1}
        shelf.found[ROUND] = {"version": 2}
        heard = [await each.next() for each in clients]
        assert {each["version"] for each in heard} == {2}
        assert heard[0]["spread"] == round(50 * streams.SPREAD)
        for each in clients:
            each.left.set()
        await asyncio.gather(*tasks)
        assert not hub.channels
        assert hub.watching
        await asyncio.wait_for(hub.watching, PATIENCE)

    asyncio.run(asyncio.wait_for(run(), PATIENCE))
    assert shelf.reads < 50


def test_a_slow_line_skips_what_is_past() -> None:
    async def run() -> None:
        listener = streams.Listener()
        listener.hear(b"one")
        listener.hear(b"two")
        assert await listener.next() == b"two"
        assert not listener.ready.is_set()

    asyncio.run(run())


def test_a_read_that_fails_is_tried_again() -> None:
    shelf = Shelf()
    failures = iter([True, True])

    def reader(subjects: Collection[Subject]) -> dict[Subject, News]:
        if next(failures, False):
            raise OSError("the database is away")
        return shelf(subjects)

    async def story(client: Client) -> None:
        assert (await client.next())["version"] == 1

    listen(EventStreams(Hub(reader)), tokens.token(*ROUND), story)


@pytest.mark.django_db(transaction=True)
def test_a_round_s_stream_brings_the_common_part_and_the_key_only_at_the_reveal(stage: Stage) -> None:
    """Through the server's own door, with the database behind it."""
    room = Class.of(stage)
    room.sit(stage.heron)
    room.to_answer(1)
    said: list[dict[str, Any]] = []

    async def story(client: Client) -> None:
        said.append(await client.next())
        for step in ("lock", "heat", "reveal", "heat"):
            await asyncio.to_thread(room.step, step)
            event = await client.next()
            while event["version"] == said[-1]["version"]:
                event = await client.next()
            said.append(event)

    listen(application, tokens.token("round", room.round.pk), story)
    assert [each["face"] for each in said] == ["answer.1.1|", "wait.1.1|", "wait.1.1|", "key.1.1|", "key.1.1|"]
    assert ["common" in each for each in said] == [False, True, False, True, False], "only what is new"
    fields = {"version", "face", "answered", "seats", "apart", "spread", "common", "language"}
    assert set().union(*said) == fields, "nothing private has a place in it"
    key = "A picture of violence stands where"
    assert [key in each.get("common", "") for each in said] == [False, False, False, True, False]
    for each in (said[1], said[3]):
        assert "Text under examination" in each["common"]
    assert "Heron" not in json.dumps(said)


@pytest.mark.django_db
def test_the_common_part_speaks_the_language_of_the_class_and_says_so(stage: Stage) -> None:
    stage.class_9b.language = "de"
    stage.class_9b.save()
    room = Class.of(stage)
    room.sit(stage.heron)
    room.to_answer(1)
    found = showing.common_part(pk=room.round.pk, version=room.live.version, now=room.now)
    assert found["language"] == "de"
    with translation.override("de"):
        assert task("spot", "technique") in found["common"]
    assert get_language() == "en"


@pytest.mark.django_db
def test_news_of_boards_classes_and_lobbies(stage: Stage) -> None:
    board, klass, lobby = (
        ("board", stage.six_ways.pk),
        ("class", stage.class_9b.pk),
        ("lobby", stage.class_9b.pk),
    )
    before = streams.news([board, klass, lobby, ("round", 99)], NOW)
    assert before == {board: {"version": 0}, klass: {"version": 0}, lobby: {"version": 0}}
    answer(stage.heron, stage.six_ways, 1)
    room = Class.of(stage)
    after = streams.news([board, klass, lobby], NOW)
    assert after == {board: {"version": 1}, klass: {"version": 1}, lobby: {"version": room.round.pk}}
    room.step("end")
    assert streams.news([lobby], NOW)[lobby] == {"version": 0}


@pytest.mark.django_db(transaction=True)
def test_two_teachers_at_once_go_on_once(stage: Stage) -> None:
    room = Class.of(stage)
    version = room.live.version
    data = {"version": version, "do": "next"}
    jobs = [lambda: room.desk.post(room.url("live_step"), data).status_code for _ in range(2)]
    assert at_once(jobs) == [302, 302]
    assert (room.live.position, room.live.phase, room.live.version) == (1, "read", version + 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", range(3))
def test_an_answer_at_the_moment_of_the_reveal_is_never_lost(stage: Stage, run: int) -> None:
    """It is counted, or late; never between the two."""
    room = Class.of(stage)
    room.sit(stage.heron, stage.otter)
    room.to_answer(1)
    jobs: list[Callable[[], object]] = [
        lambda: room.vote(stage.heron, position=1, vote=1),
        lambda: room.step("reveal"),
        lambda: room.vote(stage.otter, position=1, vote=1),
    ]
    at_once(jobs)
    ballots = {each.student_id: each.is_late for each in room.live.ballots.all()}
    attempts = {each.student_id: each.is_late for each in room.live.assignment.attempts.all()}
    assert len(attempts) == 2
    assert attempts == ballots
    assert queries.counts(room.live) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_the_last_two_answers_at_once_lock_once(stage: Stage) -> None:
    room = Class.of(stage, auto_lock=True)
    room.sit(stage.heron, stage.otter)
    room.to_answer(1)
    version = room.live.version
    at_once([lambda: room.vote(stage.heron), lambda: room.vote(stage.otter)])
    assert (room.live.phase, room.live.version) == ("locked", version + 1)


@pytest.mark.django_db
def test_what_was_answered_stays_with_a_merged_student(stage: Stage) -> None:
    room = Class.of(stage)
    room.sit(stage.heron, stage.otter)
    room.to_answer(1)
    room.vote(stage.otter)
    entries.merge(kept=stage.heron, other=stage.otter)
    assert room.counts() == (1, 1)
    room.step("reveal")
    assert room.live.assignment.attempts.get().student == stage.heron
