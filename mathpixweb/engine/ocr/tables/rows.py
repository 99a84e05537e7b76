"""The rows of a table: between level rules, and between lines of text that do not go on with each other."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr.tables import columns
from mathpixweb.engine.ocr.tables.lines import box_of, middle
from mathpixweb.engine.ocr.tables.rulings import Rulings
from mathpixweb.engine.ocr.text import TextLine

EDGE_TO_EDGE: Final = 0.85  # of the table's width: a rule that parts rows
ACROSS: Final = 0.2  # of the width of a table whose columns rules part, too
SHORTEST_BAR: Final = 3.5  # em of a rule that parts rows
HEADING: Final = 3  # lines at most, and fewer than some rows below have
DENSE: Final = 0.75  # of the distance of rows: lines so near are of one row
ROOM: Final = 0.4  # em that the first word of a line would have needed besides itself in the line above
SAME_BAR: Final = 0.5  # em between two rules that are one
UNDER: Final = 1.4  # em below a line in which a rule belongs to it
RULED: Final = 0.7  # of the rows lie between rules of their own: all lines between two rules are one row


@dataclass(frozen=True, slots=True)
class Row:
    """`pieces` in one or more lines; `box` reaches to the middles between this row and its neighbours.

    `bars_under` are rules under some of its columns; `boxed`: it lies between two rules.
    """

    pieces: tuple[TextLine, ...]
    box: Box
    bars_under: tuple[Box, ...] = ()
    boxed: bool = False

    def filled_both(self, x: float, places: Sequence[float]) -> bool:
        """Whether the columns on both sides of the border have text of their own."""
        column = bisect(places, x - 1)
        filled = {bisect(places, piece.box.cx) for piece in self.pieces}
        return column in filled and column + 1 in filled


def rows_of(
    lines: Sequence[Sequence[TextLine]], box: Box, places: Sequence[float], rulings: Rulings, em: float
) -> list[Row]:
    inner = columns.inner(rulings.stems, box, em)
    bars = _through(rulings.bars, box, em, ACROSS if inner else EDGE_TO_EDGE)
    bands = _bands(lines, box, bars)
    single = sum(len(band.lines) == 1 for band in bands) if bands else 0
    ruled = len(bands) > 3 and single > RULED * len(bands)
    groups: list[tuple[list[list[TextLine]], _Band]] = []
    for k, band in enumerate(bands):
        if band.is_empty:
            groups.append(([], band))
            continue
        later = max((len(other.lines) for other in bands[k + 1 :]), default=0)
        heading = len(band.lines) <= HEADING and later > len(band.lines)
        whole = ruled or (bool(inner) and band.closed and not _is_list(band.lines, places))
        parts = [list(band.lines)] if whole else _parted(band, places, rulings, em, heading)
        groups += [([list(line) for line in part], band) for part in parts]
    return _placed(groups, box, rulings, places, em)


@dataclass(frozen=True, slots=True)
class _Band:
    """What stands between two rules that go from edge to edge."""

    upper: float
    lower: float
    lines: tuple[tuple[TextLine, ...], ...]
    closed: bool

    @property
    def is_empty(self) -> bool:
        return not self.lines


def _is_list(lines: Sequence[Sequence[TextLine]], places: Sequence[float]) -> bool:
    """Whether the lines between two rules are rows of their own: they fill the same columns, several."""
    filled = [_filled(line, places) for line in lines]
    return len(lines) > 2 and all(len(one & other) > 1 for one, other in pairwise(filled))


def _through(bars: Sequence[Box], box: Box, em: float, share: float) -> list[float]:
    """The heights of rules over that share of the width at least, pieces of one together."""
    rows: list[list[Box]] = []
    for bar in sorted(bars, key=lambda bar: bar.cy):
        if rows and bar.cy - rows[-1][-1].cy < SAME_BAR * em:
            rows[-1].append(bar)
        else:
            rows.append([bar])
    return [sum(bar.cy for bar in row) / len(row) for row in rows if _covered(row) > share * box.width]


def _covered(bars: Sequence[Box]) -> float:
    total, reach = 0.0, float("-inf")
    for bar in sorted(bars, key=lambda bar: bar.x0):
        total += max(0.0, bar.x1 - max(bar.x0, reach))
        reach = max(reach, bar.x1)
    return total


def _bands(lines: Sequence[Sequence[TextLine]], box: Box, bars: Sequence[float]) -> list[_Band]:
    edges = [box.y0 - 1, *bars, box.y1 + 1]
    inner = set(bars)
    middles = [middle(line) for line in lines]
    bands = []
    for upper, lower in pairwise(edges):
        own = tuple(tuple(line) for line, y in zip(lines, middles, strict=True) if upper < y <= lower)
        closed = upper in inner and lower in inner
        tall = lower - upper > 0.8 * _height(lines)
        if own or (closed and tall):
            bands.append(_Band(upper, lower, own, closed))
    return bands


def _height(lines: Sequence[Sequence[TextLine]]) -> float:
    return median(piece.size for line in lines for piece in line) if lines else 0.0


def _parted(
    band: _Band, places: Sequence[float], rulings: Rulings, em: float, heading: bool
) -> list[list[Sequence[TextLine]]]:
    """The band's lines by rows."""
    step = _step(band.lines, places)
    groups: list[list[Sequence[TextLine]]] = []
    for line in band.lines:
        above = groups[-1] if groups else None
        if above is not None and _goes_on(above, line, places, rulings, em, step, heading):
            above.append(line)
        else:
            groups.append([line])
    return groups


