"""Loads the texts, annotations and ready-made sets of `seeds/`, or checks them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from classroom import loading
from exercises import balance, report
from exercises.content.schema import BadContent


class Command(BaseCommand):
    help = "Load the texts, annotations and ready-made sets of seeds/; --check reads and reports, and writes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="read and report, write nothing")
        parser.add_argument("--seeds", type=Path, default=settings.SEEDS_DIR, help="the folder to read")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                seeds = loading.check(options["seeds"])
                self.stdout.write("\n".join(report.lines(seeds)))
                for fault in balance.faults(seeds):
                    self.stderr.write(fault)
                return
            done = loading.load(options["seeds"], anew=True)
        except BadContent as error:
            raise CommandError(f"The content was refused whole; nothing was changed.\n{error}") from None
        assert done is not None
        self.stdout.write(f"Loaded: {done.passages} new passage versions, {done.exercises} new exercise versions.")
