"""Several looks at one picture: what most of them saw counts."""

from __future__ import annotations

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.fusion import fuse
from mathpixweb.engine.ocr.sightings import FoundRule, FoundSymbol, Guess, Sighting

X, CHI = Symbol("x", Kind.LETTER), Symbol(r"\chi", Kind.LETTER)


def found(chances: dict[Symbol, float], left: float, sure: float = 0.9) -> FoundSymbol:
    guesses = tuple(Guess(symbol, chance) for symbol, chance in chances.items())
    return FoundSymbol(guesses, sure, Box(left, 10, left + 12, 24), 24, 28)


def look(*symbols: FoundSymbol, rules: tuple[FoundRule, ...] = ()) -> Sighting:
    return Sighting(symbols, rules, 28.0)


def test_a_single_look_is_taken_as_it_is():
    only = look(found({X: 0.9}, 0, 0.1))
    assert fuse([only]) is only


def test_what_one_of_three_looks_saw_is_not_believed():
    letter, ghost = found({X: 0.9}, 0), found({CHI: 0.9}, 40)
    seen = fuse([look(letter), look(letter, ghost), look(letter)])
    assert [symbol.best for symbol in seen.symbols] == [X]


def test_what_two_of_three_looks_saw_is_believed_though_less():
    letter, other = found({X: 0.9}, 0), found({CHI: 0.9}, 40)
    seen = fuse([look(letter, other), look(letter), look(letter, other)])
    assert [round(symbol.certainty, 2) for symbol in seen.symbols] == [0.9, 0.6]


def test_looks_that_disagree_vote_on_what_it_is():
    seen = fuse([look(found({CHI: 0.6, X: 0.4}, 0)), look(found({X: 0.9, CHI: 0.1}, 1))])
    (symbol,) = seen.symbols
    assert symbol.best == X
    assert symbol.box.x0 == 0.5


def test_a_rule_that_a_later_look_saw_surely_is_added_once():
    bar = FoundRule(Box(0, 30, 40, 32), 0.9)
    faint = FoundRule(Box(0, 60, 40, 62), 0.6)
    assert fuse([look(), look(rules=(bar, faint)), look(rules=(bar,))]).rules == (bar,)


def test_a_thin_stroke_is_the_same_though_its_boxes_hardly_overlap():
    minus = Guess(Symbol("-", Kind.BIN), 0.9)
    looks = [
        look(FoundSymbol((minus,), 0.9, Box(0, 20 + shift, 16, 21 + shift), 24, 28)) for shift in (0, 1, -1)
    ]
    assert len(fuse(looks).symbols) == 1
