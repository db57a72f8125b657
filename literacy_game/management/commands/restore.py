"""Puts a backup in the place of what is there, which is backed up first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from literacy_game import backups, copying


class Command(BaseCommand):
    help = "Put a backup in the place of everything that is there. Stop the game first, and start it afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            key = backups.read(path)
            call_command("migrate", verbosity=0)
            before = backups.make(folder=settings.BACKUP_DIR, now=timezone.now())
            self.stdout.write(f"What was there until now is in {before.path}.")
            arrived = backups.restore(path=path)
        except (backups.BadBackup, copying.NotTheSame, OSError) as error:
            raise CommandError(f"Nothing was restored. {error}") from None
        rows = sum(each.rows for each in arrived.values())
        self.stdout.write(f"Restored {rows} rows in {len(arrived)} tables, counted and checked. Start the game now.")
        if settings.SECRET_KEY_GIVEN and key != settings.SECRET_KEY:
            self.stderr.write(
                "SECRET_KEY in the environment is not the key of this backup: students’ four words will fit nobody. "
                f"Unset it (the key is in {settings.DATA_DIR / backups.KEY} now), or set it to that key."
            )
