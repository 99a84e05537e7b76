"""Small strokes in what was seen, drawn one by one."""

from __future__ import annotations

import numpy as np
import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess
from mathpixweb.engine.ocr.strokes import told

EM = 30
WIDE = 4  # pixels of a stem


def seen(latex: str, box: Box, kind: Kind = Kind.LETTER) -> FoundSymbol:
    return FoundSymbol((Guess(Symbol(latex, kind), 0.9),), 0.99, box, box.y1, EM)


def names(symbols: list[FoundSymbol], ink: np.ndarray) -> list[str]:
    return [symbol.best.latex for symbol in told(symbols, ink)]


def an_h(*, bar: bool) -> np.ndarray:
    ink = np.zeros((50, 50), np.float32)
    ink[10:32, 14 : 14 + WIDE] = 1.0
    ink[18:21, 14:26] = 1.0
    ink[18:32, 23 : 23 + WIDE] = 1.0
    if bar:
        ink[13:15, 10:24] = 1.0
    return ink


@pytest.mark.parametrize(("bar", "latex"), [(True, r"\hbar"), (False, "h")])
def test_a_bar_through_the_stem_of_h_makes_it_the_quantum_of_action(bar, latex):
    assert names([seen("h", Box(10, 10, 27, 32))], an_h(bar=bar)) == [latex]


def test_an_h_of_thick_strokes_has_no_bar():
    ink = an_h(bar=False)
    ink[10:32, 10:20] = 1.0
    ink[18:32, 22:32] = 1.0
    assert names([seen("h", Box(10, 10, 32, 32))], ink) == ["h"]


def a_j(columns: slice, rows: slice = slice(10, 12)) -> np.ndarray:
    ink = np.zeros((50, 50), np.float32)
    ink[16:34, 20:23] = 1.0
    ink[rows, columns] = 1.0
    return ink


def test_a_bar_in_the_place_of_a_dot_is_an_accent_over_the_letter():
    letter, bar = told([seen("j", Box(15, 10, 27, 34))], a_j(slice(15, 27)))
    assert (letter.best.latex, bar.best.latex) == ("j", r"\bar")
    assert bar.box.y1 <= letter.box.y0


def test_a_dot_is_no_bar():
    assert names([seen("i", Box(19, 10, 24, 34))], a_j(slice(19, 24), slice(9, 13))) == ["i"]


def test_a_bar_that_was_seen_is_not_seen_again():
    symbols = [seen("j", Box(15, 10, 27, 34)), seen(r"\bar", Box(15, 10, 27, 12), Kind.ACCENT)]
    assert sorted(names(symbols, a_j(slice(15, 27)))) == [r"\bar", "j"]


def primes(*columns: int) -> np.ndarray:
    ink = np.zeros((50, 50), np.float32)
    for column in columns:
        ink[10:20, column : column + 2] = 1.0
    return ink


def test_two_primes_that_were_seen_as_one_are_two():
    found = told([seen(r"\prime", Box(20, 10, 28, 20), Kind.PRIME)], primes(20, 26))
    assert [symbol.box.x0 for symbol in found] == [20, 26]


def test_two_primes_that_were_seen_are_no_more():
    symbols = [
        seen(r"\prime", Box(19, 10, 28, 20), Kind.PRIME),
        seen(r"\prime", Box(26, 10, 28, 20), Kind.PRIME),
    ]
    assert names(symbols, primes(20, 26)) == [r"\prime", r"\prime"]


def test_a_part_of_a_letter_beside_a_prime_is_no_prime():
    ink = primes(26)
    ink[10:34, 20:22] = 1.0
    assert names([seen(r"\prime", Box(20, 10, 28, 20), Kind.PRIME)], ink) == [r"\prime"]


@pytest.mark.parametrize(("width", "latex"), [(0.33, "f"), (0.6, "ff")])
def test_an_f_that_is_wide_is_two(width, latex):
    f = FoundSymbol(
        (Guess(Symbol("f", Kind.ROMAN, "rm"), 0.5),), 0.99, Box(10, 10, 10 + width * EM, 32), 32, EM
    )
    assert names([f], np.zeros((50, 50), np.float32)) == [latex]


def test_letters_of_a_few_pixels_are_left_alone():
    tiny = FoundSymbol((Guess(Symbol("h", Kind.LETTER), 0.9),), 0.99, Box(10, 10, 27, 32), 32, 6)
    assert names([tiny], an_h(bar=True)) == ["h"]
