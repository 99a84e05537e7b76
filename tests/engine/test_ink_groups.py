"""Groups of strokes, and the covers that are made of them."""

from __future__ import annotations

import numpy as np

from mathpixweb.engine.ocr import ink_cover
from mathpixweb.engine.ocr.ink import prepare
from mathpixweb.engine.ocr.ink_features import MAPS, SIDE, describe
from mathpixweb.engine.ocr.ink_groups import FEW, MOST_LIKELY, NUMBERS, candidates, likeliest
from tests.engine import ink_drawings as drawn


def test_strokes_that_are_near_each_other_may_be_one_symbol_and_those_far_apart_not():
    found = candidates(prepare(drawn.write("=++")))
    assert {(0, 1), (2, 3), (4, 5)} <= set(found.groups)
    assert not [group for group in found.groups if group[0] < 2 and group[-1] > 3]
    assert found.numbers.shape == (len(found.groups), NUMBERS)


def test_all_single_strokes_are_looked_at_and_the_likeliest_of_the_other_groups():
    found = candidates(prepare(drawn.write("+=x+=x")))
    chances = np.array([float(group == (0, 1)) for group in found.groups], np.float32)
    looked_at = likeliest(found, chances)
    strokes = 12
    assert looked_at[:strokes] == [(k,) for k in range(strokes)]
    assert looked_at[strokes] == (0, 1)
    assert len(looked_at) <= strokes + MOST_LIKELY * strokes + FEW


def test_a_group_looks_the_same_anywhere_and_in_any_size():
    strokes = drawn.write("5")
    here, _ = describe(prepare(strokes), [(0, 1)])
    there, _ = describe(prepare(drawn.moved(strokes, 300.0, -80.0, 7.0)), [(0, 1)])
    assert here.shape == (1, MAPS, SIDE, SIDE)
    assert np.abs(here - there).max() < 1e-3


def test_the_covers_have_each_stroke_once_and_the_likeliest_comes_first():
    groups = [(0,), (1,), (2,), (0, 1), (1, 2)]
    covers = ink_cover.best(groups, [-1.0, -1.0, 2.0, 3.0, 1.0], 3, 4)
    assert [sorted(cover.rows) for cover in covers] == [[2, 3], [0, 4], [0, 1, 2]]
    assert [cover.score for cover in covers] == [5.0, 0.0, 0.0]
