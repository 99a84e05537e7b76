"""Signs of long division, told from roots and from brackets before a line."""

from __future__ import annotations

import pytest

from mathpixweb.engine.ocr import ink_divisions
from mathpixweb.engine.ocr.ink import prepare
from mathpixweb.engine.ocr.ink_alphabet import CLASSES, INDEX
from mathpixweb.engine.ocr.ink_relations import Relation, Tree

BRACKET = [(20, 0), (27, 15), (28, 30), (26, 45), (20, 60)]
LINE = [(20, 0), (120, 0)]


def is_sign(*strokes, named=r"\sqrt"):
    ink = prepare(strokes)
    tree = Tree((-1,), (Relation.RIGHT,), 0.0)
    groups = [tuple(range(len(strokes)))]
    return bool(ink_divisions.signs(ink, groups, [CLASSES[INDEX[named]]], tree))


@pytest.mark.parametrize(
    "strokes",
    [[[*reversed(BRACKET), *LINE]], [BRACKET, LINE], [[(20, 60), *LINE]]],
    ids=["one", "two", "corner"],
)
def test_a_root_without_hook_is_a_sign_of_division(strokes):
    assert is_sign(*strokes)


def test_a_root_is_none():
    assert not is_sign([(0, 35), (4, 30), (12, 60), (22, 0), (120, 0)])
    assert not is_sign([(0, 60), (40, 0), (120, 0)])  # its hook is too small to be seen


@pytest.mark.parametrize(("y", "divides"), [(2, True), (30, False)])
def test_a_bracket_and_a_line_are_one_where_the_line_begins_on_top_of_it(y, divides):
    ink = prepare([BRACKET, [(24, y), (120, y)]])
    tree = Tree((-1, 0), (Relation.RIGHT, Relation.RIGHT), 0.0)
    found = ink_divisions.signs(ink, [(0,), (1,)], [CLASSES[INDEX[")"]], CLASSES[INDEX["-"]]], tree)
    assert found == ({0} if divides else set())
