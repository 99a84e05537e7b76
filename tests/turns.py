"""A worker's turns, taken by the test itself."""

from __future__ import annotations

from mathpixweb.documents.models import Document
from mathpixweb.documents.work import conversion

ENOUGH_TURNS = 20


def work(document: Document) -> Document:
    """Turns as a worker takes them, until the document is finished."""
    for _ in range(ENOUGH_TURNS):
        conversion.take_turn(document.pk)
        document.refresh_from_db()
        if document.finished:
            break
    return document
