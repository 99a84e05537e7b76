"""Rows by the million: plain SQL in big statements, with values as the models would write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

AT_ONCE = 20_000


def insert(
    template: models.Model,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> None:
    """Each row fills `columns`; what the template says stands in the others.

    `around` surrounds each statement of many rows, within its transaction.
    """
    fields = [field for field in template._meta.concrete_fields if not field.primary_key]
    fixed = {field.column: _value(template, field) for field in fields if field.column not in columns}
    names = ", ".join(f'"{name}"' for name in (*columns, *fixed))
    table, rest = template._meta.db_table, tuple(fixed.values())
    for batch in _batches(row + rest for row in rows):
        with transaction.atomic(), around(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                _copy(cursor, f"COPY {table} ({names}) FROM STDIN", batch)
            else:
                places = ", ".join(["%s"] * len(batch[0]))
                statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - our own words
                cursor.executemany(statement, batch)


def _copy(cursor: Any, statement: str, batch: Iterable[tuple[Any, ...]]) -> None:
    """Several times as fast as statements."""
    with cursor.copy(statement) as copy:
        for row in batch:
            copy.write_row(row)


def _value(template: models.Model, field: Any) -> Any:
    return field.get_db_prep_save(field.pre_save(template, add=True), connection)


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def moment(value: Any) -> Any:
    """A time as the database takes it."""
    return connection.ops.adapt_datetimefield_value(value)


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
