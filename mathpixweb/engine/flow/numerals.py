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


def number(numeral: str, style: str) -> int:
    """The number that it stands for, not below one; 0 if it is none of that style."""
    if style == "Decimal":
        return int(numeral)
    lower = numeral.lower()
    counted = 0
    if style.endswith("Alpha"):
        for letter in lower:
            counted = counted * 26 + ord(letter) - ord("a") + 1
        return counted
    rest = lower
    for value, letters in ROMAN:
        while rest.startswith(letters):
            counted, rest = counted + value, rest[len(letters) :]
    return counted if not rest and _roman(counted) == lower else 0


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
