"""Formulas painted with a pen, and whose strokes are those that are found in the picture."""

from __future__ import annotations

import random

import numpy as np

from training.ink import penned


def line(*points):
    return np.array(points, np.float32)


CROSS = [(line((0, 0), (0.5, 0.7)), 0), (line((0.5, 0), (0, 0.7)), 0)]
MINUS = (line((1.0, 0.35), (1.6, 0.36)), 1)


def test_what_is_found_belongs_to_what_was_drawn_there():
    for seed in range(8):
        pairs = penned.found([*CROSS, MINUS], random.Random(seed))
        assert pairs is not None
        for stroke, symbol in pairs:
            assert (stroke[:, 0].mean() > 1.0) == (symbol == 1)


def test_a_symbol_under_another_one_is_lost():
    assert penned.found([*CROSS, (CROSS[0][0], 1)], random.Random(1)) is None


def test_a_symbol_in_more_pieces_than_symbols_may_have_is_none():
    bars = [(line((0.2 * k, 0), (0.2 * k, 0.7)), 0) for k in range(6)]
    assert penned.found(bars, random.Random(2)) is None
