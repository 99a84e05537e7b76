"""How a picture's lines are found: by their letters where these can be read well, else by the network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mathpixweb.engine.ocr import recognition
from mathpixweb.engine.ocr.frames import Frame
from mathpixweb.engine.ocr.preparing import Prepared
from mathpixweb.engine.ocr.sketches import Sketch
from mathpixweb.engine.ocr.text import TextLine, TextWord
from mathpixweb.engine.ocr.text_regions import Region

PAPER, WHOLE = np.full((800, 600), 255, np.uint8), Frame.of_whole(600, 800)
SCAN = Prepared(PAPER, WHOLE, Sketch(PAPER, WHOLE), uneven=True)


def region(number):
    x, y = 20.0, 20.0 + 40 * number
    return Region(np.array([[x, y], [x + 400, y], [x + 400, y + 24], [x, y + 24]], np.float32), 1.0)


def line(of, confidence):
    word = TextWord("some plain words", of.box, confidence)
    return TextLine((word,), of.box, of.box.y1, 20.0, confidence)


@pytest.fixture
def read_with(monkeypatch):
    """Reads the scan where lines are as sure as told; what was read, and whether the network sought lines."""

    def read(confidence, picture=SCAN):
        asked, sought = [], []

        def told(gray, regions, allowed=()):
            asked.append(len(regions))
            return [line(one, confidence) for one in regions]

        monkeypatch.setattr(recognition.letter_lines, "made_of", lambda *_: [region(k) for k in range(18)])
        monkeypatch.setattr(recognition.text, "read", told)
        monkeypatch.setattr(recognition, "_seen", lambda *_: sought.append(True) or [])
        return recognition.read(picture), asked, bool(sought)

    return read


def test_a_scan_with_panels_is_read_by_its_letters_each_line_once_and_from_top_to_bottom(read_with):
    found, asked, sought = read_with(0.99)
    assert asked == [6, 12]
    assert not sought
    assert [piece.box.y0 for piece in found.pieces] == [20.0 + 40 * k for k in range(18)]


def test_of_a_photograph_that_is_badly_read_no_more_than_some_lines_are_read_twice(read_with):
    found, asked, sought = read_with(0.9)
    assert (asked[0], sought, found.pieces) == (6, True, ())


def test_letters_in_even_light_are_read_at_once(read_with):
    _, asked, sought = read_with(0.99, replace(SCAN, uneven=False))
    assert (asked, sought) == ([0, 18], False)