def _step(lines: Sequence[Sequence[TextLine]], places: Sequence[float]) -> float:
    """The usual distance of rows: that of lines that fill most of the same columns."""
    steps = [
        middle(below) - middle(above)
        for above, below in pairwise(lines)
        if len(_filled(above, places) & _filled(below, places)) > 1
    ]
    return median(steps) if steps else 0.0


def _filled(line: Sequence[TextLine], places: Sequence[float]) -> frozenset[int]:
    return frozenset(
        column
        for piece in line
        for column in range(bisect(places, piece.box.x0 + 2), bisect(places, piece.box.x1 - 2) + 1)
    )


def _goes_on(
    group: Sequence[Sequence[TextLine]],
    line: Sequence[TextLine],
    places: Sequence[float],
    rulings: Rulings,
    em: float,
    step: float,
    heading: bool,
) -> bool:
    """Whether the line belongs to the row above it."""
    above = group[-1]
    upper, lower = middle(above), middle(line)
    if any(upper < bar.cy < lower and bar.width > SHORTEST_BAR * em for bar in rulings.bars):
        return False
    one = frozenset(column for part in group for column in _filled(part, places))
    other = _filled(line, places)
    if heading:
        spanning = any(_spans(piece, places) for piece in (*above, *line))
        return not spanning and lower - upper < 2.2 * em
    if step and lower - upper < DENSE * step:
        return True
    smaller = other if len(other) <= len(one) else one
    if smaller == one | other or len(smaller) > len(one | other) / 2:
        return False
    return all(_had_no_room(group, line, column, places, em) for column in smaller)


def _spans(piece: TextLine, places: Sequence[float]) -> bool:
    return bisect(places, piece.box.x0 + 2) != bisect(places, piece.box.x1 - 2)


def _had_no_room(
    group: Sequence[Sequence[TextLine]],
    line: Sequence[TextLine],
    column: int,
    places: Sequence[float],
    em: float,
) -> bool:
    """Whether the text of this column goes on in the line because the line above was full."""
    over = [piece for above in group for piece in above if bisect(places, piece.box.cx) == column]
    under = [piece for piece in line if bisect(places, piece.box.cx) == column]
    if not over or not under:
        return False
    if over[-1].text.endswith(("-", ",")) or under[0].text[:1].islower():
        return True
    edge = places[column] if column < len(places) else over[-1].box.x1
    word = under[0].words[0].box.width
    return over[-1].box.x1 + ROOM * em + word > edge - 0.6 * em


def _placed(
    groups: Sequence[tuple[list[list[TextLine]], _Band]],
    box: Box,
    rulings: Rulings,
    places: Sequence[float],
    em: float,
) -> list[Row]:
    """Rows that touch each other, rules between them."""
    if not groups:  # rules around nothing that could be read
        return []
    ends = [box.y0]
    for (upper, band), (lower, next_band) in pairwise(groups):
        if band is not next_band:
            ends.append((band.lower + next_band.upper) / 2)
        else:
            top = max(piece.box.y1 for line in upper for piece in line)
            bottom = min(piece.box.y0 for line in lower for piece in line)
            ends.append((top + bottom) / 2)
    ends.append(box.y1)
    rows = []
    for (group, band), (y0, y1) in zip(groups, pairwise(ends), strict=True):
        pieces = tuple(piece for line in group for piece in line)
        under: tuple[Box, ...] = ()
        if pieces:
            foot = box_of(group[-1]).y1
            under = tuple(
                bar
                for bar in rulings.bars
                if -0.3 * em < bar.cy - foot < UNDER * em and bar.width < EDGE_TO_EDGE * box.width
            )
        rows.append(Row(pieces, Box(box.x0, y0, box.x1, y1), under, band.closed))
    return rows
