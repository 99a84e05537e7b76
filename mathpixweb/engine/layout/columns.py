"""Reading order, columns, and the edges between which running text stands.

Drawing order is reading order in nearly all documents, since producers write as they typeset. Where a page
goes up again and again within one column, its order is made anew by cutting the page along its gutters.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph
from mathpixweb.engine.readers.families import TEXT_FAMILIES

SHORTEST_PROSE = 100.0  # points; shorter rows say nothing about where text begins and ends
REACHED = 0.9  # of the lines end before the right edge of a column of ragged text
MOSTLY = 0.4  # of its glyphs are letters of words in a row of prose
FEWEST_IN_WORD = 3  # letters; shorter words may be formulas
WITHIN_WORD = 0.15  # em between letters
FEWEST_LETTERS = 6  # in a row that tells of drawing order; parts of formulas may be drawn in any
GUTTER = 8.0  # points; narrower vertical gaps do not part columns
FEWEST_BESIDE = 3  # rows on each side of a gutter
FEWEST_EDGE_ROWS = 4
SAME_BASELINE = 1.5  # points
SAME_END = 1.5  # points by which lines of stretched text may differ
MOST_PLACED = 0.5  # of the rows, as formulas drawn after all the words around them
MOST_STRAYS = 2  # rows drawn too late that do not yet make drawing order useless


def order(draft: Draft) -> Draft:
    """Rows in reading order, each with the number of its column, and the page's edges."""
    return numbered(draft, _in_order(sorted(draft.rows, key=lambda row: row.index)))


def numbered(draft: Draft, rows: Sequence[Row]) -> Draft:
    """The rows, which come as they are to be read, with their columns' numbers, and the page's edges."""
    prose = _prose(rows)
    gutters = _gutters(prose)
    with_columns = tuple(row.in_column(_column(row, gutters)) for row in rows)
    lefts = _edges([row.box.x0 for row in prose])
    rights = _edges([row.box.x1 for row in prose])
    shared = _shared(prose)
    return replace(
        draft,
        rows=with_columns,
        lefts=tuple(sorted(lefts)) or draft.survey.lefts,
        rights=tuple(sorted((rights or set(draft.survey.rights)) | shared)),
        gutters=tuple(gutters),
        reaches=_reaches(prose, gutters),
    )


def lefts_of(rows: Iterable[Row]) -> tuple[float, ...]:
    """Where running text begins on all of several pages, such as slides, of which none has enough.

    Where there are but a few lines of text in all, as on a sheet of exercises, none stands left of it. Where
    formulas have nothing but a word or two between them, those tell.
    """
    rows = list(rows)
    starts = [row.box.x0 for row in _prose(rows)]
    edges = _edges(starts) or _edges([row.box.x0 for row in rows if _is_prose(row)])
    return tuple(sorted(edges)) or tuple(sorted(starts)[:1])


def _prose(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.box.width > SHORTEST_PROSE and _is_prose(row)]


def _is_prose(row: Row) -> bool:
    """Whether the row is mostly words, so that it tells where text begins and ends."""
    if not row.glyphs or row.rules:
        return False
    inside = length = 0
    most = MOSTLY * len(row.glyphs)
    last: Glyph | None = None
    for glyph in row.glyphs:
        if glyph.family not in TEXT_FAMILIES or not glyph.char[:1].isalpha():
            last, length = None, 0
            continue
        joined = last is not None and abs(glyph.x - last.x - last.advance) < WITHIN_WORD * glyph.size
        length = length + 1 if joined else 1
        if length >= FEWEST_IN_WORD:
            inside += FEWEST_IN_WORD if length == FEWEST_IN_WORD else 1
            if inside > most:
                return True
        last = glyph
    return False


def _in_order(drawn: Sequence[Row]) -> list[Row]:
    """The rows as they are read: as they are drawn, or with some put in their places, or all made anew."""
    told = [row for row in drawn if row.block or len(row.glyphs) >= FEWEST_LETTERS]
    strays = _strays(told)
    few = len(strays) <= max(MOST_STRAYS, 0.05 * len(drawn))
    if not few and (any(map(_is_prose, strays)) or len(strays) > MOST_PLACED * len(told)):
        return cut(drawn)
    if few and not any(map(_is_formula, strays)):
        return list(drawn)
    own = set() if few else {id(row) for row in strays}
    lost = [row for row in _strays(drawn) if _is_formula(row) or id(row) in own]
    gone = set(map(id, lost))
    kept = [row for row in drawn if id(row) not in gone]
    gutters = _gutters(_prose(drawn))
    for row in sorted(lost, key=lambda row: -row.box.cy):
        kept.insert(_place_of(row, kept, gutters), row)
    return kept


def _is_formula(row: Row) -> bool:
    return any(map(symbols.is_math, row.glyphs)) and not _is_prose(row)


def _strays(rows: Sequence[Row]) -> list[Row]:
    """The rows that stand above another of their column which is drawn before them."""
    strays: list[Row] = []
    kept: list[Row] = []
    for row in rows:
        stray = any(_is_above(row.box, other.box) for other in kept)
        (strays if stray else kept).append(row)
    return strays


def _place_of(row: Row, rows: Sequence[Row], gutters: Sequence[float]) -> int:
    """Where the row goes among the others: after the one right above it, else before what is below it."""
    column = _column(row, gutters)
    over = [
        k
        for k, other in enumerate(rows)
        if other.box.y0 >= row.box.cy
        and (other.box.x_overlap(row.box) > 0 or (gutters and _column(other, gutters) == column))
    ]
    if over:
        return min(over, key=lambda k: rows[k].box.y0) + 1
    return next((k for k, other in enumerate(rows) if other.box.x_overlap(row.box) > 0), len(rows))


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
        return _line_by_line(rows)
    start, end, gutter = max(runs, key=lambda run: sum(map(len, bands[run[0] : run[1]])))
    above = [row for band in bands[:start] for row in band]
    below = [row for band in bands[end:] for row in band]
    left, right = _sides(bands, (start, end, gutter))
    return [row for part in (above, left, right, below) for row in cut(part, fewest)]


def _line_by_line(rows: Sequence[Row]) -> list[Row]:
    """Rows from the top down; those on one baseline from left to right, whatever stands high in them."""
    lines: list[list[Row]] = []
    for row in sorted(rows, key=lambda row: (-row.box.cy, row.box.x0)):
        if lines and row.glyphs and abs(lines[-1][0].baseline - row.baseline) < SAME_BASELINE:
            lines[-1].append(row)
        else:
            lines.append([row])
    return [row for line in lines for row in sorted(line, key=lambda row: row.box.x0)]


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


def _reaches(prose: Sequence[Row], gutters: Sequence[float]) -> tuple[float, ...]:
    """How far the text of each column reaches to the right, but for a few lines that are too long."""
    if not prose:
        return ()
    ends: list[list[float]] = [[] for _ in range(len(gutters) + 1)]
    for row in prose:
        column = bisect(gutters, row.box.x0)
        if column == bisect(gutters, row.box.x1):
            ends[column].append(row.box.x1)
    return tuple(_reach(sorted(end)) for end in ends)


def _reach(ends: Sequence[float]) -> float:
    """Where nearly all of the lines end at most, or the longest ones alike."""
    if len(ends) > 1 and ends[-1] - ends[-2] < SAME_END:
        return ends[-1]
    return ends[int(REACHED * (len(ends) - 1))] if ends else 0.0


def _column(row: Row, gutters: Iterable[float]) -> int:
    """0 for the leftmost column, and for rows that reach across a gutter."""
    return sum(row.box.x0 > gutter for gutter in gutters)
