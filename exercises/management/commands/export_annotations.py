"""Writes all published annotations to standard output as W3C Web Annotations (JSON-LD)."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exercises import content
from exercises.content.schema import BadContent
from exercises.export import collection


class Command(BaseCommand):
    help = "Write all published annotations to standard output as one W3C AnnotationCollection (JSON-LD)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            seeds = content.read_seeds(settings.SEEDS_DIR)
        except BadContent as error:
            raise CommandError(f"The content does not hold together; nothing is exported.\n{error}") from None
        self.stdout.write(json.dumps(collection(seeds), ensure_ascii=False, indent=1))
