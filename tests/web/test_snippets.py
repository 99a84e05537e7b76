"""What a search shows of a page."""

from __future__ import annotations

import pytest

from mathpixweb.documents.models import Page
from mathpixweb.web import snippets

WORDS = "word " * 60
KERNEL = "The kernel \\( D_{N} \\) is named after Dirichlet."
RENDERED = '<p>The kernel <math data-latex="D_{N}" display="block"><mi>D</mi></math> is named.</p>'


def read(pieces):
    return "".join(f"[{piece.text}]" if piece.found else piece.text for piece in pieces)


def test_formulas_are_shown_as_the_page_shows_them():
    formula = snippets.around(Page(mmd=KERNEL, html=RENDERED), "Dirichlet")[1]
    assert formula.math == '<math data-latex="D_{N}"><mi>D</mi></math>'


def test_formulas_of_a_page_that_nobody_has_seen_are_shown_without_their_delimiters():
    assert read(snippets.around(Page(mmd=KERNEL), "Dirichlet")) == (
        "The kernel D_{N} is named after [Dirichlet]."
    )


@pytest.mark.parametrize("formula", ["\\( {} \\)", "\\[\n{}\n\\]", "${}$", "$$ {} $$"])
def test_a_hit_in_a_formula_shows_the_whole_formula(formula):
    mmd = f"{WORDS}{formula.replace('{}', 'E = m c^{2}')} {WORDS}"
    found = [piece for piece in snippets.around(Page(mmd=mmd), "mc^2") if piece.found]
    assert [(piece.text, piece.formula) for piece in found] == [("E = m c^{2}", True)]


def test_long_formulas_beside_the_hit_are_left_out():
    long = "\\( " + "x+" * 100 + "y \\)"
    assert read(snippets.around(Page(mmd=f"{long} zebra {long}"), "zebra")) == " …  [zebra]  … "


def test_words_are_not_cut_in_two():
    words = read(snippets.around(Page(mmd=f"{WORDS}zebra {WORDS}"), "zebra")).split()
    assert set(words) == {"…", "word", "[zebra]"}
    assert len(words) < 60


def test_commands_that_arrange_the_page_are_not_shown():
    mmd = "\\section*{3 Energy}\n\\begin{tabular}{|l|}\n\\hline zebra & 5.0 \\% \\\\\n![](a.jpg)"
    assert read(snippets.around(Page(mmd=mmd), "zebra")).split() == ["3", "Energy", "[zebra]", "5.0", "%"]


def test_a_page_without_the_hit_is_shown_from_its_beginning():
    assert read(snippets.around(Page(mmd=f"First {WORDS}"), "zebra")).startswith("First word")


def test_a_page_of_nothing_but_open_formulas_is_shown_too():
    assert snippets.around(Page(mmd="\\(" * 50_000 + "zebra"), "zebra")
