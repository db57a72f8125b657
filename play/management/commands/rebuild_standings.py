"""Computes all standings anew from the stored answers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from classroom.models import Assignment
from play import actions


class Command(BaseCommand):
    help = "Compute the standings of every assignment anew from the stored answers."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = sum(actions.rebuild_standings(assignment=assignment) for assignment in Assignment.objects.all())
        self.stdout.write(f"{rows} standings rebuilt.")
