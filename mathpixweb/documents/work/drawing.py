"""Pictures of the pages of a document that is read elsewhere: drawn here, by workers, a turn at a time."""

from __future__ import annotations

import time

from mathpixweb.documents import provider, storage
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.remote import Relay
from mathpixweb.documents.work import queues, recognition
from mathpixweb.documents.work.memory import bounded_memory

TURN_SECONDS = 2.0


def take_turn(document_id: int) -> None:
    """Draws what is missing, and leaves the rest to the next turn. A page that cannot be drawn has none."""
    relay = Relay.objects.filter(document=document_id).select_related("document").first()
    if relay is None or relay.document.deleted_at is not None:
        return
    turn_ends = time.monotonic() + TURN_SECONDS
    missing = [number for number in _numbers(relay) if not _tried(relay.document, number)]
    for number in missing:
        if time.monotonic() > turn_ends:
            queues.draw(document_id)
            return
        _draw(relay.document, number)


def _numbers(relay: Relay) -> list[int]:
    return relay.numbers or list(relay.document.pages.values_list("number", flat=True))


def _tried(document: Document, number: int) -> bool:
    picture = storage.page_image(document, number)
    return storage.exists(picture) or storage.exists(picture.with_suffix(".none"))


def _draw(document: Document, number: int) -> None:
    """Notes the attempt first: a page that kills its worker is not drawn again."""
    picture = storage.page_image(document, number)
    attempt = picture.with_suffix(".none")
    storage.write(attempt, b"")
    with bounded_memory():
        recognition.draw(document, number, provider.named("local"))
    if storage.exists(picture):
        storage.remove(attempt)
