"""Takes the closings that have passed into the standings."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from classroom.models import Assignment
from play import standings


class Command(BaseCommand):
    help = "Count what was left unanswered in assignments that have closed. It happens by itself when somebody looks."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        due = Assignment.objects.filter(board__due__lte=now)
        closed = sum(standings.settle(assignment=assignment, now=now) for assignment in due)
        self.stdout.write(f"{closed} assignments closed.")
