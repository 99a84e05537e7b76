"""One piece of ink seen as two things: which of them stays."""

from __future__ import annotations

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.rivals import settle
from mathpixweb.engine.ocr.symbols import FoundRule, FoundSymbol, Guess, Sighting

EM = 28.0


def found(latex: str, kind: Kind, box: tuple[float, float, float, float], sure: float = 0.9) -> FoundSymbol:
    return FoundSymbol((Guess(Symbol(latex, kind), 1.0),), sure, Box(*box), box[3], EM)


def left(*symbols: FoundSymbol, rules: tuple[FoundRule, ...] = ()) -> tuple[list[str], int]:
    """LaTeX of the symbols that stay, and how many rules."""
    kept, bars = settle(Sighting(symbols, rules, EM))
    return [symbol.best.latex for symbol in kept], len(bars)


def test_the_dot_of_an_i_is_no_accent():
    letter = found("i", Kind.LETTER, (10, 10, 18, 30), 0.6)
    assert left(letter, found(r"\dot", Kind.ACCENT, (13, 10, 16, 13))) == (["i"], 0)
    other = found("x", Kind.LETTER, (10, 18, 24, 30))
    assert left(other, found(r"\dot", Kind.ACCENT, (15, 10, 18, 13))) == (["x", r"\dot"], 0)


def test_an_ellipsis_is_not_read_again_dot_by_dot():
    ellipsis = found(r"\cdots", Kind.ORD, (10, 20, 40, 23), 0.5)
    dots = [found(r"\cdot", Kind.BIN, (x, 20, x + 3, 23), 0.9) for x in (10, 24, 37)]
    assert left(ellipsis, *dots) == ([r"\cdots"], 0)
    assert left(*dots) == ([r"\cdot"] * 3, 0)


def test_of_two_delimiters_in_one_place_the_surer_stays():
    bracket = found("[", Kind.OPEN, (10, 0, 16, 80), 0.5)
    parenthesis = found("(", Kind.OPEN, (12, 1, 20, 79), 0.8)
    assert left(bracket, parenthesis) == (["("], 0)


def test_delimiters_next_to_each_other_both_stay():
    pair = [found("(", Kind.OPEN, (x, 0, x + 6, 28)) for x in (10, 21)]
    assert left(*pair) == (["(", "("], 0)


def test_the_bar_of_a_radical_that_was_seen_as_a_minus_is_a_rule():
    sign, digit = found(r"\sqrt", Kind.RAD, (10, 10, 30, 40)), found("2", Kind.DIGIT, (32, 16, 44, 36))
    minus = found("-", Kind.BIN, (30, 10, 46, 12))
    assert left(sign, digit, minus) == ([r"\sqrt", "2"], 1)


def test_a_minus_stays_where_no_rule_was_seen():
    assert left(found("-", Kind.BIN, (30, 20, 46, 22))) == (["-"], 0)


def test_a_bar_that_seems_to_run_into_the_bracket_beside_it_ends_before_it():
    parenthesis = found("(", Kind.OPEN, (40, 5, 48, 45))
    _, (bar,) = settle(Sighting((parenthesis,), (FoundRule(Box(10, 24, 46, 26), 0.9),), EM))
    assert 36 < bar.box.x1 < 40
    _, (bar,) = settle(Sighting((parenthesis,), (FoundRule(Box(60, 24, 90, 26), 0.9),), EM))
    assert (bar.box.x0, bar.box.x1) == (60, 90)


def test_of_two_ellipses_that_share_dots_one_stays():
    one, other = (found(r"\ldots", Kind.ORD, (x, 20, x + 12, 23), sure) for x, sure in ((10, 0.8), (16, 0.6)))
    apart = found(r"\ldots", Kind.ORD, (60, 20, 72, 23))
    assert left(one, other, apart) == ([r"\ldots", r"\ldots"], 0)


def test_two_bars_and_both_of_them_as_one_are_two():
    bars = [FoundRule(Box(10, y, 60, y + 2), 0.9) for y in (20, 26)]
    assert left(rules=(*bars, FoundRule(Box(10, 20, 60, 28), 0.7))) == ([], 2)


