"""Where on a page symbols are looked for: at odd words and unread ink, not at what prose has as well."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import surmise
from mathpixweb.engine.ocr.symbols import Sighting
from mathpixweb.engine.ocr.text import TextLine, TextWord

SIZE = 30.0
NOTHING = Sighting((), (), 0.0)


@pytest.fixture
def looked_at(monkeypatch):
    """The shapes of what the network is given to look at."""
    shapes = []

    def detect(gray, *rest):
        shapes.append(gray.shape)
        return NOTHING

    monkeypatch.setattr(surmise.symbols, "detect", detect)
    return shapes


def page(draw=lambda gray: None, words="plain words"):
    """A line of words in boxes of ink, and what else is drawn."""
    gray = np.full((1200, 900), 255, np.uint8)
    placed = [
        TextWord(word, Box(100 + 150 * k, 100, 220 + 150 * k, 130), 0.99)
        for k, word in enumerate(words.split())
    ]
    for word in placed:
        cv2.rectangle(gray, (int(word.box.x0), 100), (int(word.box.x1) - 1, 129), 0, -1)
    draw(gray)
    return gray, [TextLine(tuple(placed), Box(100, 100, 400, 130), 125, SIZE, 0.99)]


def rectangle(x, y, width, height):
    return lambda gray: cv2.rectangle(gray, (x, y), (x + width - 1, y + height - 1), 0, -1)


@pytest.mark.parametrize(
    "drawn",
    [
        rectangle(100, 400, 700, 4),
        rectangle(500, 300, 4, 500),
        rectangle(100, 400, 20, 20),
        lambda gray: cv2.circle(gray, (110, 410), 9, 0, -1),
        rectangle(150, 131, 14, 6),
        rectangle(150, 92, 14, 7),
    ],
    ids=["rule", "upright rule", "bullet", "disc", "tail", "tip"],
)
def test_what_stands_in_prose_is_no_place_for_mathematics(looked_at, drawn):
    assert surmise.seen(*page(drawn), SIZE) == NOTHING
    assert not looked_at


@pytest.mark.parametrize(
    "drawn",
    [
        rectangle(100, 400, 90, 4),
        lambda gray: cv2.circle(gray, (110, 410), 12, 0, 2),
        rectangle(150, 150, 14, 6),
        rectangle(150, 131, 40, 12),
    ],
    ids=["bar", "ring", "dash", "below"],
)
def test_other_ink_that_nobody_has_read_is_looked_at(looked_at, drawn):
    surmise.seen(*page(drawn), SIZE)
    assert len(looked_at) == 1


def test_an_odd_word_is_looked_at_with_what_is_around_it(looked_at):
    surmise.seen(*page(words="plain x+1"), SIZE)
    assert looked_at == [(150, 240)]
