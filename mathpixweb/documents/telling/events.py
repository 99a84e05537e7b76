"""What happens to files and jobs, told to whoever asked to hear of it."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import Team
from mathpixweb.documents.intake import batches
from mathpixweb.documents.models import Batch, Document, Rendition, RenditionStatus, Status
from mathpixweb.documents.models.callbacks import Callback
from mathpixweb.documents.models.stores import Shipment, ShipmentStatus
from mathpixweb.documents.telling import callbacks, notices, webhooks
from mathpixweb.documents.work import queues
from mathpixweb.providers.callback_options import FILE_COMPLETED, FILE_ERROR, JOB_COMPLETED, CallbackOrder

UNFINISHED = [status for status in Status if status not in (Status.COMPLETED, Status.ERROR)]


def check(team: Team, order: CallbackOrder | None) -> None:
    """Raises ProviderError("opts_bad_callback") for an address that is never called."""
    if order is not None:
        callbacks.check_order(team, order.url)


def subscribe(
    order: CallbackOrder | None, team: Team, *, document: Document | None = None, batch: Batch | None = None
) -> None:
    """Keeps the address of a document, or of all documents of a batch and the batch itself."""
    if order is None or not order.events:
        return
    values = {
        "headers": sealing.seal(json.dumps(order.headers)) if order.headers else "",
        "events": list(order.events),
    }
    # a job that is sent again does not tell everything twice
    Callback.objects.update_or_create(
        team=team, document=document, batch=batch, url=order.url, defaults=values
    )


def settled(document_id: int) -> None:
    """Tells that a document is finished, once its formats are too; call it in the transaction that ends one.

    The caller has changed the document's row before, so of two formats the second sees the first one's end.
    """
    document = Document.objects.alive().filter(pk=document_id).select_related("team", "batch", "user").first()
    if document is None or not document.finished or not _all_made(document) or not _shipped(document):
        return
    event = FILE_ERROR if document.status == Status.ERROR else FILE_COMPLETED
    ended = document.completed_at or timezone.now()
    for callback in _callbacks(document):
        if event in callback.events:
            once = f"{event}:{callback.pk}:{document.pk}:{int(ended.timestamp() * 1000)}"
            _tell(callback, event, once, document=document)
    webhooks.tell(document, event, ended)
    notices.note(document)
    if document.batch is not None:
        job_settled(document.batch)


def refused(batch: Batch) -> None:
    """Tells of files of the batch that failed as they were taken in, if anybody wants to hear of them."""
    wanted = any(FILE_ERROR in callback.events for callback in _of_batch(batch))
    if wanted or webhooks.listening(batch.team, FILE_ERROR, timezone.now()):
        failed = batches.files(batch).filter(status=Status.ERROR, completed_at=F("created_at"))
        for document_id in failed.values_list("pk", flat=True):
            settled(document_id)


def _of_batch(batch: Batch) -> QuerySet[Callback]:
    """The callbacks that came with the whole batch."""
    return Callback.objects.filter(team=batch.team_id, batch=batch, document=None)


def _all_made(document: Document) -> bool:
    if document.status != Status.COMPLETED:
        return True
    return not document.renditions.filter(status=RenditionStatus.PROCESSING).exists()


def _shipped(document: Document) -> bool:
    """Whether the results are where they were to be written, or will never be; sends them off if need be."""
    if document.status != Status.COMPLETED or not document.options.get("destination_uri"):
        return True
    of_now = {"results_of": document.completed_at}
    shipment, _ = Shipment.objects.get_or_create(document=document, defaults=of_now)
    if shipment.results_of != document.completed_at:
        again = {"status": ShipmentStatus.PROCESSING, "attempts": 0, "due_at": timezone.now(), "claim": ""}
        Shipment.objects.filter(pk=shipment.pk).update(**of_now, **again, lease_until=None)
        shipment.refresh_from_db()
    if shipment.status == ShipmentStatus.PROCESSING:
        queues.ship(shipment.pk)
    return shipment.status != ShipmentStatus.PROCESSING


def _callbacks(document: Document) -> list[Callback]:
    wanted = Q(document=document)
    if document.batch_id is not None:
        wanted |= Q(batch=document.batch_id, document=None)
    return list(Callback.objects.filter(wanted, team=document.team_id))


def job_settled(batch: Batch) -> None:
    """Tells that a job is completed, once it is finalized and all of its files are finished."""
    if batch.finalized_at is None or batch.portions.exists():
        return
    files = batches.files(batch)
    # by each status: a search for "none of these" would read a whole big job
    if any(files.filter(status=status).exists() for status in UNFINISHED):
        return
    made = Rendition.objects.filter(status=RenditionStatus.PROCESSING, document__batch=batch)
    under_way = Shipment.objects.filter(status=ShipmentStatus.PROCESSING, document__batch=batch)
    if made.filter(document__deleted_at=None).exists() or under_way.exists():
        return
    for callback in Callback.objects.filter(batch=batch):
        if JOB_COMPLETED in callback.events:
            address = hashlib.sha256(callback.url.encode()).hexdigest()
            _tell(callback, JOB_COMPLETED, f"{JOB_COMPLETED}:{batch.pk}:{address}", batch=batch)
    webhooks.tell_of_job(batch, JOB_COMPLETED)


def _tell(
    callback: Callback,
    event: str,
    once: str,
    *,
    document: Document | None = None,
    batch: Batch | None = None,
) -> None:
    callbacks.enqueue(
        callback.team,
        callback.url,
        sealed_headers=callback.headers,
        event=event,
        once=once,
        document=document,
        batch=batch,
        private=document is not None and document.private,
    )


def finalize(batch: Batch) -> Batch:
    """Notes that no more files are to come; the first time counts."""
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk, finalized_at=None).update(finalized_at=timezone.now())
        batch.refresh_from_db()
        job_settled(batch)
    return batch
