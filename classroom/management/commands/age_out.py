"""Deletes the classes whose time is over. For a daily timer; `serve` calls it at each start."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from classroom import retention


class Command(BaseCommand):
    help = "Delete the classes in which nobody has answered for as long as their teachers have set."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="name the classes and delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["check"]:
            names = [each.name for each in retention.aged(now=now)]
            self.stdout.write("\n".join(names) if names else "No class is over.")
            return
        for name in retention.age_out(now=now):
            self.stdout.write(f"Deleted {name}: its time was over.")
