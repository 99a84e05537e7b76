"""Rules from the network's maps: which cells are one rule, and where exactly it ends."""

from __future__ import annotations

import numpy as np
import pytest

from mathpixweb.engine.ocr.rulings import Ruling, trace

CELL = 4


def seen(*bars: tuple[int, int, int, int], shape: tuple[int, int] = (64, 96)) -> list[Ruling]:
    """What is traced where bars (x0, y0, x1, y1) are drawn and the network is sure of each cell of theirs."""
    ink = np.zeros(shape, np.float32)
    masks = np.zeros((2, shape[0] // CELL, shape[1] // CELL), np.float32)
    for x0, y0, x1, y1 in bars:
        ink[y0:y1, x0:x1] = 1.0
        upright = int(y1 - y0 > x1 - x0)
        rows = slice(y0 // CELL, (y1 - 1) // CELL + 1)
        columns = slice(x0 // CELL, (x1 - 1) // CELL + 1)
        masks[upright, rows, columns] = 0.9
    return trace(masks, ink, CELL)


def corners(ruling: Ruling) -> tuple[float, float, float, float]:
    return (ruling.box.x0, ruling.box.y0, ruling.box.x1, ruling.box.y1)


def test_the_ends_of_a_rule_are_those_of_its_ink():
    (rule,) = seen((13, 22, 71, 24))
    assert corners(rule) == (13, 22, 71, 24)
    assert not rule.vertical
    assert rule.certainty == pytest.approx(0.9)


def test_a_vertical_rule_is_told_from_a_horizontal_one():
    (rule,) = seen((41, 6, 42, 51))
    assert rule.vertical
    assert corners(rule) == (41, 6, 42, 51)


def test_bars_above_each_other_are_several_rules():
    rules = seen((8, 10, 60, 12), (20, 30, 50, 32))
    assert sorted(corners(rule) for rule in rules) == [(8, 10, 60, 12), (20, 30, 50, 32)]


def test_a_rule_that_climbs_through_cells_is_one():
    ink = np.zeros((32, 96), np.float32)
    masks = np.zeros((2, 8, 24), np.float32)
    for x in range(10, 86):
        y = 12 + x // 20
        ink[y, x] = 1.0
        masks[0, y // CELL, x // CELL] = 0.8
    (rule,) = trace(masks, ink, CELL)
    assert rule.box.x0 == 10
    assert rule.box.x1 == 86


def test_cells_the_network_is_not_sure_of_are_no_rule():
    masks = np.full((2, 8, 24), 0.55, np.float32)
    assert trace(masks, np.ones((32, 96), np.float32), CELL) == []


def test_a_page_full_of_rules_is_a_drawing():
    masks = np.zeros((2, 60, 120), np.float32)
    masks[0, ::2, ::3] = 0.9
    assert trace(masks, np.ones((240, 480), np.float32), CELL) == []


def test_the_bars_of_neighbouring_fractions_are_two_though_their_cells_touch():
    rules = seen((8, 22, 43, 24), (48, 22, 90, 24))
    assert sorted(corners(rule) for rule in rules) == [(8, 22, 43, 24), (48, 22, 90, 24)]


def test_a_bar_with_a_flaw_stays_one():
    ink = np.zeros((32, 96), np.float32)
    masks = np.zeros((2, 8, 24), np.float32)
    ink[14:16, 8:80] = 1.0
    ink[14:16, 40:42] = 0.0
    masks[0, 3, 2:20] = 0.9
    assert len(trace(masks, ink, CELL)) == 1


def test_a_rule_where_scaling_left_less_than_no_ink_is_none():
    masks = np.zeros((2, 8, 16), np.float32)
    masks[0, 4, 2:12] = 0.9
    assert trace(masks, np.full((32, 64), -1e-3, np.float32), CELL) == []
