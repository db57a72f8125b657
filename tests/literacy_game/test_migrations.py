"""Old code goes on working on the new schema, so that processes can be updated one after the other."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, CharField, Field, ManyToManyField, UniqueConstraint

from tests.browser.server import Server
from tests.serving import school
from tests.serving.pupils import Pupil

FIRST_RELEASE = {"exercises": 1, "classroom": 5, "play": 6}
"""Numbers of the migrations up to which nobody runs an older version beside the new one."""
SAFE = (
    operations.CreateModel,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.AlterModelOptions,
    operations.RunPython,
    operations.AddConstraint,
)
"""What code that does not know of it never notices. (RunPython: as long as it only fills what is new; AddConstraint:
on a new table.)"""


def is_safe(operation: operations.base.Operation, migration: Migration, before: ProjectState) -> bool:
    """`before`: how the database was before the migration."""
    if isinstance(operation, operations.SeparateDatabaseAndState):
        inner = (*operation.database_operations, *operation.state_operations)
        return all(is_safe(each, migration, before) for each in inner)
    if isinstance(operation, operations.RemoveConstraint):
        return is_replaced(operation, migration, before)
    if isinstance(operation, operations.AddField):
        field = operation.field
        return field.null or field.db_default is not NOT_PROVIDED or isinstance(field, ManyToManyField)
    if isinstance(operation, operations.AlterField):
        field = operation.field
        is_filled = bool(field.null or field.db_default is not NOT_PROVIDED)
        was = before.models[migration.app_label, operation.model_name_lower].fields[operation.name]
        return is_filled or is_a_longer_list(operation) or without_index(was) == without_index(field)
    return isinstance(operation, SAFE)


def is_a_longer_list(operation: operations.AlterField) -> bool:
    """Whether only the choices of a text have changed, which the database does not know of."""
    columns = {
        (type(field), field.max_length, field.unique)
        for migration in MigrationLoader(None).disk_migrations.values()
        for each in migration.operations
        for name, field in fields_of(each)
        if name == (operation.model_name_lower, operation.name_lower)
    }
    return isinstance(operation.field, CharField) and len(columns) == 1


def without_index(field: Field[Any, Any]) -> Any:
    *_, path, arguments, named = field.deconstruct()
    return path, arguments, {name: value for name, value in named.items() if name != "db_index"}


def is_replaced(operation: operations.RemoveConstraint, migration: Migration, before: ProjectState) -> bool:
    """Whether another constraint of the same columns comes in its place, so that old code has it, too."""
    old = before.models[migration.app_label, operation.model_name_lower].get_constraint_by_name(operation.name)
    return any(
        isinstance(each, operations.AddConstraint)
        and each.model_name_lower == operation.model_name_lower
        and isinstance(each.constraint, UniqueConstraint)
        and sorted(each.constraint.fields) == sorted(old.fields)
        for each in migration.operations
    )


def fields_of(operation: operations.base.Operation) -> list[tuple[tuple[str, str], Any]]:
    """The fields that an operation makes or changes, by model and name."""
    if isinstance(operation, operations.CreateModel):
        return [((operation.name_lower, name.lower()), field) for name, field in operation.fields]
    if isinstance(operation, operations.AddField | operations.AlterField):
        return [((operation.model_name_lower, operation.name_lower), operation.field)]
    return []


@pytest.mark.parametrize("app", FIRST_RELEASE)
def test_changes_of_the_database_are_additive(app: str) -> None:
    """A new column of a table that old code writes to needs `null=True` or `db_default`; nothing goes or is renamed."""
    loader = MigrationLoader(None)
    for (label, name), migration in sorted(loader.disk_migrations.items()):
        if label == app and int(name[:4]) > FIRST_RELEASE[app]:
            before = loader.project_state((label, name), at_end=False)
            unsafe = [each.describe() for each in migration.operations if not is_safe(each, migration, before)]
            assert not unsafe, f"{label}/{name} stops processes of the version before: {unsafe}"


@pytest.mark.long
def test_the_version_before_plays_on_the_new_schema(tmp_path: Path) -> None:
    """Older code serves a database that this code has migrated.

    That of OLD_REVISION or of the newest release; before there is one, the code before the newest migration.
    """
    old = os.environ.get("OLD_REVISION") or git("describe", "--tags", "--abbrev=0").decode().strip()
    old = old or git("log", "-1", "--no-merges", "--format=%P", "--", "*/migrations/0*.py").decode().strip()
    if not old:
        pytest.skip("there is no history")
    with tarfile.open(fileobj=io.BytesIO(git("archive", old))) as archive:
        archive.extractall(tmp_path / "old", filter="data")
    new = Server(tmp_path / "data")
    new.start()
    made = school.found(new, students=2)
    path = f"/class/{made.seats[0].classroom}/play/{made.assignments[0][0]}"
    first = answered(Pupil(new, made.seats[0]), f"{path}/1/")
    before = Server(tmp_path / "data")
    before.code = tmp_path / "old"
    before.start()
    try:
        pupil = Pupil(before, made.seats[0])
        second = answered(pupil, f"{path}/2/")
        third = answered(Pupil(new, made.seats[0]), f"{path}/3/")
    finally:
        before.stop()
        new.stop()
    kept = school.stored(new)
    assert sorted(kept["answers"]) == sorted([first, second, third])
    assert kept["standings"][0] == kept["standings"][1]


def answered(pupil: Pupil, path: str) -> str:
    key, body = pupil.question(path)
    assert pupil.send(path, body)
    return key


def git(*arguments: str) -> bytes:
    """What a command that reads the history prints; nothing where there is no history or no tag."""
    done = subprocess.run(["git", *arguments], cwd=settings.BASE_DIR, capture_output=True)
    return done.stdout
