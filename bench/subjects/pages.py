"""The browser's pages for a team of ten thousand documents and a million pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench import servers, within
from bench.figures import Figure

if TYPE_CHECKING:
    from bench.run import Conditions

ROWS, QUICK_ROWS = 1_000_000, 50_000


def measure(conditions: Conditions) -> Iterator[Figure]:
    rows = QUICK_ROWS if conditions.quick else ROWS
    with servers.folder() as place:
        yield from within.figures("pages", rows, place)
        if conditions.database:
            yield from within.figures("pages", rows, place / "other", conditions.database)
