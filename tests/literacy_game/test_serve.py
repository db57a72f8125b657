"""The socket that `serve` listens on."""

from __future__ import annotations

import socket

from literacy_game.management.commands.serve import Command


def test_connections_are_known_as_tcp_so_that_asyncio_sends_at_once() -> None:
    listener = Command()._listen("127.0.0.1", 0)
    try:
        assert listener.proto == socket.IPPROTO_TCP
    finally:
        listener.close()
