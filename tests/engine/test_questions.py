"""The answers that a question in a picture offers: their labels, and a line for each."""

from __future__ import annotations

import pytest

from mathpixweb.engine.math.latex import MATHPIX
from mathpixweb.engine.ocr import choices, mathematics, questions
from mathpixweb.engine.ocr.symbols import Sighting
from tests.engine.test_picture_mathematics import EM, formula, inked, line, word

ROW = ((0, 200), (300, 200), (600, 200), (900, 200))
TWO = ((0, 200), (300, 200), (0, 280), (300, 280))
COLUMN = tuple((0, 200 + 80 * k) for k in range(4))


def answers(places, labels=("(A)", "(B)", "(C)", "(D)"), text="x+7", gap=0.5):
    return [
        symbol
        for label, (x, y) in zip(labels, places, strict=True)
        for symbol in [*formula(label, x, y), *formula(text, x + (len(label) * 0.51 + gap) * EM, y)]
    ]


def told(found):
    return [
        " ".join(getattr(piece, "latex", None) or piece.text for piece in line.pieces) for line in found.lines
    ]


def sort(symbols, lines=()):
    return questions.sort(lines, Sighting(tuple(symbols), (), EM), choices.labels(symbols), MATHPIX)


@pytest.mark.parametrize("places", [ROW, TWO, COLUMN])
def test_each_answer_is_a_line_of_its_own(places):
    found = sort(answers(places))
    assert told(found) == ["(A) x+7", "(B) x+7", "(C) x+7", "(D) x+7"]
    assert found.displays == ()


def test_answers_that_are_numbered_down_the_columns_stand_in_their_order():
    found = sort(answers(TWO, ("a)", "c)", "b)", "d)")))
    assert told(found) == ["a) x+7", "b) x+7", "c) x+7", "d) x+7"]


def test_a_label_that_was_misread_is_told_by_its_place():
    symbols = answers(COLUMN, ("(A)", "(8)", "()", "(D)"), gap=0.9)
    assert [label.text for label in choices.labels(symbols)] == ["(A)", "(B)", "(C)", "(D)"]


def test_one_that_was_missed_does_not_shift_the_others():
    symbols = answers(COLUMN[:3], ("B.", "C.", "D."))
    assert [label.text for label in choices.labels(symbols)] == ["B.", "C.", "D."]


def test_the_question_stands_before_its_answers_and_words_among_these():
    solve, its_symbols = word("Solve", 0, 100)
    none, symbols_of_none = word("none", 90, 440)
    labelled = answers(COLUMN[:3], ("(A)", "(B)", "(C)"))
    symbols = [*its_symbols, *labelled, *formula("(D)", 0, 440), *symbols_of_none]
    found = sort(symbols, [line([solve], 100), line([none], 440)])
    assert told(found) == ["Solve", "(A) x+7", "(B) x+7", "(C) x+7", "(D) none"]


@pytest.mark.parametrize(
    "symbols",
    [
        answers(COLUMN[:2], ("(A)", "(B)")),
        answers(COLUMN[:3], ("f(a)", "f(b)", "f(c)")),
        answers(COLUMN[:3], ("(x)", "(p)", "(q)")),
        answers(COLUMN[:3], ("1.", "2.", "3.")),
        [symbol for k, (x, y) in enumerate(COLUMN) for symbol in formula(f"x+y=({k + 1})", x, y)],
        answers(COLUMN, ("0", "0", "0", "0")),
    ],
    ids=["two", "arguments", "no series", "decimals", "numbers of equations", "noughts"],
)
def test_what_only_looks_like_labels_offers_no_answers(symbols):
    assert choices.labels(symbols) == []


def test_a_question_is_not_one_formula():
    symbols = answers(ROW)
    seen = Sighting(tuple(symbols), (), EM)
    assert mathematics.whole(seen, inked(symbols, (300, 1200)), MATHPIX) is None
