"""Puts back what has stood still: lost messages, dead workers, poison pages.

Messages only wake, so sending one too many is harmless, but each makes the others wait. The sweep therefore
fills the queue only up to what the workers can take at once; what has waited long enough comes in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from mathpixweb.accounts import audit
from mathpixweb.documents import bucket
from mathpixweb.documents.intake import leftovers, staging
from mathpixweb.documents.library import retention, sharing, trash
from mathpixweb.documents.models import (
    Document,
    DocumentQuerySet,
    Page,
    PageStatus,
    Rendition,
    RenditionStatus,
    Status,
)
from mathpixweb.documents.models.callbacks import Delivery, DeliveryStatus
from mathpixweb.documents.models.portions import Portion
from mathpixweb.documents.models.stores import Shipment, ShipmentStatus
from mathpixweb.documents.remote import erasing, fetched, handing_in, mirror
from mathpixweb.documents.search import search_index
from mathpixweb.documents.telling import budget_notices, callbacks
from mathpixweb.documents.work import claims, conversion, queues

PATIENCE = timedelta(seconds=10)  # how long a message may be on its way before it is sent again
LONG_WAIT = timedelta(minutes=1)
PROCESSING = RenditionStatus.PROCESSING


def sweep() -> None:
    """One round. Safe to run at any time and twice at once."""
    _release_dead_pages()
    room = max(0, 2 * settings.WORKERS - queues.length())
    now = timezone.now()
    standing = now - (PATIENCE if room else LONG_WAIT)
    for message in islice(_messages(now, standing), max(1, room)):
        message()
    mirror.sweep()
    erasing.sweep()
    fetched.sweep()
    trash.sweep()
    retention.sweep()
    search_index.mend()
    callbacks.sweep()
    audit.sweep()
    leftovers.sweep()
    staging.sweep()
    sharing.sweep()
    budget_notices.sweep()
    if bucket.is_home():
        bucket.make_room()


def recover() -> None:
    """When the only worker starts: whatever was claimed before was claimed by its dead predecessor."""
    now = timezone.now()
    for held in (Page.objects, Document.objects, Rendition.objects, Delivery.objects, Shipment.objects):
        held.filter(lease_until__gte=now).update(lease_until=now)
    for waiting in (Document.objects.unfinished(), Rendition.objects.filter(status=PROCESSING)):
        waiting.update(queued_at=now - 2 * LONG_WAIT)
    sweep()


def _release_dead_pages() -> None:
    """Pages whose reader shows no more signs of life wait again; attempts are counted by the claim."""
    held = Page.objects.filter(lease_until__isnull=False)  # found through their index, as `dead` alone is not
    dead = held.filter(claims.dead(), status=PageStatus.READING).order_by()
    documents = set(dead.values_list("document_id", flat=True))  # DISTINCT would have SQLite read all pages
    dead.update(status=PageStatus.WAITING, claim="", lease_until=None)
    Document.objects.filter(pk__in=documents).update(queued_at=timezone.now() - 2 * LONG_WAIT)


def _messages(now: datetime, standing: datetime) -> Iterator[Callable[[], None]]:
    """What to send, in order: first what a person already waits for to be finished."""
    for rendition in _idle(Rendition.objects.filter(status=PROCESSING), now, standing):
        Rendition.objects.filter(pk=rendition.pk).update(queued_at=now)
        yield partial(queues.render, rendition.pk)
    due = Delivery.objects.filter(status=DeliveryStatus.WAITING, due_at__lte=now)
    for delivery in _idle(due, now, standing):
        Delivery.objects.filter(pk=delivery.pk).update(queued_at=now)
        yield partial(queues.deliver, delivery.pk)
    shipments = Shipment.objects.filter(status=ShipmentStatus.PROCESSING, due_at__lte=now)
    for shipment in _idle(shipments, now, standing):
        Shipment.objects.filter(pk=shipment.pk).update(queued_at=now)
        yield partial(queues.ship, shipment.pk)
    portions = Portion.objects.filter(_standing(now, standing))
    for batch_id in set(portions.values_list("batch", flat=True)):
        Portion.objects.filter(batch=batch_id).update(queued_at=now)
        yield partial(queues.unpack, batch_id)
    for document in _idle(_not_read_enough(), now, standing)[: 1 + 2 * settings.WORKERS]:
        if document.status == Status.SPLIT and conversion.finish(document):
            continue
        Document.objects.filter(pk=document.pk).update(queued_at=now)
        for _ in range(_readers_missing(document)):
            yield partial(queues.convert, document.pk)


def _not_read_enough() -> DocumentQuerySet:
    """Unfinished documents that more workers could read; a subquery, as of a big job few are looked at."""
    read = Page.objects.filter(document=OuterRef("pk"), status=PageStatus.READING).order_by()
    count = read.values("document").annotate(count=Count("pk")).values("count")
    documents = Document.objects.unfinished().annotate(reading=Coalesce(Subquery(count), 0))
    return documents.filter(handing_in.HERE, reading__lt=settings.WORKERS)


def _idle(rows: QuerySet[Any], now: datetime, standing: datetime) -> QuerySet[Any]:
    """Rows in nobody's hands, the longest waiting first."""
    return rows.filter(_standing(now, standing), claims.free()).order_by("queued_at")


def _standing(now: datetime, standing: datetime) -> Q:
    """Those whose message is lost; one that will be sent in future is of a clock that has been set back."""
    return Q(queued_at__lt=standing) | Q(queued_at__gt=now + claims.SKEW)


def _readers_missing(document: Any) -> int:
    """How many more workers could read the document's waiting pages."""
    if document.status != Status.SPLIT:
        return 1
    waiting: int = document.pages.filter(status=PageStatus.WAITING).count()
    missing: int = settings.WORKERS - document.reading
    return min(waiting, missing)
