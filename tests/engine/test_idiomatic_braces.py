from __future__ import annotations

import pytest

from mathpixweb.engine.writers.formulas import idiomatic_braces


@pytest.mark.parametrize(
    ("latex", "short"),
    [
        ("x^{2}", "x^2"),
        ("x_{i}^{n}", "x_i^n"),
        ("x ^ { 2 } y", "x ^2 y"),
        ("e^{10}", "e^{10}"),
        ("e^{\\pi}i", "e^{\\pi}i"),
        ("\\frac{1}{2}", "\\frac{1}{2}"),
        ("a\\_{b}", "a\\_{b}"),
        ("\\sum_{i=1}^{n} i", "\\sum_{i=1}^n i"),
    ],
)
def test_only_needless_braces_are_left_out(latex, short):
    assert idiomatic_braces.in_latex(latex) == short


def test_words_keep_theirs():
    mmd = "Set ^{2} in \\( x^{2} \\) and\n\\[\ny_{1}\n\\]\n\\begin{align}z^{3}\\end{align}"
    short = "Set ^{2} in \\( x^2 \\) and\n\\[\ny_1\n\\]\n\\begin{align}z^3\\end{align}"
    assert idiomatic_braces.in_mmd(mmd) == short
