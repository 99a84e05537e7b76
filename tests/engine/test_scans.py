from __future__ import annotations

import numpy as np
import pytest

from mathpixweb.engine import scans
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Block, Line, Page, Sheet, Text
from mathpixweb.engine.ocr import preparing

WHOLE = Box(0, 0, 200, 300)


def paper(spread):
    """A scan of paper whose tones differ by so much; its edge is dark."""
    tones = np.random.default_rng(1).integers(210 - spread, 211, (300, 200, 3), np.uint8)
    tones[:8] = tones[:, :6] = 20
    return tones


def page(*blocks):
    return Page(1, 200, 300, blocks)


def test_paper_with_a_tone_is_no_figure():
    assert scans.is_paper(page(Block("diagram", WHOLE)), paper(12))


@pytest.mark.parametrize(
    "blocks",
    [
        (Block("diagram", Box(50, 50, 150, 200)),),
        (Block("text", WHOLE, (Line((Text("a", WHOLE),), WHOLE, 10),)),),
        (Block("diagram", WHOLE), Block("diagram", Box(0, 0, 10, 10))),
        (),
    ],
)
def test_what_else_is_on_a_page_counts(blocks):
    assert not scans.is_paper(page(*blocks), paper(12))


def test_a_photograph_that_fills_a_page_is_a_figure():
    assert not scans.is_paper(page(Block("diagram", WHOLE)), paper(120))


def test_a_page_is_drawn_as_large_as_it_is_read():
    assert scans.drawn_width(Sheet(1, 595.2, 841.8)) == 2480
    poster = Sheet(1, 2384, 3370)
    width = scans.drawn_width(poster)
    assert 0.99 < width * width * poster.height / poster.width / preparing.MOST_PIXELS <= 1
