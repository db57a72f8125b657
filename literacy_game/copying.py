"""Copies all rows from one database to another, of whatever kinds the two are, and proves that they arrived."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.models import Model

BATCH = 1000
"""Rows that are in memory at a time."""


@dataclass(frozen=True)
class Tally:
    """What a table holds: its rows, and a checksum that does not depend on their order."""

    rows: int
    checksum: str


class NotTheSame(Exception):
    """A table did not arrive as it left; nothing was changed."""


def copy(*, source: str, target: str) -> dict[str, Tally]:
    """Replace all rows of the target by those of the source, in one transaction; what each table holds.

    Both are aliases of databases with the present schema. Raises NotTheSame.
    """
    arriving = connections[target]
    with _as_at_one_moment(source), transaction.atomic(using=target):
        tables = [model._meta.db_table for model in stored()]
        for statement in arriving.ops.sql_flush(no_style(), tables):
            with arriving.cursor() as cursor:
                cursor.execute(statement)
        for model in stored():
            _copy_table(model, source, target)
        with arriving.cursor() as cursor:
            for statement in arriving.ops.sequence_reset_sql(no_style(), stored()):
                cursor.execute(statement)
        left, arrived = tally(source), tally(target)
        wrong = [table for table in left if left[table] != arrived[table]]
        if wrong:
            raise NotTheSame(", ".join(f"{table}: {left[table]} became {arrived[table]}" for table in wrong))
    return arrived


def _copy_table(model: type[Model], source: str, target: str) -> None:
    """Row by row as they are: `raw`, so that no field (a date of the last change) fills itself in."""
    fields = model._meta.concrete_fields
    rows = model._base_manager.using(source).order_by("pk").iterator(BATCH)
    while batch := list(islice(rows, BATCH)):
        step = connections[target].ops.bulk_batch_size(fields, batch)
        for first in range(0, len(batch), step):
            manager = model._base_manager.using(target)
            manager._insert(batch[first : first + step], fields=fields, using=target, raw=True)  # type: ignore[attr-defined]


def stored() -> list[type[Model]]:
    """The models whose rows are kept in the database, many-to-many tables included."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def tally(alias: str) -> dict[str, Tally]:
    """What each table of a database holds."""
    return {model._meta.db_table: _tally(model, alias) for model in stored()}


def _tally(model: type[Model], alias: str) -> Tally:
    rows, total = 0, 0
    for row in model._base_manager.using(alias).iterator(BATCH):
        rows += 1
        total += int.from_bytes(hashlib.sha256(_as_text(row).encode("utf-8", "surrogatepass")).digest(), "big")
    return Tally(rows, f"{total % 2**256:064x}")


def _as_text(row: Model) -> str:
    """A row's values, written the same whichever database they come from."""
    values = []
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        plain = value if isinstance(value, dict | list | bool | int | float | None) else field.value_to_string(row)
        values.append(json.dumps(plain, sort_keys=True))
    return "\n".join(values)


@contextmanager
def _as_at_one_moment(alias: str) -> Iterator[None]:
    """What is read inside is the database as it was at the beginning, whatever is written meanwhile."""
    connection = connections[alias]
    with transaction.atomic(using=alias):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
