"""Mathematical alphabets: letters and digits in a MathML style as characters of their own.

Source: Unicode block Mathematical Alphanumeric Symbols, https://www.unicode.org/charts/PDF/U1D400.pdf
"""

from __future__ import annotations

LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ"
DIGITS = "0123456789"

# First character of each style's run of letters, Greek letters and digits; 0 where the style has none.
STARTS = {
    "bold": (0x1D400, 0x1D6A8, 0x1D7CE),
    "italic": (0x1D434, 0x1D6E2, 0),
    "bold-italic": (0x1D468, 0x1D71C, 0),
    "script": (0x1D49C, 0, 0),
    "bold-script": (0x1D4D0, 0, 0),
    "fraktur": (0x1D504, 0, 0),
    "double-struck": (0x1D538, 0, 0x1D7D8),
    "bold-fraktur": (0x1D56C, 0, 0),
    "sans-serif": (0x1D5A0, 0, 0x1D7E2),
    "bold-sans-serif": (0x1D5D4, 0x1D756, 0x1D7EC),
    "sans-serif-italic": (0x1D608, 0, 0),
    "sans-serif-bold-italic": (0x1D63C, 0x1D790, 0),
    "monospace": (0x1D670, 0, 0x1D7F6),
}

# Letters that had a place in Unicode before the block was made; their slots in the block are empty.
EARLIER = {
    "italic": {"h": "ℎ"},
    "script": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "fraktur": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
    "double-struck": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
}


def styled(text: str, variant: str) -> str:
    """`text` in a MathML `mathvariant`; characters without such a form stay as they are."""
    return text.translate(TABLES.get(variant, {}))


def _table(variant: str) -> dict[int, str]:
    runs = zip((LATIN, GREEK, DIGITS), STARTS[variant], strict=True)
    table = {ord(char): chr(start + i) for run, start in runs if start for i, char in enumerate(run)}
    return table | {ord(char): earlier for char, earlier in EARLIER.get(variant, {}).items()}


TABLES = {variant: _table(variant) for variant in STARTS}
