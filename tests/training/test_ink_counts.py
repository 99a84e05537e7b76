"""What is counted of formulas is how they are drawn."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from mathpixweb.engine.ocr.ink_alphabet import CLASSES, INDEX
from mathpixweb.engine.ocr.ink_relations import Relation
from tests.engine.ink_drawings import SHAPES, root
from training.ink import usage
from training.ink.composing import compose
from training.ink.formulas import Node, flat
from training.ink.hands import Hand
from training.ink.samples import Bank


@pytest.mark.parametrize(
    "tree",
    [
        flat("x", "+", "sin", "y"),
        Node("frac", (flat("a", "b"), Node("sqrt", ("x", "3")))),
        flat(Node("scripts", ("x", "i", flat("2", "n"))), "=", "1"),
        Node("stack", (r"\int", "0", "1")),
        flat(Node("accent", ("-", "z")), "+", "1"),
        flat(Node("grid", ("(", ")", Node("cells", ("1", "2")), Node("cells", ("3", flat("-", "4"))))), "x"),
        Node("grid", (r"\{", None, Node("cells", ("x", "y")), Node("cells", ("z", "w")))),
        Node("lines", (flat("x", "=", "1"), flat("y", "=", "2"))),
    ],
)
def test_each_symbol_is_counted_with_what_it_hangs_on(tree):
    bank = Bank()
    for latex in INDEX:
        bank.add(latex, [np.array(stroke, np.float32) for stroke in SHAPES.get(latex, SHAPES["5"])])
    bank.all[r"\sqrt"] = [[np.array(root("5")[0], np.float32)]]
    drawn = Counter(
        (symbol.relation or Relation.RIGHT, symbol.parent.latex if symbol.parent else "", symbol.latex)
        for symbol in compose(tree, Hand.any(bank, random.Random(1)))
    )
    counts = usage.Counts()
    counts.add(tree)
    names = [*(known.latex for known in CLASSES), ""]
    places = zip(*np.nonzero(counts.follows), strict=True)
    assert drawn == {
        (Relation(int(how)), names[parent], names[child]): counts.follows[how, parent, child]
        for how, parent, child in places
    }
