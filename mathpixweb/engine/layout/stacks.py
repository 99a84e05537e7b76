"""Rows under each other with something beside all of them: a brace that closes, or other rows.

TeX draws the rows first, each under the one before, and goes up again for what stands to their right.
"""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.geometry import union
from mathpixweb.engine.layout import marks
from mathpixweb.engine.layout.ties import GrowingRow, Run
from mathpixweb.engine.math import symbols
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.model import Glyph

MOST_ROWS = 8
MOST_UPRIGHT = 0.6  # of the glyphs of a short formula may be letters of names of functions
NEXT_ROW = 2.2  # em between the baselines of two rows at most, 0.8 at least
SAME_BASELINE = 0.6  # points
FENCE_GAP = 1.5  # em between the widest row and a brace that closes all of them
ROWS_GAP = (0.7, 6.0)  # em between the rows and others beside them
_ITALICS = frozenset(("it", "bi"))  # which fonts like Palatino lend to formulas
_RELATIONS = frozenset("=<>≤≥")
_CLOSING = (Kind.CLOSE, Kind.PIECE)


def height_beside(run: Run, rows: Sequence[GrowingRow]) -> int:
    """How many of the last rows the run stands beside, 0 if beside none."""
    if len(rows) < 2:
        return 0
    fence = marks.is_fence(run.first) and symbols.symbol_of(run.first).kind in _CLOSING
    if not fence and not _goes_back_up(run, rows[-1]):
        return 0
    for count in range(2, min(MOST_ROWS, len(rows)) + 1):
        if not _is_stack(rows[-count:]):
            return 0
        if _is_level(run, rows[-count:], fence):
            return count
    return 0


def _goes_back_up(run: Run, last: GrowingRow) -> bool:
    """Whether a row of its own begins, as high as one that was drawn before the last."""
    if last.baseline is None or run.extension or run.size < 0.88 * last.size:
        return False
    return run.baseline - last.baseline > 0.8 * last.em


def _is_stack(rows: Sequence[GrowingRow]) -> bool:
    """Whether the rows are formulas, each right under the one before."""
    upper, lower = rows[0], rows[1]
    if any(row.box is None or row.baseline is None or not _is_formula(row.glyphs) for row in (upper, lower)):
        return False
    drop = (upper.baseline or 0.0) - (lower.baseline or 0.0)
    under = upper.box is not None and lower.box is not None and upper.box.x_overlap(lower.box) > 0
    return under and 0.8 * lower.em < drop < NEXT_ROW * lower.em


def _is_formula(glyphs: Sequence[Glyph]) -> bool:
    upright = sum(
        glyph.char.isalpha() and glyph.family not in _ITALICS and not symbols.is_math(glyph)
        for glyph in glyphs
    )
    related = any(glyph.char in _RELATIONS or symbols.is_math(glyph) for glyph in glyphs)
    return related and upright <= MOST_UPRIGHT * len(glyphs)


def _may_be_formula(run: Run) -> bool:
    return _is_formula(run.glyphs) or run.first.family in _ITALICS


def _is_level(run: Run, rows: Sequence[GrowingRow], fence: bool) -> bool:
    box = union(row.box for row in rows if row.box)
    em = max(row.em for row in rows)
    gap = run.box.x0 - box.x1
    if not fence:
        level = abs(run.baseline - (rows[0].baseline or 0.0)) < SAME_BASELINE
        return level and ROWS_GAP[0] * em < gap < ROWS_GAP[1] * em and _may_be_formula(run)
    upper, lower = rows[0].box, rows[-1].box
    if upper is None or lower is None or not -0.1 * em < gap < FENCE_GAP * em:
        return False
    piece = marks.is_piece(run.first)
    return upper.cy < run.box.y1 < upper.y1 + em and (piece or lower.y0 - em < run.box.y0 < lower.cy)
