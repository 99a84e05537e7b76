"""How often a line of text is read: condensed first, since that is quicker, and again where it is unclear."""

from __future__ import annotations

import numpy as np
import pytest

from mathpixweb.engine.ocr import text_lines
from mathpixweb.engine.ocr.text_lines import Character, Reading

LINE = (24, 480)  # pixels; such a line is 960 long as the network reads it
WHOLE, CONDENSED = 960, 768


@pytest.fixture
def widths(monkeypatch):
    """The widths in which the network is given lines; a line that begins dark is unclear to it."""
    given = []

    def read(strips, allowed):
        given.extend(strip.shape[1] for strip in strips)
        return [Reading((Character("a", 0, 1, 0.4 if strip[0, 0] < 128 else 0.999),)) for strip in strips]

    monkeypatch.setattr(text_lines, "_read", read)
    return given


def strip(shape=LINE, tone=255):
    return np.full(shape, tone, np.uint8)


def test_a_clear_line_is_read_once_and_condensed(widths):
    assert [reading.text for reading in text_lines.read([strip()])] == ["a"]
    assert widths == [CONDENSED]


def test_an_unclear_line_is_read_again_in_its_width(widths):
    text_lines.read([strip(), strip(tone=0)])
    assert widths == [CONDENSED, CONDENSED, WHOLE]


def test_a_short_line_is_read_in_its_width(widths):
    text_lines.read([strip((24, 96))])
    assert widths == [192]


def test_where_most_is_unclear_nothing_more_is_condensed(widths):
    text_lines.read([strip(tone=0)] * 24)
    assert widths.count(CONDENSED) < 12
    assert widths.count(WHOLE) == 24
