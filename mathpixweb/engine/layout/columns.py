"""Reading order, columns, and the edges between which running text stands.

Drawing order is reading order in nearly all documents, since producers write as they typeset. Where a page
goes up again and again within one column, its order is made anew by cutting the page along its gutters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.readers.families import TEXT_FAMILIES

SHORTEST_PROSE = 100.0  # points; shorter rows say nothing about where text begins and ends
MOSTLY = 0.5  # of its glyphs are letters of words in a row of prose
GUTTER = 8.0  # points; narrower vertical gaps do not part columns
FEWEST_BESIDE = 3  # rows on each side of a gutter
FEWEST_EDGE_ROWS = 4
MOST_STRAYS = 2  # rows drawn too late that do not yet make drawing order useless


def order(draft: Draft) -> Draft:
    """Rows in reading order, each with the number of its column, and the page's edges."""
    rows = sorted(draft.rows, key=lambda row: row.index)
    if _strays(rows) > max(MOST_STRAYS, 0.05 * len(rows)):
        rows = cut(rows)
    prose = [row for row in rows if row.box.width > SHORTEST_PROSE and _is_prose(row)]
    gutters = _gutters(prose)
    numbered = tuple(replace(row, column=_column(row, gutters)) for row in rows)
    lefts = _edges([row.box.x0 for row in prose])
    rights = _edges([row.box.x1 for row in prose]) | _shared(prose)
    return replace(
        draft,
        rows=numbered,
        lefts=tuple(sorted(lefts)) or draft.survey.lefts,
        rights=tuple(sorted(rights)) or draft.survey.rights,
    )


def _is_prose(row: Row) -> bool:
    """Whether the row is mostly words, so that it tells where text begins and ends."""
    if not row.glyphs or row.rules:
        return False
    letters = sum(glyph.family in TEXT_FAMILIES and glyph.char[:1].isalpha() for glyph in row.glyphs)
    return letters > MOSTLY * len(row.glyphs)


def _strays(rows: Sequence[Row]) -> int:
    """How many rows stand above another of their column that is drawn before them."""
    return sum(any(_is_above(row.box, other.box) for other in rows[:k]) for k, row in enumerate(rows))


def _is_above(box: Box, other: Box) -> bool:
    return box.y0 > other.y1 and box.x_overlap(other) > 0.3 * min(box.width, other.width)


def cut(rows: Sequence[Row], fewest: int = FEWEST_BESIDE) -> list[Row]:
    """Rows ordered by the gutters between them: what is above a gutter, left of it, right of it, below it.

    A gutter must have `fewest` rows on each side.
    """
    if len(rows) < 2:
        return list(rows)
    bands = _bands(rows)
    runs = [_run_along(bands, gutter) for band in bands for gutter in _gaps(band)]
    runs = [run for run in runs if all(len(side) >= fewest for side in _sides(bands, run))]
    if not runs:
        return sorted(rows, key=lambda row: (-row.box.cy, row.box.x0))
    start, end, gutter = max(runs, key=lambda run: sum(map(len, bands[run[0] : run[1]])))
    above = [row for band in bands[:start] for row in band]
    below = [row for band in bands[end:] for row in band]
    left, right = _sides(bands, (start, end, gutter))
    return [row for part in (above, left, right, below) for row in cut(part, fewest)]


_Run = tuple[int, int, float]


def _gaps(band: Sequence[Row]) -> list[float]:
    """The middles of the white gaps between the columns of a band."""
    parts = [union(row.box for row in part) for part in _columns(band)]
    return [(left.x1 + right.x0) / 2 for left, right in pairwise(parts)]


def _run_along(bands: Sequence[Sequence[Row]], gutter: float) -> _Run:
    """The longest run of bands of which no row crosses the gutter."""
    best = start = end = 0
    for position, band in enumerate((*bands, None)):
        if band is not None and not any(row.box.x0 < gutter < row.box.x1 for row in band):
            continue
        if position - start > best:
            best, end = position - start, position
        start = position + 1
    return end - best, end, gutter


def _sides(bands: Sequence[Sequence[Row]], run: _Run) -> tuple[list[Row], list[Row]]:
    start, end, gutter = run
    rows = [row for band in bands[start:end] for row in band]
    return [row for row in rows if row.box.cx < gutter], [row for row in rows if row.box.cx >= gutter]


def _columns(rows: Sequence[Row]) -> list[list[Row]]:
    return _parts(rows, lambda row: (row.box.x0, row.box.x1), GUTTER)


def _bands(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows from top to bottom, those that overlap in height together."""
    return _parts(rows, lambda row: (-row.box.y1, -row.box.y0), 0.0)


def _parts(
    rows: Sequence[Row], interval: Callable[[Row], tuple[float, float]], gap: float
) -> list[list[Row]]:
    ordered = sorted(rows, key=interval)
    parts = [[ordered[0]]]
    reach = interval(ordered[0])[1]
    for row in ordered[1:]:
        start, end = interval(row)
        if start - reach >= gap:
            parts.append([])
        parts[-1].append(row)
        reach = max(reach, end)
    return parts


def _edges(positions: Sequence[float]) -> set[float]:
    """The positions, to a point, at which remarkably many rows of prose begin or end."""
    count = Counter(map(round, positions))
    needed = max(FEWEST_EDGE_ROWS, 0.08 * len(positions))
    return {x for x in count if count[x] + count[x - 1] + count[x + 1] >= needed}


def _shared(prose: Sequence[Row]) -> set[float]:
    """Where two rows under each other end alike, as in a short abstract or quotation."""
    return {
        float(round(below.box.x1))
        for above, below in pairwise(prose)
        if abs(above.box.x1 - below.box.x1) < 0.6 and abs(above.box.x0 - below.box.x0) < 2 * below.size
    }


def _gutters(prose: Sequence[Row]) -> list[float]:
    """The middles of the white gaps between columns."""
    if len(prose) < 2 * FEWEST_EDGE_ROWS:
        return []
    whole = union(row.box for row in prose)
    narrow = [row for row in prose if row.box.width < 0.6 * whole.width]
    if len(narrow) < 0.6 * len(prose):
        return []
    parts = _columns(narrow)
    solid = [union(row.box for row in part) for part in parts if len(part) >= FEWEST_EDGE_ROWS]
    return [(left.x1 + right.x0) / 2 for left, right in pairwise(solid)]


def _column(row: Row, gutters: Iterable[float]) -> int:
    """0 for the leftmost column, and for rows that reach across a gutter."""
    return sum(row.box.x0 > gutter for gutter in gutters)
