"""A bound on the time of the processor that a piece of work may take."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TooSlow(BaseException):
    """Raised inside of work that has taken too long. It is no Exception: nobody may take it for a fault."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises TooSlow in the body once the process has computed for so long.

    Python tells only main threads of signals: the work of others has no bound.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGVTALRM, _interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _interrupt(*_: object) -> None:
    raise TooSlow
