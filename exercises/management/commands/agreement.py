"""Computes how far the blind labellings agree and writes the table in docs/content.md."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from exercises import agreement, content

BEGIN, END = "<!-- agreement -->", "<!-- /agreement -->"


class Command(BaseCommand):
    help = "Compute how far the blind labellings agree; --write puts the table into docs/content.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the table into docs/content.md")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = agreement.table(agreement.rows(content.read_seeds(settings.SEEDS_DIR), settings.SEEDS_DIR))
        self.stdout.write("\n".join(lines))
        if options["write"]:
            path = settings.BASE_DIR / "docs" / "content.md"
            before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
            after = rest.partition(END)[2]
            path.write_text("\n".join([before + BEGIN, *lines, END + after]), encoding="utf-8", newline="\n")
