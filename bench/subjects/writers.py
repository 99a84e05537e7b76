"""Four processes that write at the same time, a thousand transactions each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench import servers, within
from bench.figures import Figure

if TYPE_CHECKING:
    from bench.run import Conditions

TRANSACTIONS, QUICK_TRANSACTIONS = 1000, 100


def measure(conditions: Conditions) -> Iterator[Figure]:
    many = QUICK_TRANSACTIONS if conditions.quick else TRANSACTIONS
    with servers.folder() as place:
        yield from within.figures("writers", many, place)
        if conditions.database:
            yield from within.figures("writers", many, place / "other", conditions.database)
