"""Where tables are: between horizontal lines of one extent with columns between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout import marks
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.layout.tables import open_ends
from mathpixweb.engine.layout.tables.pieces import HEADING_GAP, PHRASE_GAP, lines_of, parts_of
from mathpixweb.engine.layout.tables.rulings import Rulings
from mathpixweb.engine.math import symbols
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.model import Glyph, Sheet

SHORTEST_BAR = 40.0  # points
SAME_EDGE = 3.0  # points
FEWEST_BARS = 3  # with fewer, frames and page furniture would pass for tables, unless columns are evident
DOUBLE_BAR = 6.0  # points between lines with nothing between them
FULL_LINE = 0.5  # of the bars' length, filled without a gap: running text
INSET = 0.2  # of the bars' length
MOST_PROSE = 0.3  # of the rows between two bars
ALOOF = (1.5, 5.0)  # em of white next to either bar, and to both together
GLUED = 0.9  # em
FEWEST_WORDS = 5  # of running text
PIECES_A_LINE = 1.6  # on average, between two bars only
HEADING = 26.0  # points above a table where lines may stand that belong to it
HIGHEST = 0.85  # of the page's height
BESIDE = 60.0  # points between two columns of figures
FIGURES = frozenset("0123456789.,()$€£¥%-–—−+")
MOSTLY = 0.6
_FENCES = (Kind.OPEN, Kind.CLOSE, Kind.VERT, Kind.PIECE)


def ruled(sheet: Sheet, rulings: Rulings) -> list[Box]:
    """Boxes between the first and the last line of each table."""
    groups: list[list[Box]] = []
    for bar in (bar for bar in rulings.bars if bar.width > SHORTEST_BAR):
        group = next((g for g in groups if _same_extent(g[0], bar)), None)
        if group is None:
            groups.append([bar])
        else:
            group.append(bar)
    groups = [group for group in groups if not _underlines_figures(group, rulings, sheet)]
    parts = [part for group in groups for part in _parted(group, sheet.glyphs, rulings)]
    tables = [part for part in parts if _is_table(part, sheet.glyphs, rulings)]
    own = {id(bar) for part in tables for bar in part}
    free = [bar for bar in rulings.bars if id(bar) not in own]
    found = [open_ends.closed(_with_heading(union(part), free), sheet.glyphs, rulings) for part in tables]
    return _outermost([box for box in found if box.height < HIGHEST * sheet.height])


def _underlines_figures(bars: Sequence[Box], rulings: Rulings, sheet: Sheet) -> bool:
    """Whether the bars only sum up one column of figures, as others beside them do in an account."""
    beside = [bar for bar in bars if any(_is_beside(bar, other) for other in rulings.bars)]
    if 2 * len(beside) <= len(bars):
        return False
    box = union(bars).grown(1)
    text = "".join(glyph.char for glyph in sheet.glyphs if box.contains_point(glyph.ink.cx, glyph.ink.cy))
    return bool(text) and sum(char in FIGURES for char in text) > MOSTLY * len(text)


def _is_beside(bar: Box, other: Box) -> bool:
    return abs(bar.cy - other.cy) < SAME_EDGE and 0 < -bar.x_overlap(other) < BESIDE


def _with_heading(box: Box, bars: Sequence[Box]) -> Box:
    """The box with the lines above, of no other table, that go over some of its columns only."""
    for bar in reversed(bars):
        inside = box.x0 - SAME_EDGE < bar.x0 and bar.x1 < box.x1 + SAME_EDGE
        if inside and SHORTEST_BAR < bar.width < box.width - SAME_EDGE and 0 < bar.cy - box.y1 < HEADING:
            box = Box(box.x0, box.y0, box.x1, bar.y1)
    return box


def _same_extent(one: Box, other: Box) -> bool:
    return abs(one.x0 - other.x0) < SAME_EDGE and abs(one.x1 - other.x1) < SAME_EDGE


def _outermost(boxes: Sequence[Box]) -> list[Box]:
    """The boxes without those that lie within another, as between lines under some of the columns."""
    ordered = sorted(boxes, key=lambda box: -box.width * box.height)
    kept: list[Box] = []
    for box in ordered:
        if not any(other.contains_point(box.cx, box.cy) for other in kept):
            kept.append(box)
    return kept


def _parted(bars: Sequence[Box], glyphs: Sequence[Glyph], rulings: Rulings) -> list[list[Box]]:
    """Bars of one extent parted where running text, or nothing, stands between two of them."""
    between = [Box(above.x0, below.y1, above.x1, above.y0) for above, below in pairwise(bars)]
    sides = [_has_sides(box, rulings) for box in between]
    parts = [[bars[0]]]
    for k, box in enumerate(between):
        open_sided = not sides[k] and any(sides[max(0, k - 1) : k + 2]) and box.height > DOUBLE_BAR
        if not open_sided and _is_table_between(box, glyphs, rulings):
            parts[-1].append(bars[k + 1])
        else:
            parts.append([bars[k + 1]])
    return parts


def _is_at_edge(stem: Box, bar: Box) -> bool:
    return min(abs(stem.cx - bar.x0), abs(stem.cx - bar.x1)) < SAME_EDGE


def _has_sides(box: Box, rulings: Rulings) -> bool:
    """Whether an upright line closes the box on its left or right."""
    return any(_is_at_edge(stem, box) and stem.y_overlap(box) > 0.6 * box.height for stem in rulings.stems)


def _is_table_between(box: Box, glyphs: Sequence[Glyph], rulings: Rulings) -> bool:
    band = [glyph for glyph in glyphs if box.y0 < glyph.ink.cy < box.y1]
    inside = [glyph for glyph in band if box.x0 <= glyph.ink.cx <= box.x1]
    if any(_crosses(stem, box) for stem in rulings.stems):
        return True
    if not inside:
        return box.height < DOUBLE_BAR
    rows = lines_of(inside)
    if _is_aloof(rows, box):
        return False
    gap = PHRASE_GAP if len(rows) > 1 else HEADING_GAP
    prose = sum(_is_running_text(row, box, gap) for row in rows)
    outside = [glyph for glyph in band if _is_glued(glyph, box)]
    return prose <= MOST_PROSE * len(rows) and len(outside) <= 0.5 * len(rows)


def _crosses(stem: Box, box: Box) -> bool:
    """Whether an upright line stands between the two bars."""
    return box.x0 - 2 < stem.cx < box.x1 + 2 and stem.y_overlap(box) > 0.6 * box.height


def _is_aloof(rows: Sequence[Row], box: Box) -> bool:
    """Whether much white parts the text from both bars: it belongs to another table, or to none."""
    size = rows[0].size
    above, below = box.y1 - rows[0].box.y1, rows[-1].box.y0 - box.y0
    return min(above, below) > ALOOF[0] * size and above + below > ALOOF[1] * size


def _is_glued(glyph: Glyph, box: Box) -> bool:
    """Whether the glyph stands right outside the box, as where a paragraph is wider than the bars."""
    beyond = max(glyph.ink.cx - box.x1, box.x0 - glyph.ink.cx)
    return 0 < beyond < GLUED * glyph.size


def _is_running_text(row: Row, box: Box, gap: float) -> bool:
    if row.box.width < FULL_LINE * box.width or len(parts_of(row, gap)) > 1:
        return False
    if row.box.x0 > box.x0 + INSET * box.width:
        return False  # a wide last column
    return len(parts_of(row)) >= FEWEST_WORDS


def _is_table(bars: Sequence[Box], glyphs: Sequence[Glyph], rulings: Rulings) -> bool:
    """Whether what stands between the bars has columns."""
    if len(bars) < 2:
        return False
    box = union(bars)
    inside = [glyph for glyph in glyphs if box.contains_point(glyph.ink.cx, glyph.ink.cy)]
    if not inside:
        return False
    if len(bars) == 2 and any(map(_is_large_fence, inside)):
        return False  # a formula in a frame, or between two lines
    pieces = [len(parts_of(row, PHRASE_GAP)) for row in lines_of(inside)]
    parted = sum(count > 1 for count in pieces)
    inner = [stem for stem in rulings.within(box).stems if box.x0 + 3 < stem.cx < box.x1 - 3]
    if len(bars) >= FEWEST_BARS or inner:
        return bool(parted or inner)
    return parted > 1 and sum(pieces) >= PIECES_A_LINE * len(pieces)


def _is_large_fence(glyph: Glyph) -> bool:
    return marks.is_extension(glyph) and symbols.symbol_of(glyph).kind in _FENCES
