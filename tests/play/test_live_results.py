"""Own results at a reveal, by the door of their own: the same as the page's, for nobody else, read once for a class."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core import signing
from django.db import OperationalError
from django.utils import translation

from classroom.actions import renew_phrase
from literacy_game.asgi import application
from play.live import actions, results
from play.live.results import Asked, OwnResults, Results
from scoring.points import Answer, Mark
from tests.cast import Stage, students
from tests.play.live import Class

LOADED = Answer(marks=(Mark((6, 10), "loaded-language"),))


@pytest.fixture
def room(stage: Stage) -> Class:
    """A round at the reveal of its first item: Heron marked, Otter said nothing here, Newt was silent."""
    room = Class.of(stage)
    newt = students(stage.class_9b, 1)[0]
    room.sit(stage.heron, stage.otter, newt)
    room.to_answer(1)
    room.vote(stage.heron, LOADED)
    room.vote(stage.otter)
    room.step("reveal")
    return room


def part(found: Results | None, room: Class, student: Any) -> str:
    assert found
    (token,) = parse_qs(results.address(room.live, student).partition("?")[2])["token"]
    return results.draw(found, results.asked_by(token))


def lasting(html: str) -> str:
    """Without what is drawn anew each time."""
    return re.sub(r"token=[\w:-]+|\s+", " ", html)


@pytest.mark.django_db
def test_the_part_is_the_one_that_the_page_shows(room: Class, stage: Stage) -> None:
    found = results.read(room.live.pk, room.live.version)
    for student in room.live.assignment.classroom.students.all():
        drawn = part(found, room, student)
        page = room.device(student).get(room.url(), headers={"HX-Request": "true"}).content.decode()
        page = re.sub(r' data-result="[^"]*"', "", page)
        assert lasting(drawn).strip() == lasting(page).strip(), student
    assert "place 1 of 3" not in part(found, room, stage.otter)
    assert found
    assert len(found.drawn) == 3


@pytest.mark.django_db
def test_devices_of_two_languages_each_get_their_own(room: Class, stage: Stage) -> None:
    found = results.read(room.live.pk, room.live.version)
    english = part(found, room, stage.otter)
    with translation.override("de"):
        german = part(found, room, stage.otter)
    assert "Your answer:" in english
    assert "Your answer:" not in german
    assert part(found, room, stage.otter) == english


@pytest.mark.django_db
def test_before_a_reveal_and_at_another_version_there_is_nothing(room: Class) -> None:
    live = room.live
    assert results.read(live.pk, live.version - 1) is None
    assert results.read(live.pk + 1, live.version) is None
    room.to_answer(2)
    assert results.read(live.pk, room.live.version) is None


@pytest.mark.django_db
def test_signed_out_devices_and_removed_students_get_nothing(room: Class, stage: Stage) -> None:
    asked = Asked(room.live.pk, stage.heron.pk, "another", "en")
    found = results.read(room.live.pk, room.live.version)
    assert found
    assert results.draw(found, asked) == ""
    old = stage.heron
    renew_phrase(student=type(old).objects.get(pk=old.pk))
    assert part(results.read(room.live.pk, room.live.version), room, old) == ""
    actions.set_removed(live=room.live, student=stage.otter, removed=True)
    assert part(results.read(room.live.pk, room.live.version), room, stage.otter) == ""


def asking(app: Any, *queries: str) -> list[str]:
    """The answers to requests that come at once."""

    async def one(query: str) -> str:
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        receive: Callable[[], Awaitable[dict[str, Any]]] = asyncio.Event().wait  # type: ignore[assignment]
        scope = {"type": "http", "method": "GET", "path": results.PATH, "query_string": query.encode(), "headers": []}
        await app(scope, receive, send)
        assert sent[0]["status"] == 200
        assert dict(sent[0]["headers"])[b"cache-control"] == b"no-store, private"
        return bytes(sent[1]["body"]).decode()

    async def run() -> list[str]:
        return list(await asyncio.gather(*map(one, queries)))

    return asyncio.run(asyncio.wait_for(run(), 20))


@pytest.mark.django_db(transaction=True)
def test_the_door_reads_once_for_a_class(room: Class, stage: Stage) -> None:
    reads = []

    def reader(pk: int, version: int) -> Results | None:
        reads.append(version)
        return results.read(pk, version)

    live = room.live
    queries = [
        f"{results.address(live, each).partition('?')[2]}&version={live.version}" for each in (stage.heron, stage.otter)
    ]
    heron, otter = asking(OwnResults(reader), *queries)
    assert reads == [live.version]
    (own,) = asking(application, queries[0])
    assert lasting(own) == lasting(heron) != lasting(otter)
    assert "Heron" not in heron


@pytest.mark.django_db(transaction=True)
def test_what_the_door_does_not_have_is_empty(room: Class, stage: Stage) -> None:
    good = results.address(room.live, stage.heron).partition("?")[2]
    odd = ["", "token=x", good, f"{good}&version=x", f"{good}&version=999", f"{good}x&version={room.live.version}"]
    assert asking(application, *odd) == [""] * len(odd)


def test_a_failed_read_is_not_kept() -> None:
    def reader(pk: int, version: int) -> Results | None:
        raise OperationalError("the database is away")

    door = OwnResults(reader)
    token = signing.dumps([1, 1, "x"], salt=results.SALT)
    assert asking(door, f"token={token}&version=1") == [""]
    assert not door.known
