"""Pages of copied documents, which no list holds: fetched when somebody asks, kept as the team has said."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents import storage
from mathpixweb.documents.bucket import NotStored
from mathpixweb.documents.models import Document, DocumentQuerySet, Page, Status
from mathpixweb.documents.models.mirror import Mirrored
from mathpixweb.documents.models.remote import Relay
from mathpixweb.documents.output import renditions

AT_ONCE = 20  # documents whose pages one round of the sweep drops


def fetchable(document: Document) -> bool:
    """Whether the document was copied from a list, which does not hold its pages."""
    copied = Mirrored.objects.filter(document=document, name="pdf-results", document__status=Status.COMPLETED)
    return copied.exists() and not document.pages.exists()


def fetch(document: Document) -> bool:
    """Has the pages of a copied document brought here; whether they will be."""
    copied = Mirrored.objects.filter(document=document).first()
    if copied is None or not fetchable(document):
        return False
    with transaction.atomic():
        finished = Document.objects.alive().filter(pk=document.pk, status=Status.COMPLETED)
        if not finished.change(status=Status.LOADED, completed_at=None, queued_at=timezone.now()):
            return False
        now = timezone.now()
        values = {
            "team": document.team,
            "remote_id": copied.remote_id,
            "progress_at": now,
            "settled_at": None,
        }
        Relay.objects.update_or_create(document=document, defaults=values)
    return True


def sweep() -> None:
    """Drops the pages that have been kept for as long as their team wants."""
    for account in RemoteAccount.objects.exclude(fetched_days=None):
        fetched_before = timezone.now() - timedelta(days=account.fetched_days or 0)
        for document in _fetched(account).filter(relay__settled_at__lt=fetched_before)[:AT_ONCE]:
            with suppress(NotStored):  # the next round tries again
                _drop(document)


def _fetched(account: RemoteAccount) -> DocumentQuerySet:
    """Documents with pages that can be fetched again; what somebody has edited is not there to be fetched."""
    finished = Document.objects.of_team(account.team).alive().filter(status=Status.COMPLETED)
    copied = finished.filter(mirrored__name="pdf-results", pages__isnull=False)
    return copied.exclude(pages__versions__isnull=False).distinct()


def _drop(document: Document) -> None:
    storage.erase(document)
    with transaction.atomic():
        renditions.forget(document)
        Page.objects.filter(document=document).delete()
        Relay.objects.filter(document=document).delete()
        Document.objects.filter(pk=document.pk).change()
