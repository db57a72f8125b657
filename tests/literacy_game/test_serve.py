"""The socket that `serve` listens on, and the addresses that it tells."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError
from pytest_django import Settings

from literacy_game.management.commands.serve import Command


def test_connections_are_known_as_tcp_so_that_asyncio_sends_at_once() -> None:
    listener = Command()._listen("127.0.0.1", 0)
    try:
        assert listener.proto == socket.IPPROTO_TCP
    finally:
        listener.close()


@pytest.mark.django_db
@pytest.mark.parametrize("tls", [True, False])
def test_links_are_told_at_the_address_that_was_given(settings: Settings, tls: bool) -> None:
    """Behind https the computer's own addresses lead nowhere: browsers are sent on to https, which the proxy speaks."""
    settings.TLS, settings.PUBLIC_ADDRESS = tls, "https://game.school.example"
    told = StringIO()
    Command(stdout=told)._announce("127.0.0.1", 8001)
    assert "https://game.school.example/setup/" in told.getvalue()
    assert ("http://127.0.0.1:8001/" in told.getvalue()) is not tls


@pytest.mark.django_db
def test_a_database_that_is_away_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(command: Command) -> None:
        raise OperationalError("the connection was refused")

    monkeypatch.setattr(Command, "_migrate", away)
    with pytest.raises(CommandError, match="The database cannot be used: the connection was refused"):
        call_command("serve", host="127.0.0.1", port=0)


START = """
import sys
import django
django.setup()
import literacy_game.asgi, literacy_game.management.commands.serve
from django.urls import get_resolver
get_resolver().url_patterns
print(*{"openpyxl", "pypdf", "numpy"} & set(sys.modules))
"""


def test_a_start_does_without_what_only_files_need(tmp_path: Path) -> None:
    """Workbooks and PDF files are seldom; what reads and writes them would be a tenth of every start."""
    told = subprocess.run(
        [sys.executable, "-c", START],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "literacy_game.settings", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == []


HOTSPOT = """
ip link set lo up
network() { ip link add $1 type bridge && ip address add $2 dev $1 && ip link set $1 up || exit 9; }
network wl0 10.42.0.1/24
network eth0 10.9.0.7/16
network docker0 172.17.0.1/16
"""
ASK = """
import django
django.setup()
from literacy_game.management.commands.serve import _addresses
print(*_addresses("0.0.0.0"))
"""


def test_every_network_of_the_computer_is_told_though_none_leads_outside(tmp_path: Path) -> None:
    """A laptop that is the hotspot, with a cable to a second network, neither of them with a way to the internet."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("needs Linux's own networks")
    alone = ["unshare", "--map-root-user", "--net", "sh", "-c"]
    if subprocess.run([*alone, HOTSPOT], capture_output=True).returncode:
        pytest.skip("this system lets nobody make networks")
    told = subprocess.run(
        [*alone, f'{HOTSPOT}exec "$0" -c "$1"', sys.executable, ASK],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "literacy_game.settings", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(told.stdout.split()) == ["10.42.0.1", "10.9.0.7"]
