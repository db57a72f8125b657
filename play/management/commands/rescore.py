"""Computes stored answers anew, from what was answered and what was ruled."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from classroom.models import Assignment
from play import regrading, rescoring, standings
from play.models import Regrade


class Command(BaseCommand):
    help = "Score every stored answer by the rules of today, and rebuild the standings. Once after an update is enough."

    def handle(self, *args: Any, **options: Any) -> None:
        for regrade in Regrade.objects.filter(finished=None):
            regrading.run(pk=regrade.pk)
        changed = regrading.follow_all() + rescoring.rescore()
        if changed:
            for assignment in Assignment.objects.exclude(standings=None).distinct():
                standings.rebuild(assignment=assignment)
        self.stdout.write(f"{changed} answers changed.")
