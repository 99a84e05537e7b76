"""Strokes made here, read by the network that ships."""

from __future__ import annotations

import math
import random
import time

import pytest

from mathpixweb.engine.ocr.ink import MOST_STROKES, TooMuchInk
from mathpixweb.engine.readers import strokes as reader
from tests.engine import ink_drawings as drawn


def read(strokes):
    return reader.read(strokes)


def latex(strokes):
    return read(strokes).candidates[0].latex.replace(" ", "")


@pytest.mark.parametrize(
    "text", ["2", "3", "5", "7", "8", "x", "+", "2+3=5", "7-4=3", "3x+2=8", "52-35", "8+7", "(x+3)"]
)
def test_symbols_beside_each_other_are_one_line(text):
    assert latex(drawn.write(text)) == text


@pytest.mark.parametrize(
    ("strokes", "truth"),
    [
        (drawn.fraction("3", "5"), r"\frac{3}{5}"),
        (drawn.fraction("3+2", "7"), r"\frac{3+2}{7}"),
        (drawn.power("x", "2"), "x^{2}"),
        (drawn.power("3", "x"), "3^{x}"),
        (drawn.root("5"), r"\sqrt{5}"),
        (drawn.root("x+2"), r"\sqrt{x+2}"),
    ],
)
def test_what_stands_in_two_dimensions_is_structured(strokes, truth):
    assert latex(strokes) == truth


@pytest.mark.parametrize(("dx", "dy", "zoom"), [(500.0, -300.0, 1.0), (0.0, 0.0, 0.01), (-1e5, 1e5, 25.0)])
def test_neither_place_nor_size_of_the_writing_matters(dx, dy, zoom):
    strokes = drawn.write("3x+2=8")
    assert latex(drawn.moved(strokes, dx, dy, zoom)) == latex(strokes)


def test_strokes_may_be_drawn_in_another_order():
    strokes = drawn.write("3+5=8")
    orders = [list(strokes) for _ in range(4)]
    for seed, order in enumerate(orders):
        random.Random(seed).shuffle(order)  # noqa: S311
    assert sum(latex(order) == "3+5=8" for order in orders) >= 3


def test_a_stroke_may_be_drawn_backwards():
    assert latex([stroke[::-1] for stroke in drawn.write("3x+2=8")]) == "3x+2=8"


def test_few_points_are_enough():
    assert latex([stroke[::3] + stroke[-1:] for stroke in drawn.write("7+3=8")]) == "7+3=8"


def test_confidence_is_a_probability_and_the_rate_that_of_a_symbol():
    best = read(drawn.write("2+3=5")).candidates[0]
    assert 0.0 < best.confidence <= best.rate <= 1.0
    assert best.rate == pytest.approx(best.confidence ** (1 / 5))


def test_a_clear_drawing_is_surer_than_a_scribble():
    rng = random.Random(4)  # noqa: S311
    scribble = [[(rng.uniform(0, 300), rng.uniform(0, 90)) for _ in range(30)] for _ in range(6)]
    assert read(scribble).candidates[0].confidence < 0.2 < read(drawn.write("2+3=5")).candidates[0].confidence


def test_other_readings_come_after_the_best():
    found = read(drawn.write("x2+8")).candidates
    assert len(found) > 1
    assert len({each.latex for each in found}) == len(found)
    assert [each.confidence for each in found] == sorted((each.confidence for each in found), reverse=True)


@pytest.mark.parametrize(
    "strokes", [[], [[]], [[], []], [[(math.nan, 1.0)]], [[(math.inf, 2.0), (-math.inf, 3.0)]]]
)
def test_nothing_drawn_is_nothing_read(strokes):
    assert read(strokes).candidates == ()


@pytest.mark.parametrize(
    "strokes",
    [
        [[(5.0, 5.0)]],
        [[(5.0, 5.0)] * 50],
        [[(0.0, 0.0)], [(0.0, 0.0)], [(0.0, 0.0)]],
        [[(0.0, 0.0), (9e6, 9e6)]],
        [[(1e-300, 0.0), (0.0, 1e-300)]],
        [[(0.0, 0.0), (math.nan, 3.0), (1e9, 4.0), (5.0, 5.0)]],
        [[(0.0, 0.0), (1000.0, 0.0)]],
        [[(3.0, 0.0), (3.0, 1000.0)], [(3.0, 0.0), (3.0, 1000.0)]],
    ],
)
def test_degenerate_ink_is_read_without_harm(strokes):
    for each in read(strokes).candidates:
        assert 0.0 <= each.confidence <= 1.0
        assert math.isfinite(each.rate)


def test_more_strokes_than_a_formula_has_are_refused_before_any_work():
    with pytest.raises(TooMuchInk):
        read([[(float(k), 0.0), (float(k), 9.0)] for k in range(10_000)])
    with pytest.raises(TooMuchInk):
        read([[(float(k), 0.0) for k in range(200_000)]])


def test_twenty_strokes_take_less_than_a_third_of_a_second():
    strokes = drawn.write("3x+2=8-5+7x")
    assert len(strokes) >= 16
    read(strokes)
    start = time.process_time()
    read(strokes)
    assert time.process_time() - start < 0.3


def test_as_many_strokes_as_are_allowed_take_a_bounded_time():
    rng = random.Random(1)  # noqa: S311
    strokes = []
    for _ in range(MOST_STROKES):
        x, y = rng.uniform(0, 400), rng.uniform(0, 400)
        strokes.append([(x, y), (x + rng.uniform(-30, 30), y + rng.uniform(-30, 30))])
    start = time.process_time()
    read(strokes)
    assert time.process_time() - start < 20.0
