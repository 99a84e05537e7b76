"""Rows one at a time, for what every request asks and for what it stores.

Django writes the SQL of a query anew each time and looks again at every column, which takes several times as
long as the query itself. Here that is done once for each model, and the rows are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.expressions import Col

M = TypeVar("M", bound=models.Model)
Converter = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True, slots=True)
class _Plan(Generic[M]):
    """How rows of a model are read and written; `converters` by the place of the column."""

    model: type[M]
    fields: tuple[models.Field[Any, Any], ...]
    names: tuple[str, ...]
    converters: tuple[tuple[int, Converter, Col], ...]
    selecting: str
    inserting: str

    def made(self, row: Sequence[Any]) -> M:
        values = list(row)
        for place, convert, column in self.converters:
            values[place] = convert(values[place], column, connection)
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)


def one(model: type[M], column: str, value: str | int) -> M | None:
    """The whole row; `column` is unique, and a word of the programmer's."""
    return next(iter(several(model, column, value)), None)


def several(model: type[M], column: str, value: str | int) -> list[M]:
    """All rows with that value, in no order; `column` is a word of the programmer's."""
    plan = _plan(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f'{plan.selecting} WHERE "{column}" = %s', [value])
        return [plan.made(row) for row in cursor.fetchall()]


def tally(model: type[models.Model], column: str, value: str | int, by: str) -> dict[str, int]:
    """How many rows have that value, by what is in another column; both are words of the programmer's."""
    table = model._meta.db_table
    statement = f'SELECT "{by}", COUNT(*) FROM "{table}" WHERE "{column}" = %s GROUP BY "{by}"'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        return dict(cursor.fetchall())


def add(row: models.Model) -> None:
    """Stores a new row whose number the database gives; `save` of the model does nothing beside."""
    plan = _plan(type(row), connection.vendor)
    fields = [field for field in plan.fields if not field.primary_key]
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(plan.inserting, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _plan(model: type[M], vendor: str) -> _Plan[M]:
    """`vendor` is that of the connection."""
    fields = tuple(model._meta.concrete_fields)
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [connection.ops.quote_name(str(field.column)) for field in fields]
    given = [column for column, field in zip(columns, fields, strict=True) if not field.primary_key]
    marks = ", ".join(["%s"] * len(given))
    key = connection.ops.quote_name(str(model._meta.pk.column))
    return _Plan(
        model,
        fields,
        tuple(field.attname for field in fields),
        tuple(_converters(model, fields)),
        f"SELECT {', '.join(columns)} FROM {table}",  # noqa: S608
        f"INSERT INTO {table} ({', '.join(given)}) VALUES ({marks}) RETURNING {key}",  # noqa: S608
    )


def _converters(
    model: type[models.Model], fields: Sequence[models.Field[Any, Any]]
) -> list[tuple[int, Converter, Col]]:
    """In the order of the compiler of Django's queries: the database's own, then the field's."""
    columns = [Col(model._meta.db_table, field) for field in fields]
    return [
        (place, convert, column)
        for place, (column, field) in enumerate(zip(columns, fields, strict=True))
        for convert in (*connection.ops.get_db_converters(column), *field.get_db_converters(connection))
    ]
