"""The trigram index over `Page.search_text`, in the words of whichever database keeps it.

Its rows come from the newest document, in the order in which documents were taken in; so a search for what
stands everywhere ends as soon as enough is found.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from types import ModuleType

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from mathpixweb.documents.models import Document
from mathpixweb.documents.search import search_postgres, search_sqlite

MOST_HITS = 500

logger = logging.getLogger(__name__)


def newest(documents: QuerySet[Document], terms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(page id, document id) of completed pages of `documents` with every normalised term, newest first."""
    try:
        yield from _index().newest(documents, terms)
    except DatabaseError:
        if connection.vendor != "sqlite" or search_sqlite.answers():
            raise
        logger.exception("the index of the search is damaged: every page is looked through")
        yield from search_sqlite.newest(documents, terms, indexed=False)


def newest_documents(documents: QuerySet[Document], terms: Sequence[str]) -> Iterator[int]:
    """Those of `documents` that have such a page, newest first."""
    if connection.vendor == "postgresql":
        yield from search_postgres.newest_documents(documents, terms)
        return
    seen: set[int] = set()
    for _, document in newest(documents, terms):
        if document not in seen:
            seen.add(document)
            yield document


def first_pages(documents: Sequence[int], terms: Sequence[str], most: int) -> list[tuple[int, int]]:
    """(page id, document id) of such pages, the first ones of each of these few documents.

    In SQLite the hits of some may be left out where all together have very many.
    """
    if connection.vendor == "postgresql":
        return search_postgres.first_pages(documents, terms, most)
    hits = islice(newest(Document.objects.filter(pk__in=documents), terms), MOST_HITS)
    chosen: dict[int, list[int]] = defaultdict(list)
    for page, document in sorted(hits):
        if len(chosen[document]) < most:
            chosen[document].append(page)
    return [(page, document) for document, pages in chosen.items() for page in pages]


def in_bulk() -> AbstractContextManager[None]:
    """Takes in the pages that are added within it in one go, in a transaction that is open already."""
    return nullcontext() if connection.vendor == "postgresql" else search_sqlite.in_bulk()


def mend() -> bool:
    """Makes the index anew where it cannot be used any more; whether it had to."""
    if _index().answers():
        return False
    logger.error("the index of the search is damaged, and is made anew from the pages")
    _index().rebuild()
    return True


def purge(seconds: float) -> bool:
    """Wipes from the index what deleted pages left in it; whether nothing is left to wipe."""
    return bool(_index().purge(seconds))


def intact() -> bool:
    """Whether the index says what the pages say."""
    return bool(_index().intact())


def rebuild() -> None:
    """Makes the index anew from the pages."""
    _index().rebuild()


def _index() -> ModuleType:
    return search_postgres if connection.vendor == "postgresql" else search_sqlite
