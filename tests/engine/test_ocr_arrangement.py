"""What was seen, arranged for the parser: sizes, lines and rules that are only nearly right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.latex import write
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr.arrangement import items_of, read
from mathpixweb.engine.ocr.symbols import FoundRule, FoundSymbol, Guess, Sighting

EM = 28.0  # pixels


def found(
    latex: str, x: float, baseline: float, kind: Kind = Kind.LETTER, size: float = EM, **more: float
) -> FoundSymbol:
    """A symbol of a usual shape whose ink begins at `x`, in pixels, y downwards."""
    width, height, depth = more.get("width", 0.5), more.get("height", 0.45), more.get("depth", 0.0)
    box = Box(x, baseline - height * size, x + width * size, baseline + depth * size)
    symbol = Symbol(latex, kind, "rm" if kind is Kind.ROMAN else "")
    return FoundSymbol((Guess(symbol, more.get("sure", 0.9)),), 0.95, box, baseline, size)


def latex(symbols: Sequence[FoundSymbol], rules: Sequence[FoundRule] = ()) -> str:
    return write(read(Sighting(tuple(symbols), tuple(rules), EM)))


POWER = (found("x", 0, 60), found("2", 15, 48, Kind.DIGIT, 0.7 * EM, height=0.66))
FRACTION = (found("a", 10, 40), found("b", 10, 75, height=0.7))
BAR = FoundRule(Box(6, 49, 28, 51), 0.9)


def test_a_raised_smaller_symbol_is_a_superscript():
    assert latex(POWER) == "x^{2}"


def test_what_stands_over_and_under_a_rule_is_a_fraction():
    assert latex(FRACTION, [BAR]) == r"\frac{a}{b}"


def test_nothing_seen_is_an_empty_formula():
    assert latex([]) == ""


@pytest.mark.parametrize("scale", [0.3, 1.0, 4.0])
def test_the_size_of_the_picture_does_not_matter(scale):
    symbols = [
        FoundSymbol(
            s.guesses,
            s.certainty,
            Box(*(scale * edge for edge in (s.box.x0, s.box.y0, s.box.x1, s.box.y1))),
            scale * s.baseline,
            scale * s.size,
        )
        for s in POWER
    ]
    assert latex(symbols) == "x^{2}"


def test_baselines_and_sizes_that_are_nearly_the_same_are_the_same():
    row = [
        found(letter, 18 * k, 60 + (1.4, -1.2, 0.3)[k % 3], size=EM * (0.95, 1.0, 1.05, 0.98)[k % 4])
        for k, letter in enumerate("abcdefgh")
    ]
    items, _ = items_of(Sighting(tuple(row), (), EM))
    assert len({item.y for item in items}) == 1
    assert {item.size for item in items} == {10.0}
    assert latex(row) == "a b c d e f g h"


def test_a_tilted_line_is_one_line():
    slope = math.tan(math.radians(1.5))
    row = [found(letter, 18 * k, 60 + slope * 18 * k) for k, letter in enumerate("abcdefghijklmnopq")]
    items, _ = items_of(Sighting(tuple(row), (), EM))
    heights = [item.y for item in items]
    assert max(heights) - min(heights) < 0.5
    assert latex(row) == " ".join("abcdefghijklmnopq")


@pytest.mark.parametrize("degrees", [-5.0, -2.5, 2.5, 5.0])
def test_a_short_line_of_a_tilted_photograph_is_one_line(degrees):
    slope = math.tan(math.radians(degrees))
    level = [found("x", 0, 60), found("2", 18, 48, Kind.DIGIT, 0.7 * EM, height=0.66)]
    level += [found(letter, 38 + 22 * k, 60) for k, letter in enumerate("abc")]
    tilted = [
        replace(
            s,
            box=replace(s.box, y0=s.box.y0 + slope * s.box.cx, y1=s.box.y1 + slope * s.box.cx),
            baseline=s.baseline + slope * s.box.cx,
        )
        for s in level
    ]
    assert latex(tilted) == "x^{2} a b c"


def test_a_line_and_a_fraction_beside_it_are_no_sloping_line():
    bar = FoundRule(Box(56, 49, 100, 51), 0.9)
    fraction = [found("a", 70, 40), found("b", 70, 78, height=0.7)]
    assert latex([found("x", 0, 56), found("=", 25, 56, Kind.REL), *fraction], [bar]) == r"x=\frac{a}{b}"


def test_a_minus_that_is_also_seen_as_a_rule_stays_the_surer_of_the_two():
    minus = found("-", 20, 60, Kind.BIN, width=0.7, height=0.28, depth=-0.22, sure=0.98)
    bar = FoundRule(Box(minus.box.x0, minus.box.y0, minus.box.x1, minus.box.y1), 0.7)
    row = [found("a", 0, 60), minus, found("b", 46, 60)]
    assert latex(row, [bar]) == "a-b"
    numerator, denominator = found("a", 24, 45), found("b", 24, 75, height=0.7)
    assert latex([numerator, minus, denominator], [FoundRule(bar.box, 0.99)]) == r"\frac{a}{b}"


def test_the_index_of_a_root_may_be_seen_larger_than_it_is():
    sign = found(r"\sqrt", 20, 60, Kind.RAD, width=0.8, height=0.9, depth=0.2)
    digit, body = found("3", 24, 47, Kind.DIGIT, 0.66 * EM), found("x", 44, 60)
    bar = FoundRule(Box(sign.box.x1, sign.box.y0, 62, sign.box.y0 + 2), 0.9)
    assert latex([sign, digit, body, found("=", 80, 60, Kind.REL)], [bar]) == r"\sqrt[3]{x}="


def test_a_long_index_of_a_root_begins_before_the_sign():
    sign = found(r"\sqrt", 40, 60, Kind.RAD, width=0.8, height=0.9, depth=0.2)
    index = [found(digit, x, 47, Kind.DIGIT, 0.55 * EM, width=0.45) for digit, x in (("1", 36), ("2", 44))]
    bar = FoundRule(Box(sign.box.x1, sign.box.y0, 82, sign.box.y0 + 2), 0.9)
    assert latex([sign, *index, found("x", 64, 60), found("=", 100, 60, Kind.REL)], [bar]) == r"\sqrt[12]{x}="


def test_an_asterisk_below_the_line_is_a_subscript_whatever_its_baseline():
    star = found("*", 20, 62, Kind.BIN, 0.9 * EM, width=0.3, height=0.3)
    assert latex([found("f", 0, 60), star, found("x", 40, 60)]) == "f_{*} x"


def test_a_wide_prime_is_two():
    row = found("f", 0, 60), found("x", 34, 60)
    prime = found(r"\prime", 18, 47, Kind.PRIME, 0.7 * EM, width=0.5, height=0.5)
    narrow = found(r"\prime", 18, 47, Kind.PRIME, 0.7 * EM, width=0.25, height=0.5)
    assert latex([*row, prime]) == r"f^{\prime \prime} x"
    assert latex([*row, narrow]) == r"f^{\prime} x"


def test_a_name_and_the_capital_after_it_are_two_words():
    row = [
        found(letter, x, 60, Kind.ROMAN, width=width)
        for letter, x, width in (
            ("l", 0, 0.28),
            ("i", 8, 0.28),
            ("m", 16, 0.8),
            ("S", 43, 0.5),
            ("o", 58, 0.5),
        )
    ]
    assert latex([*row, found("x", 80, 60)]) == r"\lim \mathrm{So} x"


def test_a_name_and_the_name_after_it_are_two_words_unless_they_touch():
    for gap, written in ((0.22, r"\dim \ker x"), (0.08, r"\text { dimker } x")):
        row, x = [], 0.0
        for letter, width in (("d", 0.5), ("i", 0.28), ("m", 0.8), ("k", 0.5), ("e", 0.45), ("r", 0.4)):
            x += gap * EM if letter == "k" else 0
            row.append(found(letter, x, 60, Kind.ROMAN, width=width))
            x = row[-1].box.x1 + 1
        assert latex([*row, found("x", x + 8, 60)]) == written


def test_a_low_prime_after_a_subscript_is_the_subscript_s():
    base, sub = found("X", 0, 60, height=0.68), found("Y", 18, 65, size=0.7 * EM, height=0.68)
    low = found(r"\prime", 29, 55, Kind.PRIME, 0.5 * EM, width=0.25, height=0.55)
    high = found(r"\prime", 29, 49, Kind.PRIME, 0.7 * EM, width=0.25, height=0.55)
    over = found(r"\prime", 17, 49, Kind.PRIME, 0.7 * EM, width=0.25, height=0.55)
    assert latex([base, sub, low]) == r"X_{Y^{\prime}}"
    assert latex([base, sub, high]) == latex([base, sub, over]) == r"X_{Y}^{\prime}"


@pytest.mark.parametrize(
    ("upper", "written"),
    [("a", r"\binom{a}{b}"), ("a over c", r"\left(\begin{array}{c}\frac{a}{c} \\ b\end{array}\right)")],
)
def test_rows_with_a_fraction_stand_as_far_apart_as_a_binomial(upper, written):
    ends = [
        found(name, x, 95, kind, height=3.0, depth=0.6)
        for name, x, kind in (("(", 0, Kind.OPEN), (")", 40, Kind.CLOSE))
    ]
    if upper == "a":
        cells, rules = [found("a", 20, 50)], []
    else:
        cells, rules = [found("a", 20, 30), found("c", 20, 56)], [FoundRule(Box(18, 36, 36, 38), 0.9)]
    assert latex([*ends, *cells, found("b", 20, 95)], rules) == written


def guessed(x: float, *guesses: tuple[str, Kind, float]) -> FoundSymbol:
    ranked = tuple(
        Guess(Symbol(name, kind, "rm" if kind is Kind.ROMAN else ""), p) for name, kind, p in guesses
    )
    return FoundSymbol(ranked, 0.95, Box(x, 48, x + 14, 60), 60, EM)


@pytest.mark.parametrize(
    ("first", "written"),
    [(("l", Kind.ROMAN, 0.15), r"\log"), (("l", Kind.ROMAN, 0.05), r"1 \mathrm{og}")],
)
def test_letters_that_may_be_the_name_of_a_function_are_it(first, written):
    rest = [guessed(16 * k, (letter, Kind.ROMAN, 0.9)) for k, letter in ((1, "o"), (2, "g"))]
    assert latex([guessed(0, ("1", Kind.DIGIT, 0.8), first), *rest]) == written


def test_scripts_of_different_sizes_on_one_height_are_of_one_line_only_next_to_each_other():
    small = {"size": 0.5 * EM, "height": 0.66}
    symbols = [
        found("F", 0, 60, height=0.68),
        found("m", 16, 66, size=0.7 * EM),
        found("g", 30, 60),
        found("n", 46, 63, size=0.7 * EM),
        found("1", 58, 66, Kind.DIGIT, **small),
    ]
    assert latex(symbols) == "F_{m} g_{n_{1}}"


def test_an_integral_in_an_exponent_is_no_integral_on_the_line():
    script = {"size": 0.7 * EM}
    symbols = [
        found("e", 0, 60),
        found("-", 14, 46, Kind.BIN, height=0.3, depth=-0.2, **script),
        found(r"\int", 28, 46, Kind.INT, height=0.8, depth=0.35, **script),
        found("x", 42, 46, **script),
    ]
    assert latex(symbols) == r"e^{-\int x}"


def test_a_bar_as_high_as_the_brackets_is_a_line_between_columns():
    fence = {"height": 1.9, "depth": 0.9}
    cells = [
        found(name, x, y, Kind.DIGIT, height=0.66)
        for name, x, y in (("1", 15, 80), ("2", 75, 80), ("3", 15, 116), ("4", 75, 116))
    ]
    brackets = [found("[", 0, 100, Kind.OPEN, **fence), found("]", 100, 100, Kind.CLOSE, **fence)]
    rows = r"1 & 2 \\ 3 & 4\end{array}\right]"
    bar = found("|", 50, 100, Kind.VERT, **fence, width=0.1)
    halves = [found("|", 50, y, Kind.VERT, height=1.35, depth=0.05, width=0.1) for y in (86, 124)]
    assert latex([*brackets, *cells, bar]) == rf"\left[\begin{{array}}{{c|c}}{rows}"
    assert latex([*brackets, *cells, *halves]) == rf"\left[\begin{{array}}{{c|c}}{rows}"
    assert latex([*brackets, *cells]) == rf"\left[\begin{{array}}{{cc}}{rows}"


def number(text: str, x: float, baseline: float) -> list[FoundSymbol]:
    return [found(digit, x + 14 * k, baseline, Kind.DIGIT, height=0.66) for k, digit in enumerate(text)]


def bracket(latex: str, kind: Kind, x: float, baseline: float) -> FoundSymbol:
    return found(latex, x, baseline, kind, width=0.3, height=0.75, depth=0.25)


def line(x0: float, x1: float, y: float) -> FoundRule:
    return FoundRule(Box(x0, y - 1, x1, y + 1), 0.9)


DIVISION = (*number("8", 0, 100), bracket(")", Kind.CLOSE, 20, 100), *number("92", 32, 100))
OVER_IT = line(20, 64, 76)


@pytest.mark.parametrize(
    "sign", [(")", Kind.CLOSE), ("]", Kind.CLOSE), (r"\lceil", Kind.OPEN), ("[", Kind.OPEN)]
)
def test_a_bracket_that_meets_the_rule_over_a_number_divides_it(sign):
    divided = [*number("8", 0, 100), bracket(*sign, 20, 100), *number("92", 32, 100)]
    assert latex(divided, [OVER_IT]) == r"8 \longdiv{92}"


def test_a_long_division_with_its_quotient_and_its_work_is_rows_with_lines_between_them():
    quotient, work = number("11", 36, 70), [*number("8", 32, 132), *number("12", 32, 172)]
    rest = [*number("8", 46, 204), *number("4", 46, 244)]
    lines = [line(30, 50, 142), line(30, 64, 214)]
    assert latex([*DIVISION, *quotient], [OVER_IT]) == r"\begin{array}{r}11 \\ 8 \longdiv{92}\end{array}"
    assert latex([*DIVISION, *quotient, *work, *rest], [OVER_IT, *lines]) == (
        r"\begin{array}{r}11 \\ 8 \longdiv{92} \\ 8 \\ \hline 12 \\ 8 \\ \hline 4\end{array}"
    )


def test_divisions_beside_each_other_are_apart():
    moved = [*number("7", 150, 100), bracket(")", Kind.CLOSE, 170, 100), *number("63", 182, 100)]
    assert latex([*DIVISION, *moved], [OVER_IT, line(170, 214, 76)]) == (
        r"8 \longdiv{92} \qquad 7 \longdiv{63}"
    )


def test_brackets_that_are_closed_divide_nothing():
    call = [bracket("(", Kind.OPEN, 0, 100), found("x", 12, 100), bracket(")", Kind.CLOSE, 28, 100)]
    conjugate = found("y", 40, 100)
    assert r"\overline" in latex([*call, conjugate], [line(38, 56, 78)])
    ceiling = [bracket(r"\lceil", Kind.OPEN, 20, 110), *number("92", 32, 110)]
    closed = [*ceiling, bracket(r"\rceil", Kind.CLOSE, 62, 110)]
    fraction = [*number("8", 0, 90), *number("5", 40, 70), *closed]
    assert r"\frac{5}{\lceil 92\rceil}" in latex(fraction, [line(20, 72, 80)])
