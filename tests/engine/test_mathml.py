"""MathML as data: `cases/mathml/*.txt` hold a formula in one line and its LaTeX, indented, in the next."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from mathpixweb.engine.math import latex, mathml

FOLDER = Path(__file__).parent / "cases" / "mathml"


def formula(inside):
    return etree.fromstring(f'<math xmlns="{mathml.NAMESPACE}">{inside}</math>')


def cases():
    for path in sorted(FOLDER.glob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
        for markup, expected in zip(lines[::2], lines[1::2], strict=True):
            yield pytest.param(markup, expected.strip(), id=expected.strip())


@pytest.mark.parametrize(("markup", "expected"), list(cases()))
def test_mathml_is_written_like_every_other_formula(markup, expected):
    assert latex.write(mathml.read(formula(markup))) == expected


def test_what_is_seen_of_a_formula_is_its_text_without_its_number():
    told = formula(
        '<mtable><mtr><mtd intent=":equation-label"><mtext>(1)</mtext></mtd>'
        "<mtd><mi>a</mi></mtd></mtr></mtable>"
        "<semantics><mi>b</mi><annotation>c</annotation></semantics>"
    )
    assert mathml.text_of(told) == "ab"


def test_rows_under_each_other_are_told_apart():
    rows = mathml.rows_of(
        formula("<mrow><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mo>=</mo></mtd></mtr></mtable></mrow>")
    )
    assert [[latex.write(cell) for cell in cells] for cells in rows] == [["a", "="]]
    assert mathml.rows_of(formula("<mi>x</mi>")) == ()


@pytest.mark.parametrize("inside", ["<mrow>" * 100 + "</mrow>" * 100, "<mi>x</mi>" * 6000])
def test_a_formula_of_no_reasonable_size_is_refused(inside):
    with pytest.raises(mathml.TooLarge):
        mathml.read(formula(inside))
