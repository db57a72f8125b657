"""A small proxy in front of servers, as schools have them: it shares requests out, keeps answers back, cuts lines."""

from __future__ import annotations

import contextlib
import re
import select
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
CONNECTION = re.compile(rb"^(?:connection|keep-alive):.*\r\n", re.IGNORECASE | re.MULTILINE)


class Proxy:
    """Every request goes to the next server in turn that is there, on a connection of its own."""

    def __init__(
        self,
        ports: Sequence[int],
        *,
        buffers: bool = False,
        idle: float | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.ports = list(ports)
        self.buffers = buffers
        """Sends nothing on before an answer is complete."""
        self.idle = idle
        """Seconds of silence after which a line is cut."""
        self.tls = tls
        """With a certificate in it, browsers come by https, and the servers are told so, as Caddy tells them."""
        self.tears = 0
        """How many of the next parts of pages, as scripts ask for them, break off half-way."""
        self.streams = 0
        """Event streams that were asked for."""
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        if self.tls:
            with contextlib.suppress(OSError), self.tls.wrap_socket(near, server_side=True) as opened:
                self._answer(opened, b"X-Forwarded-Proto: https\r\n")
        else:
            with near, contextlib.suppress(OSError):
                self._answer(near)

    def _answer(self, near: socket.socket, added: bytes = b"") -> None:
        head, body = b"", b""
        while b"\r\n\r\n" not in head:
            if not (chunk := near.recv(65536)):
                return
            head += chunk
        head, _, body = head.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        while length and len(body) < int(length[1]):
            body += near.recv(65536)
        self.streams += b"/live/stream/" in head
        first, _, headers = CONNECTION.sub(b"", head + b"\r\n").partition(b"\r\n")
        with self._next() as far:
            far.sendall(b"%b\r\n%bConnection: close\r\n%b\r\n%b" % (first, added, headers, body))
            if self.tears and head.startswith(b"GET") and b"hx-request" in head.lower():
                self.tears -= 1
                self._tear(near, far)
            else:
                self._carry(near, far)

    def _next(self) -> socket.socket:
        for _ in self.ports:
            port = self.ports.pop(0)
            self.ports.append(port)
            with contextlib.suppress(ConnectionRefusedError):
                return socket.create_connection(("127.0.0.1", port))
        raise ConnectionRefusedError

    def _tear(self, near: socket.socket, far: socket.socket) -> None:
        answer = b""
        while chunk := far.recv(65536):
            answer += chunk
        near.sendall(answer[: len(answer) - 200])

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        held = b""
        while ready := select.select([near, far], [], [], self.idle)[0]:
            if near in ready and not near.recv(65536):
                return
            if far not in ready:
                continue
            chunk = far.recv(65536)
            held += chunk
            if not chunk or not self.buffers:
                near.sendall(held)
                held = b""
            if not chunk:
                return


@contextmanager
def proxy(
    ports: Sequence[int], *, buffers: bool = False, idle: float | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Proxy]:
    made = Proxy(ports, buffers=buffers, idle=idle, tls=tls)
    yield made
    made.listener.close()
