"""Readings of a formula beside the first: what its symbols may also be."""

from __future__ import annotations

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr import readings
from mathpixweb.engine.ocr.formulas import FoundFormula, formula_of
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess


def symbol(x, *guesses):
    """A symbol at that place, ten pixels large, that may be any of these letters."""
    seen = tuple(Guess(Symbol(letter, Kind.LETTER, ""), odds) for letter, odds in guesses)
    return FoundSymbol(seen, 1.0, Box(x, 4, x + 5, 10), 10, 10)


def formula(*symbols):
    found = formula_of(symbols, (), 10)
    assert found is not None
    return found


DOUBTFUL = formula(symbol(0, ("a", 0.9), ("o", 0.1)), symbol(6, ("b", 0.6), ("h", 0.3), ("k", 0.1)))


def test_the_likeliest_readings_come_first():
    found = readings.best(DOUBTFUL, 4)
    assert [each.latex for each in found] == ["a b", "a h", "a k", "o b"]
    sure = [each.confidence**each.symbols for each in found]
    assert sure == sorted(sure, reverse=True)
    assert abs(sure[1] / sure[0] - 0.5) < 1e-9


def test_no_more_readings_are_considered_than_was_asked():
    assert [len(readings.best(DOUBTFUL, beam)) for beam in (1, 2, 3, 5)] == [1, 2, 3, 5]


def test_no_reading_is_told_twice():
    alike = formula(symbol(0, ("a", 0.5), ("a", 0.4)))
    assert [each.latex for each in readings.best(alike, 5)] == ["a"]


def test_of_what_nobody_knows_how_it_was_read_there_is_one_reading():
    given = FoundFormula("x", Box(0, 0, 1, 1), 1.0, 0.9, 1)
    assert readings.best(given, 5) == [given]
