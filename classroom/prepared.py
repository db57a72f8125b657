"""Statements whose SQL is made once: for the few that every answer needs.

Django takes longer to make SQL of a query set than a database to answer it: of ten statements in an answer that was
most of the time. Here a query set is written as ever, with `Given("name")` for what differs from call to call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, Field, Model, QuerySet, TextField

Row = tuple[Any, ...]


class Given(Expression):
    """A value that comes with the call."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=TextField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


def execute(sql: str, values: Sequence[Any]) -> Any:
    """Run it; a cursor. SQLite is asked without Django's wrappings, unless somebody looks on through them."""
    own = connections[DEFAULT_DB_ALIAS]  # `connection` finds the thread's own anew for each attribute
    if own.vendor != "sqlite" or own.queries_logged or own.execute_wrappers:
        cursor = own.cursor()
        cursor.execute(sql, values)
        return cursor
    own.ensure_connection()
    with own.wrap_database_errors:
        return own.connection.execute(_for_sqlite(sql), values)


@cache
def _for_sqlite(sql: str) -> str:
    return sql.replace("%s", "?")


class Reading:
    """A query of `values_list`, made when it is first asked. Its rows are what the query set's would be."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self.build = build

    @cached_property
    def _made(self) -> tuple[str, list[Any], list[tuple[int, Sequence[Any], Any]]]:
        """The SQL, its parameters, and what turns the database's values into Python's, by column."""
        compiler = self.build().query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return sql, list(parameters), [(at, *each) for at, each in converters.items()]

    def __call__(self, **given: Any) -> list[Row]:
        sql, parameters, converters = self._made
        values = [_sent(given[each.name]) if isinstance(each, Given) else each for each in parameters]
        rows = execute(sql, values).fetchall()
        return [_converted(row, converters) for row in rows] if converters else list(rows)


def _sent(value: Any) -> Any:
    """A value as the database's driver takes it; plain ones it takes as they are."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dict | list):
        return connection.ops.adapt_json_value(value, None)
    return value


def _converted(row: Sequence[Any], converters: Sequence[tuple[int, Sequence[Any], Any]]) -> Row:
    values, own = list(row), connections[DEFAULT_DB_ALIAS]
    for at, steps, expression in converters:
        for step in steps:
            values[at] = step(values[at], expression, own)
    return tuple(values)


def _column(field: Any) -> str:
    return connection.ops.quote_name(str(field.column))


class Writing:
    """Puts a whole row into its table. Of columns that the database itself fills in there may be none but the key.

    `over`: the columns of a unique constraint; a row that has the same values there is written over. Without it a
    row that breaks any unique constraint is left out.
    """

    def __init__(self, model: type[Model], *, over: Sequence[str] = ()) -> None:
        self.model = model
        self.over = over

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        return [field for field in self.model._meta.concrete_fields if not field.primary_key]

    @cached_property
    def _sql(self) -> str:
        sql, meta = self._insert, self.model._meta
        if connection.features.can_return_columns_from_insert and meta.pk:
            sql += f" RETURNING {_column(meta.pk)}"
        return sql

    @cached_property
    def _insert(self) -> str:
        meta = self.model._meta
        columns = [_column(field) for field in self._fields]
        then = "DO NOTHING"
        if self.over:
            key = [_column(meta.get_field(name)) for name in self.over]
            kept = ", ".join(f"{each} = excluded.{each}" for each in columns if each not in key)
            then = f"({', '.join(key)}) DO UPDATE SET {kept}"
        sql = f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({', '.join(columns)}) "
        return sql + f"VALUES ({', '.join(['%s'] * len(columns))}) ON CONFLICT {then}"

    def many(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """The same for many rows at once, given as values by column."""
        values = [[_sent(row[field.attname]) for field in self._fields] for row in rows]
        if values:
            with connection.cursor() as cursor:
                cursor.executemany(self._insert, values)

    def __call__(self, row: Model) -> bool:
        """Whether it was written; then it has its key."""
        values = [_sent(getattr(row, field.attname)) for field in self._fields]
        cursor = execute(self._sql, values)
        if connection.features.can_return_columns_from_insert:
            found = cursor.fetchone()
            key = found[0] if found else None
        else:  # SQLite before 3.35
            key = cursor.lastrowid if cursor.rowcount == 1 else None
        if key is None:
            return False
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias
        return True


class Changing:
    """Changes the same columns of many rows, each to values of its own. Columns by their names in the model."""

    def __init__(self, model: type[Model], columns: Sequence[str]) -> None:
        self.model = model
        self.columns = columns

    @cached_property
    def _sql(self) -> str:
        meta = self.model._meta
        changed = ", ".join(f"{_column(meta.get_field(name))} = %s" for name in self.columns)
        sql = f"UPDATE {connection.ops.quote_name(meta.db_table)} "
        return sql + f"SET {changed} WHERE {_column(meta.pk)} = %s"

    def __call__(self, rows: Mapping[Any, Sequence[Any]]) -> None:
        """`rows`: the values, in the order of the columns, by primary key."""
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(self._sql, [(*map(_sent, values), key) for key, values in rows.items()])
