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
from django.db.models import DateTimeField, Expression, Field, JSONField, Model, QuerySet, TextField
from django.db.models.base import ModelState

Row = tuple[Any, ...]
Converters = tuple[list[int], list[tuple[int, Any, Any]]]
"""The columns that hold SQLite's 0 and 1 for truths; what Django calls for others, with the column's expression."""
TRUTH = {1: True, 0: False, None: None}


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
    def _made(self) -> tuple[str, list[Any], Converters]:
        """The SQL, its parameters, and what turns the database's values into Python's."""
        compiler = self.build().query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        truth = [getattr(connection.ops, "convert_booleanfield_value", None)]
        truths = [at for at, (steps, _) in converters.items() if steps == truth]
        others = [(at, step, of) for at, (steps, of) in converters.items() for step in steps if at not in truths]
        return sql, list(parameters), (truths, others)

    def __call__(self, **given: Any) -> list[Row]:
        sql, parameters, converters = self._made
        values = [_sent(given[each.name]) if isinstance(each, Given) else each for each in parameters]
        rows = execute(sql, values).fetchall()
        return _converted(rows, *converters) if rows and any(converters) else list(rows)


def _sent(value: Any) -> Any:
    """A value as the database's driver takes it; plain ones it takes as they are."""
    kind = type(value)
    if kind is datetime:
        return connection.ops.adapt_datetimefield_value(value)
    if kind is dict or kind is list:
        return connection.ops.adapt_json_value(value, None)
    return value


def _converted(
    rows: Iterable[Sequence[Any]], truths: Sequence[int], others: Sequence[tuple[int, Any, Any]]
) -> list[Row]:
    own, found = connections[DEFAULT_DB_ALIAS], []
    for row in rows:
        values = list(row)
        for at in truths:
            values[at] = TRUTH[values[at]]
        for at, step, expression in others:
            if values[at] is not None:  # no converter of Django makes anything of it
                values[at] = step(values[at], expression, own)
        found.append(tuple(values))
    return found


def restored(model: type[Model], columns: Sequence[str], values: Sequence[Any]) -> Any:
    """The model's instance of a row, as `from_db` would give it; what is not among the columns is read when asked for.

    Without the signals of a model's making, which nobody here listens to, and without a look at each of its fields.
    """
    found = model.__new__(model)
    found._state = ModelState()
    found._state.adding, found._state.db = False, DEFAULT_DB_ALIAS
    found.__dict__.update(zip(columns, values, strict=True))
    return found


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
    def _columns(self) -> list[str]:
        return [field.attname for field in self._fields]

    @cached_property
    def _adapted(self) -> list[int]:
        """Where values are that drivers do not take as they are."""
        return [at for at, field in enumerate(self._fields) if isinstance(field, DateTimeField | JSONField)]

    def _values(self, row: Mapping[str, Any]) -> list[Any]:
        values = [row[name] for name in self._columns]
        for at in self._adapted:
            values[at] = _sent(values[at])
        return values

    @cached_property
    def _returns_key(self) -> bool:
        return bool(connection.features.can_return_columns_from_insert)

    @cached_property
    def _sql(self) -> str:
        return f"{self._insert} RETURNING {_column(self.model._meta.pk)}" if self._returns_key else self._insert

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
        values = [self._values(row) for row in rows]
        if values:
            with connection.cursor() as cursor:
                cursor.executemany(self._insert, values)

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """The instance of a row, given as values by column; None where it was left out."""
        key = self.put(values)
        if key is None:
            return None
        return restored(
            self.model, (self.model._meta.pk.attname, *self._columns), (key, *(values[name] for name in self._columns))
        )

    def put(self, values: Mapping[str, Any]) -> int | None:
        """The same, but for the key of the row alone."""
        cursor = execute(self._sql, self._values(values))
        if self._returns_key:
            found = cursor.fetchone()
            return found[0] if found else None
        return cursor.lastrowid if cursor.rowcount == 1 else None  # SQLite before 3.35


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
