"""Deleting: files, pages and renditions go, the accounting stays, and late workers change nothing.

Files are erased after the database has let go of them. A note on disk survives a crash between the two, and
makes the sweep look again for what a worker stored a moment too late.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mathpixweb.documents import ids, storage
from mathpixweb.documents.bucket import NotStored
from mathpixweb.documents.images import ink
from mathpixweb.documents.models import Document, Page, PageStatus, Rendition
from mathpixweb.documents.models.shares import ShareLink
from mathpixweb.documents.models.stores import Shipment
from mathpixweb.documents.remote import erasing
from mathpixweb.documents.search import search_index
from mathpixweb.documents.telling import callbacks
from mathpixweb.documents.work import conversion

PURGE_SECONDS = 0.2  # at a time; a big index takes several rounds of the sweep
AT_ONCE = 20  # private documents that one round of the sweep erases
LATE_SECONDS = 300  # longer than any worker holds on to what is no longer its own


def delete(document: Document) -> bool:
    """Erases what the document was and what came of it; whether this call did so.

    One that is still being converted is stopped first. What the contract goes on telling stays in the row.
    """
    conversion.cancel(document)
    _notes().mkdir(parents=True, exist_ok=True)
    (_notes() / document.public_id).touch()
    with transaction.atomic():
        deleted = _forget(document)
    search_index.purge(PURGE_SECONDS)
    with suppress(NotStored):  # the note is there, and the sweep tries again
        storage.erase(document)
    document.refresh_from_db()
    return deleted


def _forget(document: Document) -> bool:
    """Marks the document as deleted and drops its rows; whoever still works on one of them has lost it."""
    deleted = (
        Document.objects.alive()
        .filter(pk=document.pk)
        .change(
            deleted_at=timezone.now(),
            # the count would be gone with the rows, and the contract goes on telling it
            counted_pages=document.pages.filter(status=PageStatus.COMPLETED).count(),
            source="",
            source_hash="",
            survey={},
            claim="",
            lease_until=None,
        )
    )
    if deleted:
        erasing.request(document)
    Page.objects.filter(document_id=document.pk).delete()
    Rendition.objects.filter(document_id=document.pk).delete()
    Shipment.objects.filter(document_id=document.pk).delete()
    ShareLink.objects.filter(document_id=document.pk).delete()
    callbacks.forget(document)
    return bool(deleted)


def end_private() -> None:
    """Erases what was sent with `improve_mathpix: false` once there was time enough to fetch it."""
    if not settings.PRIVATE_HOURS:
        return
    before = timezone.now() - timedelta(hours=settings.PRIVATE_HOURS)
    private = Document.objects.alive().filter(private=True, completed_at__lt=before)
    for document in private.order_by("completed_at")[:AT_ONCE]:
        delete(document)


def sweep() -> None:
    """Erases again what was deleted lately, in case a worker was late or the server stopped halfway."""
    ink.forget_ended()
    end_private()
    lately = notes()
    purged = search_index.purge(PURGE_SECONDS) if lately else True
    for note in lately:
        # where the server stopped before the rows were gone, the deletion never happened
        if not Document.objects.alive().filter(public_id=note.name).exists():
            try:
                storage.erase(Document(public_id=note.name))
            except NotStored:
                continue
        if purged and note.stat().st_mtime < time.time() - LATE_SECONDS:
            note.unlink(missing_ok=True)


def notes() -> list[Path]:
    """The notes of late deletions; each is named like its document."""
    return [note for note in _notes().glob("*") if re.fullmatch(ids.PATTERN, note.name)]


def _notes() -> Path:
    return storage.place("erasing")
