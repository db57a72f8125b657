"""Computes how far the blind labellings agree and writes the table in docs/content.md."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from exercises import agreement, content, documents


class Command(BaseCommand):
    help = "Compute how far the blind labellings agree; --write puts the table into docs/content.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the table into docs/content.md")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = agreement.table(agreement.rows(content.read_seeds(settings.SEEDS_DIR), settings.SEEDS_DIR))
        self.stdout.write("\n".join(lines))
        if options["write"]:
            documents.write_block(settings.BASE_DIR / "docs" / "content.md", "agreement", lines)
