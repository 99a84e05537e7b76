"""How the work goes: what waits, what runs, how long both take, what has failed, what lies on disk."""

from __future__ import annotations

import os
import shutil
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from mathpixweb.documents import storage
from mathpixweb.documents.models import (
    CANCELLED,
    Document,
    Page,
    PageStatus,
    Rendition,
    RenditionStatus,
    Status,
)
from mathpixweb.documents.models.callbacks import Delivery, DeliveryStatus
from mathpixweb.documents.models.operation import Machine
from mathpixweb.documents.models.portions import Portion
from mathpixweb.documents.work import outcomes

WORKER = "mathpixweb.web.worker"
FORGOTTEN = timedelta(days=1)  # a machine that has not reported for so long is gone
SILENT = timedelta(seconds=30)  # … and for so long: does not work
LATELY = timedelta(hours=24)
TIMES = """
WITH timed AS (SELECT {value} AS value FROM documents_page WHERE completed_at >= %s AND status = 'completed'),
ranked AS (SELECT value, ROW_NUMBER() OVER (ORDER BY value) AS place, COUNT(*) OVER () AS n FROM timed)
SELECT MAX(n), MAX(CASE WHEN place = (n * 50 + 99) / 100 THEN value END),
    MAX(CASE WHEN place = (n * 95 + 99) / 100 THEN value END) FROM ranked
"""


def database_can_be_written() -> bool:
    """False for one on a disk that is read-only by now, or for a standby of PostgreSQL's."""
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)  # its log lies beside it
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return bool(cursor.fetchone() == ("off",))


@dataclass(frozen=True, slots=True)
class Queue:
    """`oldest` is since when the first of them waits."""

    name: str
    waiting: int
    running: int
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """In seconds, of the last day."""

    count: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Disk:
    """In bytes; `others` is what else lies on the same disk."""

    documents: int
    database: int
    free: int
    total: int

    @property
    def others(self) -> int:
        return max(0, self.total - self.free - self.documents - self.database)

    def percent(self, part: int) -> float:
        return round(100 * part / self.total, 2) if self.total else 0.0


def report_machine() -> None:
    """Notes what the worker below this process takes; done with each sweep."""
    worker = next((child for child in psutil.Process().children() if WORKER in _command(child)), None)
    family = [worker, *worker.children(recursive=True)] if worker else []
    memory = sum(_memory(process) for process in family)
    now = timezone.now()
    values = {"processes": max(0, len(family) - 1), "memory": memory, "seen_at": now}
    Machine.objects.update_or_create(
        name=socket.gethostname(), defaults=values, create_defaults={**values, "started_at": now}
    )
    Machine.objects.filter(seen_at__lt=now - FORGOTTEN).delete()


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def machines() -> list[tuple[Machine, bool]]:
    """Each with whether it works."""
    alive = timezone.now() - SILENT
    return [(m, m.seen_at >= alive and m.processes > 0) for m in Machine.objects.order_by("name")]


def queues() -> list[Queue]:
    unfinished = Document.objects.unfinished()
    untouched = unfinished.filter(status__in=(Status.RECEIVED, Status.LOADED))
    pages = Page.objects.filter(document__in=unfinished)
    waiting = Q(status=PageStatus.WAITING)
    counts = pages.aggregate(
        w=Count("pk", filter=waiting), r=Count("pk", filter=Q(status=PageStatus.READING))
    )
    renditions = Rendition.objects.filter(status=RenditionStatus.PROCESSING)
    deliveries = Delivery.objects.filter(status=DeliveryStatus.WAITING)
    return [
        Queue("documents", *_held(untouched), _oldest(untouched)),
        Queue("pages", counts["w"], counts["r"], _oldest(unfinished.filter(status=Status.SPLIT))),
        Queue("renditions", *_held(renditions), _oldest(renditions)),
        Queue("callbacks", *_held(deliveries), _oldest(deliveries)),
        Queue("portions of jobs", Portion.objects.count(), 0, None),
    ]


def _held(rows: QuerySet) -> tuple[int, int]:  # type: ignore[type-arg]
    held = Q(lease_until__gte=timezone.now())
    counts = rows.aggregate(all=Count("pk"), held=Count("pk", filter=held))
    return counts["all"] - counts["held"], counts["held"]


def _oldest(rows: QuerySet) -> datetime | None:  # type: ignore[type-arg]
    first: datetime | None = rows.aggregate(first=Min("created_at"))["first"]
    return first


def page_times() -> Times:
    """What reading a page took."""
    with connection.cursor() as cursor:
        since = connection.ops.adapt_datetimefield_value(timezone.now() - LATELY)
        cursor.execute(TIMES.format(value="duration"), [since])
        count, p50, p95 = cursor.fetchone()
    return Times(count or 0, float(p50 or 0), float(p95 or 0))


def waits() -> Times:
    """From the moment a document came in to its end, of all teams."""
    outcome = outcomes.of_server(timezone.now() - LATELY)
    return Times(outcome.ended, outcome.p50, outcome.p95)


def failed() -> QuerySet[Document]:
    """The latest documents that failed, of all teams; their names are their teams' own."""
    found = Document.objects.alive().filter(status=Status.ERROR).exclude(error_id=CANCELLED)
    return (
        found.select_related("team")
        .order_by("-completed_at", "-pk")
        .only("public_id", "kind", "error_id", "completed_at", "team__name")
    )


def disk() -> Disk:
    usage = shutil.disk_usage(settings.DATA_DIR)
    return Disk(
        sum(storage.sizes(Path(settings.MEDIA_ROOT)).values()), _database_size(), usage.free, usage.total
    )


def _database_size() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    name = str(connection.settings_dict["NAME"])
    return sum(Path(name + end).stat().st_size for end in ("", "-wal") if Path(name + end).exists())
