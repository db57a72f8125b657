"""Fills a demonstration school with simulated classes."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from classroom import actions
from classroom.models import ExerciseSet, Teacher
from play import demo

USERNAME = "demo"


class Command(BaseCommand):
    help = "Make a teacher named demo with five simulated classes: novices, improving, suspicious, experts, one-sided."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--students", type=int, default=24, help="students in each class")

    def handle(self, *args: Any, **options: Any) -> None:
        if not ExerciseSet.objects.filter(slug=demo.SETS[0]).exists():
            raise CommandError("There is no content yet. Run load_content first.")
        if Teacher.objects.filter(username=USERNAME).exists():
            raise CommandError("There is a demonstration school already.")
        if not 1 <= options["students"] <= 60:
            raise CommandError("A class has 1 to 60 students.")
        password = secrets.token_urlsafe(12)
        teacher = self._teacher(password)
        now, made = timezone.now(), []
        for number, each in enumerate(demo.CLASSES, 1):
            self.stdout.write(
                f"Class {number} of {len(demo.CLASSES)}, {each.name}: {len(demo.SETS)} sets are answered …"
            )
            self.stdout.flush()
            made += demo.fill(teacher=teacher, students=options["students"], now=now, made=(each,))
        self.stdout.write(f"Sign in as {USERNAME} with the password {password}")
        for classroom in made:
            self.stdout.write(f"{classroom.name}: /teach/classes/{classroom.uid}/results/")

    def _teacher(self, password: str) -> Teacher:
        """Invited by the owner; the owner of an installation that has none yet."""
        owner = Teacher.objects.filter(is_owner=True).first()
        if owner is None:
            return actions.create_owner(username=USERNAME, password=password)
        invitation = actions.invite_teacher(owner=owner, now=timezone.now())
        return actions.accept_invitation(invitation=invitation, username=USERNAME, password=password)
