"""A server of the product for one measurement: its own data folder or database, its own process."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Server:
    port: int
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]]

    def memory(self) -> float:
        """MiB that the processes hold for themselves (proportional set size)."""
        total = 0
        for process in self.processes:
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total / 1024

    def processor(self) -> float:
        """Seconds of processor time that the processes have taken: steadier than a clock where others work, too."""
        tasks = [task for process in self.processes for task in Path(f"/proc/{process.pid}/task").iterdir()]
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def prepare(self, *arguments: object) -> Any:
        """Run bench/prepare.py on this server's database; what it prints."""
        return prepare(self.environment, *arguments)


def prepare(environment: dict[str, str], *arguments: object) -> Any:
    command = [sys.executable, "-m", "bench.prepare", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


@contextlib.contextmanager
def serving(*, database: str = "", processes: int = 1) -> Iterator[Server]:
    """The product on loopback, with content and no class. `database`: address of an empty one; else SQLite."""
    with tempfile.TemporaryDirectory(prefix="literacy-game-bench-") as data:
        environment = os.environ | {
            "DATA_DIR": data,
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "TRUSTED_PROXIES": "127.0.0.1",
        }
        prepare(environment, "installation")
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen(4096)
        listener.set_inheritable(True)
        command = [sys.executable, "-m", "bench.run", str(listener.fileno())]
        started = [
            subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[listener.fileno()]) for _ in range(processes)
        ]
        port = listener.getsockname()[1]
        try:
            _wait(port)
            yield Server(port, environment, started)
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait()
            listener.close()


def _wait(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as client:
            client.sendall(b"GET /bare/constant/ HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
            if client.recv(12).endswith(b"200"):
                return
        time.sleep(0.1)
    raise SystemExit("The server did not start.")
