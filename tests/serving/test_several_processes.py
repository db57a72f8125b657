"""One round, three server processes on one database: whoever is on whichever, the round goes on."""

from __future__ import annotations

import html
import http.client
import json
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.browser.server import Server
from tests.serving import school
from tests.serving.databases import database
from tests.serving.proxy import Proxy, proxy
from tests.serving.pupils import TOKEN, Pupil

PATIENCE = 30
"""Seconds."""


class Desk:
    """The teacher's browser: each request may reach another process."""

    def __init__(self, port: int, teacher: dict[str, str]) -> None:
        self.port = port
        self.cookie = f"csrftoken={TOKEN}"
        self.ask("POST", "/account/login/", **teacher)
        self.page = ""

    def ask(self, method: str, path: str, **fields: str) -> str:
        """The page; its path where the answer leads on to one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": self.cookie, "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(fields), headers)
        response = connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie" and value.startswith("sessionid="):
                self.cookie = f"csrftoken={TOKEN}; {value.partition(';')[0]}"
        page = response.read().decode()
        assert response.status in (200, 302), (path, response.status, page[:300])
        return response.getheader("Location") or page

    def begin(self, classroom: str) -> None:
        start = f"/teach/classes/{classroom}/live/"
        (uid,) = re.findall(r'<option value="([^"]+)"[^>]*>Loaded words', self.ask("GET", start))
        self.page = self.ask("POST", start, exercise_set=uid, board_mode="top")

    def press(self, *steps: str) -> int:
        """The version after the last of them."""
        for step in steps:
            version = self.version()
            self.ask("POST", f"{self.page}step/", do=step, version=str(version))
            assert self.version() > version, step
        return self.version()

    def version(self) -> int:
        (found,) = re.findall(r'data-version="(\d+)"', self.ask("GET", self.page))
        return int(found)


class Listener:
    """A stream on one process."""

    def __init__(self, port: int, path: str) -> None:
        self.heard: list[dict[str, object]] = []
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.connection.request("GET", path)
        self.response = self.connection.getresponse()
        assert self.response.status == 200
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            while line := self.response.readline():
                if line.startswith(b"data: "):
                    self.heard.append(json.loads(line[6:]))
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # its process was killed

    def at(self, version: int, **wanted: object) -> dict[str, object]:
        """The event that has come to this version, and says this."""

        def found() -> list[dict[str, object]]:
            return [each for each in self.heard if each["version"] == version and wanted.items() <= each.items()]

        until(lambda: bool(found()))
        return found()[0]


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def attribute(page: str, name: str) -> str:
    return html.unescape(re.findall(rf'{name}="([^"]+)"', page)[0])


@pytest.mark.parametrize("kind", [pytest.param("sqlite", marks=pytest.mark.long), "postgresql"])
def test_a_round_goes_on_over_several_processes(tmp_path: Path, kind: str) -> None:
    with database(kind) as variables:
        servers = [Server(tmp_path, **variables) for _ in range(3)]
        try:
            for each in servers:
                each.start()
            with proxy([each.port for each in servers]) as shared:
                round_over(servers, shared)
            for each in servers:
                assert not each.complaints()
        finally:
            for each in servers:
                each.stop()


def test_processes_that_start_together_prepare_the_database_once(tmp_path: Path) -> None:
    """As a restarted machine starts them: each of them would migrate, load the texts and collect the static files."""
    with database("postgresql") as variables, ThreadPoolExecutor() as threads:
        servers = [Server(tmp_path, **variables) for _ in range(3)]
        try:
            list(threads.map(Server.start, servers))
            for each in servers:
                assert Desk(each.port, {}).ask("GET", "/readyz") == "ok\n"
                assert not each.complaints()
        finally:
            for each in servers:
                each.stop()


def round_over(servers: list[Server], shared: Proxy) -> None:
    made = school.found(servers[0], students=6)
    desk = Desk(shared.port, made.teacher)
    desk.begin(made.seats[0].classroom)
    path = desk.page.removeprefix("/teach").replace("/classes/", "/class/")

    def ask(number: int, method: str, address: str, **fields: str) -> str:
        """As one pupil, at one process: pupil 0 at the first, 1 at the second, and so on."""
        server = servers[number % len(there)]
        status, page = Pupil(server, made.seats[number]).ask(method, address, urlencode(fields))
        assert status == 200, (address, status)
        return page

    there = servers[:]
    pages = [ask(number, "GET", path) for number in range(6)]
    streams = [Listener(each.port, attribute(pages[n], "data-stream")) for n, each in enumerate(servers)]

    # A step at one process is heard at all of them, and answers that came in at all of them are counted at each.
    version = desk.press("next", "next")
    faces = {str(each.at(version)["face"]).partition(".")[0] for each in streams}
    assert faces == {"answer"}
    given = {"nothing": "1", "flagged": "no", "confidence": "70"}
    for number in range(5):
        question = ask(number, "GET", path)
        choice = re.findall(r'name="choice" value="([^"]+)"', question)
        assert "Saved" in ask(number, "POST", f"{path}1/?vote=1", **given, choice=choice[0] if choice else "")
    for each in streams:
        each.at(version, answered=5, seats=6)

    # Who is taken out at one process is out at another, whatever that one keeps in memory.
    seat = f"{desk.page}seats/{made.seats[5].uid}/"
    desk.ask("POST", seat, removed="yes")
    assert "You are out of this round" in ask(5, "POST", f"{path}1/?vote=1", **given)
    for each in streams:
        each.at(version + 1, answered=5, seats=5)

    # The key comes to all, each one's own result from whichever process; then one process dies.
    version = desk.press("lock", "reveal")
    for number, each in enumerate(streams):
        assert "note" in str(each.at(version)["common"])
        result = attribute(pages[number], "data-result")
        for other in servers:
            status, own = Pupil(other, made.seats[number]).ask("GET", f"{result}&version={version}")
            assert (status, "verdict-words" in own) == (200, True)
    servers[1].kill()
    there[:] = [servers[0]]
    version = desk.press("heat", "next", "next", "next")
    assert str(streams[0].at(version)["face"]).startswith("answer.2")
    assert str(streams[2].at(version)["face"]).startswith("answer.2")
    assert "Passage 2 of" in ask(1, "GET", path), "at another process now"
    version = desk.press("end")
    assert streams[2].at(version)["face"] == "ended"
    stored = school.stored(servers[0])
    assert len(stored["answers"]) == 5
    assert not stored["twice"]
    assert stored["standings"][0] == stored["standings"][1]
