"""The tests' own server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.browser.server import ROOT

TESTS = """
import sys, time
from pathlib import Path
from tests.browser.server import Server
server = Server(Path(sys.argv[1]))
server.start()
print(server.port, flush=True)
time.sleep(600)
"""


def test_it_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    tests = subprocess.Popen([sys.executable, "-c", TESTS, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert tests.stdout
    port = int(tests.stdout.readline())
    assert _answers(port)
    tests.kill()
    tests.wait()
    for _ in range(300):
        if not _answers(port):
            break
        time.sleep(0.1)
    assert not _answers(port)


def _answers(port: int) -> bool:
    with socket.socket() as there:
        return there.connect_ex(("127.0.0.1", port)) == 0
