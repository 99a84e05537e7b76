"""Short transactions of many threads, one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction

_turn = threading.RLock()


@contextmanager
def in_turn() -> Iterator[None]:
    """A transaction. SQLite lets who must wait try again after a while, whoever came first: of 64 callers the
    last one then waits for seconds. Who is in a transaction already has its turn."""
    alone = connection.vendor == "sqlite" and not connection.in_atomic_block
    with _turn if alone else nullcontext(), transaction.atomic():
        yield
