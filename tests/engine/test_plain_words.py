"""Which words of a picture are no place to look for mathematics."""

from __future__ import annotations

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr import plain_words
from mathpixweb.engine.ocr.text import TextWord


def read(text: str, confidence: float = 0.99) -> TextWord:
    return TextWord(text, Box(0, 0, 10, 10), confidence)


@pytest.mark.parametrize(
    "text",
    [
        "harbour,",
        "proce-",
        "a",
        "“either/or”",
        "1/2",
        "3.5%",
        "-0",
        "1,891",
        "21st",
        "~70%",
        "|",
        "I've",
        "l’eau",
        "(U.S.)",
        "..17",
        "..xiv",
        "owner(s).",
        "Tax(RM)",
    ],
)
def test_prose_and_numbers_are_plain_and_may_still_stand_in_formulas(text):
    assert (plain_words.is_plain(read(text)), plain_words.is_code(read(text))) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "US$46.64",
        "(US$)",
        "12/18A",
        "FY2014E",
        "Oct04,",
        "04-Oct-2019",
        "S&P",
        "(%)",
        "(ink@example.org)",
        "www.example.org/a_1",
        "<https://example.org/>",
    ],
)
def test_prices_dates_and_codes_are_text_whatever_letters_are_in_them(text):
    assert (plain_words.is_plain(read(text)), plain_words.is_code(read(text))) == (True, True)


@pytest.mark.parametrize(
    "text", ["x", "2x", "x1", "n/2", "f(x)", "=", "x-1", "Q1", "f'(x)", "d'x", "A.B", "Spec(A)"]
)
def test_what_may_be_mathematics_is_not_plain(text):
    assert not plain_words.is_plain(read(text))


def test_a_doubtful_word_is_not_plain():
    assert not plain_words.is_plain(read("harbour", 0.7))
