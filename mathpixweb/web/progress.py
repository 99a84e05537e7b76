"""How far a document is, and how much longer it will take, from the pages that are done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from mathpixweb.documents.models import PAGE_DONE, Document, PageStatus

LONGEST_QUEUE = 1000  # documents that are looked at


@dataclass(frozen=True, slots=True)
class Progress:
    """`total` is None until the document has been opened; times are in seconds.

    `ahead`: how many documents came before it and are not done, as long as no page of it is.
    """

    total: int | None
    done: int
    failed: int
    waiting: int
    elapsed: float
    remaining: float | None
    ahead: int = 0

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def of_document(document: Document) -> Progress:
    done = Q(status__in=PAGE_DONE)
    counts = document.pages.aggregate(
        rows=Count("pk"),
        done=Count("pk", filter=done),
        failed=Count("pk", filter=Q(status=PageStatus.ERROR)),
        first=Min("completed_at", filter=done),
        last=Max("completed_at", filter=done),
        slowest=Max("duration", filter=done),
    )
    waiting = counts["rows"] - counts["done"]
    pace = _seconds_a_page(counts["done"], counts["first"], counts["last"], counts["slowest"])
    return Progress(
        total=document.num_pages,
        done=counts["done"],
        failed=counts["failed"],
        waiting=waiting,
        elapsed=_elapsed(document),
        remaining=pace * waiting if pace is not None and not document.finished else None,
        ahead=0 if document.finished or counts["done"] else _ahead(document),
    )


def _ahead(document: Document) -> int:
    """Of those that came shortly before, so that it costs the same in a library of any size."""
    before = Document.objects.unfinished().filter(pk__lt=document.pk, pk__gte=document.pk - LONGEST_QUEUE)
    return before.count()


def _elapsed(document: Document) -> float:
    end = (document.completed_at if document.finished else None) or timezone.now()
    return max(0.0, (end - document.created_at).total_seconds())


def _seconds_a_page(
    done: int, first: datetime | None, last: datetime | None, slowest: float | None
) -> float | None:
    """Measured between the first and the last done page, so that waiting in the queue does not count."""
    if not done or first is None or last is None:
        return None
    if done == 1:
        return slowest or 0.0
    return (last - first).total_seconds() / (done - 1)
