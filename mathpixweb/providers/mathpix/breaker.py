"""Stops asking a server that does not answer, for a while: who waits in line should not wait in vain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from mathpixweb.providers.mathpix.faults import Unreachable

FAILURES = 8  # in a row, before it opens
OPEN_SECONDS = 20.0


class Breaker:
    """Closed while calls succeed. Open after FAILURES in a row; then one call at a time tries the way."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_again_at = 0.0

    def check(self) -> None:
        """Raises Unreachable while nothing may be sent."""
        with self._lock:
            if self._failures < FAILURES:
                return
            left = self._closed_again_at - self._now()
            if left > 0:
                raise Unreachable(
                    "Mathpix has not been answering for a while, so nothing was sent just now. "
                    f"It is tried again in {left:.0f} seconds.",
                    reason="circuit_open",
                )
            self._closed_again_at = self._now() + OPEN_SECONDS  # the others wait for how this one fares

    def note(self, succeeded: bool) -> None:
        with self._lock:
            self._failures = 0 if succeeded else self._failures + 1
            if self._failures >= FAILURES:
                self._closed_again_at = self._now() + OPEN_SECONDS


_breakers: dict[str, Breaker] = {}
_lock = threading.Lock()


def of(base_url: str) -> Breaker:
    """One for each server, shared by all that this process sends there."""
    with _lock:
        return _breakers.setdefault(base_url, Breaker())


def forget() -> None:
    """As if nothing had been sent yet."""
    with _lock:
        _breakers.clear()
