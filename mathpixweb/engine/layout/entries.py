"""Entries that hang, as in lists of references: all lines but the first of each are indented.

Paragraphs are told from them by what they lack: their first lines are indented, and many begin after a line
that is not full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from mathpixweb.engine.layout.draft import Draft, Row

FEWEST: Final = 2  # entries of more than one line
SAME_EDGE: Final = 2.5  # points
WIDEST: Final = 4.0  # em of indent
APART: Final = 1.2  # times the least distance of lines
FULL: Final = 3.0  # em that a line leaves white at most before one that goes on; the next word may be long


@dataclass(frozen=True, slots=True)
class Entries:
    """The rows, by their identity, with which entries begin, and those with which they go on."""

    first: frozenset[int] = frozenset()
    further: frozenset[int] = frozenset()


NONE: Final = Entries()


def of(draft: Draft) -> Entries:
    """The entries after the last heading of the page; none where it is not certain that they hang."""
    heads = [k for k, row in enumerate(draft.rows) if row.role == "section_header"]
    rows = [row for row in draft.rows[heads[-1] + 1 if heads else 0 :] if row.role == "text" and row.words]
    edges = {
        column: min(row.box.x0 for row in rows if row.column == column) for column in {r.column for r in rows}
    }
    indents = [row.box.x0 - edges[row.column] for row in rows]
    at_edge = [abs(indent) < SAME_EDGE for indent in indents]
    inner = [indent for indent, first in zip(indents, at_edge, strict=True) if not first]
    if len(inner) < FEWEST or max(inner) - min(inner) > SAME_EDGE or inner[0] > WIDEST * rows[0].size:
        return NONE
    if not at_edge[0] and not _is_full_page(rows, draft):
        return NONE
    return _entries(rows, at_edge, draft)


def _is_full_page(rows: Sequence[Row], draft: Draft) -> bool:
    """Whether nothing stands before the rows, so that the first may go on with what the page before began."""
    return next(row for row in draft.rows if row.role != "page_info") is rows[0]


def _entries(rows: Sequence[Row], at_edge: Sequence[bool], draft: Draft) -> Entries:
    opened = 0
    for (above, begun), (_, begins) in pairwise(zip(rows, at_edge, strict=True)):
        if begins:
            continue
        if draft.right_of(above) - above.box.x1 > FULL * above.size:
            return NONE  # an indented line after one that is not full begins a paragraph
        opened += begun
    if opened < FEWEST or _runs_on(rows, at_edge, draft):
        return NONE
    first = frozenset(id(row) for row, begins in zip(rows, at_edge, strict=True) if begins)
    return Entries(first, frozenset(map(id, rows)) - first)


def _runs_on(rows: Sequence[Row], at_edge: Sequence[bool], draft: Draft) -> bool:
    """Whether more of the indented lines before one at the edge are full than not, as first lines are.

    Where entries stand apart, there is nothing to ask.
    """
    pairs = [
        (above, below)
        for (above, begun), (below, begins) in pairwise(zip(rows, at_edge, strict=True))
        if begins and not begun and above.baseline > below.baseline
    ]
    least = min(
        above.baseline - below.baseline for above, below in pairwise(rows) if above.baseline > below.baseline
    )
    near = [above for above, below in pairs if above.baseline - below.baseline < APART * least]
    full = [above for above in near if draft.right_of(above) - above.box.x1 < 0.5 * above.size]
    return 2 * len(full) > len(near)
