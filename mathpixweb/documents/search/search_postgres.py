"""The trigram index over `Page.search_text` in PostgreSQL: pg_trgm.

A GIN index gives its matches in no order, so what stands on every other page would all be fetched and sorted.
Pages are therefore walked from the newest, and the index is asked only where they hold the terms too rarely.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Max, Min, QuerySet

from mathpixweb.documents.models import Document, Page

WALKED_FIRST = 1_000  # pages
WALKED_NEXT = 5_000
RARE = 0.02  # of the pages walked; rarer terms are found sooner through the index
INDEXED_FROM = 3  # characters: a trigram
FEW_DOCUMENTS = 50
INDEX = "pages_search_text"


def newest(documents: QuerySet[Document], terms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(page id, document id) of completed pages of `documents` with every normalised term, newest first."""
    try:
        inside, inside_args = documents.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return
    conditions = ["p.search_text LIKE %s"] * len(terms)
    conditions += ["p.status = 'completed'", f"p.document_id IN ({inside})"]
    args = [*(f"%{_escaped(term)}%" for term in terms), *inside_args]
    indexed = any(len(term) >= INDEXED_FROM for term in terms)
    (first, below), walked = _bounds(documents), WALKED_FIRST
    while below > first:
        start = max(first, below - walked)
        found = _between(conditions, args, start, below, walk=True)
        yield from found
        if indexed and len(found) < RARE * walked:
            yield from _between(conditions, args, first, start, walk=False)
            return
        below, walked = start, WALKED_NEXT


def _between(
    conditions: Sequence[str], args: Sequence[Any], start: int, below: int, *, walk: bool
) -> list[tuple[int, int]]:
    # adding zero keeps an index from being used: that of the ids when asking, that of the texts when walking
    row, text = ("p.id", "p.search_text || ''") if walk else ("p.id + 0", "p.search_text")
    where = " AND ".join(condition.replace("p.search_text", text) for condition in conditions)
    statement = (
        f"SELECT p.id, p.document_id FROM documents_page p WHERE {where} "  # noqa: S608
        f"AND {row} >= %s AND {row} < %s ORDER BY p.id DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*args, start, below])
        return list(cursor.fetchall())


def _bounds(documents: QuerySet[Document]) -> tuple[int, int]:
    """Page ids from the first to below the second; few documents are not looked for among all."""
    few = list(documents.order_by().values_list("pk", flat=True)[: FEW_DOCUMENTS + 1])
    pages = Page.objects.all() if len(few) > FEW_DOCUMENTS else Page.objects.filter(document_id__in=few)
    ends = pages.aggregate(first=Min("pk"), last=Max("pk"))
    return ends["first"] or 0, (ends["last"] or -1) + 1


def _escaped(term: str) -> str:
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def purge(seconds: float) -> bool:
    """Nothing to do: PostgreSQL's vacuum removes deleted entries by itself."""
    return True


def intact() -> bool:
    """Whether the index is there and valid; PostgreSQL keeps it in step in every transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid AND indisready FROM pg_index WHERE indexrelid = to_regclass(%s)", [INDEX]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def answers() -> bool:
    """An index that is gone is only slow; whether there is one."""
    return intact()


def rebuild() -> None:
    """Makes the index anew from the pages."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")
        cursor.execute(CREATE_INDEX)


CREATE_INDEX = f"CREATE INDEX {INDEX} ON documents_page USING gin (search_text gin_trgm_ops)"
