"""The disk is full or read-only, the database or Redis is gone: plain words, nothing lost, and it mends itself.

A clock that is set back: tests/play/test_clock.py.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.server import Server
from tests.serving import school
from tests.serving.databases import database
from tests.serving.pupils import Pupil
from tests.serving.school import School

WORDS = "One moment, please"
SMALL = "32m"
"""The disk that fills up: room for the installation and little more."""


@contextmanager
def running(data: Path, **variables: str) -> Iterator[tuple[Server, School]]:
    server = Server(data, **variables)
    server.start()
    try:
        yield server, school.found(server, students=3)
    finally:
        server.stop()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, small, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this user may mount nothing")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def path_of(made: School, number: int, position: int = 1) -> str:
    return f"/class/{made.seats[0].classroom}/play/{made.assignments[number][0]}/{position}/"


def answered(pupil: Pupil, path: str) -> str:
    """Answer a question; the form's key."""
    key, body = pupil.question(path)
    assert pupil.send(path, body)
    return key


def until(done: Callable[[], bool]) -> None:
    for _ in range(400):
        with contextlib.suppress(OSError):
            if done():
                return
        time.sleep(0.05)
    raise AssertionError("it did not mend itself")


def told_plainly(pupil: Pupil, method: str, path: str, body: str = "") -> bool:
    status, page = pupil.ask(method, path, body)
    assert status in (200, 503), page[:300]
    assert "Traceback" not in page
    return status == 503 and WORDS in page


def taken_again(pupil: Pupil, path: str) -> str:
    """Answer a question; the form's key. Each thread of the server may find out for itself that all is well."""
    keys: list[str] = []

    def done() -> bool:
        key, body = pupil.question(path)
        keys.append(key)
        return pupil.send(path, body)

    until(done)
    return keys[-1]


def away_and_back(server: Server, made: School, *, take: Callable[[], object], give_back: Callable[[], object]) -> None:
    """What is answered before stays; what is sent meanwhile is refused in plain words; afterwards it is taken."""
    pupil = Pupil(server, made.seats[0])
    before = answered(pupil, path_of(made, 0))
    path = path_of(made, 0, 2)
    key, body = pupil.question(path)
    take()
    assert told_plainly(pupil, "POST", path, body)
    assert pupil.ask("GET", "/healthz") == (200, "ok\n")
    give_back()
    until(lambda: pupil.send(path, body))
    after = taken_again(pupil, path_of(made, 0, 3))
    server.stop()
    kept = school.stored(server)
    assert sorted(kept["answers"]) == sorted([before, key, after])
    assert kept["standings"][0] == kept["standings"][1]


def test_a_full_disk(disk: Path) -> None:
    filler = disk / "filler"

    def fill() -> None:
        with contextlib.closing(sqlite3.connect(disk / "data" / "db.sqlite3")) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # a log with room in it would take more answers
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"." * 4096):
                pass

    with running(disk / "data") as (server, made):
        away_and_back(server, made, take=fill, give_back=filler.unlink)


def test_a_disk_that_became_read_only(tmp_path: Path) -> None:
    """As systems do with a disk that makes errors; here the database's files are made unchangeable while in use."""

    def change(flag: str) -> bool:
        names = [f"{tmp_path}/db.sqlite3{end}" for end in ("", "-wal")]  # -shm is memory in the guise of a file
        return subprocess.run(["chattr", flag, *names], capture_output=True).returncode == 0

    with running(tmp_path) as (server, made):
        if not shutil.which("chattr") or not change("+i"):
            pytest.skip("this user or this file system makes nothing unchangeable")
        change("-i")
        try:
            away_and_back(server, made, take=lambda: change("+i"), give_back=lambda: change("-i"))
        finally:
            change("-i")


class Wire:
    """A way to a server on this machine that can be cut and mended."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.whole = True
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.whole = False
        for each in self.ends:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self.ends.clear()

    def mend(self) -> None:
        self.whole = True

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if not self.whole:
                near.close()
                continue
            far = socket.create_connection(self.target)
            self.ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := one.recv(65536):
                other.sendall(chunk)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)


def test_a_database_that_is_gone(tmp_path: Path) -> None:
    with database("postgresql") as variables:
        wire = Wire("127.0.0.1", 5432)
        url = variables["DATABASE_URL"].replace(":5432", f":{wire.port}")
        if url == variables["DATABASE_URL"]:
            pytest.skip("the PostgreSQL of the tests is not at a port of this machine")
        with running(tmp_path, DATABASE_URL=url) as (server, made):
            pupil = Pupil(server, made.seats[0])
            assert pupil.ask("GET", "/readyz")[0] == 200
            wire.cut()
            assert told_plainly(pupil, "GET", "/readyz")
            wire.mend()
            until(lambda: pupil.ask("GET", "/readyz")[0] == 200)
            away_and_back(server, made, take=wire.cut, give_back=wire.mend)


def test_redis_that_is_gone(tmp_path: Path) -> None:
    """Joining asks for limits, which are in Redis; answering asks for nothing there."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no Redis on this machine")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def redis() -> subprocess.Popen[bytes]:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
        started = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(lambda: socket.create_connection(("127.0.0.1", port)).close() is None)
        return started

    cache = redis()
    try:
        with running(tmp_path / "data", CACHE_URL=f"redis://127.0.0.1:{port}") as (server, made):
            pupil = Pupil(server, made.seats[0])
            assert pupil.ask("POST", "/join/", "code=XXXXXX")[0] == 422
            cache.kill()
            cache.wait()
            assert told_plainly(pupil, "POST", "/join/", "code=XXXXXX")
            assert told_plainly(pupil, "GET", "/readyz")
            key = answered(pupil, path_of(made, 0))
            cache = redis()
            until(lambda: pupil.ask("POST", "/join/", "code=XXXXXX")[0] == 422)
            server.stop()
            assert school.stored(server)["answers"] == [key]
    finally:
        cache.kill()
        cache.wait()
