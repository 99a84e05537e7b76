"""A Mathpix account with a hundred thousand results, copied into the history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench import servers, within
from bench.figures import Figure

if TYPE_CHECKING:
    from bench.run import Conditions

ROWS, QUICK_ROWS = 100_000, 5_000


def measure(conditions: Conditions) -> Iterator[Figure]:
    rows = QUICK_ROWS if conditions.quick else ROWS
    with servers.folder() as place:
        yield from within.figures("mirror", rows, place)
