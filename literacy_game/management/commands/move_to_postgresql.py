"""Moves an installation from SQLite to the PostgreSQL database that DATABASE_URL names."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from classroom.models import Teacher
from literacy_game import backups, copying


class Command(BaseCommand):
    help = "Copy everything from the SQLite file in DATA_DIR to the empty PostgreSQL database of DATABASE_URL."

    def handle(self, *args: Any, **options: Any) -> None:
        live = settings.DATA_DIR / "db.sqlite3"
        if connection.vendor != "postgresql":
            raise CommandError("Set DATABASE_URL to the PostgreSQL database, for example postgres://user@host/name.")
        if not live.exists():
            raise CommandError(f"There is nothing to move: no {live}.")
        call_command("migrate", verbosity=0)
        if Teacher.objects.exists():
            raise CommandError("The PostgreSQL database is in use already: it has accounts. Nothing was changed.")
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".moving-") as moving:
            snapshot = Path(moving) / backups.DATABASE
            backups.copy_file(live, snapshot)
            try:
                arrived = backups.bring_in(snapshot)
            except (backups.BadBackup, copying.NotTheSame) as error:
                raise CommandError(f"Nothing was moved. {error}") from None
        for table, tally in sorted(arrived.items()):
            self.stdout.write(f"{tally.rows:>9}  {tally.checksum[:16]}  {table}")
        self.stdout.write(
            "Rows and checksums are the same on both sides. Start the game with this DATABASE_URL from now on."
        )
