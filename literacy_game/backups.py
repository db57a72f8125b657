"""Backups: one zip file with all rows as an SQLite database, and the secret key, without which typed words fit nobody.

The same kind of file comes from SQLite and from PostgreSQL, and goes back into either.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from literacy_game import copying

FORMAT = {"format": "literacy-game-backup", "version": 1}
DATABASE, KEY, MANIFEST = "database.sqlite3", "secret_key", "manifest.json"
NAME = "literacy-game-%Y-%m-%d-%H%M%S.zip"
PATTERN = "literacy-game-*.zip"
ALIAS = "backup"
PATIENCE = 60
"""Seconds that reading waits for a database that is busy."""


@dataclass(frozen=True)
class Backup:
    path: Path
    made: datetime
    rows: dict[str, int]
    """How many rows each table has."""


class BadBackup(Exception):
    """The file is no backup of ours, is damaged, or comes from a newer version; nothing was changed."""


def make(*, folder: Path, now: datetime) -> Backup:
    """Write a backup and prove it: the copy was opened, is sound, and has as many rows as the database.

    The game may run meanwhile. Raises BadBackup where the proof fails or there is nothing, OSError where the disk
    refuses.
    """
    if not connection.introspection.table_names():
        raise BadBackup(
            f"{connection.settings_dict['NAME']} is empty: are DATA_DIR and DATABASE_URL those of the game?"
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / now.astimezone(UTC).strftime(NAME)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as making:
        database, packed = Path(making) / DATABASE, Path(making) / path.name
        if connection.vendor == "sqlite":
            rows = copy_file(Path(connection.settings_dict["NAME"]), database)
        else:
            rows = _copy_rows(database)
        if (found := count(database)) != rows:
            raise BadBackup(f"The copy has other rows than the database: {found} instead of {rows}.")
        _pack(packed, database, rows, now)
        read(packed)
        packed.replace(path)
    return Backup(path, now, rows)


def restore(*, path: Path) -> dict[str, copying.Tally]:
    """Put a backup in the place of everything that is in the database now; what each table holds then.

    A backup of an older version is brought up to the present schema first. The secret key of the file becomes that
    of the data folder. Raises BadBackup, copying.NotTheSame.
    """
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restoring-") as restoring:
        database = Path(restoring) / DATABASE
        key = read(path, into=database)
        arrived = bring_in(database)
    _keep_key(key)
    return arrived


def bring_in(database: Path) -> dict[str, copying.Tally]:
    """Replace all rows by those of an SQLite file, which is brought up to the present schema on the way."""
    unknown = _migrations(database) - {*MigrationLoader(None).disk_migrations}
    if unknown:
        raise BadBackup(
            "It comes from a newer version of the game, or from one with OIDC_URL set: "
            "please update the game, or set OIDC_URL, first."
        )
    call_command("migrate", verbosity=0)
    with opened(database):
        call_command("migrate", database=ALIAS, verbosity=0)
        return copying.copy(source=ALIAS, target="default")


def read(path: Path, into: Path | None = None) -> str:
    """Check a backup; its secret key. `into`: write the database there. Raises BadBackup."""
    try:
        with zipfile.ZipFile(path) as packed, tempfile.TemporaryDirectory(dir=path.parent, prefix=".reading-") as where:
            manifest = json.loads(packed.read(MANIFEST))
            if {name: manifest.get(name) for name in FORMAT} != FORMAT:
                raise BadBackup(f"{path.name} is no backup that this version knows.")
            database = Path(packed.extract(DATABASE, into.parent if into else where))
            if _digest(database) != manifest["sha256"] or count(database) != manifest["rows"]:
                raise BadBackup(f"{path.name} is damaged: it does not hold what its list says.")
            return packed.read(KEY).decode()
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, AttributeError, sqlite3.Error) as error:
        raise BadBackup(f"{path.name} cannot be read as a backup: {error}") from None


def newest(*, folder: Path, now: datetime) -> datetime | None:
    """When the newest backup of a folder was made; one from a time when the clock was wrong is none."""
    return max((made for each in folder.glob(PATTERN) if (made := _made(each)) <= now), default=None)


def prune(*, folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest backups of a folder; what was deleted."""
    old = sorted(folder.glob(PATTERN), key=_made, reverse=True)[keep:]
    for each in old:
        each.unlink()
    return old


def count(database: Path) -> dict[str, int]:
    """How many rows each table of an SQLite file has. Raises BadBackup where the file is not sound."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as opened_again:
        if opened_again.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BadBackup(f"{database.name} is damaged.")
        return _count(opened_again)


def copy_file(live: Path, database: Path) -> dict[str, int]:
    """Copy an SQLite file that is in use, by SQLite's online backup; how many rows each table had at that moment.

    It reads one snapshot, beside which writers go on.
    """
    with (
        closing(sqlite3.connect(live, timeout=PATIENCE, isolation_level=None)) as source,
        closing(sqlite3.connect(database, isolation_level=None)) as copy,
    ):
        source.execute("BEGIN")
        rows = _count(source)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    return rows


@contextmanager
def opened(database: Path) -> Iterator[None]:
    """An SQLite file as the database with the alias ALIAS."""
    wanted = {"default": {}, ALIAS: {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}}
    connections.settings[ALIAS] = connections.configure_settings(wanted)[ALIAS]
    try:
        connections[ALIAS].connect()
        yield
    finally:
        connections[ALIAS].close()
        del connections[ALIAS], connections.settings[ALIAS]


def _copy_rows(database: Path) -> dict[str, int]:
    """All rows of a database of another kind. What is counted is what left it, not what arrived."""
    with opened(database):
        call_command("migrate", database=ALIAS, verbosity=0)
        left = copying.copy(source="default", target=ALIAS)
    return count(database) | {table: tally.rows for table, tally in left.items()}


def _count(opened_file: sqlite3.Connection) -> dict[str, int]:
    tables = opened_file.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'")
    return {
        name: opened_file.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - its own tables
        for (name,) in sorted(tables.fetchall())
    }


def _migrations(database: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(database)) as opened_file:
        return {(app, name) for app, name in opened_file.execute("SELECT app, name FROM django_migrations")}


def _pack(path: Path, database: Path, rows: dict[str, int], now: datetime) -> None:
    manifest = FORMAT | {"made": now.isoformat(), "from": connection.vendor, "sha256": _digest(database), "rows": rows}
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(database, DATABASE)
            packed.writestr(KEY, settings.SECRET_KEY)
            packed.writestr(MANIFEST, json.dumps(manifest, indent=1))
        file.flush()
        os.fsync(file.fileno())


def _keep_key(key: str) -> None:
    path = settings.DATA_DIR / KEY
    descriptor = os.open(f"{path}.new", os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    Path(f"{path}.new").replace(path)


def _made(path: Path) -> datetime:
    try:
        return datetime.strptime(path.name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
