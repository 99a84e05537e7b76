"""From a stored document to its pages: claim → survey → pages → finish.

Every step is safe to run twice and by several workers at once. A worker takes turns of a few seconds, so that
the first pages of a new document come before the last pages of an old one.
"""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from mathpixweb import logs, tracing
from mathpixweb.accounts import usage
from mathpixweb.documents.images import image_batches, images
from mathpixweb.documents.intake import batches
from mathpixweb.documents.models import (
    CANCELLED,
    FINISHED,
    PAGE_DONE,
    Document,
    DocumentQuerySet,
    Kind,
    Page,
    PageStatus,
    Status,
)
from mathpixweb.documents.output import renditions
from mathpixweb.documents.remote import handing_in, readings
from mathpixweb.documents.telling import events
from mathpixweb.documents.work import claims, queues, recognition, surveying

TURN_SECONDS = 2.0


def queue(document: Document) -> None:
    """Wakes a worker for the document once the current transaction is stored."""
    tracing.note_document(document.public_id)
    queues.convert(document.pk)


def take_turn(document_id: int) -> None:
    """One worker's turn: what comes next for the document, for about TURN_SECONDS."""
    mine = Document.objects.unfinished().filter(handing_in.HERE, pk=document_id)
    document = mine.select_related("team").first()
    if document is None:
        return
    public_id = document.public_id
    with logs.about(document=public_id), tracing.of_document("a worker's turn", public_id):
        if document.is_image:
            _read_image(document)
            return
        _work(document)
        if document.finished and document.batch_id is not None:
            batches.wake_next(document.batch_id)


def _read_image(document: Document) -> None:
    images.take_turn(document)
    if document.finished and document.batch is not None:
        batches.wake_next(document.batch.pk)
        image_batches.tell_if_done(document.batch)


def _work(document: Document) -> None:
    if document.status != Status.SPLIT and not surveying.prepare(document):
        return
    if not _read_pages(document):
        queue(document)
    finish(document)


def _read_pages(document: Document) -> bool:
    """Reads pages until the turn is over; whether none is left waiting."""
    turn_ends = time.monotonic() + TURN_SECONDS
    while claimed := _claim_page(document):
        page, token = claimed
        with tracing.of_document("reading a page", document.public_id, **{"page.number": page.number}):
            recognition.read(document, page, token)
        if time.monotonic() > turn_ends:
            return False
    return True


def _claim_page(document: Document) -> tuple[Page, str] | None:
    """The first waiting page, now ours."""
    while page := Page.objects.filter(document=document, status=PageStatus.WAITING).order_by("index").first():
        waiting = Page.objects.filter(
            pk=page.pk, status=PageStatus.WAITING, document__in=_splitting(document)
        )
        if token := claims.take(waiting, status=PageStatus.READING):
            page.refresh_from_db()
            return page, token
        if not _splitting(document).exists():
            return None
    return None


def _splitting(document: Document) -> DocumentQuerySet:
    return Document.objects.unfinished().filter(pk=document.pk, status=Status.SPLIT)


def finish(document: Document) -> bool:
    """Completes the document when no page is left to do; whether this call did so."""
    if document.pages.exclude(status__in=PAGE_DONE).exists() or handing_in.is_out(document):
        return False
    with transaction.atomic():
        worked = document.pages.aggregate(seconds=Sum("duration"))["seconds"] or 0
        if not _splitting(document).change(
            **_outcome(document), completed_at=timezone.now(), duration=worked
        ):
            return False
        document.refresh_from_db()
        count(document)
        renditions.request_ordered(document)
        events.settled(document.pk)
    return True


def _outcome(document: Document) -> dict[str, Any]:
    """Completed, unless not one page could be read."""
    failed = document.pages.filter(status=PageStatus.ERROR).first()
    if failed is None or document.pages.filter(status=PageStatus.COMPLETED).exists():
        return {"status": Status.COMPLETED}
    return {"status": Status.ERROR, "error_id": "sys_exception", "error_detail": failed.error_detail}


def count(document: Document) -> None:
    """Writes the pages read since the last count into the ledger."""
    read = document.pages.filter(status=PageStatus.COMPLETED).count()
    fresh = read - document.counted_pages
    if fresh > 0:
        usage.record(
            document.team_id,
            "pdf-page",
            document.options,
            count=fresh,
            duration=document.duration,
            api_key=document.api_key_id,
            user=document.user_id,
        )
        Document.objects.filter(pk=document.pk).update(counted_pages=read)


def cancel(document: Document) -> bool:
    """Stops the document, the running page too; what was read stays. Whether there was anything to stop."""
    message = "The conversion was cancelled. Pages read before that are kept."
    with transaction.atomic():
        stopped = (
            Document.objects.unfinished()
            .filter(pk=document.pk)
            .change(
                status=Status.ERROR,
                error_id=CANCELLED,
                error_detail={"message": message},
                completed_at=timezone.now(),
                claim="",
                lease_until=None,
            )
        )
        if not stopped:
            return False
        running = document.pages.filter(status=PageStatus.READING)
        running.update(status=PageStatus.WAITING, claim="", lease_until=None, attempts=0)
        document.refresh_from_db()
        count(document)
        events.settled(document.pk)
    return True


def retry(document: Document) -> bool:
    """Takes up what failed or was cancelled; whether there was anything to take up."""
    with transaction.atomic():
        finished = Document.objects.alive().filter(pk=document.pk, status__in=FINISHED)
        if handing_in.may_go_on(document) and handing_in.resume(document):
            started = Status.SPLIT if document.pages.exists() else Status.LOADED
            again = finished.change(**_fresh(), status=started)
        elif not document.pages.exists():
            again = finished.filter(status=Status.ERROR).change(**_fresh(), status=Status.RECEIVED)
        elif _wait_again(document.pages.exclude(status=PageStatus.COMPLETED)):
            again = finished.change(**_fresh(), status=Status.SPLIT)
        else:
            again = 0
        if again:
            renditions.forget(document)
            queue(document)
    return bool(again)


def retry_page(page: Page, reader: str = "") -> bool:
    """Reads one page of a finished document again, by the provider of that name; whether it will be.

    What another one has read of it is kept.
    """
    before = page.provider or page.document.provider
    reader = reader or before
    with transaction.atomic():
        finished = Document.objects.alive().filter(pk=page.document_id, status__in=FINISHED)
        if not finished.exclude(kind=Kind.CONVERTER).change(**_fresh(), status=Status.SPLIT):
            return False
        if reader != before and page.status == PageStatus.COMPLETED:
            readings.keep(page, before, page.mmd, page.confidence)
        Page.objects.filter(pk=page.pk).update(provider=reader)
        _wait_again(Page.objects.filter(pk=page.pk))
        renditions.forget(page.document)
        queue(page.document)
    return True


def _fresh() -> dict[str, Any]:
    now = timezone.now()
    return {
        "error_id": "",
        "error_detail": {},
        "completed_at": None,
        "attempts": 0,
        "claim": "",
        "lease_until": None,
        "queued_at": now,
    }


def _wait_again(pages: QuerySet[Page]) -> int:
    return pages.update(
        status=PageStatus.WAITING, error_id="", error_detail={}, claim="", lease_until=None, attempts=0
    )
