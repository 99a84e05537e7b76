from __future__ import annotations

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math import symbols
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.table import ACCENTS, OPERATORS, PIECES, SYMBOLS
from mathpixweb.engine.model import Glyph
from mathpixweb.engine.readers.families import family_of


def glyph(font: str, name: str = "", char: str = "") -> Glyph:
    return Glyph(0, name, char, font, family_of(font), 10.0, 0, 0, 5.0, Box(0, 0, 5, 5))


@pytest.mark.parametrize(
    ("font", "name", "char", "latex"),
    [
        ("CMMI10", "alpha", "α", r"\alpha"),
        ("CMMI10", "epsilon1", "ϵ", r"\epsilon"),
        ("CMSY10", "L", "L", r"\mathcal{L}"),
        ("MSBM10", "R", "R", r"\mathbb{R}"),
        ("EUFM10", "g", "g", r"\mathfrak{g}"),
        ("RSFS10", "F", "F", r"\mathscr{F}"),
        ("CMMIB10", "alpha", "α", r"\boldsymbol{\alpha}"),
        ("CMEX10", "summationdisplay", "", r"\sum"),
        ("CMEX10", "uniontext", "", r"\bigcup"),
        ("CMEX10", "parenleftBigg", "", "("),
        ("CMBX10", "one", "1", r"\mathbf{1}"),
        ("Kp-Medium", "one", "1", r"\mathbf{1}"),
        ("Kp--M-Regular", "g", "g", r"\mathfrak{g}"),
        ("Kp--M-Regular", "alpha", "α", r"\alpha"),
        ("MSBM10", "hatwide", "", r"\hat"),
        ("txexs", "parenlefttpA", "", "("),
        ("txexs", "parenrightexA", "", ")"),
        ("LatinModernMath-Regular", "", "\u23df", "under"),
        ("txsyc", "nequal", "", r"\neq"),
        ("MathDesign-CH-Regular-Symbol-10", "Fcal", "", r"\mathcal{F}"),
        ("CambriaMath", "", "𝑥", "x"),
        ("CambriaMath", "", "𝜖", r"\epsilon"),
        ("CambriaMath", "", "ℎ", "h"),
        ("LatinModernMath-Regular", "", "𝔼", r"\mathbb{E}"),
        ("LatinModernMath-Regular", "", "𝐱", r"\mathbf{x}"),
        ("STIXTwoMath", "", "𝛂", r"\boldsymbol{\alpha}"),
        ("STIXTwoMath", "", "⨁", r"\bigoplus"),
        ("Times-Roman", "", "≤", r"\leq"),
        ("MSAM10", "harpoonleftright", "⇌", r"\rightleftharpoons"),
        ("MSAM10", "dblarrowleft", "⇔", r"\leftleftarrows"),
        ("MSAM10", "precedesorequal", "≾", r"\precsim"),
        ("MSBM10", "precedesorequal", "≾", r"\precapprox"),
        ("MSBM10", "lessnotdblequal", "⪉", r"\lnapprox"),
        ("MSBM10", "notlessdblequal", "≦̸", r"\nleqq"),
        ("STIXTwoMath", "", "⩽̸", r"\not \leqslant"),
        ("STIXTwoMath", "", "⊄", r"\not\subset"),
        ("STIXTwoMath", "", "⨳", "⨳"),
        ("Erewhon-Math", "", "⒧", "("),
    ],
)
def test_a_glyph_is_known_by_its_name_or_its_character(font, name, char, latex):
    assert symbols.latex_of(glyph(font, name, char)) == latex


def test_what_a_glyph_without_name_and_character_is_nobody_claims_to_know():
    assert symbols.symbol_of(glyph("T3Font")).kind is Kind.UNKNOWN
    assert symbols.latex_of(glyph("CMMI10")) == ""
    assert symbols.text_of(glyph("T3Font")) == ""


@pytest.mark.parametrize(
    ("font", "name", "char", "expected"),
    [
        ("CMMI10", "x", "x", True),
        ("CMR10", "x", "x", False),
        ("CMR10", "Gamma", "Γ", True),
        ("CMSY10", "bullet", "•", False),
        ("CMSY10", "minus", "−", True),
        ("Helvetica", "", "a", False),
        ("CambriaMath", "", "𝑎", True),
        ("DejaVuSerif-Italic", "", "⌊", True),
        ("Type3", "", "", False),
    ],
)
def test_mathematics_shows_by_font_or_character(font, name, char, expected):
    assert symbols.is_math(glyph(font, name, char)) is expected


@pytest.mark.parametrize(("char", "text"), [("ﬃ", "ffi"), ("ﬁ", "fi"), ("–", "–"), ("’", "’"), ("é", "é")])
def test_prose_has_its_ligatures_spelled_out(char, text):
    assert symbols.text_of(glyph("CMR10", "", char)) == text


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def test_each_character_and_each_name_of_the_table_belongs_to_one_symbol():
    chars = [char for row in rows(SYMBOLS) for char in symbols.characters(row[2])]
    names = [name for row in rows(SYMBOLS) for name in row[3:] if name != "-"]
    assert len(chars) == len(set(chars)), sorted(c for c in chars if chars.count(c) > 1)
    assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)


@pytest.mark.parametrize("table", [SYMBOLS, OPERATORS, ACCENTS, PIECES])
def test_all_rows_of_a_table_have_their_columns(table):
    assert all(len(row) >= 3 for row in rows(table))
