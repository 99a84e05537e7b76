"""The trigram index over `Page.search_text`, in the words of whichever database keeps it.

Its rows come in the order of the pages' ids, in which documents were taken in; so a search for what stands
everywhere ends as soon as enough is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from django.db import connection
from django.db.models import QuerySet

from mathpixweb.documents import search_postgres, search_sqlite
from mathpixweb.documents.models import Document


def newest(documents: QuerySet[Document], terms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(page id, document id) of completed pages of `documents` with every normalised term, newest first."""
    found: Iterator[tuple[int, int]] = _index().newest(documents, terms)
    return found


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
