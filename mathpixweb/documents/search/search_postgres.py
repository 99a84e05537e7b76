"""The trigram index over `Page.search_text` in PostgreSQL: pg_trgm.

A GIN index gives its matches in no order, so what stands on every other page would all be fetched and sorted.
Documents are therefore walked from the newest, and the index is asked only where their pages hold the terms
too rarely. Only those in question are walked: a team's may lie far below what others have sent since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from mathpixweb.documents.models import Document

WALKED_FIRST = 1_000  # pages
WALKED_NEXT = 5_000
ASKED_FIRST = 100  # documents, of which the first steps have some ten each
ASKED_TIMES = 4
ASKED_MOST = 6_400
RARE = 0.007  # of the pages walked; rarer terms are found sooner through the index
# in no form that the index could answer
TESTED = "(p.search_text LIKE %s) IS TRUE"
INDEXED_FROM = 3  # characters: a trigram
INDEX = "pages_search_text"


def newest(documents: QuerySet[Document], terms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(page id, document id) of completed pages of `documents` with every normalised term, newest first."""
    try:
        inside, inside_args = documents.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return
    texts = [f"%{_escaped(term)}%" for term in terms]
    indexed = any(len(term) >= INDEXED_FROM for term in terms)
    for rows, pages in _walk(documents):
        found = _matching(TESTED, texts, "p.document_id = ANY(%s)", [rows])
        yield from found
        if indexed and len(found) < RARE * pages:
            below = f"p.document_id IN ({inside}) AND p.document_id < %s"
            yield from _matching("p.search_text LIKE %s", texts, below, [*inside_args, rows[-1]])
            return


def newest_documents(documents: QuerySet[Document], terms: Sequence[str]) -> Iterator[int]:
    """Those of `documents` that have a page with every normalised term, newest first.

    Of what stands on every other page, only the first few pages of each document are looked through.
    """
    texts = [f"%{_escaped(term)}%" for term in terms]
    indexed = any(len(term) >= INDEXED_FROM for term in terms)
    for rows, pages in _walk(documents):
        found = _having(texts, rows)
        yield from found
        if indexed and _share(len(found) / len(rows), pages / len(rows)) < RARE:
            older = documents.filter(pk__lt=rows[-1])
            inside, inside_args = older.order_by().values("pk").query.sql_with_params()
            matching = _matching("p.search_text LIKE %s", texts, f"p.document_id IN ({inside})", inside_args)
            yield from dict.fromkeys(document for _, document in matching)
            return


def first_pages(documents: Sequence[int], terms: Sequence[str], most: int) -> list[tuple[int, int]]:
    """(page id, document id) of the first pages of each document with every normalised term."""
    texts = [f"%{_escaped(term)}%" for term in terms]
    where = " AND ".join([*[TESTED] * len(texts), "p.status = 'completed'", "p.document_id = d.id"])
    statement = (
        "SELECT first.id, d.id FROM unnest(%s::bigint[]) d(id) CROSS JOIN LATERAL ("  # noqa: S608
        f'SELECT p.id FROM documents_page p WHERE {where} ORDER BY p."index" LIMIT %s) first'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(documents), *texts, most])
        return list(cursor.fetchall())


def _share(documents: float, pages: float) -> float:
    """Of all pages that have it, when that share of documents with so many pages has one."""
    return float(1 - (1 - documents) ** (1 / max(pages, 1)))


def _having(texts: Sequence[str], documents: Sequence[int]) -> list[int]:
    where = " AND ".join([*[TESTED] * len(texts), "p.status = 'completed'", "p.document_id = d.id"])
    statement = (
        f"SELECT d.id FROM unnest(%s::bigint[]) d(id) "  # noqa: S608
        f"WHERE EXISTS (SELECT 1 FROM documents_page p WHERE {where} LIMIT 1) ORDER BY d.id DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(documents), *texts])
        return [document for (document,) in cursor.fetchall()]


def _walk(documents: QuerySet[Document]) -> Iterator[tuple[list[int], int]]:
    """Some documents after others, from the newest, at least one; and how many pages they have together."""
    rows: list[int] = []
    total, most = 0, WALKED_FIRST
    for row, count in _newest_first(documents):
        if rows and total + count > most:
            yield rows, total
            rows, total, most = [], 0, WALKED_NEXT
        rows.append(row)
        total += count
    if rows:
        yield rows, total


def _newest_first(documents: QuerySet[Document]) -> Iterator[tuple[int, int]]:
    """(document id, how many pages), asked for as they are wanted: whether one fits may take long to tell."""
    older, limit = documents, ASKED_FIRST
    while True:
        some = list(older.order_by("-pk").values_list("pk", "num_pages")[:limit])
        for row, count in some:
            yield row, count or 1
        if len(some) < limit:
            return
        older, limit = documents.filter(pk__lt=some[-1][0]), min(limit * ASKED_TIMES, ASKED_MOST)


def _matching(
    condition: str, texts: Sequence[str], place: str, place_args: Sequence[Any]
) -> list[tuple[int, int]]:
    where = " AND ".join([*[condition] * len(texts), "p.status = 'completed'", place])
    statement = (
        f"SELECT p.id, p.document_id FROM documents_page p WHERE {where} "  # noqa: S608
        "ORDER BY p.document_id DESC, p.id DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*texts, *place_args])
        return list(cursor.fetchall())


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
