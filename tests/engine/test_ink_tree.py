"""Formulas from symbols that hang on each other."""

from __future__ import annotations

import pytest

from mathpixweb.engine.math import latex
from mathpixweb.engine.ocr import ink_tree
from mathpixweb.engine.ocr.ink_alphabet import CLASSES, INDEX
from mathpixweb.engine.ocr.ink_relations import Relation, Tree

# A symbol, the place of the one it hangs on and how, by the first letters of the relation.
HOW = {
    "r": Relation.RIGHT,
    "^": Relation.SUP,
    "_": Relation.SUB,
    "a": Relation.ABOVE,
    "b": Relation.BELOW,
    "in": Relation.INSIDE,
    "line": Relation.LINE,
    "cell": Relation.CELL,
}


def formula(text, likely=(), divides=()):
    names, parents, relations = [], [], []
    for word in text.split():
        name, parent, how = (*word.split(","), "-1", "r")[:3]
        names.append(name)
        parents.append(int(parent))
        relations.append(HOW[how])
    classes = [CLASSES[INDEX[name]] for name in names]
    others = [frozenset(likely)] * len(names)
    node = ink_tree.of(classes, Tree(tuple(parents), tuple(relations), 0.0), others, frozenset(divides))
    return latex.write(node, latex.MATHPIX).replace(" ", "")


@pytest.mark.parametrize(
    ("symbols", "truth"),
    [
        ("x +,0,r 1,1,r", "x+1"),
        ("x 2,0,^ i,0,_ +,0,r y,3,r", "x_{i}^{2}+y"),
        ("- 1,0,a 2,0,b", r"\frac{1}{2}"),
        (r"\sqrt x,0,in +,1,r 1,2,r", r"\sqrt{x+1}"),
        (r"\sqrt x,0,in 3,0,a", r"\sqrt[3]{x}"),
        (r"\sum n,0,a i,0,b =,2,r 1,3,r i,0,r", r"\sum_{i=1}^{n}i"),
        (r"\int 0,0,_ 1,0,^ x,0,r", r"\int_{0}^{1}x"),
        ("- x,0,b", r"\bar{x}"),
        ("- A,0,b B,1,r", r"\overline{AB}"),
        (r"\rightarrow v,0,b", r"\vec{v}"),
        ("s i,0,r n,1,r x,2,r", r"\sinx"),
        (r"l i,0,r m,1,r x,1,b \rightarrow,3,r 0,4,r y,2,r", None),
        (r"l i,0,r m,1,r x,2,b \rightarrow,3,r 0,4,r y,2,r", r"\lim_{x\rightarrow0}y"),
        (r"f \prime,0,^ x,0,r", "f^{\\prime}x"),
        ("1 .,0,r .,1,r .,2,r", r"1\ldots"),
        ("| |,0,r v,1,r |,2,r |,3,r", r"\|v\|"),
        ("l a,0,in b,1,r x,0,r", "labx"),
        ("( a,0,in b,1,cell c,1,line d,3,cell ),0,r",
         r"\left(\begin{array}{cc}a&b\\c&d\end{array}\right)"),
    ],
)  # fmt: skip
def test_symbols_that_hang_on_each_other_are_a_formula(symbols, truth):
    if truth is None:  # what hangs under a letter within a name makes it none
        assert r"\lim" not in formula(symbols)
    else:
        assert formula(symbols) == truth


def test_a_letter_that_may_be_another_does_not_spoil_a_name():
    assert formula("5 i,0,r n,1,r x,2,r", likely=("s",)) == r"\sinx"
    assert formula("5 i,0,r n,1,r x,2,r") == "5inx"


@pytest.mark.parametrize(
    ("symbols", "sign", "truth"),
    [
        (r"8 \sqrt,0,r 9,1,in 2,2,r", 1, r"8\longdiv{92}"),
        ("8 ),0,r -,1,r 9,2,b 2,3,r", 1, r"8\longdiv{92}"),
        ("8 ),0,r -,1,r 9,2,b 2,3,r 7,2,a", 1, r"\begin{array}{r}7\\8\longdiv{92}\end{array}"),
        ("( x,0,r ),1,r -,2,r y,3,b", 2, r"(x)\bar{y}"),
    ],
)
def test_what_is_under_the_line_of_a_long_division_is_divided(symbols, sign, truth):
    assert formula(symbols, divides=[sign]) == truth
