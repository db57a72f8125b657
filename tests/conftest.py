"""Fixtures of every suite: a database on a real file, the invented content, the cast."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.models import Model
from django.utils import translation

from classroom import limits, loading
from classroom.models import ExerciseSet, SetItem
from exercises import memory
from exercises.models import Exercise, ExerciseVersion, LoadedContent, Passage, PassageVersion, Source
from tests.cast import Cast, Stage

SEEDS = Path(__file__).parent / "seeds"
CONTENT: list[type[Model]] = [
    Source, Passage, PassageVersion, Exercise, ExerciseVersion, LoadedContent, ExerciseSet, SetItem,
]  # fmt: skip
Rows = dict[Path, list[list[Model]]]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as in the product: in memory there is no write-ahead log and no waiting for a lock."""
    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connections["default"].settings_dict["TEST"]["NAME"] = str(path)


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """Where the server would collect static files: without it every request warns."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What the process keeps in memory by id, since a rolled-back database gives ids out again, and the language of the
    last page, which the next test would speak where it asks for none.
    """
    yield
    translation.deactivate()
    memory.forget()
    cache.clear()
    limits._answers.clear()


@pytest.fixture(scope="session")
def seeds_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented texts and sets with the shipped catalogue of labels. Not to be changed."""
    folder = tmp_path_factory.mktemp("content") / "seeds"
    shutil.copytree(SEEDS, folder)
    shutil.copy(settings.SEEDS_DIR / "labels.toml", folder)
    return folder


@pytest.fixture(scope="session")
def loaded_rows() -> Rows:
    """The rows that the first loading of a folder made, by table."""
    return {}


@pytest.fixture
def content(db: None, seeds_folder: Path, loaded_rows: Rows) -> None:
    """The invented content in the database."""
    put(seeds_folder, loaded_rows)


@pytest.fixture
def shipped_content(db: None, loaded_rows: Rows) -> None:
    """The content that the game comes with, in the database."""
    put(settings.SEEDS_DIR, loaded_rows)


def put(folder: Path, loaded_rows: Rows) -> None:
    """Load a folder of content the first time; after that, write the same rows from memory."""
    if folder not in loaded_rows:
        loading.load(folder)
        loaded_rows[folder] = [list(model._default_manager.order_by("pk")) for model in CONTENT]
        return
    with transaction.atomic():
        for model, rows in zip(CONTENT, loaded_rows[folder], strict=True):
            model._default_manager.bulk_create(rows)
        with connection.cursor() as cursor:  # a test before may have set PostgreSQL's counters below these ids
            for statement in connection.ops.sequence_reset_sql(no_style(), CONTENT):
                cursor.execute(statement)


@pytest.fixture
def cast(db: None) -> Cast:
    """Teachers, classes and students, without content."""
    return Cast.enter()


@pytest.fixture
def stage(content: None, cast: Cast) -> Stage:
    """The cast with the invented sets assigned."""
    return Stage.of(cast)
