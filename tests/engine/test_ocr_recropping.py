"""What the edges of a picture have cut off of other lines, and what they have not."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from mathpixweb.engine.ocr.recropping import recropped
from mathpixweb.providers.local import LocalProvider
from tests.engine.drawn import encoded, page
from tests.engine.formula_pictures import ITALIC, ROMAN, SYMBOL, Text, picture

LINE = 35  # rows from one line of text to the next


def rows(*heights, width=60):
    """Lines of three square letters of these heights, white between them."""
    sheet = np.full((sum(heights) + LINE * (len(heights) - 1), width), 255, np.uint8)
    top = 0
    for height in heights:
        for left in (2, 22, 42):
            sheet[top : top + height, left : left + 14] = 0
        top += height + LINE
    return sheet


def test_a_line_that_was_cut_through_is_left_out():
    above = np.vstack([rows(6, 20, 20), np.full((3, 60), 255, np.uint8)])
    kept = above.copy()
    kept[:6] = 255
    assert (recropped(above) == kept).all()
    assert (recropped(above[::-1].copy()) == kept[::-1]).all()


@pytest.mark.parametrize(
    "sheet",
    [
        rows(20, 20, 20),  # whole letters at both edges
        np.vstack([rows(4, 20)[:4], rows(4, 20)[31:]]),  # accents
        np.full((30, 30), 255, np.uint8),
        np.zeros((30, 30), np.uint8),
    ],
)
def test_nothing_else_is_touched(sheet):
    assert recropped(sheet) is sheet


def test_the_whole_picture_is_read_if_that_is_asked():
    marks = [Text(ITALIC, "x", 0, 4, 12), Text(SYMBOL, "=", 10, 4, 12), Text(ROMAN, "1", 20, 4, 12)]
    formula = picture(marks, 60, 14)
    above = np.array(page(["some more"], size=34, margin=4).convert("L"))[29:38]
    above = np.pad(above, ((0, 14), (0, 0)), constant_values=255)[:, : formula.shape[1]]
    snip = encoded(Image.fromarray(np.vstack([above, formula[:, : above.shape[1]]])))
    assert LocalProvider().read_image(snip, {"skip_recrop": False}).equation == "x=1"
    assert LocalProvider().read_image(snip, {"skip_recrop": True}).equation != "x=1"
