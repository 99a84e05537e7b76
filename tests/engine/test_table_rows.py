from __future__ import annotations

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr.tables import grid
from mathpixweb.engine.ocr.tables.rulings import Rulings


def test_a_frame_with_nothing_to_read_in_it_is_no_table():
    frame = Box(0, 0, 400, 300)
    assert grid.gridded([], frame, Rulings(), 20.0) is None
