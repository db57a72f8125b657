"""Own results at a reveal, natively beside Django: a whole class asks for them in the same second.

They are read once for a round's version, and drawn once for all who have the same. What is not served here (another
version, an old token) the page fetches from Django, as ever.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from django.core import signing
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import get_language

from classroom.models import BoardMode, Student
from play.live import queries, showing
from play.live.queries import OwnPlace
from play.live.threads import apart
from play.models import Attempt, Round, Standing

PATH = "/live/result/"
SALT = "play.live.result"
TOKEN_AGE = 12 * 3600
"""Seconds that a page may go on asking without being loaded again."""
KEPT = 20
"""Rounds whose results are kept in memory."""


@dataclass(frozen=True)
class Asked:
    """Whose result in which round, in which language; `device` tells devices apart that were signed out."""

    round: int
    student: int
    device: str
    language: str


@dataclass(frozen=True)
class Results:
    """All that own results of a round at one version are made of; by student."""

    page: Mapping[str, Any]
    """The page's part as it is for everybody."""
    item: int
    """The exercise version whose key judges."""
    mode: str
    attempts: Mapping[int, Attempt]
    points: Mapping[int, int]
    order: tuple[int, ...]
    """Points of everybody, ascending."""
    devices: Mapping[int, str]
    own_times: frozenset[int]
    """Whose time is not everybody's."""
    drawn: dict[str, str] = field(default_factory=dict)


def address(live: Round, student: Student) -> str:
    asked = [live.pk, student.pk, _device(student.session_key), get_language()]
    return f"{PATH}?token={signing.dumps(asked, salt=SALT)}"


def asked_by(token: str) -> Asked:
    """Raises signing.BadSignature."""
    try:
        return Asked(*signing.loads(token, salt=SALT, max_age=TOKEN_AGE))
    except (TypeError, ValueError):
        raise signing.BadSignature from None


def read(pk: int, version: int) -> Results | None:
    """The results of a round that shows a key; none where it is elsewhere, or at another version."""
    live = (
        Round.objects.select_related("assignment__classroom", "assignment__exercise_set")
        .filter(pk=pk, version=version)
        .first()
    )
    if live is None or not queries.place_of(live).is_revealed:
        return None
    item = queries.version_at(live, live.position)
    attempts = Attempt.objects.filter(assignment=live.assignment_id, exercise_version=item, number=1)
    points = dict(Standing.objects.filter(assignment=live.assignment_id).values_list("student", "points"))
    seats = live.seats.filter(is_removed=False).values_list("student", "student__session_key")
    return Results(
        page=showing.page(live=live, student=None, now=timezone.now()),
        item=queries.judged_at(live, live.position),
        mode=live.assignment.board_mode,
        attempts={each.student_id: each for each in attempts},
        points=points,
        order=tuple(sorted(points.values())),
        devices={student: _device(key) for student, key in seats},
        own_times=frozenset(student for student, _ in seats if queries.has_own_time(live, student)),
    )


def draw(results: Results, asked: Asked) -> str:
    """The student's page part; empty where it is not theirs to see (any more)."""
    if results.devices.get(asked.student) != asked.device:
        return ""
    attempt, place = results.attempts.get(asked.student), _place(results, asked.student)
    answer = attempt and [attempt.answer, attempt.points, attempt.is_late, attempt.is_practice]
    has_own_time = asked.student in results.own_times
    same = json.dumps([answer, str(place), has_own_time, asked.language])
    if same not in results.drawn:
        with translation.override(asked.language):
            own = showing.own_result(item=results.item, attempt=attempt, place=place)
            mine = {"own": own, "has_own_time": has_own_time, "student": asked}
            results.drawn[same] = render_to_string(showing.PART, {**results.page, **mine})
    return results.drawn[same]


def _place(results: Results, student: int) -> OwnPlace | None:
    """As play.live.queries.own_place has it."""
    points = results.points.get(student)
    if points is None or results.mode == BoardMode.OFF:
        return None
    if results.mode == BoardMode.TEAMS:
        return OwnPlace(None, points, 0)
    better = len(results.order) - bisect_right(results.order, points)
    return OwnPlace(better + 1, points, len(results.order))


def _device(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:12]


HEADERS = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store, private"),
    (b"x-content-type-options", b"nosniff"),
]


class OwnResults:
    """The door: GET with a student's token and the version that the page shows."""

    def __init__(self, reader: Callable[[int, int], Results | None] = read) -> None:
        self.reader = reader
        self.known: dict[int, tuple[int, asyncio.Future[Results | None]]] = {}
        """The last version of each round that was asked for."""
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="results")

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        body = ""
        try:
            asked = asked_by(query.get("token", [""])[0])
            body = await self._part(asked, int(query.get("version", ["0"])[0]))
        except (signing.BadSignature, ValueError):
            pass
        data = body.encode()
        headers = [*HEADERS, (b"content-length", str(len(data)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": data})

    async def _part(self, asked: Asked, version: int) -> str:
        loop = asyncio.get_running_loop()
        known = self.known.get(asked.round)
        if known is None or known[0] != version or known[1].get_loop() is not loop:
            known = (version, loop.run_in_executor(self.thread, apart, partial(self.reader, asked.round, version)))
            self.known.pop(asked.round, None)
            self.known[asked.round] = known
            if len(self.known) > KEPT:
                del self.known[next(iter(self.known))]
        try:
            results = await asyncio.shield(known[1])
        except DatabaseError:
            self.known.pop(asked.round, None)
            return ""
        if results is None:
            return ""
        return await loop.run_in_executor(self.thread, apart, partial(draw, results, asked))
