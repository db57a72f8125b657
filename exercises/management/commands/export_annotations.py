"""Writes all published annotations to standard output as W3C Web Annotations (JSON-LD)."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from exercises.export import collection


class Command(BaseCommand):
    help = "Write all published annotations to standard output as one W3C AnnotationCollection (JSON-LD)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(collection(), ensure_ascii=False, indent=1))
