"""Writes a backup, while the game runs or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from literacy_game import backups


class Command(BaseCommand):
    help = "Write everything into one file, and prove that it can be read back. The game may run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BACKUP_DIR, help="folder to write to")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = backups.make(folder=options["to"], now=timezone.now())
        except (backups.BadBackup, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from None
        self.stdout.write(
            f"{made.path}\n{sum(made.rows.values())} rows in {len(made.rows)} tables, counted and checked."
        )
        self.stdout.write("It holds the secret key and all answers: keep it where nobody else reads.")
