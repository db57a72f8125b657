"""How fast a live round reaches a class: from the press of "reveal" to the key and to one's own result on every device.

    python3 manage.py serve   # once, so that .venv is there
    .venv/bin/python bench/live.py [--students 40] [--items 3]

Starts the real server with a database of its own, lets so many students hold real streams and send real answers, and
prints medians, 99th percentiles and losses. The students run in this process: what it costs is in the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
SETUP = """
import json, sys, django
django.setup()
from django.http import HttpResponse
from django.utils import timezone
from classroom import access, actions, devices
from classroom.models import Assignment, Classroom, ExerciseSet, Student, Teacher, new_uid
from play.live import actions as live_actions
from play.models import Round
count, now = int(sys.argv[1]), timezone.now()
owner = actions.create_owner(username="bench", password="a long bench to sit on")
room = actions.create_classroom(teacher=owner, name="Bench", now=now)
Student.objects.bulk_create(
    Student(classroom=room, nickname=f"Newt {n}", phrase_hmac=f"{n:064d}", joined=now, last_seen=now)
    for n in range(count)
)
found = ExerciseSet.objects.get(slug="loaded-words")
settled = {"board_mode": "top", "seconds_per_word": None, "auto_lock": False}
live = live_actions.start(classroom=room, exercise_set=found, now=now, **settled)
cookies = []
for student in room.students.all():
    response = HttpResponse()
    devices.remember(response, student, room)
    cookies.append(response.cookies["student"].value)
print(json.dumps({"room": room.uid, "live": live.uid, "cookies": cookies}))
"""
COUNT = """
import json, django
django.setup()
from play.models import Attempt, Ballot
print(json.dumps({"ballots": Ballot.objects.count(), "attempts": Attempt.objects.count(),
                  "late": Ballot.objects.filter(is_late=True).count()}))
"""


async def exchange(
    port: int, method: str, path: str, cookie: str, body: str = "", *, htmx: bool = False
) -> tuple[int, str, str]:
    """One request on a connection of its own: status, head, body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Cookie: {cookie}", "Connection: close"]
    if htmx:
        lines.append("HX-Request: true")
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
    raw = (await reader.read()).decode(errors="replace")
    writer.close()
    head, _, rest = raw.partition("\r\n\r\n")
    return int(head.split(" ", 2)[1]) if head else 0, head, rest


