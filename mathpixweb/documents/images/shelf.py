"""Things that several threads share, given to whoever has waited longest.

With a queue of the standard library a thread that comes at the right moment takes what another was woken for,
which then waits from the beginning.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Shelf(Generic[Thing]):
    def __init__(self, things: Iterable[Thing]) -> None:
        self._idle = list(things)
        self._waiting: deque[Future[Thing]] = deque()
        self._lock = threading.Lock()

    def take(self, seconds: float) -> Thing:
        """What was put back last, as it is warm, unless that was said to be cold. Raises TimeoutError."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
            turn: Future[Thing] = Future()
            self._waiting.append(turn)
        try:
            return turn.result(seconds)
        except TimeoutError:
            with self._lock:
                if not turn.done():
                    self._waiting.remove(turn)
                    raise
            return turn.result()

    def put_back(self, thing: Thing, *, cold: bool = False) -> None:
        """What is cold is taken last."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set_result(thing)
            elif cold:
                self._idle.insert(0, thing)
            else:
                self._idle.append(thing)

    def emptied(self) -> list[Thing]:
        """All that nobody has taken, taken at once."""
        with self._lock:
            things, self._idle = self._idle, []
        return things
