"""The trigram index over `Page.search_text` in SQLite: FTS5, asked newest page first.

Triggers keep it in step with the pages. Its rows come in the order of the pages' ids, in which documents were
taken in; so a search for what stands everywhere ends as soon as enough is found.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection
from django.db.models import Max, Min, QuerySet

from mathpixweb.documents.models import Document, Page

INDEXED_FROM = 3  # characters: a trigram
FEW_DOCUMENTS = 50
EXPANDED_TO = 40  # trigrams; a term that begins more of them is frequent, and found sooner page by page
MERGE_PAGES = 200  # of the index in one step: about 10 ms of work

INDEX = "documents_page_search s CROSS JOIN documents_page p ON p.id = s.rowid"
TABLE = "documents_page p"
MERGE = "INSERT INTO documents_page_search(documents_page_search, rank) VALUES ('merge', %s)"
KNOWN = "SELECT 1 FROM documents_page_search WHERE documents_page_search MATCH %s AND rowid = %s"
PROBE = 20  # characters of a page by which it must be found
DROP = (
    *(f"DROP TRIGGER IF EXISTS documents_page_search_{event}" for event in ("insert", "delete", "update")),
    "DROP TABLE IF EXISTS documents_page_search",
)
REMOVE = (
    "INSERT INTO documents_page_search(documents_page_search, rowid, search_text) "
    "VALUES ('delete', old.id, old.search_text)"
)
ADD = "INSERT INTO documents_page_search(rowid, search_text) VALUES (new.id, new.search_text)"
CREATE = (  # as migration 0002 does
    """CREATE VIRTUAL TABLE documents_page_search USING fts5(
        search_text, content='documents_page', content_rowid='id', tokenize='trigram')""",
    f"CREATE TRIGGER documents_page_search_insert AFTER INSERT ON documents_page BEGIN {ADD}; END",
    f"CREATE TRIGGER documents_page_search_delete AFTER DELETE ON documents_page BEGIN {REMOVE}; END",
    "CREATE TRIGGER documents_page_search_update AFTER UPDATE OF search_text ON documents_page "
    f"WHEN old.search_text IS NOT new.search_text BEGIN {REMOVE}; {ADD}; END",
)
COMMAND = "INSERT INTO documents_page_search(documents_page_search) VALUES (%s)"
# the trigrams as a table; it belongs to the connection, not to the database
VOCABULARY = """CREATE VIRTUAL TABLE IF NOT EXISTS temp.page_trigrams
    USING fts5vocab(main, documents_page_search, 'row')"""
BEGUN = "SELECT term FROM temp.page_trigrams WHERE term >= %s AND term < %s LIMIT %s"


def newest(
    documents: QuerySet[Document], terms: Sequence[str], *, indexed: bool = True
) -> Iterator[tuple[int, int]]:
    """(page id, document id) of completed pages of `documents` with every normalised term, newest first.

    Without the index every page is looked through.
    """
    try:
        inside, inside_args = documents.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return
    match, rest = _split(terms) if indexed else ("", list(terms))
    if match is None:
        return
    source, row = (INDEX, "s.rowid") if match else (TABLE, "p.id")
    conditions, args = _bounds(documents, row)
    if match:
        conditions, args = ["documents_page_search MATCH %s", *conditions], [match, *args]
    conditions += ["instr(p.search_text, %s) > 0"] * len(rest)
    # the plus keeps SQLite from going document by document, which would read and sort every hit
    conditions += ["p.status = 'completed'", f"+p.document_id IN ({inside})"]
    statement = (
        f"SELECT p.id, p.document_id FROM {source} WHERE {' AND '.join(conditions)} ORDER BY {row} DESC"  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*args, *rest, *inside_args])
        yield from cursor


def _split(terms: Sequence[str]) -> tuple[str | None, list[str]]:
    """The question for the index, None where nothing can be found, and the terms that it cannot answer.

    A short term is asked for as all the trigrams that it begins.
    """
    asked, rest = [], []
    for term in terms:
        begun = [term] if len(term) >= INDEXED_FROM else _trigrams(term)
        if not begun:
            return None, []
        if len(begun) <= EXPANDED_TO:
            asked.append(f"({' OR '.join(map(_quoted, begun))})")
        else:
            rest.append(term)
    return " AND ".join(asked), rest


def _trigrams(start: str) -> list[str]:
    """The trigrams of the index that begin so, one more than is useful at most."""
    after = start[:-1] + chr(min(ord(start[-1]) + 1, 0x10FFFF))
    with connection.cursor() as cursor:
        cursor.execute(VOCABULARY)
        cursor.execute(BEGUN, [start, after, EXPANDED_TO + 1])
        return [term for (term,) in cursor.fetchall()]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _bounds(documents: QuerySet[Document], row: str) -> tuple[list[str], list[Any]]:
    """Keeps a search in a few old documents from walking through everything newer."""
    few = list(documents.order_by().values_list("pk", flat=True)[: FEW_DOCUMENTS + 1])
    if len(few) > FEW_DOCUMENTS:
        return [], []
    ends = Page.objects.filter(document_id__in=few).aggregate(first=Min("pk"), last=Max("pk"))
    return [f"{row} BETWEEN %s AND %s"], [ends["first"] or 0, ends["last"] or 0]


def purge(seconds: float) -> bool:
    """Wipes from the index what deleted pages left in it; whether nothing is left to wipe.

    FTS5 only marks deleted entries, from which a text could be put together again; merging drops them.
    """
    ends = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            before = _changes(cursor)
            cursor.execute(MERGE, [-MERGE_PAGES])
            if _changes(cursor) - before < 2:  # as FTS5's documentation tells a merge that had nothing to do
                return True
    return False


def _changes(cursor: Any) -> int:
    return int(cursor.execute("SELECT total_changes()").fetchone()[0])


def intact() -> bool:
    """Whether the index says what the pages say."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO documents_page_search(documents_page_search, rank) VALUES ('integrity-check', 1)"
            )
    except DatabaseError:
        return False
    return True


def answers() -> bool:
    """Whether the index can be asked, and knows the first and the last page that have a text."""
    texts = Page.objects.exclude(search_text="").order_by("pk").values_list("pk", "search_text")
    some = [page for page in (texts.first(), texts.last()) if page is not None]
    try:
        with connection.cursor() as cursor:
            return all(cursor.execute(KNOWN, [_quoted(text[:PROBE]), pk]).fetchone() for pk, text in some)
    except DatabaseError:
        return False


def rebuild() -> None:
    """Makes the index anew from the pages, and itself where it is gone or cannot be opened."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(COMMAND, ["rebuild"])
        except DatabaseError:
            for statement in (*DROP, *CREATE):
                cursor.execute(statement)
            cursor.execute(COMMAND, ["rebuild"])
