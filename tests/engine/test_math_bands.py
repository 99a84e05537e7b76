"""Rows under each other, told by the white between them."""

from __future__ import annotations

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math import bands
from mathpixweb.engine.math.items import Item
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import Atom
from mathpixweb.engine.model import Rule

SIZE = 10.0


def item(latex: str, x: float, y: float, kind: Kind = Kind.LETTER, size: float = SIZE, **more: float) -> Item:
    """A symbol on the baseline `y` (points, upwards)."""
    box = Box(x, y - more.get("depth", 0), x + more.get("width", 5), y + more.get("height", 4.5))
    return Item(Atom(latex, kind), str(kind), box, size, y, box.x1, int(x))


def rows(items: list[Item], *rules: Rule) -> list[str]:
    found = bands.rows(items, rules, SIZE)
    return ["".join(i.latex for i in sorted(band.items, key=lambda i: i.box.x0)) for band in found]


def bar(x0: float, x1: float, y: float) -> Rule:
    return Rule(0, Box(x0, y - 0.2, x1, y + 0.2))


def test_two_lines_are_two_rows():
    upper = [item("a", 0, 30), item("b", 8, 30)]
    lower = [item("c", 30, 14), item("d", 38, 14)]
    assert rows([*upper, *lower]) == ["ab", "cd"]


def test_a_limit_beside_a_denominator_is_no_row():
    limit = [item("x", 0, 18, size=7), item("0", 8, 18, size=7)]
    beside = [item("l", 4, 25), item("a", 22, 30), item("b", 22, 18)]
    assert rows([*limit, *beside], bar(20, 30, 27)) == ["xl0ab"]


def test_a_denominator_with_a_fraction_in_it_is_no_row():
    inner = [item("a", 14, 16), item("b", 14, 3)]
    outer = [item("1", 4, 30), item("c", 2, 10), item("+", 8, 10)]
    found = rows([*outer, *inner], bar(0, 22, 27), bar(12, 22, 12))
    assert found == ["c1+ab"]


def test_a_fraction_is_one_row():
    assert rows([item("a", 2, 30), item("b", 2, 18)], bar(0, 8, 27)) == ["ab"]


def test_fractions_beside_each_other_are_one_row():
    tops, bottoms = [item("a", 2, 30), item("c", 22, 30)], [item("b", 2, 18), item("d", 22, 18)]
    assert rows([*tops, *bottoms], bar(0, 8, 27), bar(20, 28, 27)) == ["abcd"]


def test_a_line_over_part_of_a_row_is_no_fraction_bar_of_the_row_above():
    upper = [item("a", 0, 30), item("b", 40, 30)]
    lower = [item("c", 0, 18), item("d", 20, 18)]
    assert rows([*upper, *lower], bar(0, 6, 24)) == ["ab", "cd"]


def test_limits_belong_to_their_operator():
    operator = item(r"\sum", 0, 20, Kind.OP, height=8, depth=6)
    limits = [item("n", 3, 30, size=7.0, height=3), item("i", 3, 8, size=7.0, height=4)]
    assert len(rows([operator, *limits, item("x", 12, 20)])) == 1


@pytest.mark.parametrize(("height", "row"), [(19.5, 1), (26.5, 0)])
def test_an_accent_goes_to_the_nearer_row(height, row):
    upper, lower = [item("a", 0, 30), item("b", 8, 30)], [item("c", 0, 14), item("d", 8, 14)]
    dot = item(r"\dot", 2, height, Kind.ACCENT, height=1)
    assert r"\dot" in rows([*upper, *lower, dot])[row]


@pytest.mark.parametrize(
    ("starts", "letter"), [(((0, 40), (0, 20)), "l"), (((0, 40), (10, 30)), "c"), (((0, 40), (20, 40)), "r")]
)
def test_rows_are_aligned_as_they_stand(starts, letter):
    items = [item("x", x, 30 - 15 * k, width=end - x) for k, (x, end) in enumerate(starts)]
    assert bands.alignment(bands.rows(items, [], SIZE), SIZE) == letter
