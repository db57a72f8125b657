"""The real product, as a teacher starts it: `manage.py serve` in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
NAME = "school.test"
"""A name that is not loopback: over plain http browsers give it no service worker and no clipboard, as in a school."""
LAST_LINE = "Stop with Ctrl+C"
NOT_HANDED_ON = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "CACHE_URL", "SECRET_KEY", "DEBUG", "TLS")

GUARD = "import os, signal, sys; sys.stdin.read(); os.kill(int(sys.argv[1]), signal.SIGTERM)"
"""Ends the server when the tests are killed and cannot: then nobody holds the other end of its input any more."""


class Server:
    """One installation with its own data folder. It can be stopped, killed, and started again at the same port."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        self.variables = variables
        """More of the environment, for example DATABASE_URL."""
        self.code = ROOT
        """Whose code runs."""
        self.port = 0
        self.setup_path = ""
        """The first-run link's path, as printed at the first start."""
        self.process: subprocess.Popen[str] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{NAME}:{self.port}"

    @property
    def loopback(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        clean = {key: value for key, value in os.environ.items() if key not in NOT_HANDED_ON}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", str(self.port)],
                cwd=self.code,
                env=clean
                | {"DATA_DIR": str(self.data), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
                | self.variables,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
            )
        self._guard = subprocess.Popen([sys.executable, "-c", GUARD, str(self.process.pid)], stdin=subprocess.PIPE)
        self._read_announcement()

    def manage(self, *arguments: str) -> str:
        """Run a command of the product beside the server; what it writes."""
        clean = {key: value for key, value in os.environ.items() if key not in NOT_HANDED_ON}
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=clean | {"DATA_DIR": str(self.data), "PYTHONIOENCODING": "utf-8"} | self.variables,
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        return done.stdout

    def kill(self) -> None:
        """As a power cut does it: without a chance to tidy up."""
        assert self.process is not None
        self._relieve_the_guard()
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self._relieve_the_guard()
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()

    def _relieve_the_guard(self) -> None:
        if self._guard is not None:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None

    def complaints(self) -> str:
        """What went wrong inside the server."""
        return "\n".join(
            re.findall(r"^.*(?:ERROR|CRITICAL|Traceback).*(?:\n\s.*)*", self.log.read_text(), re.MULTILINE)
        )

    def _read_announcement(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if LAST_LINE in line:
                break
        else:
            raise AssertionError("The server did not start:\n" + "".join(lines) + self.log.read_text())
        addresses = [urlsplit(address) for address in re.findall(r"https?://\S+", "".join(lines))]
        assert addresses, lines
        self.port = self.port or addresses[0].port or 80
        self.setup_path = next((each.path for each in addresses if each.path.startswith("/setup/")), "")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