@dataclass
class Browser:
    """A device: its cookies, and what its page shows."""

    port: int
    page: str
    cookie: str
    token: str = ""
    choice: str = ""
    result: str = ""
    stream: str = ""
    poll: str = ""
    version: int = 0
    answers: list[float] = field(default_factory=list)
    common: dict[int, float] = field(default_factory=dict)
    own: dict[int, float] = field(default_factory=dict)
    errors: int = 0

    async def load(self, path: str = "", *, htmx: bool = False) -> str:
        status, head, body = await exchange(self.port, "GET", path or self.page, self.cookie, htmx=htmx)
        if status != 200:
            self.errors += status != 204
            return ""
        for name in re.findall(r"^set-cookie: (csrftoken=[^;]+)", head, re.MULTILINE | re.IGNORECASE):
            self.cookie = re.sub(r"csrftoken=[^;]+; ", "", self.cookie)
            self.cookie = f"{name}; {self.cookie}"
        if found := re.search(r'(?:csrfmiddlewaretoken" value="|X-CSRFToken": ")([^"]+)"', body):
            self.token = found[1]
        if found := re.search(r'name="choice" value="([^"]+)"', body):
            self.choice = found[1]
        if found := re.search(r'data-result="([^"]+)"', body):
            self.result = found[1]
        if found := re.search(r'data-version="(\d+)" .*?data-poll="([^"]+)" data-stream="([^"]+)"', body):
            self.version, self.poll, self.stream = int(found[1]), found[2], found[3]
        return body

    async def listen(self) -> None:
        """What static/js/live.js does: hold the stream, take the common part, fetch one's own result with a jitter."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        writer.write(f"GET {self.stream} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
        dice, tasks = Random(), set()
        try:
            while line := await reader.readline():
                if not line.startswith(b"data: "):
                    continue
                event = json.loads(line[6:])
                if event["version"] == self.version:
                    continue
                self.version = event["version"]
                if found := re.search(r'name="choice" value="([^"]+)"', event.get("common", "")):
                    self.choice = found[1]
                if "common" in event and event["face"].startswith("key"):
                    self.common[self.version] = time.perf_counter()
                    task = asyncio.create_task(self.renew(self.version, dice.random() * event["spread"] / 1000))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
        finally:
            writer.close()

    async def renew(self, version: int, wait: float) -> None:
        await asyncio.sleep(wait)
        body = await self.load(f"{self.result}&version={version}")
        if "verdict-words" in body or "The key</h1>" in body:
            self.own[version] = time.perf_counter()

    async def answer(self, position: int) -> None:
        path = f"{self.page}{position}/?vote=1"
        began = time.perf_counter()
        body = urlencode(GIVEN | {"csrfmiddlewaretoken": self.token, "choice": self.choice})
        status, _, _ = await exchange(self.port, "POST", path, self.cookie, body, htmx=True)
        self.answers.append(time.perf_counter() - began)
        self.errors += status != 200


GIVEN = {"nothing": "1", "flagged": "no", "confidence": "70"}
"""Fits every kind, together with a `choice`."""


def ready(port: int, data: str) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, env=os.environ | {"DATA_DIR": data}, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    for line in server.stdout:
        if found := re.search(r"http://\S+", line):
            return server, urlsplit(found.group()).port or 80
    raise SystemExit("the server did not start")


def ask(code: str, data: str, *arguments: str) -> dict[str, Any]:
    environment = os.environ | {"DATA_DIR": data, "DJANGO_SETTINGS_MODULE": "literacy_game.settings"}
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


def told(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    at = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    return {"p50_ms": round(1000 * median(ordered)), "p99_ms": round(1000 * at), "max_ms": round(1000 * ordered[-1])}


async def sign_in(desk: Browser) -> None:
    desk.page = "/account/login/"
    await desk.load()
    body = urlencode({"csrfmiddlewaretoken": desk.token, "login": "bench", "password": "a long bench to sit on"})
    _, head, _ = await exchange(desk.port, "POST", desk.page, desk.cookie, body)
    for name in re.findall(r"^set-cookie: ((?:csrftoken|sessionid)=[^;]+)", head, re.MULTILINE | re.IGNORECASE):
        desk.cookie = "; ".join([each for each in desk.cookie.split("; ") if each.split("=")[0] != name.split("=")[0]])
        desk.cookie = f"{name}; {desk.cookie}"


async def press(desk: Browser, step: str) -> float:
    """Seconds until the control's own page was there; the press itself is the moment before."""
    body = urlencode({"csrfmiddlewaretoken": desk.token, "version": desk.version, "do": step})
    began = time.perf_counter()
    status, _, page = await exchange(desk.port, "POST", f"{desk.page}step/", desk.cookie, body, htmx=True)
    assert status == 200, status
    if found := re.search(r'data-version="(\d+)"', page):
        desk.version = int(found[1])
    return began


async def run(port: int, made: dict[str, Any], items: int, over: float) -> dict[str, Any]:
    page = f"/class/{made['room']}/live/{made['live']}/"
    students = [Browser(port, page, f"student={each}") for each in made["cookies"]]
    for start in range(0, len(students), 40):
        await asyncio.gather(*(each.load() for each in students[start : start + 40]))
    streams = [asyncio.create_task(each.listen()) for each in students]
    desk = Browser(port, "", "")
    await sign_in(desk)
    desk.page = f"/teach/classes/{made['room']}/live/{made['live']}/"
    await desk.load()
    quiet = 1.5 + 0.004 * len(students)
    common, own, missing, dice = [], [], 0, Random(1)
    for position in range(1, items + 1):
        for _ in range(2):
            await press(desk, "next")
            await asyncio.sleep(quiet)
        await asyncio.gather(*(later(dice.random() * over, each, position) for each in students))
        await press(desk, "next")
        await asyncio.sleep(quiet)
        began = await press(desk, "reveal")
        await asyncio.sleep(4 * quiet)
        version = desk.version
        common += [each.common[version] - began for each in students if version in each.common]
        own += [each.own[version] - began for each in students if version in each.own]
        missing += sum(version not in each.own or version not in each.common for each in students)
        for _ in range(2):
            await press(desk, "next")
        await asyncio.sleep(quiet)
    for each in streams:
        each.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    return {
        "students": len(students),
        "answer": told([each for student in students for each in student.answers]),
        "press_to_common_key": told(common),
        "press_to_own_result": told(own),
        "reveals_missed": missing,
        "errors": sum(each.errors for each in students),
        "sent": sum(len(each.answers) for each in students),
    }


async def later(seconds: float, student: Browser, position: int) -> None:
    await asyncio.sleep(seconds)
    await student.answer(position)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--items", type=int, default=3)
    parser.add_argument("--over", type=float, default=3.0, help="seconds over which the answers to an item come in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        server, port = ready(0, data)
        try:
            made = ask(SETUP, data, str(options.students))
            figures = asyncio.run(run(port, made, options.items, options.over))
            figures |= ask(COUNT, data)
            figures["answers_lost"] = figures["sent"] - figures["ballots"]
            print(json.dumps(figures, indent=1))
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
