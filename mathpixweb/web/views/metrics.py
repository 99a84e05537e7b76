"""`/metrics`: the same numbers for Prometheus, in its text format."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mathpixweb.accounts import teams
from mathpixweb.accounts.models import User
from mathpixweb.documents.work import operation, pausing

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Samples = list[tuple[Mapping[str, str], float]]


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever sends METRICS_KEY as a bearer token, and for operators who are signed in."""
    if not _admitted(request):
        return HttpResponse("Send METRICS_KEY as a bearer token.\n", status=401, content_type="text/plain")
    return HttpResponse("\n".join(_lines()) + "\n", content_type=CONTENT_TYPE)


def _admitted(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_KEY and hmac.compare_digest(given.encode(), settings.METRICS_KEY.encode()):
        return True
    return isinstance(request.user, User) and teams.may_operate(request.user)


def _lines() -> Iterator[str]:
    queues = operation.queues()
    yield from _gauge("queue_waiting", "What waits", [({"queue": q.name}, q.waiting) for q in queues])
    yield from _gauge("queue_running", "What runs", [({"queue": q.name}, q.running) for q in queues])
    yield from _gauge("queue_paused", "1 while paused", [({}, float(pausing.paused() is not None))])
    machines = operation.machines()
    yield from _gauge(
        "worker_processes",
        "Processes that work",
        [({"machine": m.name}, m.processes if alive else 0) for m, alive in machines],
    )
    yield from _gauge(
        "worker_memory_bytes", "What they hold", [({"machine": m.name}, m.memory) for m, _ in machines]
    )
    for name, text, times in (
        ("page_seconds", "Reading a page, last day", operation.page_times()),
        ("document_seconds", "From intake to end, last day", operation.waits()),
    ):
        yield from _gauge(name, text, [({"quantile": "0.5"}, times.p50), ({"quantile": "0.95"}, times.p95)])
        yield from _gauge(f"{name}_count", f"How many: {text.lower()}", [({}, times.count)])
    yield from _gauge("documents_failed", "Documents that have failed", [({}, operation.failed().count())])
    disk = operation.disk()
    parts = {"documents": disk.documents, "database": disk.database, "free": disk.free}
    yield from _gauge(
        "disk_bytes", "Room on the disk", [({"part": part}, size) for part, size in parts.items()]
    )


def _gauge(name: str, text: str, samples: Samples) -> Iterator[str]:
    yield f"# HELP mathpixweb_{name} {text}."
    yield f"# TYPE mathpixweb_{name} gauge"
    for labels, value in samples:
        said = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"mathpixweb_{name}{{{said}}} {value:g}" if said else f"mathpixweb_{name} {value:g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
