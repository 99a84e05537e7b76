"""The trash of the browser: what is put there can be taken out again, until its time is over.

The API knows no trash: what it deletes is gone at once, and what lies here it still answers.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from mathpixweb.accounts.models import Team, User
from mathpixweb.documents import storage
from mathpixweb.documents.bucket import NotStored
from mathpixweb.documents.library import retention
from mathpixweb.documents.models import Document, DocumentQuerySet
from mathpixweb.documents.models.edits import Draft, PageVersion
from mathpixweb.documents.models.library import Receipt
from mathpixweb.documents.remote import erasing
from mathpixweb.documents.work import conversion

AT_ONCE = 20  # documents that one round of the sweep deletes


def put(documents: DocumentQuerySet, user: User | None = None) -> int:
    """Puts documents into the trash, those still being read are stopped; how many were not there yet.

    Others of the team can look into it: what is private to a person is ended at once.
    """
    for document in documents.unfinished():
        conversion.cancel(document)
    ended = [end(document, user) for document in documents.alive().filter(private=True)]
    return len(ended) + documents.shown().change(trashed_at=timezone.now())


def take_out(documents: DocumentQuerySet) -> int:
    return documents.alive().filter(trashed_at__isnull=False).change(trashed_at=None)


def of_team(team: Team) -> QuerySet[Document]:
    trashed = Document.objects.of_team(team).alive().filter(trashed_at__isnull=False)
    return trashed.order_by("-trashed_at", "-pk")


def ends_at(document: Document) -> datetime | None:
    """When what lies in the trash is deleted for good; None: when somebody does so."""
    if not settings.TRASH_DAYS or document.trashed_at is None:
        return None
    return document.trashed_at + timedelta(days=settings.TRASH_DAYS)


def end(document: Document, user: User | None = None) -> Receipt | None:
    """Deletes for good, with a receipt of what was erased; None where somebody else has just done so."""
    erased = _inventory(document)
    if not retention.delete(document):
        return None
    erased["left_over"] = _files(document)
    return Receipt.objects.create(
        team=document.team,
        document=document.public_id,
        name=document.name,
        actor=str(user.email) if user else "",
        erased=erased,
    )


def _inventory(document: Document) -> dict[str, Any]:
    return {
        "files": _files(document),
        "pages": document.pages.count(),
        "characters": sum(map(len, document.pages.values_list("mmd", flat=True).iterator(100))),
        "renditions": sorted(document.renditions.values_list("format", flat=True)),
        "versions": PageVersion.objects.filter(page__document=document).count(),
        "drafts": Draft.objects.filter(page__document=document).count(),
        "share_links": document.share_links.count(),
        "sent_to_mathpix": erasing.sent(document),
    }


def _files(document: Document) -> list[dict[str, Any]]:
    return [{"name": name, "bytes": size} for name, size in storage.listing(document)]


def sweep() -> None:
    """Ends what has lain in the trash for as long as the settings say."""
    if not settings.TRASH_DAYS:
        return
    before = timezone.now() - timedelta(days=settings.TRASH_DAYS)
    for document in Document.objects.alive().filter(trashed_at__lt=before).order_by("trashed_at")[:AT_ONCE]:
        with suppress(NotStored):
            end(document)
