"""The trigram index over `Page.search_text`, in the words of whichever database keeps it.

Its rows come from the newest document, in the order in which documents were taken in; so a search for what
stands everywhere ends as soon as enough is found.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from types import ModuleType

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from mathpixweb.documents.models import Document
from mathpixweb.documents.search import search_postgres, search_sqlite

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
