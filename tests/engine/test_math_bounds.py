"""Whatever is thrown at the parser, it comes back soon with LaTeX that compiles."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math import latex, structure
from mathpixweb.engine.model import Glyph, Rule
from tests.engine.latex_checks import is_well_formed
from tests.engine.sheets import Setter

FONTS = (("CMMI10", "mi"), ("CMSY10", "sy"), ("CMEX10", "ex"), ("CMR10", "rm"), ("CMR7", "rm"))
NAMES = {
    "mi": ("x", "alpha", "slash", "comma", "period"),
    "sy": ("minus", "braceleft", "bar", "radical", "prime", "negationslash", "mapsto", "A", "arrowright"),
    "ex": (
        "summationdisplay",
        "parenleftBigg",
        "parenrightBigg",
        "bracelefttp",
        "braceex",
        "bracehtipupleft",
        "hatwide",
    ),
    "rm": ("f", "plus", "parenleft", "bracketright", "one", "circumflex", "equal", "braceleft"),
}


def glyph(index: int, chance: random.Random, spread: float) -> Glyph:
    font, family = chance.choice(FONTS)
    name = chance.choice(NAMES[family])
    x, y = chance.uniform(0, spread), chance.uniform(0, spread / 3)
    size = chance.choice((10.0, 7.0, 5.0))
    ink = Box(x, y - chance.uniform(0, size), x + 0.5 * size, y + chance.uniform(0.1, 1.5) * size)
    char = name if len(name) == 1 else ""
    return Glyph(index, name, char, font, family, size, x, y, 0.5 * size, ink)


def rule(index: int, chance: random.Random, spread: float) -> Rule:
    x, y = chance.uniform(0, spread), chance.uniform(0, spread / 3)
    return Rule(index, Box(x, y, x + chance.uniform(3, spread / 2), y + 0.4))


@pytest.mark.parametrize("seed", range(60))
def test_symbols_strewn_at_random_make_well_formed_latex(seed):
    chance = random.Random(seed)  # noqa: S311
    glyphs = [glyph(k, chance, 90) for k in range(chance.randint(1, 60))]
    rules = [rule(1000 + k, chance, 90) for k in range(chance.randint(0, 6))]
    text = latex.write(structure.parse(glyphs, rules))
    assert is_well_formed(text), text
    idiomatic = latex.write(structure.parse(glyphs, rules), latex.Style(idiomatic=True))
    assert is_well_formed(idiomatic), idiomatic


@pytest.mark.parametrize("count", [1400, 6000, 20_000])
def test_a_formula_of_absurd_size_ends_soon(count):
    chance = random.Random(count)  # noqa: S311
    glyphs = [glyph(k, chance, 600) for k in range(count)]
    rules = [rule(100_000 + k, chance, 600) for k in range(200)]
    started = time.process_time()
    text = latex.write(structure.parse(glyphs, rules))
    assert time.process_time() - started < 20
    assert is_well_formed(text)


def test_scripts_upon_scripts_without_end_do_not_exhaust_the_stack():
    glyphs, x, y, size = [], 0.0, 0.0, 40.0
    for index in range(200):
        ink = Box(x, y, x + 0.5 * size, y + 0.45 * size)
        glyphs.append(Glyph(index, "x", "x", "CMMI10", "mi", size, x, y, 0.5 * size, ink))
        x, y, size = x + 0.55 * size, y + 0.4 * size, size * 0.85
    assert is_well_formed(latex.write(structure.parse(glyphs)))


def test_bars_nested_in_bars_do_not_exhaust_the_stack():
    ink = Box(0, 0, 5, 4.5)
    glyphs = [Glyph(0, "x", "x", "CMMI10", "mi", 10.0, 0, 0, 5.0, ink)]
    rules = [Rule(1 + k, Box(-0.1 * k, 5 + 0.9 * k, 5 + 0.1 * k, 5.4 + 0.9 * k)) for k in range(250)]
    assert is_well_formed(latex.write(structure.parse(glyphs, rules)))


def test_nothing_is_an_empty_formula():
    assert latex.write(structure.parse([])) == ""


@pytest.mark.parametrize(("family", "font"), [("it", "Times-Italic"), ("bi", "Times-BoldItalic")])
def test_letters_that_an_italic_text_font_lends_keep_the_period_between_them(family, font):
    setter = Setter()
    setter.set("i.i.d", 100, 700, family=family)
    glyphs = [replace(glyph, font=font) for glyph in setter.glyphs]
    text = latex.write(structure.parse(glyphs)).replace(r"\boldsymbol", "")
    assert text.translate(str.maketrans("", "", "{} ")) == "i.i.d"
