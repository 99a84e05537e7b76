from dataclasses import replace

import numpy as np
import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.neighbours import LOWERED, RAISED, RIGHT, places, weighed
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess

ETA = Symbol(r"\eta", Kind.LETTER)
N = Symbol("n", Kind.LETTER)


def symbol(x, *guesses, baseline=20.0, size=20.0):
    """A symbol half an em wide; guesses are LaTeX letters or symbols with their probabilities."""
    told = tuple(
        Guess(name if isinstance(name, Symbol) else Symbol(name, Kind.LETTER), chance)
        for name, chance in guesses
    )
    return FoundSymbol(told, 0.99, Box(x, baseline - size / 2, x + size / 2, baseline), baseline, size)


def read(symbols):
    return [one.best.latex for one in weighed(symbols)]


@pytest.mark.parametrize(
    ("other", "place"),
    [
        ((12, 10, 22, 20, 20, 20), (0, RIGHT)),
        ((11, 5, 18, 12, 12, 14), (0, RAISED)),
        ((11, 17, 18, 24, 24, 14), (0, LOWERED)),
        ((90, 10, 100, 20, 20, 20), (-1, RIGHT)),
        ((12, 60, 22, 70, 70, 20), (-1, RIGHT)),
    ],
)
def test_a_symbol_follows_or_is_a_script_of_the_one_before(other, place):
    rows = np.array([(0, 10, 10, 20, 20, 20), other], float)
    assert places(rows[:, :4], rows[:, 4], rows[:, 5]) == [(-1, RIGHT), place]


def test_what_follows_a_letter_with_a_script_follows_the_letter():
    rows = np.array([(0, 10, 10, 20, 20, 20), (11, 5, 18, 12, 12, 14), (21, 10, 31, 20, 20, 20)], float)
    assert places(rows[:, :4], rows[:, 4], rows[:, 5])[2] == (0, RIGHT)


def test_a_doubtful_letter_is_the_one_that_is_seen_elsewhere():
    doubtful = symbol(60, ("n", 0.5), (ETA, 0.45))
    sure = symbol(0, (ETA, 0.97), ("n", 0.02))
    assert read([sure, symbol(30, ("x", 0.99)), doubtful])[2] == r"\eta"


def test_a_doubtful_symbol_is_what_usually_stands_there():
    plus = replace(
        symbol(12, ("t", 0.5)),
        guesses=(Guess(Symbol("t", Kind.LETTER), 0.5), Guess(Symbol("+", Kind.BIN), 0.42)),
    )
    assert read([symbol(0, ("x", 0.99)), plus, symbol(24, ("y", 0.99))]) == ["x", "+", "y"]


def test_what_was_surely_seen_stays():
    assert read([symbol(0, (ETA, 0.98), ("n", 0.01)), symbol(12, ("n", 0.98), (ETA, 0.01))]) == [r"\eta", "n"]


def test_symbols_of_which_nothing_is_known_stay_as_they_are():
    strange = Symbol(r"\strange", Kind.ORD)
    assert read([symbol(0, (strange, 0.6), ("n", 0.1)), symbol(12, (N, 0.9))])[1] == "n"
    assert weighed([]) == []
