from __future__ import annotations

from dataclasses import replace

import pytest

from mathpixweb.engine.layout import faces, lines, words
from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.model import Options, Survey
from mathpixweb.engine.readers import private_characters
from tests.engine.sheets import Setter

TEXT, ROMAN, ITALIC = 11, 12, 13


def rows_of(setter, numbers):
    """The rows of what was set, the fonts numbered as `numbers` has it for each family and character."""
    sheet = setter.sheet()
    glyphs = tuple(replace(glyph, face=numbers(glyph)) for glyph in sheet.glyphs)
    draft = Draft(replace(sheet, glyphs=glyphs), Survey(1, body_font="CMR10"), Options())
    return words.split(lines.build(draft)).rows


def prose_and_a_formula():
    setter = Setter()
    setter.paragraph("some words that are set in the font of the text (of 1999)")
    x = setter.set("where ", 100, 650)
    x = setter.set("f", x, 650, family="mi")
    x = setter.set("(2)=2(1)", x, 650)
    return setter


def test_a_roman_of_its_own_tells_formulas_from_text():
    def number(glyph):
        return ITALIC if glyph.family == "mi" else ROMAN if glyph.y == 650 and glyph.x > 130 else TEXT

    math, text, signs = faces.learnt(rows_of(prose_and_a_formula(), number))
    assert (math, text) == ((ROMAN,), (TEXT,))
    assert set("0123456789()") <= set(signs)


def test_a_roman_that_text_and_formulas_share_tells_nothing():
    math, text, signs = faces.learnt(
        rows_of(prose_and_a_formula(), lambda glyph: ITALIC if glyph.family == "mi" else TEXT)
    )
    assert (math, text, signs) == ((), (), "")


def test_a_number_in_the_font_of_mathematics_is_mathematics():
    setter = Setter()
    setter.set("the value 5 is large", 100, 700)
    (row,) = rows_of(setter, lambda glyph: ROMAN if glyph.char == "5" else TEXT)
    known = faces.Faces(math=frozenset({ROMAN}), text=frozenset({TEXT}), signs=frozenset("0123456789"))
    assert [word.text for word in words.words_of(row, known) if word.math] == ["5"]
    assert [word.text for word in words.words_of(row, known) if word.plain] == ["the", "value", "is", "large"]


@pytest.mark.parametrize(
    ("font", "private", "public"),
    [
        ("KpMath-Regular", "\ue143", "∏"),
        ("Concrete-Math", "\ue143", "∫"),
        ("Erewhon-Math", "\ue322", ")"),
        ("Asana-Math", "\U0010ff9c", "∑"),
        ("ArevSans-Oblique", "\uebe9", "i"),
        ("ArevSans-Oblique", "ƒ", "f"),
        ("SomeOther", "ƒ", "ƒ"),
        ("SomeOther", "\ue322", "\ue322"),
        ("KpMath-Regular", "x", "x"),
    ],
)
def test_private_characters_of_known_fonts_have_a_meaning(font, private, public):
    assert private_characters.public(font, private) == public
