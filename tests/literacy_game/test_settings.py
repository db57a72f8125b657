"""One settings file that runs with an empty environment, and is strict where it is told that browsers use https."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection


def python(code: str, data: Path, **variables: str) -> str:
    """What a new process with these settings and no other variables prints."""
    done = start([sys.executable, "-c", f"from literacy_game import settings; {code}"], data, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def start(command: list[str], data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT") if key in os.environ}
    environment |= {"DATA_DIR": str(data)} | variables
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)


def manage(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return start([sys.executable, "manage.py", *arguments], data, **variables)


def test_the_secret_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first, second = (python("print(settings.SECRET_KEY)", data) for _ in range(2))
    kept = data / "secret_key"
    assert first == second == kept.read_text()
    assert len(first) >= 50
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700, "where the database is, too"
    assert python("print(settings.SECRET_KEY)", tmp_path / "elsewhere") != first


def test_a_key_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    """Processes that start together agree on one."""
    key = tmp_path / "secret_key"
    key.touch()
    with ThreadPoolExecutor() as threads:
        printed = threads.submit(python, "print(settings.SECRET_KEY)", tmp_path)
        key.write_text("made by the other process")
        assert printed.result() == "made by the other process"


def test_an_empty_key_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    done = manage(tmp_path, "check")
    assert done.returncode == 1
    assert "is empty" in done.stderr


def test_a_given_secret_key_is_used_and_none_is_written(tmp_path: Path) -> None:
    assert python("print(settings.SECRET_KEY)", tmp_path, SECRET_KEY="given") == "given"
    assert not (tmp_path / "secret_key").exists()


def test_an_empty_environment_is_enough(tmp_path: Path) -> None:
    done = manage(tmp_path, "check")
    assert done.returncode == 0, done.stderr
    assert python("print(settings.DEBUG, settings.TLS)", tmp_path) == "False False"


@pytest.mark.parametrize(
    ("variables", "zone"),
    [
        ({"TZ": "Europe/Kyiv"}, "Europe/Kyiv"),
        ({"TZ": "Europe/Kyiv", "TIME_ZONE": "Europe/Warsaw"}, "Europe/Warsaw"),
        ({"TZ": "Nowhere/Land"}, "UTC"),
        ({"TZ": "Etc/UTC"}, "UTC"),
    ],
)
def test_times_are_those_of_the_machine(tmp_path: Path, variables: dict[str, str], zone: str) -> None:
    """A teacher who types eight o'clock on a laptop means the laptop's."""
    assert python("print(settings.TIME_ZONE)", tmp_path, **variables) == zone


def test_the_deployment_check_is_clean_with_https(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", TLS="1")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_deployment_check_would_complain_without(tmp_path: Path) -> None:
    assert manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING").returncode == 1


@pytest.mark.parametrize("tls", ["0", "1"])
def test_https_closes_cookies_and_keeps_browsers_there(tmp_path: Path, tls: str) -> None:
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_PRELOAD"]
    code = f"import json; print(json.dumps([getattr(settings, name) for name in {names}]))"
    assert json.loads(python(code, tmp_path, TLS=tls)) == [tls == "1"] * len(names)


def test_sqlite_waits_for_its_turn_and_keeps_a_log() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the database of this run is another")
    options = settings.DATABASES["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]


@pytest.mark.django_db(transaction=True)
def test_the_database_of_the_tests_is_as_in_the_product() -> None:
    """On SQLite: a file with a write-ahead log, or the tests of concurrency would test something else."""
    if connection.vendor != "sqlite":
        pytest.skip("the database of this run is another")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_port_in_use_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = manage(tmp_path, "serve", "--host", "127.0.0.1", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "db.sqlite3").exists()


def test_migrations_are_complete(tmp_path: Path) -> None:
    assert manage(tmp_path, "makemigrations", "--check", "--dry-run").returncode == 0
