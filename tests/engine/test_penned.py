"""Formulas in the handwriting of `ink_drawings`, painted: their strokes are found again, and read."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from mathpixweb.engine.ocr import penned
from mathpixweb.providers.image_options import for_reading, text_options
from mathpixweb.providers.local import LocalProvider
from tests.engine import drawn
from tests.engine import ink_drawings as ink


def strokes_of(*lines, pen=4):
    drawn_ = [ink.dense([(40 * x, 40 * y) for x, y in line]) for line in lines]
    return penned.found(ink.painted(drawn_, pen)).strokes


def ends(stroke):
    return {tuple(np.round((point - 20) / 40, 1).tolist()) for point in (stroke[0], stroke[-1])}


def read(gray):
    _, png = cv2.imencode(".png", gray)
    return LocalProvider().read_image(png.tobytes(), for_reading(text_options({})))


def scrawled(strokes, slant=0.35, wave=0.06):
    """As no font is: slanted, with waves as high as that share of a symbol's usual height."""
    height = float(np.median([np.ptp([y for _, y in stroke]) for stroke in strokes]))
    return [
        [
            (
                x - slant * y + wave * height * math.sin(9 * y / height + x / height),
                y + wave * height * math.sin(7 * x / height),
            )
            for x, y in stroke
        ]
        for stroke in strokes
    ]


@pytest.mark.parametrize("pen", [1, 2, 4, 8])
def test_lines_go_straight_on_where_they_cross(pen):
    found = strokes_of([(0, 0), (2, 2)], [(2, 0), (0, 2)], pen=pen)
    assert len(found) == 2
    for stroke in found:
        (ax, ay), (bx, by) = ends(stroke)
        assert abs(ax - bx) == pytest.approx(2, abs=0.3) and abs(ay - by) == pytest.approx(2, abs=0.3)


def test_a_small_cross_is_no_dot():
    assert len(strokes_of([(0, 0), (0.4, 0.4)], [(0.4, 0), (0, 0.4)], pen=8)) == 2


def test_lines_that_cross_at_a_slant_meet_in_one_place():
    assert len(strokes_of([(0, 0), (3, 2)], [(0, 2), (3, 0)], pen=8)) == 2


def test_a_line_that_ends_at_another_one_is_a_stroke_of_its_own():
    found = strokes_of([(0, 0), (2, 0)], [(1, 0), (1, 2)])
    assert sorted(round(float(np.ptp(stroke[:, 0])) / 40) for stroke in found) == [0, 2]


def test_a_loop_and_a_dot_are_one_stroke_each():
    ring = [(1 + math.cos(k / 20 * math.pi), 1 + math.sin(k / 20 * math.pi)) for k in range(41)]
    found = strokes_of(ring, [(4, 1), (4, 1)], pen=5)
    assert [len(stroke) > 1 for stroke in found] == [True, False]
    assert math.dist(found[0][0], found[0][-1]) < 5


def test_strokes_come_from_left_to_right_where_they_are_in_the_picture():
    gray = ink.painted(ink.write("2+3=5", size=60.0))
    found = penned.found(gray)
    assert [stroke[:, 0].min() for stroke in found.strokes] == sorted(s[:, 0].min() for s in found.strokes)
    points = np.concatenate(found.strokes).round().astype(int)
    assert (gray[points[:, 1], points[:, 0]] < 128).mean() > 0.98
    assert found.thickness == pytest.approx(4, abs=1)


def test_figures_are_straighter_than_writing():
    triangle = penned.found(ink.painted([[(0, 0), (300, 20), (120, 210), (0, 0)]]))
    writing = penned.found(ink.painted(ink.write("3x+2=8", size=60.0)))
    assert writing.ruled < 0.2 < 0.8 < triangle.ruled


def test_what_is_more_than_lines_has_no_strokes():
    assert penned.found(np.zeros((80, 80), np.uint8)) is None
    assert penned.found(np.full((80, 80), 255, np.uint8)) is None


@pytest.mark.parametrize(
    ("strokes", "truth"),
    [
        (scrawled(ink.write("5x-2=7", size=50.0)), "5x-2=7"),
        (scrawled(ink.power("x", "2", size=80.0)), "x^{2}"),
        (scrawled(ink.root("x+2", size=60.0), slant=0.2, wave=0.1), r"\sqrt{x+2}"),
    ],
)
def test_a_picture_of_a_written_formula_is_that_formula(strokes, truth):
    result = read(ink.painted(strokes))
    assert result.equation.replace(" ", "") == truth
    assert result.handwritten
    assert not result.printed
    assert all(line["is_handwritten"] and not line["is_printed"] for line in result.lines)
    assert 0.1 < result.confidence < 1


@pytest.mark.parametrize(("text", "size"), [("5", 600.0), ("2+3", 600.0), ("2+3", 1200.0)])
def test_a_formula_written_very_large_is_no_drawing(text, size):
    result = read(ink.painted(scrawled(ink.write(text, size=size)), pen=round(size / 80)))
    assert (result.handwritten, result.equation.replace(" ", "")) == (True, text)
    [line] = result.lines
    across = [x for x, _ in line["cnt"]]
    assert 0 <= min(across) < 0.2 * result.width < 0.8 * result.width < max(across) <= result.width


def test_printed_text_is_not_handwritten():
    assert not read(np.asarray(drawn.page(["The quick brown fox", "jumps over it"]).convert("L"))).handwritten


def test_drawn_figures_are_no_formulas():
    square = [[(0, 0), (300, 0), (300, 200), (0, 200), (0, 0)], [(0, 0), (300, 200)], [(300, 0), (0, 200)]]
    result = read(ink.painted(square))
    assert not result.handwritten
    assert result.equation is None
