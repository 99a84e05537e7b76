"""What is deleted here is deleted there too, if it was sent from here: at once, or as soon as it can be.

Copies of what others sent are only copies: the account's own documents are left alone.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from mathpixweb.documents import provider
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.mirror import Mirrored
from mathpixweb.documents.models.remote import Erasure, Relay
from mathpixweb.documents.work import queues
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import calls

logger = logging.getLogger(__name__)

UNKNOWN = "pdf_unknown_id"
AT_ONCE = 50
ON_ITS_WAY = timedelta(minutes=5)  # until a worker is called again
FIRST_PAUSE = timedelta(minutes=1)  # doubled each time; a document that is still read there cannot be deleted
MOST_ATTEMPTS = 13  # within five days


def sent(document: Document) -> list[str]:
    """The ids there of the document as it was sent, and of pages that were sent alone."""
    whole = Relay.objects.filter(document=document, document__mirrored=None).exclude(remote_id="")
    pages = Mirrored.objects.filter(part_of=document)
    return [each for rows in (whole, pages) for each in rows.values_list("remote_id", flat=True)]


def request(document: Document) -> None:
    """Has all that was sent of the document deleted there."""
    due_at = timezone.now() + ON_ITS_WAY
    for remote_id in sent(document):
        erasure = Erasure.objects.create(team=document.team, remote_id=remote_id, due_at=due_at)
        queues.erase_there(erasure.pk)


def sweep() -> None:
    """Calls workers for what is due."""
    now = timezone.now()
    for erasure in Erasure.objects.filter(due_at__lte=now)[:AT_ONCE]:
        Erasure.objects.filter(pk=erasure.pk).update(due_at=now + ON_ITS_WAY)
        queues.erase_there(erasure.pk)


def take_turn(erasure_id: int) -> None:
    erasure = Erasure.objects.filter(pk=erasure_id).select_related("team").first()
    if erasure is None:
        return
    try:
        provider.mathpix(erasure.team).client.json(calls.delete_pdf(erasure.remote_id))
    except ProviderError as error:
        if error.error_id != UNKNOWN:
            _put_off(erasure, error)
            return
    erasure.delete()


def _put_off(erasure: Erasure, error: ProviderError) -> None:
    if erasure.attempts + 1 >= MOST_ATTEMPTS:
        logger.warning("%s could not be deleted there: %s", erasure.remote_id, error.message)
        erasure.delete()
        return
    later = timezone.now() + FIRST_PAUSE * 2**erasure.attempts
    Erasure.objects.filter(pk=erasure.pk).update(attempts=F("attempts") + 1, due_at=later)
