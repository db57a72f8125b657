"""What stands in `deploy/`: the Caddyfile in a real Caddy, where there is one, and what no linter says of the rest."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

DEPLOY = Path(settings.BASE_DIR) / "deploy"
MORE_THAN_AN_UPLOAD = 7_000_000
"""Bytes that the game takes and drops, to say in words that it is too much."""


class Taking(BaseHTTPRequestHandler):
    """In the game's place: it takes a body and says how long it was."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._say(b"ok")

    def do_POST(self) -> None:
        self._say(str(len(self.rfile.read(int(self.headers["Content-Length"])))).encode())

    def _say(self, words: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(words)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def process() -> ThreadingHTTPServer:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    return made


def end(server: ThreadingHTTPServer) -> None:
    server.shutdown()
    server.server_close()


@contextmanager
def caddy(folder: Path, *servers: ThreadingHTTPServer) -> Iterator[int]:
    """The port of a Caddy that has the Caddyfile, without TLS, in front of these."""
    found = shutil.which("caddy")
    if found is None:
        pytest.skip("there is no Caddy")
    taken = process()
    port = taken.server_address[1]
    end(taken)
    text = (DEPLOY / "Caddyfile").read_text()
    text = text.replace("game.school.example", f"http://127.0.0.1:{port}")
    text = text.replace("127.0.0.1:8001 127.0.0.1:8002", " ".join(f"127.0.0.1:{each.server_port}" for each in servers))
    config = folder / "Caddyfile"
    config.write_text("{\n\tadmin off\n}\n" + text)
    command = [found, "run", "--config", str(config), "--adapter", "caddyfile"]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(command, env={"HOME": str(folder)}, stderr=log)
    try:
        for _ in range(100):
            time.sleep(0.1)
            try:
                if post(port, b"hello") == (200, b"5"):
                    break
            except OSError:
                continue
        yield port
    finally:
        running.terminate()
        running.wait()


def post(port: int, body: bytes) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/", body)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_answers_go_to_the_process_that_is_there(tmp_path: Path) -> None:
    """One stops, as for an update: who is sent to it first is told, the others never see it."""
    servers = [process(), process()]
    with caddy(tmp_path, *servers) as port:
        end(servers[0])
        told = [post(port, b"an answer")[0] for _ in range(20)]
        assert told.count(200) >= 19, told
        end(servers[1])
        status, words = post(port, b"an answer")
        assert (status, b"try again" in words) == (503, True)
    assert "remote_ip" not in (tmp_path / "log").read_text(), "students' addresses are kept nowhere"


def test_what_is_too_large_is_the_game_s_to_say(tmp_path: Path) -> None:
    server = process()
    with caddy(tmp_path, server) as port:
        assert post(port, b"." * MORE_THAN_AN_UPLOAD) == (200, str(MORE_THAN_AN_UPLOAD).encode())
    end(server)


def test_systemd_does_not_give_up() -> None:
    """After five starts that fail at once it does, unless it is told: a full disk would want a hand."""
    assert "StartLimitIntervalSec=0\n" in (DEPLOY / "literacy-game@.service").read_text().partition("[Service]")[0]


def test_what_is_missing_in_the_environment_of_the_containers_is_told() -> None:
    """podman-compose of Debian 12 takes `${NAME:?}` without words for the value itself: a key that everybody knows."""
    compose = (DEPLOY / "compose.yaml").read_text()
    assert re.findall(r"\$\{(\w+):\?", compose)
    assert not re.findall(r":\?\}", compose)


def test_secrets_stay_out_of_the_container() -> None:
    """Whichever program builds it: docker reads a file of another name."""
    podman, docker = ((Path(settings.BASE_DIR) / name).read_text() for name in (".containerignore", ".dockerignore"))
    assert {"**/.env", "var", ".git"} <= {*podman.split()}
    assert docker == podman
