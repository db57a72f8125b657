"""Makes `.venv` on a bare machine. Standard library only: nothing else is installed when this runs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PRODUCT = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
NEEDS_DEVELOPMENT = {"test", "makemessages"}

NO_VENV = (
    "Python's venv module is missing: install it first (on Debian and Ubuntu: apt install python3-venv), "
    "then run this command again."
)
NO_PACKAGES = (
    "The packages could not be installed. The first start needs a way to the package index (network or mirror); "
    "the lines above say what failed. Run this command again when it is there."
)


def requirements_for(arguments: Sequence[str]) -> str:
    """The requirements file that a command needs."""
    return DEVELOPMENT if arguments and arguments[0] in NEEDS_DEVELOPMENT else PRODUCT


def is_active(requirements: str) -> bool:
    """Whether the running Python is an environment that has what is needed.

    That is `.venv` with the right stamp, or an environment that somebody else made (a container, a
    developer's own): there Django's being importable is enough.
    """
    if Path(sys.prefix).resolve() == VENV.resolve():
        return _is_stamped(requirements)
    if sys.prefix == sys.base_prefix and VENV.exists():
        return False
    return sys.prefix != sys.base_prefix and _has_django()


def make(requirements: str) -> Path:
    """Make or complete `.venv` and return its Python. Exits with one plain sentence where that cannot be."""
    python = _python()
    if not python.exists() or not _runs(python):
        print("Making the environment in .venv (once, about a minute) …", flush=True)
        if VENV.exists():
            shutil.rmtree(VENV)
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
        if made.returncode or not python.exists():
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit(NO_VENV)
    if not _is_stamped(requirements):
        print(f"Installing {requirements} …", flush=True)
        command = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
            str(ROOT / requirements),
        ]
        if subprocess.run(command).returncode:
            sys.exit(NO_PACKAGES)
        for name in {PRODUCT, requirements}:
            _stamp(name).write_text(_digest(name))
    return python


def hand_over(python: Path, arguments: Sequence[str]) -> int:
    """Run a command in the environment: by replacing this process, where the system can do that."""
    command = [str(python), *arguments]
    if os.name == "posix":
        os.execv(command[0], command)
    try:
        return subprocess.run(command).returncode
    except KeyboardInterrupt:
        return 130


def _python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _runs(python: Path) -> bool:
    return subprocess.run([str(python), "-c", "import pip"], capture_output=True).returncode == 0


def _has_django() -> bool:
    from importlib.util import find_spec

    return find_spec("django") is not None


def _stamp(requirements: str) -> Path:
    return VENV / f"{requirements}.sha256"


def _digest(requirements: str) -> str:
    """A digest of a requirements file and of those it includes."""
    digest = hashlib.sha256()
    for name in [requirements, *([PRODUCT] if requirements != PRODUCT else [])]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _is_stamped(requirements: str) -> bool:
    stamp = _stamp(requirements)
    return stamp.exists() and stamp.read_text() == _digest(requirements)
