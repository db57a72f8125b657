"""Runs every test and check, or with a path a part of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from literacy_game import machine

Step = tuple[str, Callable[[], bool]]
SIDE_BY_SIDE = ("-n", "auto", "--dist", "loadfile")
"""A process for each core, and each file in one of them."""
ONCE_MORE = ("--reruns", "1", "-rR")
"""Where a stalled machine must not fail a whole run: what fails twice is broken, what fails once is told as RERUN."""


class Command(BaseCommand):
    help = "Run all tests and checks; with paths, these tests alone; --all with the long ones."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", help="tests to run, as pytest takes them")
        parser.add_argument("--all", action="store_true", help="the long suites, too")

    def handle(self, *args: Any, **options: Any) -> None:
        self.required = bool(os.environ.get("CI"))
        paths: list[str] = options["paths"]
        names_files = bool(paths) and all(".py" in path for path in paths)
        whole = options["all"] or names_files  # whoever names a file means all of it
        self.markers = [] if whole else ["-m", "not long"]
        if paths:
            if not self._pytest(paths):
                raise CommandError("Some tests failed.")
            return
        failed = [name for name, step in self._steps() if not self._run(name, step)]
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}.")
        self.stdout.write("All tests and checks passed.")

    def _run(self, name: str, step: Callable[[], bool]) -> bool:
        self.stdout.write(f"\n== {name}")
        self.stdout.flush()
        return step()

    def _steps(self) -> list[Step]:
        database_tests = [f"tests/{part}" for part in machine.DATABASE]
        return [
            ("ruff", lambda: self._module("ruff", "check", ".") and self._module("ruff", "format", "--check", ".")),
            ("djade", self._djade),
            ("mypy", lambda: self._module("mypy")),
            ("import-linter", lambda: self._call(machine.script("lint-imports"))),
            ("migrations", lambda: self._manage("makemigrations", "--check", "--dry-run")),
            ("check --deploy", lambda: self._manage("check", "--deploy", "--fail-level", "WARNING", TLS="1")),
            ("content", lambda: self._manage("load_content", "--check")),
            ("tests on SQLite", lambda: self._pytest([*SIDE_BY_SIDE, "tests", "--ignore=tests/browser"])),
            ("tests on PostgreSQL", lambda: self._on_postgresql(database_tests)),
            ("tests in Chromium", lambda: self._in_browser(["tests/browser"])),
        ]

    def _djade(self) -> bool:
        files = [str(path) for path in sorted((settings.BASE_DIR / "templates").rglob("*.html"))]
        return self._call(machine.script("djade"), "--check", "--target-version", "5.2", *files)

    def _on_postgresql(self, paths: list[str]) -> bool:
        url = machine.postgresql_url()
        if url is None:
            return self._skip("no PostgreSQL answers on DATABASE_URL_TEST or on the local default")
        return self._pytest([*SIDE_BY_SIDE, *paths], DATABASE_URL=url)

    def _in_browser(self, paths: list[str]) -> bool:
        chromium = machine.chromium()
        if chromium is None:
            return self._skip("no Chromium was found or could be installed")
        again = ONCE_MORE if self.required else ()
        return self._pytest([*SIDE_BY_SIDE, *again, *paths], CHROMIUM=chromium)

    def _skip(self, why: str) -> bool:
        self.stdout.write(f"Required here, but {why}." if self.required else f"Left out: {why}.")
        return not self.required

    def _pytest(self, paths: list[str], **environment: str) -> bool:
        return self._module("pytest", *self.markers, *paths, **environment)

    def _module(self, name: str, *arguments: str, **environment: str) -> bool:
        return self._call(sys.executable, "-m", name, *arguments, **environment)

    def _manage(self, *arguments: str, **environment: str) -> bool:
        return self._call(sys.executable, "manage.py", *arguments, **environment)

    def _call(self, *command: str, **environment: str) -> bool:
        with tempfile.TemporaryDirectory(prefix="literacy-game-tests-") as data:
            clean = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
            environment = clean | {"DATA_DIR": data, "TIME_ZONE": "UTC"} | environment
            return subprocess.run(command, cwd=settings.BASE_DIR, env=environment).returncode == 0
