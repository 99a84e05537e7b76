"""Which words in the cells of tables keep their symbols from being formulas."""

from __future__ import annotations

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import reading
from mathpixweb.engine.ocr.tables.grid import Grid
from mathpixweb.engine.ocr.text import TextLine, TextWord

GRID = Grid(Box(0, 0, 400, 100), 1, 1, ())


def line(text, x, y, size):
    box = Box(x, y, x + 0.5 * size * len(text), y + 0.7 * size)
    return TextLine((TextWord(text, box, 0.99),), box, box.y1, size, 0.99)


@pytest.mark.parametrize(
    ("second", "plain"),
    [(line("2", 116, 34, 20), []), (line("2", 180, 40, 30), ["2"]), (line("2", 180, 34, 20), ["2"])],
    ids=["an exponent", "a number further on", "a smaller number further on"],
)
def test_a_number_is_plain_if_it_is_no_exponent(second, plain):
    lines = [line("x", 100, 40, 30), second]
    boxes = reading._plain_cells(lines, [GRID])
    assert [each.text for each in lines if each.words[0].box in boxes] == plain
