"""A school in an installation that a real server serves. Runs in a process of its own, with that one's settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.server import NOT_HANDED_ON, ROOT, Server


@dataclass(frozen=True)
class Seat:
    """A student with the cookie that tells the server who it is."""

    classroom: str
    uid: str
    cookie: str


@dataclass(frozen=True)
class School:
    seats: list[Seat]
    assignments: list[tuple[str, int]]
    """Public id, number of decisions."""
    teacher: dict[str, str]
    """Name and password."""


def found(server: Server, *, students: int) -> School:
    """Make a class with that many students and every ready-made set assigned."""
    told = _run(server, "make", str(students))
    seats = [Seat(told["classroom"], uid, cookie) for uid, cookie in told["students"]]
    return School(seats, [(uid, count) for uid, count in told["assignments"]], told["teacher"])


def stored(server: Server) -> dict[str, Any]:
    """What the database holds: client keys of `answers`, `twice`, and `standings` as kept and as computed anew."""
    return _run(server, "tell")


def _run(server: Server, *arguments: str) -> dict[str, Any]:
    clean = {key: value for key, value in os.environ.items() if key not in NOT_HANDED_ON}
    environment = clean | {"DATA_DIR": str(server.data)} | server.variables
    done = subprocess.run(
        [sys.executable, "-m", "tests.serving.school", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _make(count: int) -> dict[str, Any]:
    from django.http import HttpResponse
    from django.utils import timezone

    from classroom import actions, devices
    from classroom.models import Classroom, ExerciseSet

    now = timezone.now()
    teacher = {"login": "ada", "password": "a kettle, a map and rain"}
    owner = actions.create_owner(username=teacher["login"], password=teacher["password"])
    classroom = actions.create_classroom(teacher=owner, name="9b", now=now)
    Classroom.objects.filter(pk=classroom.pk).update(capacity=count)
    classroom.refresh_from_db()
    seats = []
    for number in range(count):
        student, _ = actions.join(classroom=classroom, nickname=f"Newt {number}", now=now)
        joined = HttpResponse()
        devices.remember(joined, student, classroom)
        seats.append((student.uid, joined.cookies[devices.COOKIE].value))
    ready = ExerciseSet.objects.filter(owner=None, starter=False, sealed=False, withdrawn=False)
    given = [actions.assign(classroom=classroom, exercise_set=each, now=now) for each in ready]
    return {
        "classroom": classroom.uid,
        "students": seats,
        "assignments": [(each.uid, each.items.count()) for each in given],
        "teacher": teacher,
    }


def _tell() -> dict[str, Any]:
    from django.db.models import Count

    from classroom.models import Assignment
    from play.actions import rebuild_standings
    from play.models import Attempt, Standing

    fields = ("assignment", "student", "points", "decisions", "correct", "streak", "longest_streak")
    kept = sorted(Standing.objects.values_list(*fields))
    for assignment in Assignment.objects.all():
        rebuild_standings(assignment=assignment)
    twice = Attempt.objects.values("student", "assignment", "exercise_version").annotate(n=Count("pk")).filter(n__gt=1)
    return {
        "answers": list(Attempt.objects.values_list("client_key", flat=True)),
        "twice": twice.count(),
        "standings": [kept, sorted(Standing.objects.values_list(*fields))],
    }


if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "literacy_game.settings"
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    django.setup()
    print(json.dumps(_make(int(sys.argv[2])) if sys.argv[1] == "make" else _tell()))
