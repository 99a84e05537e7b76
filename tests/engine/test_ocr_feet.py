"""Floors, ceilings and bars among brackets, drawn stroke by stroke."""

from __future__ import annotations

import numpy as np
import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.feet import told_apart
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess

EM = 24
LETTER = Symbol("t", Kind.LETTER)


def name(
    top: bool,
    bottom: bool,
    *,
    left: bool = True,
    height: int = EM,
    share: float = 0.9,
    other: Symbol = LETTER,
) -> str:
    """What a bracket with these feet is called that was seen as a whole one, or as something other."""
    ink = np.zeros((height + 20, 40), np.float32)
    ink[10 : 10 + height, 18:20] = 1.0
    columns = slice(18, 24) if left else slice(14, 20)
    if top:
        ink[10:12, columns] = 1.0
    if bottom:
        ink[8 + height : 10 + height, columns] = 1.0
    bracket = Symbol("[", Kind.OPEN) if left else Symbol("]", Kind.CLOSE)
    guesses = (Guess(bracket, share), Guess(other, 0.05))
    box = Box(18, 10, 24, 10 + height) if left else Box(14, 10, 20, 10 + height)
    return told_apart([FoundSymbol(guesses, 0.99, box, 30, EM)], ink)[0].best.latex


@pytest.mark.parametrize(
    ("top", "bottom", "left", "latex"),
    [
        (False, True, True, r"\lfloor"),
        (True, False, True, r"\lceil"),
        (True, True, True, "["),
        (False, False, True, "|"),
        (False, True, False, r"\rfloor"),
        (True, False, False, r"\rceil"),
        (True, True, False, "]"),
        (False, False, False, "|"),
    ],
)
def test_one_foot_makes_a_floor_or_a_ceiling_and_none_a_bar(top, bottom, left, latex):
    assert name(top, bottom, left=left) == latex


def test_what_is_hardly_a_bracket_is_left_alone():
    assert name(False, True, share=0.4) == "["


def test_the_ends_of_a_tall_bracket_are_not_known_well_enough():
    assert name(False, True, height=3 * EM) == "["


def test_a_tall_bracket_without_feet_is_a_bar():
    assert name(False, False, height=3 * EM) == "|"
    assert name(False, False, height=3 * EM, other=Symbol(r"\|", Kind.VERT)) == r"\|"


def test_what_may_be_a_parenthesis_has_no_feet_either():
    assert name(False, False, height=3 * EM, share=0.5, other=Symbol("(", Kind.OPEN)) == "["
