import re

import pytest

from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.web.html import fragment


@pytest.fixture(scope="module")
def mathml():
    renderer = Renderer()
    yield lambda latex: re.search(r"<math[ >].*</math>|<code.*</code>", fragment(latex, renderer), re.DOTALL)[
        0
    ]
    renderer.close()


def test_a_formula_carries_its_latex(mathml):
    assert mathml(r"\(a<b\)").startswith('<math data-latex="a<b">') or 'data-latex="a&lt;b"' in mathml(
        r"\(a<b\)"
    )


def test_letter_styles_are_letters_of_their_own(mathml):
    drawn = mathml(r"\(\mathbb{R}\mathcal{H}\mathbf{v}\mathfrak{g}\boldsymbol{\alpha}\)")
    assert [*re.findall(r"<mi>(.)</mi>", drawn)] == ["ℝ", "ℋ", "𝐯", "𝔤", "𝜶"]
    assert "mathvariant" not in drawn


def test_upright_letters_stay_upright(mathml):
    assert '<mi mathvariant="normal">d</mi>' in mathml(r"\(\mathrm{d}\)")


def test_an_equation_number_is_a_last_cell(mathml):
    drawn = mathml("\\[\na=b \\tag{1.2}\n\\]")
    assert '<mtable displaystyle="true" class="numbered">' in drawn
    assert re.search(r'<mtd [^>]*class="margin tag"><mtext>\(1\.2\)</mtext></mtd></mtr></mtable>', drawn)
    assert "mlabeledtr" not in drawn


def test_rows_without_a_number_have_as_many_cells(mathml):
    drawn = mathml("\\begin{align*}\na &= b \\tag{1} \\\\\nc\n\\end{align*}")
    rows = re.findall(r"<mtr>(.*?)</mtr>", drawn)
    assert [row.count("<mtd") for row in rows] == [4, 4]


def test_columns_are_aligned_by_class(mathml):
    drawn = mathml("\\begin{align*}\na &= b\n\\end{align*}")
    assert '<mtd class="right tight">' in drawn
    assert '<mtd class="left">' in drawn


def test_lines_of_an_array_are_drawn(mathml):
    drawn = mathml(r"\(\begin{array}{c|c}a & b \\ \hline c & d\end{array}\)")
    assert drawn.count("line-right") == 2
    assert drawn.count("line-below") == 2


@pytest.mark.parametrize("latex", ["a=-b", "(x,-y)", r"a \leq -b", r"2\cdot(-b)"])
def test_a_sign_before_a_number_stands_close_to_it(mathml, latex):
    assert '<mo form="prefix" lspace="0" rspace="0">−</mo>' in mathml(rf"\({latex}\)")


@pytest.mark.parametrize("latex", ["a-b", "f(a)-b", "|a|-b", "n!-b", "a_{1}-b"])
def test_a_sign_between_two_terms_keeps_its_distance(mathml, latex):
    assert "<mo>−</mo>" in mathml(rf"\({latex}\)")


def test_a_function_keeps_a_space_from_its_argument_but_not_from_a_parenthesis(mathml):
    assert 'rspace="0.1667em"' in mathml(r"\(\sin x\)")
    assert 'rspace="0.1667em"' not in mathml(r"\(\sin(x)\)")


def test_a_function_that_was_named_in_place_is_one_too(mathml):
    assert 'rspace="0.1667em"' in mathml(r"\(\operatorname{rank} A\)")
    assert 'rspace="0.1667em"' not in mathml(r"\(\mathrm{kg} A\)")


def test_bars_stand_close_and_a_colon_apart(mathml):
    assert mathml(r"\(|a|\)").count('lspace="0" rspace="0"') == 2
    assert 'lspace="0.2778em" rspace="0.2778em">:' in mathml(r"\(f: A\)")


def test_a_prime_is_raised_once(mathml):
    for latex in (r"f'", r"f^{\prime}"):
        assert '<mrow><mi>f</mi><mo lspace="0" rspace="0">′</mo></mrow>' in mathml(rf"\({latex}\)")
    assert ">″</mo>" in mathml(r"\(f^{\prime \prime}\)")


def test_an_arrow_is_long_below_its_words(mathml):
    drawn = mathml(r"\(\xrightarrow{\text{long text}}\)")
    assert "<mover><mo>⟶</mo><mrow>" in drawn
    assert "<mtext>long text</mtext>" in drawn


def test_words_keep_their_spaces(mathml):
    assert "<mtext>\u00a0if\u00a0</mtext>" in mathml(r"\(a \text{ if } b\)").replace("&nbsp;", "\u00a0")


def test_an_accent_hugs_its_letter_and_a_wide_one_stretches(mathml):
    assert '<mover accent="true">' in mathml(r"\(\hat{x}\)")
    assert 'stretchy="true">\u0302</mo>' in mathml(r"\(\widehat{abc}\)")


def test_struck_and_boxed_formulas_are_marked(mathml):
    assert '<mrow class="enclosed updiagonalstrike">' in mathml(r"\(\cancel{x}\)")
    assert '<mrow class="enclosed box">' in mathml(r"\(\boxed{x}\)")


def test_lines_outside_of_an_environment_become_rows(mathml):
    assert mathml("\\[\na \\\\ b\n\\]").count("<mtr>") == 2


def test_a_space_wider_than_a_page_is_dropped(mathml):
    assert "1000000" not in mathml(r"\(\rule{1000000em}{1000000em}\)").split(">", 1)[1]


def test_bad_tex_is_shown_as_it_was_written(mathml):
    shown = mathml(r"\(\frac{1\)")
    assert shown.startswith('<code class="math-error"')
    assert r"\frac{1" in shown
    assert "Missing close brace" in shown
