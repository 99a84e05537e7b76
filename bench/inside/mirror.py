"""Copying an account with many results: once, then when nothing is new, then all of it read again."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

import httpx
from django.conf import settings
from django.db.models import Count, Max, Sum

from bench.figures import Figure
from bench.inside import account, seeding
from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import Team, UsageEvent
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.mirror import MirroredList
from mathpixweb.documents.remote import mirror

MEGABYTE = 1000.0  # of what the system counts in KiB, nearly


def measure(rows: int) -> Iterator[Figure]:
    seeding.prepare()
    (team,) = seeding.teams(1)
    with _far_end(rows) as url:
        settings.MATHPIX_API_URL = url
        key = sealing.seal("key of the bench's account")
        RemoteAccount.objects.create(team=team, region="server", app_key=key, mirrored=True)
        before = _peak()
        yield from _round(team, url, f"copying {rows:,} results", full=False)
        yield Figure("memory that copying takes", _peak() - before, "MB")
        yield Figure("results that are missing", float(rows - Document.objects.count()), "", goal="0")
        for what, full in (("again, nothing is new", False), ("again, all of it read", True)):
            known = _state()
            yield from _round(team, url, what, full=full)
            yield Figure(f"{what}: what has changed", float(_state() != known), "", goal="0")


def _round(team: Team, url: str, what: str, *, full: bool) -> Iterator[Figure]:
    asked, began, cpu = _asked(url), time.monotonic(), time.process_time()
    mirror.request(team, full=full)
    for row in MirroredList.objects.filter(team=team):
        synced = row.synced_at
        while row.synced_at == synced:
            mirror.take_turn(row.pk)
            row.refresh_from_db()
            if row.error:
                raise RuntimeError(row.error)
    yield Figure(what, time.monotonic() - began, "s")
    yield Figure(f"{what}: CPU", time.process_time() - cpu, "CPU s")
    yield Figure(f"{what}: requests", float(_asked(url) - asked), "")


def _state() -> object:
    """What would be different if anything had been written."""
    told = Document.objects.aggregate(Count("pk"), Max("modified_at"), Max("pk"), Sum("changes"))
    return told, UsageEvent.objects.aggregate(Count("pk"), Sum("count"))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def _asked(url: str) -> int:
    return int(httpx.get(url + account.ASKED).text)


@contextmanager
def _far_end(rows: int) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", account.__name__, str(rows)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield f"http://127.0.0.1:{int(cast(IO[str], process.stdout).readline())}"
    finally:
        process.kill()
        process.wait()
