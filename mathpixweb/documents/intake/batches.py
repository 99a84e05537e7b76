"""Jobs: files sent in together, and the handles by which a file that is sent again is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Count, F, Max, Sum
from django.utils import timezone

from mathpixweb.accounts.models import Team
from mathpixweb.documents.models import Batch, Document, DocumentQuerySet, Status
from mathpixweb.documents.work import queues


@dataclass(frozen=True, slots=True)
class Handle:
    """How the sender names a file; the same batch and custom id, or key, never make a second document."""

    batch: Batch | None = None
    custom_id: str | None = None
    idempotency_key: str | None = None
    file_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many files a batch has, and how many of them are done."""

    files: int
    completed: int
    errored: int
    modified_at: datetime | None

    @property
    def finished(self) -> bool:
        return self.files == self.completed + self.errored


def fields(handle: Handle | None) -> dict[str, Any]:
    """The fields of a document that the handle fills."""
    if handle is None:
        return {}
    return {
        "file_id": handle.file_id,
        "batch": handle.batch,
        "key_in_batch": handle.custom_id,
        "idempotency_key": handle.idempotency_key,
    }


def sent_before(document: Document) -> Document | None:
    """The living document with the handle of one that is not stored yet."""
    if document.batch_id is not None and document.key_in_batch is not None:
        same = {"batch": document.batch_id, "key_in_batch": document.key_in_batch}
    elif document.idempotency_key is not None:
        same = {"idempotency_key": document.idempotency_key}
    else:
        return None
    return Document.objects.of_team(document.team).alive().filter(**same).first()


def alike(stored: Document, sent: Document) -> bool:
    """Whether both ask the same of the same file; of an upload only its size is compared."""
    same_size = bool(sent.source_url) or stored.source_size == sent.source_size
    wishes = [(one.name, one.source_url, one.options) for one in (stored, sent)]
    return same_size and wishes[0] == wishes[1]


def opened(team: Team, job_id: str) -> Batch:
    """The team's batch of that name, new if there is none."""
    return Batch.objects.get_or_create(team=team, job_id=job_id)[0]


def find(team: Team, job_id: str) -> Batch | None:
    return Batch.objects.filter(team=team, job_id=job_id, of_images=False).first()


def files(batch: Batch) -> DocumentQuerySet:
    return Document.objects.of_team(batch.team).alive().filter(batch=batch)


def progress(batch: Batch) -> Progress:
    to_come = batch.portions.aggregate(files=Sum("count"))["files"] or 0
    rows = files(batch).order_by().values("status").annotate(count=Count("pk"), latest=Max("modified_at"))
    counts = {row["status"]: row["count"] for row in rows}
    return Progress(
        files=sum(counts.values()) + to_come,
        completed=counts.get(Status.COMPLETED, 0),
        errored=counts.get(Status.ERROR, 0),
        modified_at=max((row["latest"] for row in rows), default=None),
    )


def wake_next(batch_id: int) -> None:
    """Calls a worker for the next file of the batch, unless enough messages are waiting already."""
    if queues.length() >= 2 * settings.WORKERS:
        return
    # a file for which nobody was called yet has been queued when it was made
    asleep = Document.objects.alive().filter(status=Status.RECEIVED, queued_at=F("created_at"))
    while document := asleep.filter(batch=batch_id).order_by("modified_at").first():
        if asleep.filter(pk=document.pk).update(queued_at=timezone.now()):
            queues.convert(document.pk)
            return
