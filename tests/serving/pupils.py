"""Pupils who answer over HTTP as fast as the server lets them, and remember what it acknowledged."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from urllib.parse import urlencode

from tests.browser.server import Server
from tests.serving.school import School, Seat

TOKEN = "t" * 32
"""A browser's own CSRF secret, sent as cookie and as header."""
KEY = re.compile(r'name="client_key" value="([^"]+)"')
CHOICE = re.compile(r'name="choice" value="([^"]*)"')
PATIENCE = 20
"""Seconds."""


@dataclass
class Pupil:
    """One student's browser."""

    server: Server
    seat: Seat
    connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """Status and text. Raises OSError or HTTPException where the server is gone."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        headers = {
            "Cookie": f"student={self.seat.cookie}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            raise

    def question(self, path: str) -> tuple[str, str]:
        """The form's key, and an answer to the question at an address; ("", "") where it is answered already."""
        status, page = self.ask("GET", path)
        if status >= 500:
            raise OSError(page[:200])
        key = KEY.search(page)
        if key is None:
            return "", ""
        given = {"client_key": key[1], "nothing": "1", "flagged": "no", "confidence": "50"}
        given |= {"choice": found[0]} if (found := CHOICE.findall(page)) else {}
        return key[1], urlencode(given)

    def send(self, path: str, body: str) -> bool:
        """Whether the server acknowledged the answer."""
        status, part = self.ask("POST", path, body)
        return status == 200 and "verdict-words" in part


@dataclass
class Crowd:
    """Several pupils at once, each in a thread, until they are told to stop. What fails is tried again."""

    server: Server
    school: School
    size: int
    acknowledged: list[str] = field(default_factory=list)
    failures: int = 0

    def __post_init__(self) -> None:
        self.seats: SimpleQueue[Seat] = SimpleQueue()
        for seat in self.school.seats:
            self.seats.put(seat)
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(self.size)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.ending.set()
        for thread in self.threads:
            thread.join(timeout=60)
        assert not any(thread.is_alive() for thread in self.threads)

    def _run(self) -> None:
        while not self.ending.is_set():
            try:
                pupil = Pupil(self.server, self.seats.get_nowait())
            except Empty:
                return
            for path in self._paths(pupil.seat):
                self._answer(pupil, path)

    def _paths(self, seat: Seat) -> Iterator[str]:
        for assignment, count in self.school.assignments:
            for position in range(1, count + 1):
                yield f"/class/{seat.classroom}/play/{assignment}/{position}/"

    def _answer(self, pupil: Pupil, path: str) -> None:
        """One decision, with the same form again and again until the server has acknowledged it."""
        key, body = "", ""
        while not self.ending.is_set():
            try:
                if not body:
                    key, body = pupil.question(path)
                    if not body:
                        return
                if pupil.send(path, body):
                    self.acknowledged.append(key)
                    return
            except (OSError, http.client.HTTPException):
                pass
            self.failures += 1
            self.ending.wait(0.05)
