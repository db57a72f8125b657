"""The bare machine: what `python3 manage.py …` does before Django is there. Run by real interpreters, in a copy."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings

from literacy_game import environment

BARE = getattr(sys, "_base_executable", sys.executable)
"""The Python outside every virtual environment."""
FILES = ("requirements.txt", "requirements-district.txt", "requirements-dev.txt")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """As much of the project as runs before its packages are installed."""
    folder = tmp_path / "house"
    (folder / "literacy_game").mkdir(parents=True)
    for name in ("manage.py", "literacy_game/__init__.py", "literacy_game/environment.py", *FILES):
        shutil.copy(settings.BASE_DIR / name, folder / name)
    return folder


def run(house: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "CACHE_URL", "PYTHONPATH")}
    return subprocess.run(command, cwd=house, env=clean | variables, capture_output=True, text=True, timeout=120)


def plain_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed command said last, which is no traceback."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "variables", "files"),
    [
        ([], {}, ("requirements.txt",)),
        (["serve"], {}, ("requirements.txt",)),
        (["serve", "test"], {}, ("requirements.txt",)),
        (["serve"], {"DATABASE_URL": "sqlite:///x"}, ("requirements.txt",)),
        (["serve"], {"DATABASE_URL": "postgres://u@h/d"}, ("requirements.txt", "requirements-district.txt")),
        (["serve"], {"DATABASE_URL": "postgresql://u@h/d"}, ("requirements.txt", "requirements-district.txt")),
        (["serve"], {"CACHE_URL": "redis://h"}, ("requirements.txt", "requirements-district.txt")),
        (["serve"], {"SENTRY_DSN": "http://k@h/1"}, ("requirements.txt", "requirements-district.txt")),
        (["test"], {}, ("requirements-dev.txt",)),
        (["test", "--all"], {"CACHE_URL": "redis://h"}, ("requirements-dev.txt",)),
    ],
)
def test_a_command_names_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], variables: dict[str, str], files: tuple[str, ...]
) -> None:
    for name in ("DATABASE_URL", "CACHE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert environment.requirements_for(arguments) == files


def test_files_that_take_in_others_are_known() -> None:
    """The digest of a file covers those that it takes in, so this table must be true."""
    for name in FILES:
        lines = (settings.BASE_DIR / name).read_text().splitlines()
        taken_in = tuple(line.removeprefix("-r").strip() for line in lines if line.startswith("-r"))
        assert environment.INCLUDED.get(name, ()) == taken_in


def test_every_dependency_is_told_in_contributing() -> None:
    """What is asked for by ourselves stands above the empty line, what that brings along below it."""
    asked_for, _ = (settings.BASE_DIR / "requirements.txt").read_text(encoding="utf-8").split("\n\n")
    names = [re.split(r"[=\[]", line)[0] for line in asked_for.splitlines() if not line.startswith("#")]
    told = (settings.BASE_DIR / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Dependencies")[2]
    assert len(names) > 10
    assert [name for name in names if name not in told] == []


@pytest.fixture
def venv(house: Path) -> Path:
    """The project's own environment, without a package in it."""
    subprocess.run([BARE, "-m", "venv", "--without-pip", str(house / ".venv")], check=True, timeout=120)
    return house / ".venv"


def is_ready(house: Path, python: Path | str, files: Sequence[str]) -> bool:
    """Whether an interpreter finds that it has what is needed."""
    code = f"from literacy_game import environment; print(environment.is_active({tuple(files)!r}))"
    done = run(house, str(python), "-c", code)
    assert not done.stderr
    return done.stdout.strip() == "True"


def stamp(house: Path, name: str, *taken_in: str) -> None:
    """What is left when a file's packages are installed: the digest of it and of those that it takes in."""
    text = b"".join((house / each).read_bytes() for each in (name, *taken_in))
    (house / ".venv" / f"{name}.sha256").write_text(hashlib.sha256(text).hexdigest())


