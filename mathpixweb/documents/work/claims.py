"""Who works on what: claims by compare-and-swap, kept alive by a heartbeat, lost when the worker dies.

A claim is a random token on a row with a lease. What a worker writes afterwards names its token, so one that
was too slow, cancelled or restarted can no longer overwrite anything.
"""

from __future__ import annotations

import secrets
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone

LEASE = timedelta(seconds=10)
SKEW = timedelta(seconds=60)  # by which clocks of several machines may differ
BEAT_SECONDS = 3.0
MAX_ATTEMPTS = 3


class Interrupted(BaseException):
    """Raised inside work that has taken too long (`lost` False) or is no longer wanted (`lost` True)."""

    def __init__(self, lost: bool) -> None:
        super().__init__()
        self.lost = lost


def free() -> Q:
    """Rows that nobody holds, or whose holder has stopped showing signs of life."""
    return Q(lease_until=None) | dead()


def dead() -> Q:
    """Rows whose holder has stopped showing signs of life.

    A lease beyond all that are given now is of a clock that has been set back since; its holder, if it lives,
    renews it within seconds.
    """
    now = timezone.now()
    return Q(lease_until__lt=now) | Q(lease_until__gt=now + LEASE + SKEW)


def take(rows: models.QuerySet[Any], **fields: Any) -> str | None:
    """Claims the one row that `rows` selects; its token, or None when another was faster."""
    token = secrets.token_hex(16)
    lease = timezone.now() + LEASE
    taken = rows.filter(free()).update(claim=token, lease_until=lease, attempts=F("attempts") + 1, **fields)
    return token if taken else None


@contextmanager
def held(model: type[models.Model], token: str, seconds: float) -> Iterator[None]:
    """Renews the lease while the body runs; interrupts it after `seconds` or when the claim is lost."""
    heart = _Heart(model, token, seconds)
    on_main_thread = threading.current_thread() is threading.main_thread()
    if on_main_thread:
        # stays when the work is done: an alarm that rings then would otherwise end the process
        signal.signal(signal.SIGALRM, heart.interrupt)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    heart.start()
    try:
        yield
    finally:
        heart.stopped.set()
        if on_main_thread:
            signal.setitimer(signal.ITIMER_REAL, 0)


class _Heart(threading.Thread):
    def __init__(self, model: type[models.Model], token: str, seconds: float) -> None:
        super().__init__(name="heartbeat", daemon=True)
        # what is held has a lease, by which it is found among all rows
        self.rows = model._default_manager.filter(claim=token, lease_until__isnull=False)
        self.beats = int(seconds / BEAT_SECONDS) + 1
        self.stopped = threading.Event()
        self.lost = False

    def run(self) -> None:
        try:
            for _ in range(self.beats):
                if self.stopped.wait(BEAT_SECONDS):
                    return
                if not self.rows.update(lease_until=timezone.now() + LEASE):
                    self._lose()
                    return
        finally:
            connection.close()

    def _lose(self) -> None:
        self.lost = True
        if main := threading.main_thread().ident:
            signal.pthread_kill(main, signal.SIGALRM)

    def interrupt(self, *_: object) -> None:
        if not self.stopped.is_set():
            raise Interrupted(self.lost)
