"""Tables in pictures: where they are, their rows and columns, and which text stands in which cell.

Rules are what a picture shows most surely, so they come first; where they are missing, white gaps that stand
above each other part columns, and the distances of lines part rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from mathpixweb.engine.ocr.tables import regions
from mathpixweb.engine.ocr.tables.grid import Cell, Grid, gridded
from mathpixweb.engine.ocr.tables.rulings import Rulings, lattices, rulings_of
from mathpixweb.engine.ocr.text import TextLine

__all__ = ["Cell", "Grid", "Rulings", "find", "lattices", "rulings_of"]


def find(
    pieces: Sequence[TextLine], rulings: Rulings, em: float, *, alone: bool
) -> tuple[list[Grid], list[TextLine]]:
    """The tables, and the pieces, those of tables cut at the borders of cells.

    `em` is the font size of the text in pixels; `alone` says that the picture may be of one table.
    """
    grids: list[Grid] = []
    left = list(pieces)
    for region in regions.find(pieces, rulings, em, alone=alone):
        inside = [piece for piece in left if region.contains_point(piece.box.cx, piece.box.cy)]
        made = gridded(inside, region, rulings.within(region, em), em)
        if made is None:
            continue
        grid, cut = made
        grids.append(grid)
        outside = [piece for piece in left if not region.contains_point(piece.box.cx, piece.box.cy)]
        left = outside + cut
    return grids, left
