"""Which symbols of a picture are formulas, which are words, and where each of them goes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.latex import MATHPIX
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr import mathematics
from mathpixweb.engine.ocr.symbols import FoundRule, FoundSymbol, Guess, Sighting
from mathpixweb.engine.ocr.text import TextLine, TextWord

EM = 40.0
KINDS = {"+": Kind.BIN, "=": Kind.REL, "(": Kind.OPEN, ")": Kind.CLOSE, ",": Kind.PUNCT, ".": Kind.PUNCT}


def seen(
    char: str, x: float, baseline: float, size: float = EM, probability: float = 0.99, roman: bool = False
):
    kind = KINDS.get(char) or (Kind.DIGIT if char.isdigit() else Kind.ROMAN if roman else Kind.LETTER)
    box = Box(x, baseline - 0.6 * size, x + 0.45 * size, baseline)
    if char in "+=":
        box = Box(x, baseline - 0.45 * size, x + 0.6 * size, baseline - 0.05 * size)
    symbol = Symbol(char, kind, "rm" if roman else "")
    return FoundSymbol((Guess(symbol, probability),), 1.0, box, baseline, size)


def formula(text: str, x: float, baseline: float, **options):
    """Italic letters and signs side by side; ^ raises the next."""
    found = []
    raised = False
    for char in text:
        if char == "^":
            raised = True
            continue
        size = 0.7 * EM if raised else EM
        found.append(seen(char, x, baseline - (0.36 * EM if raised else 0), size, **options))
        x = found[-1].box.x1 + (0.25 * EM if char in "+=" or text[:1] in "+=" else 0.06 * EM)
        raised = False
    return found


def word(text: str, x: float, baseline: float, confidence: float = 0.98):
    """A word of text, and the upright symbols that were seen in it."""
    letters = [seen(char, x + 0.5 * EM * k, baseline, roman=True) for k, char in enumerate(text)]
    box = Box(x, baseline - 0.7 * EM, x + 0.5 * EM * len(text), baseline + 0.2 * EM)
    return TextWord(text, box, confidence), letters


def line(words, baseline):
    boxes = [word.box for word in words]
    whole = Box(boxes[0].x0, baseline - 0.7 * EM, boxes[-1].x1, baseline + 0.2 * EM)
    return TextLine(tuple(words), whole, baseline, EM, 0.95)


def test_a_formula_between_words_is_inline():
    let, let_symbols = word("Suppose", 0, 100)
    misread = TextWord("x2+1", Box(160, 70, 280, 108), 0.6)
    small, small_symbols = word("small", 330, 100)
    symbols = [*let_symbols, *formula("x^2+1", 165, 100), *small_symbols]
    found = mathematics.sort([line([let, misread, small], 100)], Sighting(tuple(symbols), (), EM), MATHPIX)
    assert found.displays == ()
    (mixed,) = found.lines
    texts = [getattr(piece, "text", None) or piece.latex for piece in mixed.pieces]
    assert texts == ["Suppose", "x^{2}+1", "small"]


def told(found):
    """The pieces of the only line."""
    (mixed,) = found.lines
    return [getattr(piece, "text", None) or piece.latex for piece in mixed.pieces]


def test_what_stands_right_after_a_relation_belongs_to_it_however_hard_it_is_to_name():
    some, some_symbols = word("Suppose", 0, 100)
    misread = TextWord("n=N.", Box(160, 72, 252, 108), 0.6)
    symbols = [*some_symbols, *formula("n=", 165, 100), seen("N", 224, 100, probability=0.3)]
    found = mathematics.sort([line([some, misread], 100)], Sighting(tuple(symbols), (), EM), MATHPIX)
    assert told(found) == ["Suppose", "n=N", "."]
    apart = [*symbols[:-1], seen("N", 300, 100, probability=0.3)]
    found = mathematics.sort([line([some, misread], 100)], Sighting(tuple(apart), (), EM), MATHPIX)
    assert "N" not in told(found)[1]


def test_a_full_stop_right_after_the_formula_that_ends_a_line_is_kept():
    some, some_symbols = word("every", 0, 100)
    last = TextWord("n.", Box(140, 72, 170, 102), 1.0)
    found = mathematics.sort(
        [line([some, last], 100)], Sighting((*some_symbols, seen("n", 140, 100)), (), EM), MATHPIX
    )
    assert told(found) == ["every", "n", "."]


def test_a_formula_far_from_words_is_displayed_and_has_its_number():
    above, symbols = word("therefore", 0, 100)
    shown = formula("a=b+c", 300, 220)
    number = TextWord("(7)", Box(900, 190, 960, 228), 0.9)
    found = mathematics.sort(
        [line([above], 100), line([number], 220)],
        Sighting((*symbols, *shown), (), EM),
        MATHPIX,
    )
    assert [[row.latex for row in rows] for rows in found.displays] == [["a=b+c"]]
    assert found.displays[0][0].tag == "7"
    assert [[piece.text for piece in mixed.pieces] for mixed in found.lines] == [["therefore"]]


def test_rows_close_together_are_one_display():
    rows = [*formula("a=b", 300, 200), *formula("c=d", 300, 260)]
    found = mathematics.sort([], Sighting(tuple(rows), (), EM), MATHPIX)
    assert [[row.latex for row in display] for display in found.displays] == [["a=b", "c=d"]]


def test_a_fraction_is_one_formula():
    bar = FoundRule(Box(300, 218, 340, 221), 0.99)
    symbols = (seen("a", 310, 208), seen("b", 310, 258))
    found = mathematics.sort([], Sighting(symbols, (bar,), EM), MATHPIX)
    assert [display[0].latex for display in found.displays] == [r"\frac{a}{b}"]


def test_numbers_in_prose_are_no_formulas():
    year, _ = word("since", 0, 100)
    digits = TextWord("1999", Box(130, 70, 210, 100), 0.99)
    symbols = tuple(seen(char, 130 + 20 * k, 100) for k, char in enumerate("1999"))
    found = mathematics.sort([line([year, digits], 100)], Sighting(symbols, (), EM), MATHPIX)
    assert found.displays == ()
    assert [piece.text for piece in found.lines[0].pieces] == ["since", "1999"]


def test_a_letter_in_brackets_before_a_line_is_its_label_and_no_formula():
    label = TextWord("(c)", Box(0, 70, 60, 104), 0.97)
    under, letters = word("under", 120, 100)
    symbols = (*formula("(c)", 0, 100), *letters)
    found = mathematics.sort([line([label, under], 100)], Sighting(symbols, (), EM), MATHPIX)
    assert [getattr(piece, "text", None) for piece in found.lines[0].pieces] == ["(c)", "under"]
    bullet = TextWord("•", Box(-60, 80, -40, 100), 0.97)
    found = mathematics.sort([line([bullet, label, under], 100)], Sighting(symbols, (), EM), MATHPIX)
    assert [getattr(piece, "text", None) for piece in found.lines[0].pieces] == ["•", "(c)", "under"]


def test_a_word_that_may_be_one_or_many_is_kept():
    owners, letters = word("owner(s)", 0, 100)
    of, _ = word("thereof", 400, 100)
    brackets = [*letters[:5], *formula("(s)", 100, 100)]
    found = mathematics.sort([line([owners, of], 100)], Sighting(tuple(brackets), (), EM), MATHPIX)
    assert [piece.text for piece in found.lines[0].pieces] == ["owner(s)", "thereof"]


def test_a_word_after_an_elided_one_is_a_word():
    town, letters = word("ville", 0, 100)
    hall, accented = word("l'hôtel", 200, 100)
    symbols = (
        *letters,
        *(replace(each, guesses=(Guess(Symbol("o", Kind.LETTER), 0.9),)) for each in accented),
    )
    found = mathematics.sort([line([town, hall], 100)], Sighting(symbols, (), EM), MATHPIX)
    assert [piece.text for piece in found.lines[0].pieces] == ["ville", "l'hôtel"]


def test_a_foreign_letter_between_words_is_a_word():
    you, _ = word("ты", 0, 100)
    and_, _ = word("и", 80, 100)
    they, _ = word("они", 130, 100)
    looks_like = replace(seen("u", 82, 100), guesses=(Guess(Symbol("u", Kind.LETTER), 0.9),))
    found = mathematics.sort([line([you, and_, they], 100)], Sighting((looks_like,), (), EM), MATHPIX)
    assert [getattr(piece, "text", None) for piece in found.lines[0].pieces] == ["ты", "и", "они"]


def test_letters_of_an_alphabet_that_only_tesseract_knows_are_no_formula():
    symbols = formula("x+y=z", 0, 100)
    ink = np.zeros((160, 400), bool)
    ink[70:100, 0:200] = True
    seen_, text = Sighting(tuple(symbols), (), EM), line([TextWord("ก", Box(0, 60, 40, 100), 0.7)], 100)
    assert mathematics.wordless([text], seen_, ink, MATHPIX) is not None
    assert mathematics.wordless([replace(text, engine="tesseract")], seen_, ink, MATHPIX) is None


def test_what_is_hardly_seen_makes_no_formula():
    symbols = tuple(formula("x+y", 0, 100, probability=0.2))
    found = mathematics.sort([], Sighting(symbols, (), EM), MATHPIX)
    assert found.lines == ()
    assert found.displays == ()


def test_a_number_with_a_percent_sign_is_no_formula():
    sign = replace(seen("5", 340, 100), guesses=(Guess(Symbol(r"\%", Kind.ORD), 0.99),))
    grew, symbols = word("grew", 0, 100)
    percent = TextWord("15%", Box(300, 70, 360, 108), 0.7)
    numbers = [seen("1", 300, 100), seen("5", 320, 100), sign]
    found = mathematics.sort([line([grew, percent], 100)], Sighting((*symbols, *numbers), (), EM), MATHPIX)
    assert found.displays == ()
    assert [piece.text for piece in found.lines[0].pieces] == ["grew", "15%"]


def test_numbers_above_and_below_a_short_bar_are_a_fraction_and_those_around_a_long_rule_are_not():
    numbers = (seen("3", 300, 80), seen("4", 300, 125))
    for bar, latex in ((Box(296, 88, 322, 91), [r"\frac{3}{4}"]), (Box(200, 88, 480, 91), [])):
        rules = (FoundRule(bar, 0.99),)
        found = mathematics.sort([], Sighting(numbers, rules, EM), MATHPIX)
        assert [formula.latex for display in found.displays for formula in display] == latex


def inked(symbols, shape=(200, 500)):
    ink = np.zeros(shape, bool)
    for symbol in symbols:
        box = symbol.box
        ink[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] = True
    return ink


def test_a_picture_of_nothing_but_symbols_is_one_formula():
    symbols = tuple(formula("x^2+y=1", 20, 100, probability=0.9))
    found = mathematics.whole(Sighting(symbols, (), EM), inked(symbols), MATHPIX)
    assert found.latex == "x^{2}+y=1"
    assert found.symbols == 6
    assert found.confidence > 0.98


def test_the_less_sure_its_symbols_the_less_sure_is_a_formula():
    sure = [
        mathematics.whole(Sighting(symbols, (), EM), inked(symbols), MATHPIX)
        for symbols in (tuple(formula("x^2+y=1", 20, 100, probability=p)) for p in (0.9, 0.7, 0.62))
    ]
    assert [found.latex for found in sure] == ["x^{2}+y=1"] * 3
    assert 1 > sure[0].confidence > sure[1].confidence > sure[2].confidence > mathematics.SURE_WHOLE


def test_a_picture_with_words_is_not_one_formula():
    _, symbols = word("sentence", 20, 100)
    assert mathematics.whole(Sighting(tuple(symbols), (), EM), inked(symbols), MATHPIX) is None


def test_words_beside_signs_are_a_part_of_a_formula_if_a_script_or_a_fraction_tells_that_it_is_one():
    _, one = word("rate", 20, 100)
    _, other = word("speed", 150, 100)
    equal = seen("=", 110, 100)
    above, below, bar = seen("3", 300, 80), seen("4", 300, 125), FoundRule(Box(296, 98, 322, 101), 0.99)
    words = (*one, equal, *other)
    for more, rules, whole in (
        ((), (), False),
        ((seen("2", 258, 86, 0.7 * EM),), (), True),
        ((seen("+", 265, 112), above, below), (bar,), True),
    ):
        symbols = (*words, *more)
        found = mathematics.whole(Sighting(symbols, rules, EM), inked(symbols), MATHPIX)
        assert (found is not None) is whole


def test_letters_with_an_index_are_the_formula_of_a_substance():
    _, before = word("CH", 20, 100)
    _, after = word("COOH", 76, 100)
    for digit, whole in ((seen("3", 60, 108, 0.7 * EM), True), (seen("3", 60, 100, EM), False)):
        symbols = (*before, digit, *after)
        found = mathematics.whole(Sighting(symbols, (), EM), inked(symbols), MATHPIX)
        assert (found is not None) is whole


def test_an_index_tells_that_letters_and_figures_are_a_formula_though_a_line_was_read_of_them():
    letters = word("CO", 20, 100)[1]
    read = line([TextWord("CO2", Box(20, 70, 80, 110), 0.9)], 100)
    for digit, latex in ((seen("2", 62, 108, 0.7 * EM), r"\mathrm{CO}_{2}"), (seen("2", 62, 100), None)):
        symbols = (*letters, digit)
        found = mathematics.wordless([read], Sighting(symbols, (), EM), inked(symbols), MATHPIX)
        assert (found and found.latex) == latex


def test_few_words_in_a_formula_are_a_part_of_it_where_all_of_it_was_seen():
    equation = formula("x+y=z^2+2^2", 20, 100, probability=0.7)
    for text, explained, whole in (("if", True, True), ("if", False, False), ("increase", True, False)):
        read, letters = word(text, 270, 100)
        symbols = (*equation, *letters)
        ink = inked(symbols)
        ink[120:190] = not explained
        found = mathematics.wordless([line([read], 100)], Sighting(symbols, (), EM), ink, MATHPIX)
        assert (found is not None) is whole


def test_a_formula_of_which_little_is_sure_has_no_words_in_it():
    read, letters = word("if", 270, 100)
    for probability, whole in ((0.7, True), (0.52, False)):
        symbols = (*formula("x+y=z^2+2^2", 20, 100, probability=probability), *letters)
        found = mathematics.wordless([line([read], 100)], Sighting(symbols, (), EM), inked(symbols), MATHPIX)
        assert (found is not None) is whole


def test_a_picture_with_much_else_is_not_one_formula():
    symbols = tuple(formula("x+y", 20, 100))
    ink = inked(symbols)
    ink[120:190] = True
    assert mathematics.whole(Sighting(symbols, (), EM), ink, MATHPIX) is None


def test_numbers_in_tall_brackets_are_a_matrix_though_nothing_else_tells():
    numbers = [seen(char, 40 + 60 * k, y) for y in (40, 100) for k, char in enumerate("10")]
    ends = [
        FoundSymbol((Guess(Symbol(latex, kind), 0.9),), 0.9, Box(x, 0, x + 12, 110), 70, EM)
        for latex, kind, x in (("[", Kind.OPEN, 20), ("]", Kind.CLOSE, 130))
    ]
    ink = np.zeros((120, 160), bool)
    read = mathematics.wordless((), Sighting((*numbers, *ends), (), EM), ink, MATHPIX)
    assert read is not None
    assert r"\begin{array}" in read.latex
    assert mathematics.wordless((), Sighting(tuple(numbers[:2]), (), EM), ink, MATHPIX) is None


def test_a_name_with_its_argument_is_no_prose():
    _, letters = word("Spec", 20, 100)
    argument = formula("(x)", letters[-1].box.x1 + 0.05 * EM, 100)
    apart = formula("(x)", letters[-1].box.x1 + 0.4 * EM, 100)
    for symbols, whole in (((*letters, *argument), True), ((*letters, *apart), False)):
        found = mathematics.whole(Sighting(symbols, (), EM), inked(symbols), MATHPIX)
        assert (found is not None) is whole


def test_words_in_an_index_are_a_part_of_the_formula():
    base = formula("x+y=z", 20, 100)
    x = base[-1].box.x1
    for size, whole in ((0.7 * EM, True), (EM, False)):
        letters = [seen(char, x + 0.5 * size * k, 110, size, roman=True) for k, char in enumerate("quartic")]
        symbols = (*base, *letters)
        found = mathematics.whole(Sighting(symbols, (), EM), inked(symbols), MATHPIX)
        assert (found is not None) is whole


def test_words_in_rows_that_a_brace_holds_are_a_part_of_the_formula():
    name = Symbol(r"\{", Kind.OPEN)
    brace = FoundSymbol((Guess(name, 0.99),), 1.0, Box(20, 20, 40, 190), 120, EM)
    rows = [
        symbol
        for baseline in (90, 160)
        for symbol in (*formula("x", 60, baseline), *word("otherwise", 120, baseline)[1])
    ]
    found = mathematics.whole(Sighting((brace, *rows), (), EM), inked((brace, *rows)), MATHPIX)
    assert found is not None
    assert mathematics.whole(Sighting(tuple(rows), (), EM), inked(rows), MATHPIX) is None


def test_names_of_functions_one_after_the_other_are_no_prose():
    _, letters = word("sincostan", 20, 100)
    assert mathematics.whole(Sighting(tuple(letters), (), EM), inked(letters), MATHPIX) is not None


def test_a_formula_that_is_read_differently_at_every_look_is_less_sure():
    symbols, other = (tuple(formula(f"x^2+y={k}", 20, 100, probability=0.7)) for k in "17")
    alike = Sighting(symbols, (), EM)
    sure, doubtful = (
        mathematics.whole(Sighting(symbols, (), EM, looks), inked(symbols), MATHPIX).confidence
        for looks in ((alike,) * 3, (alike, Sighting(other, (), EM), Sighting(other[1:], (), EM)))
    )
    assert sure**6 > 0.8 > 0.6 > doubtful**6


def test_a_symbol_that_nobody_can_name_belongs_to_a_line_that_is_a_formula():
    shown = formula("a=b+c", 300, 220)
    doubtful = [
        replace(one, guesses=(Guess(one.best, 0.3),)) if k == 2 else one for k, one in enumerate(shown)
    ]
    misread = TextWord("a=B+c", Box(300, 190, 460, 228), 0.9)
    found = mathematics.sort([line([misread], 220)], Sighting(tuple(doubtful), (), EM), MATHPIX)
    assert [[row.latex for row in rows] for rows in found.displays] == [["a=b+c"]]
    assert found.lines == ()


def test_a_word_within_the_box_of_a_display_is_kept():
    inside, symbols = word("Practice", 360, 220)
    bar = FoundRule(Box(290, 180, 640, 184), 0.9, False)
    shown = [*formula("a=b", 300, 170), *formula("c=d", 300, 260)]
    found = mathematics.sort([line([inside], 220)], Sighting((*symbols, *shown), (bar,), EM), MATHPIX)
    assert "Practice" in [getattr(piece, "text", "") for mixed in found.lines for piece in mixed.pieces]


def prose_with(text, symbols, others=(), lines=20):
    """What becomes of a word, over which symbols were seen, on a page of prose."""
    known = [
        line([word("harbour", 260 * j, 200 + 80 * k)[0] for j in range(1, 5)], 200 + 80 * k)
        for k in range(lines)
    ]
    before, after = word("Suppose", 0, 100)[0], word("small", 330, 100)[0]
    odd = line([before, TextWord(text, Box(160, 70, 280, 108), 0.6), after], 100)
    found = mathematics.sort([odd, *known], Sighting((*symbols, *others), (), EM), MATHPIX)
    return [getattr(piece, "text", None) or piece.latex for piece in found.lines[0].pieces]


@pytest.mark.parametrize(("text", "letters"), [("W.", "W"), ("and", "and"), ("by", "by"), ("at", "t")])
def test_on_a_page_of_prose_initials_and_short_words_are_no_formulas(text, letters):
    assert prose_with(text, formula(letters, 165, 100)) == ["Suppose", text, "small"]


@pytest.mark.parametrize(("text", "letters", "latex"), [("x", "x", "x"), ("x2+1", "x^2+1", "x^{2}+1")])
def test_a_variable_and_a_formula_are_some_on_a_page_of_prose_as_well(text, letters, latex):
    assert prose_with(text, formula(letters, 165, 100)) == ["Suppose", latex, "small"]


def test_where_there_are_few_words_or_other_formulas_letters_are_mathematics():
    letters = formula("ab", 165, 100)
    assert prose_with("ab", letters, lines=3) == ["Suppose", "a b", "small"]
    assert prose_with("ab", letters, formula("a=b", 1500, 100)) == ["Suppose", "a b", "small"]
