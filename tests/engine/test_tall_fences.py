"""Brackets that are too high for the network, told by their shape."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr import tall_fences
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess, Sighting

EM, TOP, BOTTOM, LEFT, RIGHT = 24.0, 10, 130, 20, 180
QUARTER = (BOTTOM - TOP) // 4
MIDDLE = (TOP + BOTTOM) // 2
OPENING = {
    "[": [(12, TOP), (0, TOP), (0, BOTTOM), (12, BOTTOM)],
    "(": [(round(14 * (k / 10 - 1) ** 2), TOP + round(k * (BOTTOM - TOP) / 20)) for k in range(21)],
    r"\{": [
        (14, TOP), (7, TOP + 7), (7, MIDDLE - 7), (0, MIDDLE), (7, MIDDLE + 7), (7, BOTTOM - 7), (14, BOTTOM)
    ],
    "|": [(0, TOP), (0, BOTTOM)],
}  # fmt: skip
CLOSING = {"[": "]", "(": ")", r"\{": r"\}", "|": "|"}
DIGIT = FoundSymbol((Guess(Symbol("1", Kind.DIGIT), 0.9),), 0.9, Box(90, 60, 102, 76), 76, EM)


def drawn(*strokes):
    ink = np.zeros((140, 200), np.float32)
    for stroke in strokes:
        cv2.polylines(ink, [np.array(stroke, np.int32)], False, 1.0, 2)
    return ink


def at(left, stroke, turned=False):
    return [(left - x if turned else left + x, y) for x, y in stroke]


def names(ink, *symbols):
    seen = tall_fences.completed(Sighting((DIGIT, *symbols), (), EM), ink)
    return [symbol.best.latex for symbol in seen.symbols]


@pytest.mark.parametrize("name", OPENING)
def test_a_pair_around_many_rows_is_told_by_its_shape(name):
    ink = drawn(at(LEFT, OPENING[name]), at(RIGHT, OPENING[name], turned=True))
    assert names(ink) == [name, "1", CLOSING[name]]


def test_what_was_taken_for_a_part_of_one_gives_way():
    ink = drawn(at(LEFT, OPENING["["]), at(RIGHT, OPENING["["], turned=True))
    part = FoundSymbol((Guess(Symbol("|", Kind.VERT), 0.8),), 0.8, Box(18, 50, 23, 80), 76, EM)
    assert names(ink, part) == ["[", "1", "]"]


def test_only_a_brace_stands_alone():
    assert names(drawn(at(LEFT, OPENING[r"\{"]))) == [r"\{", "1"]
    assert names(drawn(at(LEFT, OPENING["|"]))) == ["1"]
    assert names(drawn(at(LEFT, OPENING["["]), at(RIGHT, OPENING["|"]))) == ["1"]


def test_a_long_integral_is_no_bracket():
    sign = FoundSymbol((Guess(Symbol(r"\int", Kind.INT), 0.9),), 0.9, Box(18, 10, 36, 130), 90, EM)
    assert names(drawn(at(LEFT, OPENING[r"\{"])), sign) == ["1", r"\int"]
