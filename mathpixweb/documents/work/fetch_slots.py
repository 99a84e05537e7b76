"""Half of a machine's workers may wait for other people's servers; the others go on reading.

A slot is a lock on one byte of a file without a name, so it is free again when its holder ends in any way.
"""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.work import claims, queues


class NoneFree(Exception):
    """As many as may are waiting for addresses already."""


class Slots:
    """Shared by the processes that are forked after `share`; without it there is no limit."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None

    def share(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the worker lives

    @contextmanager
    def one(self) -> Iterator[None]:
        """Held while the body runs; then the next document is called. Raises NoneFree."""
        if self._file is None:
            yield
            return
        place = self._take(self._file)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)
            _wake_next()

    def _take(self, file: IO[bytes]) -> int:
        for place in range(max(1, settings.WORKERS // 2)):
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except OSError:
                continue
            return place
        raise NoneFree


SLOTS = Slots()


def put_back(document: Document, token: str) -> None:
    """Leaves the document to whoever has a slot next."""
    mine = Document.objects.filter(pk=document.pk, claim=token)
    mine.update(claim="", lease_until=None, attempts=F("attempts") - 1, queued_at=timezone.now())


def _wake_next() -> None:
    """Calls a worker for the document that was put back first, if it can be of a team that fetches nothing.

    Files of a job for which nobody was called yet come by themselves, a few at a time.
    """
    unfetched = Document.objects.unfinished().filter(status=Status.RECEIVED, source="").exclude(source_url="")
    waiting = unfetched.filter(claims.free(), queued_at__gt=F("created_at")).order_by("queued_at")
    fetching = unfetched.exclude(claims.free()).values("team")
    document = waiting.exclude(team__in=fetching).first() or waiting.first()
    if document is not None:
        queues.convert(document.pk)
