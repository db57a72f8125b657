"""Databases for servers of their own: an SQLite file, or an empty database on the PostgreSQL server of the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from literacy_game import machine

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)]
"""Kinds of database for a test that takes long: the everyday run has it on SQLite."""


@contextmanager
def database(kind: str) -> Iterator[dict[str, str]]:
    """The variables with which a server uses it."""
    if kind == "sqlite":
        yield {}
        return
    url = machine.postgresql_url()
    if url is None:
        pytest.skip("no PostgreSQL answers")
    name = f"serving_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
