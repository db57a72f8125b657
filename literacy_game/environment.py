"""Makes `.venv` on a bare machine. Standard library only: nothing else is installed when this runs."""

from __future__ import annotations

import contextlib
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
DISTRICT = "requirements-district.txt"
DEVELOPMENT = "requirements-dev.txt"
INCLUDED = {DEVELOPMENT: (PRODUCT, DISTRICT)}
"""Files that a file takes in with `-r`."""
NEEDS_DEVELOPMENT = {"test", "messages", "agreement"}

NO_VENV = (
    "Python's venv module is missing: install it first (on Debian and Ubuntu: apt install python3-venv), "
    "then run this command again."
)
NO_PACKAGES = (
    "The packages could not be installed. The first start needs a way to the package index (network or mirror); "
    "the lines above say what failed. Run this command again when it is there."
)


def requirements_for(arguments: Sequence[str]) -> tuple[str, ...]:
    """The requirements files that a command needs, here and with this environment's variables."""
    if arguments and arguments[0] in NEEDS_DEVELOPMENT:
        return (DEVELOPMENT,)
    postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
    more = postgresql or any(os.environ.get(name) for name in ("CACHE_URL", "OIDC_URL", "SENTRY_DSN"))
    return (PRODUCT, DISTRICT) if more else (PRODUCT,)


def is_active(requirements: Sequence[str]) -> bool:
    """Whether the running Python is an environment that has what is needed.

    That is `.venv` with the right stamps, or an environment that somebody else made (a container, a
    developer's own): there Django's being importable is enough.
    """
    if Path(sys.prefix).resolve() == VENV.resolve():
        return all(map(_is_stamped, requirements))
    return sys.prefix != sys.base_prefix and _has_django()


def make(requirements: Sequence[str]) -> Path:
    """Make or complete `.venv` and return its Python. Exits with one plain sentence where that cannot be."""
    python = _python()
    if not python.exists() or not _runs(python):
        _say("Making the environment in .venv (once, about a minute) …")
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
        if made.returncode or not python.exists():
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit(NO_VENV)
    for name in requirements:
        if not _is_stamped(name):
            _install(python, name)
    return python


def _install(python: Path, name: str) -> None:
    _say(f"Installing {name} …")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, "-r", str(ROOT / name)], stdout=sys.stderr).returncode:
        sys.exit(NO_PACKAGES)
    for included in {name, *INCLUDED.get(name, ())}:
        _stamp(included).write_text(_digest(included))


def _say(line: str) -> None:
    """To standard error: what a command writes to standard output may be somebody's file."""
    print(line, file=sys.stderr, flush=True)


def hand_over(python: Path, arguments: Sequence[str]) -> int:
    """Run a command in the environment: by replacing this process, where the system can do that."""
    command = [str(python), *arguments]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)
    return _run_to_the_end(command)


def _run_to_the_end(command: Sequence[str]) -> int:
    """Run a command and return what it returns. Ctrl+C reaches it by itself; it is given the time to stop."""
    with subprocess.Popen(command) as running:
        while True:
            with contextlib.suppress(KeyboardInterrupt):
                return running.wait()


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
    """A digest of a requirements file and of those it takes in."""
    digest = hashlib.sha256()
    for name in [requirements, *INCLUDED.get(requirements, ())]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _is_stamped(requirements: str) -> bool:
    stamp = _stamp(requirements)
    return stamp.exists() and stamp.read_text() == _digest(requirements)