def test_the_project_s_environment_is_ready_when_it_bears_the_stamp(house: Path, venv: Path) -> None:
    python = venv / "bin" / "python"
    assert not is_ready(house, python, ["requirements.txt"])
    stamp(house, "requirements.txt")
    assert is_ready(house, python, ["requirements.txt"])
    assert not is_ready(house, python, ["requirements.txt", "requirements-district.txt"])
    stamp(house, "requirements-district.txt")
    assert is_ready(house, python, ["requirements.txt", "requirements-district.txt"])


def test_a_changed_file_makes_the_stamp_void(house: Path, venv: Path) -> None:
    python = venv / "bin" / "python"
    stamp(house, "requirements-dev.txt", "requirements.txt", "requirements-district.txt")
    assert is_ready(house, python, ["requirements-dev.txt"])
    with (house / "requirements.txt").open("a") as file:
        file.write("one-more==1.0\n")
    assert not is_ready(house, python, ["requirements-dev.txt"])


def test_a_bare_python_is_never_ready(house: Path, venv: Path) -> None:
    stamp(house, "requirements.txt")
    assert not is_ready(house, BARE, ["requirements.txt"])


@pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="needs an environment that somebody made")
def test_an_environment_of_somebody_s_own_is_taken_as_it_is(house: Path) -> None:
    """A container or a developer's environment: no `.venv` is made beside it."""
    assert is_ready(house, sys.executable, ["requirements.txt"])
    assert not (house / ".venv").exists()


def test_a_python_that_is_too_old_is_told_so(house: Path) -> None:
    """The running interpreter, which says that it is 3.10."""
    code = (
        "import runpy, sys; sys.version_info = (3, 10, 12, 'final', 0); sys.argv = ['manage.py', 'serve']; "
        "runpy.run_path('manage.py', run_name='__main__')"
    )
    said = plain_sentence(run(house, BARE, "-c", code))
    assert said.startswith("Literacy Game needs Python 3.11 or later")
    assert not (house / ".venv").exists()


def test_a_missing_venv_module_is_told_with_what_to_install(house: Path, tmp_path: Path) -> None:
    """As on Debian without python3-venv: the module is there and fails."""
    (tmp_path / "doctored").mkdir()
    (tmp_path / "doctored" / "venv.py").write_text("raise SystemExit('ensurepip is not available')\n")
    said = plain_sentence(run(house, BARE, "manage.py", "serve", PYTHONPATH=str(tmp_path / "doctored")))
    assert said == environment.NO_VENV
    assert "apt install python3-venv" in said
    assert not (house / ".venv").exists(), "nothing half-made is left"


@pytest.mark.long
def test_packages_that_cannot_be_fetched_are_told_and_tried_again_next_time(house: Path) -> None:
    for _ in range(2):
        done = run(house, BARE, "manage.py", "serve", PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
        assert plain_sentence(done) == environment.NO_PACKAGES
        assert done.stdout == "", "what a command writes may be somebody's file"
        assert not list((house / ".venv").glob("*.sha256"))


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl+C to a group of processes")
def test_ctrl_c_gives_the_command_the_time_to_stop(house: Path) -> None:
    """Where this process cannot be replaced (Windows), it waits for the command, however long that takes to end."""
    # What a shell runs in the background ignores Ctrl+C, and so would these.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    stopping = heard + "import time\ntry:\n print('up', flush=True); time.sleep(60)\n"
    stopping += "except KeyboardInterrupt:\n time.sleep(1); print('stopped', flush=True); raise SystemExit(7)"
    code = heard + "import sys; from literacy_game.environment import _run_to_the_end as run; "
    code += f"sys.exit(run([sys.executable, '-c', {stopping!r}]))"
    command = [BARE, "-c", code]
    with subprocess.Popen(command, cwd=house, stdout=subprocess.PIPE, text=True, start_new_session=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        os.killpg(running.pid, signal.SIGINT)
        assert running.stdout.read() == "stopped\n"
    assert running.returncode == 7
