"""Brackets that stand like pairs: which of the guesses match."""

from __future__ import annotations

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.pairs import agreed
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess

OPENING = ("(", "[", r"\{", r"\langle")


def found(left: float, height: float = 24, **chances: float) -> FoundSymbol:
    """A bracket with chances by name: angle, round, square."""
    names = {"round": "()", "square": "[]", "angle": (r"\langle", r"\rangle")}
    closing = chances.pop("closing", 0)
    kind = Kind.CLOSE if closing else Kind.OPEN
    ranked = sorted(chances, key=lambda name: -chances[name])
    guesses = tuple(Guess(Symbol(names[name][bool(closing)], kind), chances[name]) for name in ranked)
    return FoundSymbol(guesses, 0.9, Box(left, 0, left + 5, height), height, 24)


def read(*symbols: FoundSymbol) -> list[str]:
    return [symbol.best.latex for symbol in agreed(symbols)]


def test_a_bracket_seen_badly_matches_the_one_seen_well():
    left, right = found(0, round=0.4, angle=0.35), found(40, angle=0.9, closing=1)
    assert read(left, right) == [r"\langle", r"\rangle"]


def test_an_interval_open_at_one_end_stays():
    left, right = found(0, square=0.95, round=0.01), found(40, round=0.95, square=0.01, closing=1)
    assert read(left, right) == ["[", ")"]


def test_inner_pairs_come_first():
    outer = found(0, square=0.9), found(80, square=0.9, closing=1)
    inner = found(20, round=0.9), found(60, angle=0.5, round=0.4, closing=1)
    assert read(outer[0], inner[0], inner[1], outer[1]) == ["[", "(", ")", "]"]


def test_brackets_of_different_heights_are_no_pair():
    left, right = found(0, round=0.5, angle=0.4), found(40, 60, angle=0.9, closing=1)
    assert read(left, right) == ["(", r"\rangle"]


def bar_or(name: str, kind: Kind, left: float) -> FoundSymbol:
    guesses = (Guess(Symbol(name, kind), 0.55), Guess(Symbol("|", Kind.VERT), 0.35))
    return FoundSymbol(guesses, 0.9, Box(left, 0, left + 5, 24), 24, 24)


def test_a_square_bracket_without_a_partner_is_the_bar_it_may_be():
    assert read(bar_or("]", Kind.CLOSE, 0)) == ["|"]
    assert read(bar_or("[", Kind.OPEN, 0)) == ["|"]
    assert read(bar_or("[", Kind.OPEN, 0), bar_or("]", Kind.CLOSE, 40)) == ["[", "]"]


def test_an_angle_has_a_bar_for_a_partner_where_that_may_be():
    assert read(bar_or("[", Kind.OPEN, 0), found(40, angle=0.9, closing=1)) == ["|", r"\rangle"]
