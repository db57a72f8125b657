"""Renews the translations of the interface and compiles them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from literacy_game import messages


class Command(BaseCommand):
    help = "Bring locale/ up to date with the sources, compile it, and say what is still to be translated."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for language in messages.languages():
            catalog = messages.renew(language)
            messages.write(language, catalog)
            wrong = messages.problems(catalog)
            self.stdout.write(f"{language}: {len(catalog)} messages, {len(wrong)} to be mended")
            for line in wrong:
                self.stdout.write(f"  {line}")
