"""Writes rulings as a patch to the seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from classroom.models import Teacher
from play import ruled, ruling_patch


class Command(BaseCommand):
    help = "Print the rulings in force in the school, or one teacher's own, as a patch for `git apply`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--teacher", default="", help="a teacher's own rulings instead of the school's")
        parser.add_argument("--output", type=Path, help="write the patch to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        teacher = None
        if name := options["teacher"]:
            teacher = Teacher.objects.filter(username=name).first()
            if teacher is None:
                raise CommandError(f"There is no teacher named {name}.")
        made = ruling_patch.patch(rulings=ruled.standing(teacher=teacher), seeds=settings.SEEDS_DIR)
        for ruling, reason in made.left_out:
            self.stderr.write(f"{ruling}: left out: {reason}")
        for warning in made.warnings:
            self.stderr.write(f"Warning: {warning}")
        self.stderr.write(f"{len(made.taken)} rulings in the patch.")
        if options["output"]:
            options["output"].write_bytes(made.text.encode())
        else:
            self.stdout.write(made.text, ending="")
