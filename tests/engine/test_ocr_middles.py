"""Boxes whose middles lie in others."""

from __future__ import annotations

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr.middles import Middles

LETTERS = [Box(0, 0, 4, 4), Box(8, 0, 12, 4), Box(8, 10, 12, 30)]  # with their middles at 2, 2; 10, 2; 10, 20


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        (Box(0, 0, 11, 3), [True, True, False]),
        (Box(2, 2, 10, 20), [True, True, True]),
        (Box(3, 0, 9, 30), [False, False, False]),
    ],
    ids=["of a line", "with middles on its edges", "between them"],
)
def test_middles_lie_in_a_box_or_on_its_edge(box, inside):
    assert Middles(LETTERS).within(box).tolist() == inside


def test_middles_lie_in_any_of_some_boxes():
    middles = Middles(LETTERS)
    assert middles.within_any([Box(0, 0, 5, 5), Box(9, 15, 11, 25)]).tolist() == [True, False, True]
    assert middles.within_any([]).tolist() == [False, False, False]


def test_no_boxes_have_no_middles():
    assert Middles([]).within_any([Box(0, 0, 5, 5)]).tolist() == []
