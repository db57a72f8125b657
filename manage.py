#!/usr/bin/env python3
"""Runs Literacy Game and its commands. On a bare machine it first makes an environment in `.venv`."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main():
    if sys.version_info < (3, 11):
        sys.exit("Literacy Game needs Python 3.11 or later: please install it from python.org or your package manager.")
    from literacy_game import environment

    arguments = sys.argv[1:]
    requirements = environment.requirements_for(arguments)
    if not environment.is_active(requirements):
        python = environment.make(requirements)
        sys.exit(environment.hand_over(python, [str(ROOT / "manage.py"), *arguments]))

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "literacy_game.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
