"""The labels of numbered lists."""

from __future__ import annotations

from typing import Final

ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
USUAL: Final = ("Decimal", "LowerAlpha", "LowerRoman", "UpperAlpha")  # by depth, in Mathpix Markdown
AROUND: Final = {"TwoParens": "({})", "OneParen": "{})"}
LARGEST_ROMAN: Final = 3999


def labels(start: int, style: str, delimiter: str, count: int) -> list[str]:
    """`(a)`, `(b)` …: style and delimiter by pandoc's names."""
    around = AROUND.get(delimiter, "{}.")
    return [around.format(_numeral(number, style)) for number in range(start, start + count)]


def _numeral(number: int, style: str) -> str:
    if style.endswith("Alpha") and number > 0:
        letters = _letters(number)
    elif style.endswith("Roman") and 0 < number <= LARGEST_ROMAN:
        letters = _roman(number)
    else:
        return str(number)
    return letters.upper() if style.startswith("Upper") else letters


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters


def _roman(number: int) -> str:
    letters = ""
    for value, letter in ROMAN:
        letters += letter * (number // value)
        number %= value
    return letters