def test_the_bar_of_an_epsilon_is_no_rule():
    letter = found(r"\varepsilon", Kind.LETTER, (10, 10, 26, 34))
    assert left(letter, rules=(FoundRule(Box(12, 21, 24, 23), 0.8),)) == ([r"\varepsilon"], 0)
    assert left(letter, rules=(FoundRule(Box(9, 4, 27, 6), 0.8),)) == ([r"\varepsilon"], 1)


def test_the_strokes_of_a_plus_are_no_rules():
    plus = found("+", Kind.BIN, (10, 10, 34, 34))
    assert left(plus, rules=(FoundRule(Box(9, 21, 35, 23), 0.95),)) == (["+"], 0)
    assert left(plus, rules=(FoundRule(Box(9, 38, 35, 40), 0.95),)) == (["+"], 1)


def test_a_rule_with_nothing_over_and_under_it_is_the_minus_that_was_seen_too():
    minus, over, under = (
        found("-", Kind.BIN, (10, 30, 30, 32), 0.6),
        found("1", Kind.DIGIT, (15, 8, 25, 26)),
        found("2", Kind.DIGIT, (15, 36, 25, 54)),
    )
    bar = FoundRule(Box(10, 30, 30, 32), 0.95)
    assert left(minus, rules=(bar,)) == (["-"], 0)
    assert left(minus, over, under, rules=(bar,)) == (["1", "2"], 1)


def test_a_bar_begins_after_the_minus_before_it():
    minus = found("-", Kind.BIN, (10, 30, 30, 32))
    over, under = found("1", Kind.DIGIT, (42, 8, 52, 26)), found("2", Kind.DIGIT, (42, 36, 52, 54))
    kept, (bar,) = settle(Sighting((minus, over, under), (FoundRule(Box(10, 30, 56, 32), 0.95),), EM))
    assert [symbol.best.latex for symbol in kept] == ["-", "1", "2"]
    assert 36 < bar.box.x0 < 42
    assert bar.box.x1 == 56


def test_a_line_over_a_letter_does_not_run_into_the_index_before_it():
    index, letter = found("2", Kind.DIGIT, (10, 10, 18, 24)), found("x", Kind.LETTER, (20, 16, 36, 34))
    _, (bar,) = settle(Sighting((index, letter), (FoundRule(Box(11, 11.5, 37, 13.5), 0.9),), EM))
    assert (bar.box.x0, bar.box.x1) == (18, 37)


def test_a_stroke_of_a_sum_is_no_rule_but_a_line_over_it_is():
    total = found(r"\sum", Kind.OP, (10, 10, 40, 50))
    assert left(total, rules=(FoundRule(Box(10, 11, 40, 13), 0.8),)) == ([r"\sum"], 0)
    assert left(total, rules=(FoundRule(Box(9, 4, 41, 6), 0.8),)) == ([r"\sum"], 1)


def test_a_bar_over_one_bracket_of_a_pair_ends_before_it():
    before, after = found("(", Kind.OPEN, (10, 5, 18, 45)), found(")", Kind.CLOSE, (80, 5, 88, 45))
    inside = FoundRule(Box(40, 2, 90, 4), 0.9)
    _, (bar,) = settle(Sighting((before, after), (inside,), EM))
    assert bar.box.x1 < 80
    outside = FoundRule(Box(2, 46, 40, 48), 0.9)
    _, (bar,) = settle(Sighting((found("(", Kind.OPEN, (30, 5, 38, 45)), after), (outside,), EM))
    assert bar.box.x1 < 30


def test_a_bar_over_a_whole_pair_stays():
    pair = found("(", Kind.OPEN, (10, 5, 18, 45)), found(")", Kind.CLOSE, (80, 5, 88, 45))
    whole = FoundRule(Box(8, 2, 90, 4), 0.9)
    assert settle(Sighting(pair, (whole,), EM))[1] == [whole]
