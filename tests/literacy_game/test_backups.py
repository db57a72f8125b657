"""Backups that can be read back, into the same database or into another one."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection

from classroom import actions, entry
from classroom.models import Student, Teacher
from literacy_game import backups, copying, machine, nightly
from play.models import Attempt, Standing
from tests.cast import NOW, Stage, answer, students
from tests.literacy_game.test_settings import manage, python

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    """A data folder for this test: restoring writes the key there."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.BACKUP_DIR = settings.DATA_DIR / "backups"


@pytest.fixture
def played(stage: Stage) -> Stage:
    for position in range(1, 4):
        answer(stage.heron, stage.six_ways, position)
    answer(stage.finch, stage.six_ways_7a, 1)
    stage.class_9b.co_teachers.add(stage.carol)
    Teacher.objects.filter(pk=stage.bob.pk).update(first_name="Зоряна ‏יעל 🚲 \u200b")
    return stage


def make() -> backups.Backup:
    return backups.make(folder=django_settings.BACKUP_DIR, now=NOW)


def said(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_a_backup_brings_everything_back(played: Stage) -> None:
    before = copying.tally("default")
    made = make()
    assert made.rows["play_attempt"] == 4
    played.class_9b.delete()
    Teacher.objects.filter(pk=played.bob.pk).update(username="somebody")
    actions.create_classroom(teacher=played.carol, name="new", now=NOW)
    assert copying.tally("default") != before
    backups.restore(path=made.path)
    assert copying.tally("default") == before
    assert Attempt.objects.filter(student__nickname="Brisk Heron").count() == 3


def test_after_a_restore_new_rows_find_free_numbers(played: Stage) -> None:
    made = make()
    backups.restore(path=made.path)
    answer(played.otter, played.six_ways, 1)
    actions.create_classroom(teacher=played.bob, name="new", now=NOW)
    assert Attempt.objects.count() == 5


def test_the_key_is_in_the_backup_so_that_words_still_fit(played: Stage, settings: Any) -> None:
    made = make()
    settings.SECRET_KEY = "another installation's"
    assert entry.phrase_hmac(played.phrases["Brisk Heron"], played.class_9b.uid) != played.heron.phrase_hmac
    backups.restore(path=made.path)
    kept = settings.DATA_DIR / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == stat.S_IMODE(made.path.stat().st_mode) == 0o600
    settings.SECRET_KEY = kept.read_text()
    found = actions.reenter(classroom=played.class_9b, phrase=played.phrases["Brisk Heron"], now=NOW)
    assert found == played.heron


def test_a_backup_can_be_made_while_students_answer(played: Stage) -> None:
    """It holds one moment: what each table has in it fits the others."""
    group, errors = students(played.class_9b, 12), []

    def play() -> None:
        try:
            for student in group:
                answer(student, played.six_ways, 1)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    playing = threading.Thread(target=play)
    playing.start()
    made = [backups.make(folder=django_settings.BACKUP_DIR / str(n), now=NOW) for n in range(4)]
    playing.join()
    assert not errors
    for each in made:
        backups.restore(path=each.path)
        for standing in Standing.objects.all():
            counted = Attempt.objects.filter(student=standing.student_id, assignment=standing.assignment_id)
            assert standing.decisions == counted.count()


def rewritten(path: Path, **changes: bytes) -> Path:
    """The backup with some of its files replaced."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name.replace(".", "_"), old.read(name)))
    return other


def test_what_is_no_sound_backup_is_refused_and_changes_nothing(played: Stage, tmp_path: Path) -> None:
    path, before = make().path, copying.tally("default")
    with zipfile.ZipFile(path) as packed:
        manifest = json.loads(packed.read("manifest.json"))
    fewer = manifest | {"rows": manifest["rows"] | {"play_attempt": 3}}
    (tmp_path / "half.zip").write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    (tmp_path / "text.zip").write_text("not a zip")
    bad = [tmp_path / "half.zip", tmp_path / "text.zip", tmp_path / "missing.zip"]
    for each in bad:
        with pytest.raises(backups.BadBackup):
            backups.restore(path=each)
    for changes in (
        {"database_sqlite3": b"no database"},
        {"manifest_json": json.dumps(fewer).encode()},
        {"manifest_json": json.dumps(manifest | {"version": 2}).encode()},
        {"manifest_json": b"[]"},
    ):
        with pytest.raises(backups.BadBackup):
            backups.restore(path=rewritten(path, **changes))
    with pytest.raises(CommandError, match="Nothing was restored"):
        call_command("restore", str(tmp_path / "half.zip"))
    assert copying.tally("default") == before


def test_a_backup_of_a_newer_version_is_refused(played: Stage, tmp_path: Path) -> None:
    database = tmp_path / "newer.sqlite3"
    with zipfile.ZipFile(make().path) as packed:
        database.write_bytes(packed.read(backups.DATABASE))
    with sqlite3.connect(database) as opened:
        opened.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('play', '9999_later', '2030-01-01')")
    before = copying.tally("default")
    with pytest.raises(backups.BadBackup, match="newer version"):
        backups.bring_in(database)
    assert copying.tally("default") == before


def test_a_row_that_changes_on_the_way_stops_the_copy(played: Stage) -> None:
    """A trigger that another program left in the database."""
    if connection.vendor != "sqlite":
        pytest.skip("the trigger is written for SQLite")
    made = make()
    played.otter.delete()
    before = copying.tally("default")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TRIGGER odd AFTER INSERT ON play_attempt BEGIN UPDATE play_attempt SET points = 7; END")
    try:
        with pytest.raises(copying.NotTheSame, match="play_attempt"):
            backups.restore(path=made.path)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER odd")
    assert copying.tally("default") == before


def test_restoring_keeps_what_was_there(played: Stage) -> None:
    made = make()
    actions.create_classroom(teacher=played.bob, name="made later", now=NOW)
    printed = said("restore", str(made.path))
    assert "Start the game now" in printed
    assert not played.bob.classrooms.filter(name="made later").exists()
    kept = next(Path(word.rstrip(".")) for word in printed.split() if word.endswith(".zip."))
    backups.restore(path=kept)
    assert played.bob.classrooms.filter(name="made later").exists()


def test_a_key_of_the_environment_that_does_not_fit_is_told(played: Stage, settings: Any) -> None:
    made = make()
    settings.SECRET_KEY, settings.SECRET_KEY_GIVEN = "given", True
    assert "not the key of this backup" in said("restore", str(made.path))


def test_the_command_says_what_it_made(played: Stage, tmp_path: Path) -> None:
    printed = said("backup", "--to", str(tmp_path / "stick"))
    (made,) = (tmp_path / "stick").iterdir()
    assert str(made) in printed
    assert "counted and checked" in printed


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="file modes are POSIX")
def test_an_empty_database_is_not_backed_up(tmp_path: Path) -> None:
    """As where the command is run without the variables of the game: it would reassure, and hold nothing."""
    done = manage(tmp_path, "backup")
    assert done.returncode == 1
    assert "db.sqlite3 is empty: are DATA_DIR and DATABASE_URL those of the game?" in done.stderr
    assert not list(tmp_path.rglob("*.zip"))


def test_a_folder_that_cannot_be_written_is_told_plainly(played: Stage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match="No backup was made"):
        call_command("backup", "--to", str(tmp_path / "file" / "folder"))


# Every night


def test_the_oldest_go_and_other_files_stay(tmp_path: Path) -> None:
    for day in range(1, 21):
        (tmp_path / datetime(2026, 3, day, tzinfo=UTC).strftime(backups.NAME)).touch()
    (tmp_path / "notes.txt").touch()
    gone = backups.prune(folder=tmp_path, keep=14)
    assert len(gone) == 6
    assert sorted(each.name for each in gone)[-1].startswith("literacy-game-2026-03-06")
    assert len(list(tmp_path.glob("*.*"))) == 15
    now = datetime(2026, 3, 19, 12, tzinfo=UTC)
    assert backups.newest(folder=tmp_path, now=now) == datetime(2026, 3, 19, tzinfo=UTC), "the clock was set back"
    assert backups.newest(folder=tmp_path / "nothing", now=now) is None


@pytest.mark.parametrize(
    ("newest", "now", "due"),
    [
        (None, "12:00", True),
        ("02:59", "03:00", True),
        ("03:00", "12:00", False),
        ("02:00", "02:30", False),
        ("02:00", "12:00", True),
    ],
)
def test_it_is_due_once_a_night(settings: Any, newest: str | None, now: str, due: bool) -> None:
    settings.TIME_ZONE = "Europe/Kyiv"

    def at(clock: str) -> datetime:
        hour, minute = clock.split(":")
        return datetime(2026, 3, 2, int(hour), int(minute), tzinfo=ZoneInfo("Europe/Kyiv")).astimezone(UTC)

    assert nightly.is_due(newest=at(newest) if newest else None, now=at(now)) == due
    assert nightly.is_due(newest=at("12:00") - timedelta(days=2), now=at(now))


def test_a_night_s_work(played: Stage, settings: Any) -> None:
    """The backup comes before the deletion: what ends tonight is in it."""
    settings.BACKUPS_KEPT = 1
    old = make()
    later = NOW + timedelta(days=200)
    nightly.run(now=later)
    assert Student.objects.exists(), "nobody has been warned before"
    nightly.run(now=later + timedelta(days=15))
    assert not Student.objects.exists()
    (kept,) = settings.BACKUP_DIR.glob(backups.PATTERN)
    assert kept != old.path
    backups.restore(path=kept)
    assert Attempt.objects.count() == 4


def test_nothing_is_deleted_where_the_backup_fails(played: Stage, settings: Any) -> None:
    settings.BACKUP_DIR.write_text("in the way")
    with pytest.raises(OSError):
        nightly.run(now=NOW + timedelta(days=200))
    assert Attempt.objects.count() == 4


def test_it_runs_beside_the_server(played: Stage, settings: Any) -> None:
    thread = nightly.Nightly(check=0.01)
    thread.start()
    for _ in range(3000):
        if list(settings.BACKUP_DIR.glob(backups.PATTERN)):
            break
        thread.ending.wait(0.01)
    thread.stop()
    thread.join()
    assert len(list(settings.BACKUP_DIR.glob(backups.PATTERN))) == 1


# From SQLite to PostgreSQL


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty database."""
    url = machine.postgresql_url()
    if url is None:
        pytest.skip("no PostgreSQL answers")
    name = f"moving_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        yield f"{url.rpartition('/')[0]}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_moving_to_postgresql(played: Stage, postgresql: str, settings: Any) -> None:
    """The documented command, on a copy of this installation's file."""
    data = settings.DATA_DIR
    shutil.rmtree(data)
    if connection.vendor != "sqlite":
        pytest.skip("the installation that moves is on SQLite")
    data.mkdir()
    backups.copy_file(Path(connection.settings_dict["NAME"]), data / "db.sqlite3")
    here = {table: tally for table, tally in copying.tally("default").items() if tally.rows}
    moved = manage(data, "move_to_postgresql", DATABASE_URL=postgresql)
    assert moved.returncode == 0, moved.stderr
    assert "Rows and checksums are the same" in moved.stdout
    for table, tally in here.items():
        assert f"{tally.rows:>9}  {tally.checksum[:16]}  {table}\n" in moved.stdout
    code = (
        "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'literacy_game.settings'; django.setup(); "
        "from literacy_game.copying import tally; "
        "print(sorted((table, each.rows) for table, each in tally('default').items() if each.rows)); "
        "from django.utils import timezone; from classroom import actions; from classroom.models import Teacher; "
        "actions.invite_teacher(owner=Teacher.objects.all()[0], now=timezone.now())"
    )
    there = python(code, data, DATABASE_URL=postgresql)
    assert there == str(sorted((table, tally.rows) for table, tally in here.items()))
    again = manage(data, "move_to_postgresql", DATABASE_URL=postgresql)
    assert again.returncode == 1
    assert "in use already" in again.stderr


def test_moving_needs_to_know_where(tmp_path: Path) -> None:
    done = manage(tmp_path, "move_to_postgresql")
    assert (done.returncode, "Set DATABASE_URL" in done.stderr) == (1, True)
