"""Reports what the content amounts to and writes the tables in docs/content.md."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from exercises import content, documents, report


class Command(BaseCommand):
    help = "Report passages, annotations, exercises and sets; --write puts the tables into docs/content.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the tables into docs/content.md")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = report.lines(content.read_seeds(settings.SEEDS_DIR))
        self.stdout.write("\n".join(lines))
        if options["write"]:
            documents.write_block(settings.BASE_DIR / "docs" / "content.md", "coverage", lines)
