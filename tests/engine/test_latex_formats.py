r"""The LaTeX formats of v3/latex: golden strings are the reference's own."""

from __future__ import annotations

import random

import pytest

from mathpixweb.engine.writers.formulas import latex_formats, wolfram
from mathpixweb.engine.writers.formulas.latex_tokens import compact, spaced, tokens

LIMIT = r"\lim _{x \rightarrow 3}\left(\frac{x^{2}+9}{x-3}\right)"
SYSTEM = r"\left\{\begin{array}{l}2 x+8 y=21 \\ 6 x-4 y=14\end{array}\right."
CASES = (
    r"f(x)=\left\{\begin{array}{ll}x^{2} & \text { if } x<0 \\ 2 x & \text { if } x \geq 0"
    r"\end{array}\right."
)
PIECES = [
    r"\frac",
    "{",
    "}",
    "^",
    "_",
    r"\sqrt",
    "[",
    "]",
    r"\left(",
    r"\right)",
    r"\begin{array}",
    "x",
    "12",
]
PIECES += [r"\end{array}", "&", r"\\", r"\longdiv", r"\text{", r"\mathbf", r"\operatorname", " ", r"\left\{"]


def test_the_formats_of_a_limit_are_those_of_the_reference():
    fraction = r"\frac { x ^ { 2 } + 9 } { x - 3 }"
    assert latex_formats.normal(LIMIT) == (rf"\operatorname {{ lim }} _ {{ x \rightarrow 3 }} ( {fraction} )")
    assert latex_formats.simplified(LIMIT) == rf"\lim _ {{ x \rightarrow 3 }} ( {fraction} )"
    assert latex_formats.styled(LIMIT) == rf"\lim _ {{ x \rightarrow 3 }} \left( {fraction} \right)"
    compacted = r"\lim_{x \rightarrow 3}\left(\frac{x^{2}+9}{x-3}\right)"
    assert latex_formats.styled(LIMIT, ["rm_spaces"]) == compacted


@pytest.mark.parametrize(
    ("latex", "simplified"),
    [
        ("12+5 x-8=12 x-10", "12 + 5 x - 8 = 12 x - 10"),
        ("x^{2}+y^{2}=9", "x ^ { 2 } + y ^ { 2 } = 9"),
        (r"8 \longdiv { 7200 }", r"\frac { 7200 } { 8 }"),
        (r"\mathbf{F}=\mathrm{ma}", "F = m a"),
        (r"x^{\mathrm{AB}}", "x ^ { A B }"),
        (r"\bigoplus_{i} V", r"\oplus _ { i } V"),
        (r"\operatorname{sin} x", r"\sin x"),
        (r"\begin{array}{r}12 \\ +5 \\ \hline 17\end{array}", "12 + 5 = 17"),
        (r"\left\{x\right.", r"\left\{ x \right."),
    ],
)
def test_simplified_is_fit_for_symbolic_work(latex, simplified):
    assert latex_formats.simplified(latex) == simplified


def test_normal_keeps_long_divisions_and_names_operators_at_length():
    assert latex_formats.normal(r"8 \longdiv { 7200 }") == r"8 \longdiv { 7200 }"
    assert latex_formats.normal(r"\sin \leftarrow") == r"\operatorname { sin } \leftarrow"


def test_a_list_of_equations_is_split():
    assert latex_formats.as_list(SYSTEM) == ["2 x + 8 y = 21", "6 x - 4 y = 14"]
    assert latex_formats.as_list("x=1") == ["x = 1"]


def test_words_beside_the_mathematics_are_omitted_on_demand():
    latex = r"\text { so } x=1 \text { holds }"
    assert latex_formats.styled(latex, ["rm_text"]) == "x = 1"
    assert latex_formats.styled(latex) == r"\text { so } x = 1 \text { holds }"


@pytest.mark.parametrize("latex", [LIMIT.replace(r"\lim _", r"\lim_"), SYSTEM, CASES, r"\bar{z}_{1}"])
def test_compact_undoes_token_spacing(latex):
    assert compact(tokens(spaced(tokens(latex)))) == latex


def test_rows_of_arrays_stand_on_lines_of_their_own():
    assert latex_formats.with_line_breaks(CASES) == (
        "f(x)=\\left\\{\\begin{array}{ll}\nx^{2} & \\text { if } x<0 \\\\\n2 x & \\text { if } x \\geq 0\n"
        "\\end{array}\\right."
    )
    assert latex_formats.with_line_breaks(LIMIT) == LIMIT


@pytest.mark.parametrize(
    ("latex", "written"),
    [
        (LIMIT, "limit as x->3 of ((x^2+9)/(x-3))"),
        (SYSTEM, "2 x+8 y=21, 6 x-4 y=14"),
        (r"\sqrt{2} \times \pi", "sqrt(2)* pi"),
        (r"\sum_{k=1}^{n} k^{2 m}", "sum from k=1 to n of k^(2 m)"),
        (r"\begin{array}{cc}1 & 2 \\ 3 & 4\end{array}", "{{1, 2}, {3, 4}}"),
        (CASES, "f(x)={{x^2, if x<0}, {2 x, if x>=0}}"),
    ],
)
def test_wolfram_is_a_linear_notation(latex, written):
    assert wolfram.write(latex) == written


def test_no_formula_however_broken_stops_a_format():
    chance = random.Random(7)  # noqa: S311
    for _ in range(2000):
        latex = " ".join(chance.choice(PIECES) for _ in range(chance.randint(0, 12)))
        latex_formats.normal(latex, ["rm_spaces", "rm_text", "long_frac"])
        latex_formats.as_list(latex)
        latex_formats.with_line_breaks(latex)
        wolfram.write(latex)
