"""The trigram index over `Page.search_text` in SQLite: FTS5, asked newest page first.

Triggers keep it in step with the pages. Its rows come in the order of the pages' ids, in which documents were
taken in; so a search for what stands everywhere ends as soon as enough is found.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection
from django.db.models import Max, Min, QuerySet

from mathpixweb.documents.models import Document, Page

INDEXED_FROM = 3  # characters: a trigram
FEW_DOCUMENTS = 50
SOME_DOCUMENTS = 2_000
AT_ONCE = 50  # documents; what stands in most of them is found before all are asked
FIRST_WINDOW = 2_000  # page ids: what stands everywhere is found among them
GROWTH = 5
COMMON = 0.02  # of a window's pages: what fewer have is soon found in the whole index
EXPANDED_TO = 40  # trigrams; a term that begins more of them is frequent, and found sooner page by page
MERGE_PAGES = 200  # of the index in one step: about 10 ms of work

INDEX = "documents_page_search s CROSS JOIN documents_page p ON p.id = s.rowid"
TABLE = "documents_page p"
EACH = """SELECT p.id, p.document_id FROM (
        SELECT document_id, MIN(id) AS first, MAX(id) AS last FROM documents_page
        WHERE document_id IN ({inside}) GROUP BY document_id
    ) d CROSS JOIN documents_page_search s CROSS JOIN documents_page p ON p.id = s.rowid
    WHERE s.rowid >= d.first AND s.rowid <= d.last AND s.rowid < %s AND p.document_id = d.document_id
        AND documents_page_search MATCH %s AND {where}
    ORDER BY d.document_id DESC"""
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
ON_INSERT = f"CREATE TRIGGER documents_page_search_insert AFTER INSERT ON documents_page BEGIN {ADD}; END"
ADD_SINCE = (
    "INSERT INTO documents_page_search(rowid, search_text) "
    "SELECT id, search_text FROM documents_page WHERE id > %s ORDER BY id"
)
CREATE = (  # as migration 0002 does
    """CREATE VIRTUAL TABLE documents_page_search USING fts5(
        search_text, content='documents_page', content_rowid='id', tokenize='trigram')""",
    ON_INSERT,
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
    asked = _Asked(match, rest)
    # the plus keeps SQLite from going document by document, which would read and sort every hit
    within = (f"+p.document_id IN ({inside})", list(inside_args))
    first, below = _bounds(documents)
    window = FIRST_WINDOW
    while below > first:
        start = max(first, below - window)
        hits = asked.between(start, below, *within)
        found = [(page, document) for page, document, fits in hits if fits]
        yield from found
        # of what is rare, to open the index costs the most, however many pages are meant
        growth = GROWTH**2 if match and not hits else GROWTH
        looked, below, window = below - start, start, window * growth
        if below > first and match and _of_others(len(hits), len(found), looked):
            few = list(documents.order_by("-pk").values_list("pk", flat=True)[: SOME_DOCUMENTS + 1])
            if len(few) <= SOME_DOCUMENTS:
                yield from asked.one_by_one(below, few)
                return


def _of_others(hits: int, found: int, pages: int) -> bool:
    """Whether so many hits on those pages are in the way that each document is better asked on its own.

    A document that fits costs a look into the index then, and else the hits of all the others beside it.
    """
    return hits > COMMON * pages and hits * hits > found * pages


@dataclass(frozen=True, slots=True)
class _Asked:
    """`match` is for the index, empty without one; `rest` is looked for in the pages themselves."""

    match: str
    rest: Sequence[str]

    def between(
        self, first: int, below: int, within: str, args: Sequence[Any]
    ) -> list[tuple[int, int, bool]]:
        """Pages whose ids lie there, newest first, and whether their documents fit.

        Without the index only those that fit, so that no other's text is read.
        """
        rest = ["instr(p.search_text, %s) > 0"] * len(self.rest)
        if self.match:
            source, row, fits = INDEX, "s.rowid", within
            conditions = ["documents_page_search MATCH %s", "s.rowid >= %s AND s.rowid < %s", *rest]
            given = [*args, self.match, first, below, *self.rest]
        else:
            source, row, fits = TABLE, "p.id", "TRUE"
            conditions = ["p.id >= %s AND p.id < %s", *rest, within]
            given = [first, below, *self.rest, *args]
        where = " AND ".join([*conditions, "p.status = 'completed'"])
        with connection.cursor() as cursor:
            chosen = f"SELECT p.id, p.document_id, {fits} FROM {source}"  # noqa: S608
            statement = f"{chosen} WHERE {where} ORDER BY {row} DESC"
            return list(cursor.execute(statement, given).fetchall())

    def one_by_one(self, below: int, documents: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Pages below that id of the documents, which come newest first, each asked for on its own.

        For what stands everywhere in a few documents: most hits in the whole index would be others'.
        """
        conditions = ["instr(p.search_text, %s) > 0"] * len(self.rest)
        where = " AND ".join(["p.status = 'completed'", *conditions])
        for start in range(0, len(documents), AT_ONCE):
            some = documents[start : start + AT_ONCE]
            statement = EACH.format(inside=", ".join(["%s"] * len(some)), where=where)
            with connection.cursor() as cursor:  # sorted by the database, so all of these are asked at once
                cursor.execute(statement, [*some, below, self.match, *self.rest])
                found = cursor.fetchall()
            yield from found


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


def _bounds(documents: QuerySet[Document]) -> tuple[int, int]:
    """Page ids from the first to below the second; few old documents are not looked for among all."""
    few = list(documents.order_by().values_list("pk", flat=True)[: FEW_DOCUMENTS + 1])
    if len(few) > FEW_DOCUMENTS:  # two questions: SQLite answers both at once by reading the whole index
        first, last = (Page.objects.aggregate(end=end("pk"))["end"] for end in (Min, Max))
        return first or 0, (last or -1) + 1
    ends = Page.objects.filter(document_id__in=few).aggregate(first=Min("pk"), last=Max("pk"))
    return ends["first"] or 0, (ends["last"] or -1) + 1


@contextmanager
def in_bulk() -> Iterator[None]:
    """Takes in the pages that are added within it in one statement.

    FTS5 writes its memory out at each statement, so of one for each page a third would be enough for all.
    """
    newest = Page.objects.aggregate(newest=Max("pk"))["newest"] or 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER documents_page_search_insert")
        yield
        cursor.execute(ADD_SINCE, [newest])
        cursor.execute(ON_INSERT)


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
