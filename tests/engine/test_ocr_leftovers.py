"""Dots and bars that nobody has seen, beside letters drawn as blocks of ink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.leftovers import MOST, taken_up
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess, Sighting

EM = 40
BASELINE = 80
FAINT = 0.5


def letter(x: int, name: str = "a", top: int = BASELINE - 18, kind: Kind = Kind.LETTER) -> FoundSymbol:
    """Ink as wide as half an em from the baseline up; a higher `top` lets the box reach beyond it."""
    box = Box(x, top, x + EM // 2, BASELINE)
    return FoundSymbol((Guess(Symbol(name, kind), 0.9),), 0.95, box, BASELINE, EM)


def picture(symbols, *marks: Box, darkness: float = 1.0):
    ink = np.zeros((120, 240), np.float32)
    for symbol in symbols:
        ink[BASELINE - 18 : BASELINE, int(symbol.box.x0) : int(symbol.box.x1)] = 1.0
    for mark in marks:
        ink[int(mark.y0) : int(mark.y1), int(mark.x0) : int(mark.x1)] = darkness
    return ink


def named(symbols, *marks: Box, darkness: float = 1.0):
    """What was taken up: names of symbols, and how many rules."""
    seen = Sighting(tuple(symbols), (), EM)
    (found,) = taken_up([seen], picture(symbols, *marks, darkness=darkness))
    new = [symbol for symbol in found.symbols if symbol not in symbols]
    return [symbol.best.latex for symbol in new], len(found.rules)


def dot(x: int, y: int) -> Box:
    return Box(x, y, x + 4, y + 4)


A, B = letter(40), letter(70, "b")


@pytest.mark.parametrize(
    ("mark", "names", "rules"),
    [
        (dot(48, 54), [r"\dot"], 0),  # over the first letter
        (dot(100, 76), ["."], 0),  # on the line after the last
        (dot(200, 76), ["."], 0),  # though far from it, as after a fraction
        (Box(43, 55, 58, 57), [r"\bar"], 0),
        (Box(40, 55, 91, 57), [], 1),  # over both: a line
        (Box(100, 69, 122, 71), ["-"], 0),
        (dot(100, 68), [r"\cdot"], 0),
        (dot(100, 40), [], 0),  # nowhere in particular
        (Box(100, 30, 122, 50), [], 0),  # neither dot nor bar
    ],
)
def test_a_mark_is_what_its_place_says(mark, names, rules):
    assert named([A, B], mark) == (names, rules)


def test_a_dot_within_the_box_of_a_letter_is_its_accent():
    assert named([letter(40, r"\alpha", top=50), B], dot(48, 52)) == ([r"\dot"], 0)


@pytest.mark.parametrize("name", ["i", "j"])
def test_letters_with_a_dot_keep_it(name):
    assert named([letter(40, name, top=50), B], dot(48, 52)) == ([], 0)


def test_a_piece_of_a_letter_is_no_dot_of_it():
    end = Box(
        62, 58, 66, 62
    )  # of the hook of an f, whose thin part is lost; it reaches down to the stem's top
    hook = replace(letter(40, "f"), box=Box(40, 58, 66, BASELINE))
    seen = Sighting((hook, B), (), EM)
    (found,) = taken_up([seen], picture([letter(40), B], end))
    assert found.symbols == seen.symbols


def test_faint_marks_are_dirt():
    assert named([A, B], dot(48, 54), darkness=FAINT) == ([], 0)


def test_nothing_is_taken_up_where_there_is_much_of_it():
    specks = [dot(20 + 30 * k, 20) for k in range(MOST)]
    assert named([A, B], dot(48, 54), *specks) == ([], 0)


def test_where_nothing_was_seen_nothing_is_taken_up():
    (found,) = taken_up([Sighting((), (), 0.0)], picture([], dot(48, 54)))
    assert found.symbols == ()
