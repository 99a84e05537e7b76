"""Formulas to be written by hand: read from the supply, invented, set from drawings of symbols."""

from __future__ import annotations

import gzip
import json
import random

import numpy as np
import pytest

from mathpixweb.engine.ocr.ink_alphabet import INDEX, NOTHING
from mathpixweb.engine.ocr.ink_relations import Relation
from tests.engine.ink_drawings import SHAPES, root
from training.ink import examples, formulas
from training.ink.inventing import invented
from training.ink.measure import latex_of, tokens
from training.ink.samples import Bank

RNG = random.Random(3)


@pytest.fixture(scope="module")
def bank():
    found = Bank()
    for latex in INDEX:
        shape = SHAPES.get(latex, SHAPES["5"])
        found.add(latex, [np.array(stroke, np.float32) for stroke in shape])
    found.all[r"\sqrt"] = [[np.array(root("5")[0], np.float32)]]
    return found


def supply(tmp_path, *rows):
    path = tmp_path / "formulas.jsonl.gz"
    with gzip.open(path, "wt") as lines:
        lines.writelines(json.dumps({"latex": latex, "source": "notes"}) + "\n" for latex in rows)
    return sorted(latex_of(tree) for part in (False, True) for tree in formulas.supply(path, held_out=part))


@pytest.mark.parametrize(
    ("latex", "read"),
    [
        (r"\frac { a } { b } + x ^ { 2 }", r"\frac{a }{b }+ x ^{2 }"),
        (r"\sqrt [ 3 ] { x }", r"\sqrt[3 ]{x }"),
        (r"\left( x _ i \right)", None),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", r"( a b  \\ c d ) "),
        (r"\unknown { x }", None),
        (r"x ^ { 2 } ^ { 3 }", None),
        (r"\sin x", r"\sin x "),
    ],
)
def test_formulas_are_taken_whose_every_symbol_has_a_class(tmp_path, latex, read):
    assert supply(tmp_path, latex) == ([read] if read else [])


@pytest.mark.parametrize("seed", range(30))
def test_invented_formulas_are_of_symbols_that_have_a_class(seed):
    found = list(formulas.symbols(invented(random.Random(seed))))
    assert found
    assert set(found) <= INDEX.keys()


@pytest.mark.parametrize("seed", range(12))
def test_a_drawn_formula_tells_what_each_stroke_is_and_what_hangs_on_what(bank, seed):
    rng = random.Random(seed)
    drawn = examples.draw(invented(rng), bank, rng)
    assert len(drawn.owner) == len(drawn.ink.traces)
    assert [symbol.parent for symbol in drawn.symbols].count(None) == 1
    assert all(symbol.parent is None or symbol.parent in drawn.symbols for symbol in drawn.symbols)
    hooks = [(id(symbol.parent), symbol.relation) for symbol in drawn.symbols if symbol.parent]
    assert len(set(hooks)) == len(hooks)
    assert all(drawn.label(group) != NOTHING for group in drawn.wholes())


def test_what_stands_over_and_under_a_bar_hangs_on_it(bank):
    tree = formulas.Node("frac", ("2", formulas.Node("row", ("5", "x"))))
    drawn = examples.draw(tree, bank, RNG)
    bar = next(symbol for symbol in drawn.symbols if symbol.latex == "-")
    hung = {symbol.latex: symbol.relation for symbol in drawn.symbols if symbol.parent is bar}
    assert hung == {"2": Relation.ABOVE, "5": Relation.BELOW}
    level = {symbol.latex: np.concatenate(symbol.strokes)[:, 1].mean() for symbol in drawn.symbols}
    assert level["2"] < level["-"] < level["5"]


def test_strokes_of_two_symbols_are_no_symbol(bank):
    drawn = examples.draw(formulas.flat("2", "7"), bank, random.Random(1))
    assert drawn.label((0, 1)) == NOTHING
    assert {drawn.label(group) for group in drawn.wholes()} == {INDEX["2"], INDEX["7"]}


def test_what_is_not_seen_on_paper_is_no_difference():
    assert tokens(r"\left(\overline{x}\right)") == tokens(r"( \bar x )")
    assert tokens("x^{2}") != tokens("x_{2}")
