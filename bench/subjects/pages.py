"""The browser's pages for a team of ten thousand documents and a million pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench import servers, within
from bench.figures import Figure

if TYPE_CHECKING:
    from bench.run import Conditions

MADE_UP = "made-up"
ROWS, QUICK_ROWS = 1_000_000, 50_000


def measure(conditions: Conditions) -> Iterator[Figure]:
    rows = QUICK_ROWS if conditions.quick else ROWS
    with servers.folder() as place:
        # where a later subject finds it
        kept = servers.data_of(conditions.shared / MADE_UP if conditions.shared else place)
        yield from within.figures("pages", rows, kept)
        if conditions.database:
            yield from within.figures("pages", rows, place / "other", conditions.database)
