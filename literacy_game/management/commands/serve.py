"""Starts the game: database, content, static files, then the production server, with what a teacher needs to know."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import segno
import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from classroom import accounts, loading
from exercises.content.schema import BadContent
from literacy_game import collecting
from literacy_game.nightly import Nightly

GRACE = 2
"""Seconds that open streams get when the server stops."""
BACKLOG = 2048
PREPARING = 0x4C47
"""The number of the lock under which a process prepares the database."""
FILES = 10_000
"""Connections and files that the server may have open, where the system lets it."""
GET_ADDRESS = 0xC0206921 if sys.platform == "darwin" else 0x8915
"""SIOCGIFADDR: asks for the address of a network interface (netdevice(7))."""
INNER_INTERFACES = ("docker", "br-", "veth", "virbr", "podman", "cni", "lxc", "lxd")
"""Beginnings of the names of networks inside this computer, where no student is."""


class Command(BaseCommand):
    help = "Start the game on all interfaces; --port and --host say where."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="0.0.0.0", help="address to listen on (all interfaces by default)")  # noqa: S104
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        listener = self._listen(host, port)
        try:
            with _alone():
                self._migrate()
                self._load_content()
                call_command("age_out", stdout=self.stdout)
                self._collect_static()
        except OperationalError as error:
            listener.close()
            raise CommandError(f"The database cannot be used: {error}") from None
        self._announce(host, listener.getsockname()[1])
        _allow_many_connections()
        config = uvicorn.Config(
            "literacy_game.asgi:application",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=GRACE,
            server_header=False,
            proxy_headers=False,
            ws="none",
        )
        nightly = Nightly()
        nightly.start()
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            pass
        finally:
            nightly.stop()
            listener.close()

    def _listen(self, host: str, port: int) -> socket.socket:
        """The listening socket, taken first, so that a port in use is told before anything is done."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Named, because asyncio turns Nagle's delay off for sockets that say they are TCP and no others: without it
        # every answer of more than one segment waits 40 ms for an acknowledgement.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            listener.close()
            if error.errno in (errno.EADDRINUSE, 10048):
                raise CommandError(
                    f"Port {port} is in use: is the game running already? "
                    f"Another port: python3 manage.py serve --port {port + 1}"
                ) from None
            raise CommandError(f"Cannot listen on {host} port {port}: {error.strerror}.") from None
        listener.listen(BACKLOG)
        listener.set_inheritable(True)
        return listener

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0)

    def _load_content(self) -> None:
        try:
            done = loading.load(settings.SEEDS_DIR)
        except BadContent as error:
            raise CommandError(f"The content in seeds/ was refused whole; nothing was changed.\n{error}") from None
        if done is not None:
            self.stdout.write(f"Loaded the texts: {done.passages} passages, {done.exercises} exercises.")

    def _collect_static(self) -> None:
        stamp = Path(settings.STATIC_ROOT) / "digest"
        digest = _digest(
            settings.BASE_DIR / "static", settings.BASE_DIR / "requirements.txt", Path(collecting.__file__)
        )
        if stamp.exists() and stamp.read_text() == digest:
            return
        self.stdout.write("Collecting static files …")
        # What is there stays: a process of the old version may still be serving it. Names change with the content.
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(digest)

    def _announce(self, host: str, port: int) -> None:
        own = [f"http://{_bracketed(each)}:{port}/" for each in _addresses(host)]
        given = [settings.PUBLIC_ADDRESS] if settings.PUBLIC_ADDRESS else []
        # With TLS our own ones send browsers on to https, which the proxy alone speaks.
        addresses = given if given and settings.TLS else given + own
        settings.PUBLIC_ADDRESS = addresses[0]
        lines = [
            "",
            "Literacy Game is running. Students type one of these addresses:",
            *(f"    {each}" for each in addresses),
        ]
        if accounts.needs_owner():
            link = addresses[0].rstrip("/") + reverse("setup", args=[accounts.setup_token()])
            lines += [
                "",
                "First run: open this link to make the owner’s account (it works until the account is made):",
                f"    {link}",
            ]
        lines += [
            "",
            "If students cannot open the page: the Wi-Fi may keep devices apart (“client isolation”: ask for",
            "another network, or use a hotspot), and this computer may ask whether Python may receive",
            "connections (the firewall: allow it).",
            "Stop with Ctrl+C. Everything is kept in " + str(settings.DATA_DIR) + ".",
            "",
        ]
        self._print("\n".join(lines))
        self._print_qr(addresses[0])
        self.stdout.flush()

    def _print(self, text: str) -> None:
        encoding = getattr(self.stdout._out, "encoding", None) or "ascii"
        self.stdout.write(text.encode(encoding, "replace").decode(encoding))

    def _print_qr(self, address: str) -> None:
        """The QR code in half blocks, or in full blocks where the terminal's encoding has no half ones."""
        code = segno.make(address, micro=False)
        matrix = [[bool(module) for module in row] for row in code.matrix_iter(border=2)]
        encoding = getattr(self.stdout._out, "encoding", None) or "ascii"
        try:
            "▀▄█".encode(encoding)
        except UnicodeEncodeError:
            self.stdout.write("\n".join("".join("  " if module else "##" for module in row) for row in matrix))
            return
        self.stdout.write("\n".join(half_blocks(matrix)))


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Processes that start together on one PostgreSQL prepare it one after the other: migrations know no neighbours."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING])


def _allow_many_connections() -> None:
    """Every open stream takes a file of the process, of which systems grant few unless they are asked."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def half_blocks(matrix: list[list[bool]]) -> list[str]:
    """Two rows of modules as one line of text, light modules drawn, for dark terminals."""
    symbols = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
    rows = matrix + ([[False] * len(matrix[0])] if len(matrix) % 2 else [])
    return [
        "".join(symbols[upper, lower] for upper, lower in zip(rows[number], rows[number + 1], strict=True))
        for number in range(0, len(rows), 2)
    ]


def _addresses(host: str) -> list[str]:
    """The addresses under which this computer can be reached, the likeliest for students first."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104
        return [host]
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; asks the system which of its addresses leads outside
            found.append(probe.getsockname()[0])
        except OSError:
            pass
        found += _addresses_of_interfaces(probe)
    with contextlib.suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    outside = [each for each in dict.fromkeys(found) if not each.startswith("127.")]
    return outside or ["127.0.0.1"]


def _addresses_of_interfaces(probe: socket.socket) -> list[str]:
    """The first IPv4 address of every network interface that is no inner one of a container or a virtual machine.

    A hotspot's own interface leads nowhere outside and goes by no name, so only this finds it. On Windows the
    computer's name has them all.
    """
    found: list[str] = []
    if sys.platform != "win32":
        import fcntl

        for _, name in socket.if_nameindex():
            if name.startswith(INNER_INTERFACES):
                continue
            with contextlib.suppress(OSError):  # it has no address
                # struct ifreq: a name of 16 bytes, then struct sockaddr_in with the address in its bytes 4 to 8.
                answer = fcntl.ioctl(probe.fileno(), GET_ADDRESS, name.encode().ljust(40, b"\0"))
                found.append(socket.inet_ntoa(answer[20:24]))
    return found


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.as_posix().encode() + file.read_bytes())
    return digest.hexdigest()
