"""A load generator: HTTP/1.1 over kept connections on loopback, as little work a request as Python allows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

CSRF = "b" * 32


@dataclass(frozen=True)
class Reply:
    status: int
    seconds: float
    began: float
    """On the monotonic clock."""
    body: bytes


class Client:
    """One browser: one connection, one student."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    def close(self) -> None:
        if self.writer:
            self.writer.close()

    async def send(self, request: bytes) -> Reply:
        if self.reader is None or self.reader.at_eof():  # the server closes idle lines; a browser opens another
            self.close()
            await self.open()
        assert self.reader is not None
        assert self.writer is not None
        began = time.perf_counter()
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        status, lowered = int(head[9:12]), head.lower()
        if status == 204 or status == 304:
            body = b""
        elif b"transfer-encoding: chunked" in lowered:
            body = b""
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                body += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readexactly(2)
        else:
            at = lowered.index(b"content-length:") + 15
            body = await self.reader.readexactly(int(lowered[at : lowered.index(b"\r\n", at)]))
        return Reply(status, time.perf_counter() - began, began, body)


def get(path: str, *, student: str = "", headers: str = "") -> bytes:
    return _request("GET", path, f"Cookie: student={student}\r\n{headers}")


def post(
    path: str, fields: dict[str, str], *, student: str = "", device: str = "", address: str = "", htmx: bool = True
) -> bytes:
    cookies = f"Cookie: student={student}; device={device}; csrftoken={CSRF}\r\nX-CSRFToken: {CSRF}\r\n"
    cookies += "HX-Request: true\r\n" if htmx else ""
    cookies += f"X-Forwarded-For: {address}\r\n" if address else ""
    body = urlencode(fields)
    form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return _request("POST", path, cookies + form, body)


def _request(method: str, path: str, headers: str, body: str = "") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: bench\r\n{headers}\r\n{body}".encode()


async def run(port: int, queues: Iterable[Iterable[bytes]]) -> tuple[float, list[Reply]]:
    """Send each queue in order over a connection of its own, all at once; seconds in all, and every reply."""
    clients = [(Client(port), iter(queue)) for queue in queues]
    for client, _ in clients:
        await client.open()

    async def work(client: Client, queue: Iterator[bytes]) -> list[Reply]:
        return [await client.send(request) for request in queue]

    began = time.perf_counter()
    replies = await asyncio.gather(*(work(client, queue) for client, queue in clients))
    took = time.perf_counter() - began
    for client, _ in clients:
        client.close()
    return took, [reply for each in replies for reply in each]
