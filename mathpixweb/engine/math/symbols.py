"""From a glyph to the symbol it stands for: LaTeX and class. The data is in `table`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from mathpixweb.engine.math.table import ACCENTS, COMPOSING, OPERATORS, OWN_NAMES, PHRASES, PIECES, SYMBOLS
from mathpixweb.engine.model import Glyph


class Kind(StrEnum):
    """What a symbol does among others."""

    LETTER = "letter"  # a variable
    ROMAN = "roman"  # an upright or otherwise textual letter, to become part of a word
    DIGIT = "digit"
    ORD = "ord"
    OP = "op"  # large operator with its limits above and below
    INT = "int"  # large operator with its limits at the side
    BIN = "bin"
    REL = "rel"
    OPEN = "open"
    CLOSE = "close"
    VERT = "vert"  # | and ‖, which open, close or stand between
    PUNCT = "punct"
    PRIME = "prime"
    ACCENT = "accent"
    RAD = "rad"
    PIECE = "piece"  # of an extensible fence or radical
    HBRACE = "hbrace"  # of a horizontal brace
    PART = "part"  # means something only with its neighbour: \not, the tail of \mapsto
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Symbol:
    """LaTeX of a glyph on its own, its class, and for letters of words the face ("rm", "bf" …)."""

    latex: str
    kind: Kind
    face: str = ""


UNKNOWN = Symbol("", Kind.UNKNOWN)
STROKE = "\u0338"  # goes through the sign before it
STANDS_FOR_FORMULA = "formula with its source"  # name of a glyph, which no font can have for its blanks
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def _rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def characters(column: str) -> str:
    """The characters in a column of the table, which may be written as escapes."""
    plain = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), column)
    return "" if plain == "-" else plain


_BY_NAME: dict[str, Symbol] = {}
_BY_CHAR: dict[str, Symbol] = {}
_CHAR_OF: dict[str, str] = {}  # LaTeX to the first character of its line
for _latex, _kind, _column, *_names in _rows(SYMBOLS):
    _meant = Symbol(_latex, Kind(_kind))
    _characters = characters(_column)
    _BY_NAME.update(dict.fromkeys((n for n in _names if n != "-"), _meant))
    _BY_CHAR.update(dict.fromkeys(_characters, _meant))
    if _characters:
        _CHAR_OF.setdefault(_latex, _characters[0])

_BY_CHAR.update((char, Symbol(latex, Kind.REL)) for char, latex in PHRASES.items())
_COMMANDS = (*_BY_NAME.values(), *_BY_CHAR.values())
_BY_COMMAND = {symbol.latex[1:]: symbol for symbol in _COMMANDS if symbol.latex[:1] == "\\"}
# Names that mean something else in some families of fonts.
_BY_NAME_IN = {
    family: {name: _BY_COMMAND[command] for name, command in meant.items()}
    for family, meant in OWN_NAMES.items()
}
_OPERATOR_BY_NAME = {name: Symbol(row[0], Kind(row[1])) for row in _rows(OPERATORS) for name in row[2:]}
_ACCENT_BY_NAME = {
    name: Symbol(row[0], Kind.ACCENT) for row in _rows(ACCENTS) for name in row[3:] if name != "-"
}
_ACCENT_BY_CHAR = {char: Symbol(row[0], Kind.ACCENT) for row in _rows(ACCENTS) for char in characters(row[2])}
WIDE_ACCENT = {row[0]: row[1] for row in _rows(ACCENTS)}
_PIECE_BY_NAME = {name: Symbol(row[0], Kind.PIECE) for row in _rows(PIECES) for name in row[2:]}
_PIECE_BY_CHAR = {char: Symbol(row[0], Kind.PIECE) for row in _rows(PIECES) for char in characters(row[1])}
_PART_BY_NAME = {name: Symbol(row[0], Kind.PART) for row in _rows(COMPOSING) for name in row[2:]}
_PART_BY_CHAR = {char: Symbol(row[0], Kind.PART) for row in _rows(COMPOSING) for char in characters(row[1])}

_OVER, _UNDER = Symbol("over", Kind.HBRACE), Symbol("under", Kind.HBRACE)
_BRACE_BY_CHAR = {"\u23de": _OVER, "\u23b4": _OVER, "\u23df": _UNDER, "\u23b5": _UNDER}

_NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DIGITS = {word: str(value) for value, word in enumerate(_NUMBER_WORDS)}
_GROWN = re.compile(r"(?:Bigg|bigg|Big|big|[hv]?x?l)?\d?$")
_SIZED = re.compile(r"(?:display|text|disp|\d)$")
_STYLED_NAME = re.compile(r"([A-Za-z])(cal|scr|bbb|frak)$")  # as in "Fcal", "Cbbb"
_NAMED_STYLE = {"cal": r"\mathcal", "scr": r"\mathscr", "bbb": r"\mathbb", "frak": r"\mathfrak"}
_CALLIGRAPHIC = 0xE22D  # private character of A in the fonts of the Stix package
_VARIANT = re.compile(r"\.[A-Za-z0-9_.]+$|_[a-z]+$|jmn$")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}
_ARROWS = frozenset(map(chr, (*range(0x2190, 0x2200), *range(0x27F0, 0x2800), *range(0x2900, 0x2980))))
_DOTLESS = frozenset("ıȷ")  # letters of Turkish, and what accents are set on
_WRITTEN = frozenset({"Pi", "Pf", "Po", "Ps", "Pe", "Sc", "So", "No"})  # categories of characters
_TEXT_FACES = frozenset({"rm", "it", "bf", "bi", "sf", "tt", "sc"})
_LETTER_COMMAND = {
    "sy": r"\mathcal",
    "bsy": r"\mathcal",
    "bb": r"\mathbb",
    "frak": r"\mathfrak",
    "scr": r"\mathscr",
}

# Symbols of the mathematical fonts that stand in ordinary prose: list bullets, footnote marks, copyright.
_PROSE = frozenset(
    {
        *(
            r"\bullet",
            r"\blacktriangleright",
            r"\dagger",
            r"\ddagger",
            r"\S",
            r"\P",
            r"\copyright",
            r"\circledR",
        ),
        *("*", r"\checkmark"),
    }
)

# Words of Unicode's names of mathematical letters, in the order in which they are to be tried.
_STYLES = (
    ("BOLD SCRIPT", r"\boldsymbol{\mathcal{%s}}"),
    ("BOLD FRAKTUR", r"\mathfrak{%s}"),
    ("SANS-SERIF BOLD", r"\mathbf{%s}"),
    ("BOLD ITALIC", r"\boldsymbol{%s}"),
    ("DOUBLE-STRUCK", r"\mathbb{%s}"),
    ("BLACK-LETTER", r"\mathfrak{%s}"),
    ("FRAKTUR", r"\mathfrak{%s}"),
    ("SCRIPT", r"\mathcal{%s}"),
    ("SANS-SERIF", r"\mathsf{%s}"),
    ("MONOSPACE", r"\mathtt{%s}"),
    ("BOLD", r"\mathbf{%s}"),
    ("ITALIC", "%s"),
)


def command_of(char: str) -> str:
    """LaTeX of a mathematical sign; empty for letters and for what LaTeX has no name for."""
    found = _BY_CHAR.get(char)
    return "" if found is None or char.isalpha() else found.latex


def of_char(char: str) -> Symbol:
    """The symbol of a character in mathematics."""
    return _by_char(char)


def accent_of_char(char: str) -> Symbol | None:
    """The accent that a character is over a letter."""
    return _ACCENT_BY_CHAR.get(char)


def character_of(command: str) -> str:
    """The character that LaTeX's command shows; empty if it shows none, or several."""
    return _CHAR_OF.get(command, "")


def symbol_of(glyph: Glyph) -> Symbol:
    """The symbol of a glyph in mathematics."""
    return _symbol(glyph.family, glyph.name, glyph.char)


def latex_of(glyph: Glyph) -> str:
    """LaTeX of the glyph in mathematics, empty if it is unknown."""
    return symbol_of(glyph).latex


def is_command(name: str) -> bool:
    """Whether `\\name` is a sign of mathematics."""
    return name in _BY_COMMAND


def is_math(glyph: Glyph) -> bool:
    """Whether the glyph by itself shows that mathematics is going on."""
    return _shows_math(glyph.family, glyph.name, glyph.char)


def any_math(glyphs: Iterable[Glyph]) -> bool:
    """Whether one of the glyphs by itself shows that mathematics is going on."""
    for glyph in glyphs:  # noqa: SIM110  each word of a page is asked, and a generator takes longer
        if _shows_math(glyph.family, glyph.name, glyph.char):
            return True
    return False


def text_of(glyph: Glyph) -> str:
    """What the glyph is in prose, ligatures spelled out; empty if it is unknown."""
    return _text(glyph.family, glyph.name, glyph.char)


@lru_cache(maxsize=16384)
def _shows_math(family: str, name: str, char: str) -> bool:
    if family in _TEXT_FACES and (char or not name):
        return _is_mathematical_char(char)
    symbol = _symbol(family, name, char)
    if symbol.latex in _PROSE or symbol.kind is Kind.UNKNOWN:
        return False
    return family != "umath" or _is_mathematical_char(char) or symbol.kind is not Kind.ROMAN


@lru_cache(maxsize=16384)
def _text(family: str, name: str, char: str) -> str:
    if char in _LIGATURES:
        return _LIGATURES[char]
    if char and unicodedata.category(char[0]) != "Co":
        return char
    latex = _symbol(family, name, char).latex
    return _CHAR_OF.get(latex, latex if len(latex) == 1 else "")


@lru_cache(maxsize=16384)
def _symbol(family: str, name: str, char: str) -> Symbol:
    if family == "ex":
        return _extension(name) or _by_name(family, name) or _by_char(char)
    if family in _TEXT_FACES:
        return _textual(family, name, char)
    if name == STANDS_FOR_FORMULA:
        return Symbol(char, Kind.ORD)
    if family == "umath":
        return _by_char(char) if char else _extension(name) or _by_name(family, name) or UNKNOWN
    return _by_name(family, name) or _by_char(char)


def _extension(name: str) -> Symbol | None:
    """A glyph of a font of big operators and fences."""
    stem = _VARIANT.sub("", name)
    if stem.startswith("bracehtip"):
        return Symbol(stem[9:], Kind.HBRACE)
    piece = _PIECE_BY_NAME.get(name.removesuffix("A")) or _ACCENT_BY_NAME.get(name.rstrip("0123456789"))
    if piece:
        return piece
    operator = _OPERATOR_BY_NAME.get(_SIZED.sub("", stem))
    return operator or _BY_NAME.get(_GROWN.sub("", stem))


def _by_name(family: str, name: str) -> Symbol | None:
    """A glyph of a font of mathematical letters or symbols."""
    stem = _VARIANT.sub("", name) if len(name) > 2 else name
    if name in _PART_BY_NAME:
        return _PART_BY_NAME[name]
    if name in ("vector", "vec", "dotacc", "ddotacc") or name.startswith(("hatwide", "tildewide")):
        return _ACCENT_BY_NAME[name]
    if len(stem) == 1 and stem.isalpha():
        return Symbol(_lettered(family, stem), Kind.LETTER)
    if stem in _DIGITS:
        return Symbol(_lettered(family, _DIGITS[stem]) if family == "bb" else _DIGITS[stem], Kind.DIGIT)
    styled = _STYLED_NAME.match(stem)
    if styled:
        return Symbol(f"{_NAMED_STYLE[styled[2]]}{{{styled[1]}}}", Kind.LETTER)
    found = _BY_NAME.get(stem) or (_OPERATOR_BY_NAME.get(_SIZED.sub("", stem)) if family != "mi" else None)
    found = _BY_NAME_IN.get(family, {}).get(name) or found or _BY_COMMAND.get(stem)
    if found and family == "mib" and found.kind in (Kind.LETTER, Kind.ORD):
        return Symbol(rf"\boldsymbol{{{found.latex}}}", found.kind)
    return found


def _lettered(family: str, letter: str) -> str:
    if family == "mib":
        return rf"\boldsymbol{{{letter}}}"
    if family in ("sy", "bsy", "bb") and letter.islower() and family != "bb":
        return letter
    command = _LETTER_COMMAND.get(family)
    return f"{command}{{{letter}}}" if command else letter


def _textual(face: str, name: str, char: str) -> Symbol:
    """A glyph of a text font: letters make words, the rest is as in mathematics."""
    if char in _LIGATURES:
        return Symbol(_LIGATURES[char], Kind.ROMAN, face)
    if len(char) == 1 and char.isascii() and char.isalpha():
        return Symbol(char, Kind.ROMAN, face)
    if len(char) == 1 and char.isascii() and char.isdigit():
        bold = face in ("bf", "bi")
        return Symbol(rf"\mathbf{{{char}}}" if bold else char, Kind.DIGIT, face)
    if name in _ACCENT_BY_NAME and name != "tilde":
        return _ACCENT_BY_NAME[name]
    found = _by_char(char) if char else _extension(name) or _by_name(face, name) or UNKNOWN
    if found.kind is Kind.LETTER and face in ("bf", "bi"):
        return Symbol(rf"\boldsymbol{{{found.latex}}}", Kind.LETTER)
    if found.kind is Kind.UNKNOWN and _is_written(char):
        return Symbol(char, Kind.ROMAN, face)
    return found


def _is_written(char: str) -> bool:
    """Whether the character is one of prose, such as a letter, a quotation mark, the sign of a currency."""
    return char.isalpha() or (len(char) == 1 and unicodedata.category(char) in _WRITTEN)


def _fraction(char: str) -> Symbol | None:
    """The symbol of a character that is a fraction, such as one half."""
    kind, _, codes = unicodedata.decomposition(char).partition(" ") if len(char) == 1 else ("", "", "")
    if kind != "<fraction>":
        return None
    above, _, below = "".join(chr(int(code, 16)) for code in codes.split()).partition("\u2044")
    return Symbol(rf"\frac{{{above}}}{{{below}}}", Kind.ORD) if below else None


def _by_char(char: str) -> Symbol:
    """A Unicode character, mathematical letters included."""
    if char in _BRACE_BY_CHAR:
        return _BRACE_BY_CHAR[char]
    found = _BY_CHAR.get(char) or _PIECE_BY_CHAR.get(char) or _PART_BY_CHAR.get(char)
    if found:
        return found
    if char in _ACCENT_BY_CHAR:
        return _ACCENT_BY_CHAR[char]
    if len(char) != 1:
        return _several(char)
    return _fraction(char) or _styled(char)


def _several(text: str) -> Symbol:
    plain = unicodedata.normalize("NFKC", text)
    if not plain.strip():
        return UNKNOWN
    if plain.isalpha() and plain.isascii():
        return Symbol(plain, Kind.ROMAN, "rm")
    if len(plain) == 1:
        return _by_char(plain)
    if plain[1:] == STROKE:
        return Symbol(rf"\not {_by_char(plain[0]).latex}", Kind.REL)
    return Symbol("".join(_by_char(char).latex for char in plain), Kind.ORD)


def _styled(char: str) -> Symbol:
    plain = _undressed(char)
    title = unicodedata.name(char, "")
    if 0 <= ord(char) - _CALLIGRAPHIC < 26:
        return Symbol(rf"\mathcal{{{chr(ord(char) - _CALLIGRAPHIC + 65)}}}", Kind.LETTER)
    if len(plain) != 1 or unicodedata.category(char) in ("Co", "Cc", "Cn"):
        return UNKNOWN
    if plain.isdigit():
        style = r"\mathbf{%s}" if "BOLD" in title else r"\mathbb{%s}" if "DOUBLE" in title else "%s"
        return Symbol(style % plain, Kind.DIGIT)
    base = _BY_CHAR.get(plain)
    latex = base.latex if base else plain
    mathematical = plain != char and (plain.isalpha() or plain in "∇∂")
    if not mathematical:
        return _plain_letter(char, plain)
    if plain == "l" and "SCRIPT" in title:
        return _BY_CHAR["ℓ"]
    style = next((form for words, form in _STYLES if words in title), "%s")
    if style == r"\mathbf{%s}" and latex.startswith("\\"):
        style = r"\boldsymbol{%s}"
    return Symbol(style % latex, Kind.LETTER)


def _undressed(char: str) -> str:
    """The plain letter of a styled one. NFKC would go too far and make ε of ϵ."""
    kind, _, code = unicodedata.decomposition(char).partition(" ")
    return chr(int(code, 16)) if kind == "<font>" and " " not in code else unicodedata.normalize("NFKC", char)


def _plain_letter(char: str, plain: str) -> Symbol:
    if plain.isalpha():
        return Symbol(plain, Kind.ROMAN, "rm")
    if plain != char and plain in _BY_CHAR:
        return Symbol(plain, Kind.ORD)
    return _nameless(char)


def _nameless(char: str) -> Symbol:
    """A sign that LaTeX has no command for stands for itself."""
    if not _is_mathematical_char(char):
        return UNKNOWN
    return Symbol(char, Kind.REL if unicodedata.category(char) == "Sm" or char in _ARROWS else Kind.ORD)


def _is_mathematical_char(char: str) -> bool:
    if len(char) != 1:
        return False
    code = ord(char)
    if 0x1D400 <= code <= 0x1D7FF or 0x2190 <= code <= 0x22FF or 0x27C0 <= code <= 0x2AFF:
        return True
    found = _BY_CHAR.get(char)
    if char in _DOTLESS:
        return False
    greek = found is not None and found.kind is Kind.LETTER and found.latex.startswith("\\")
    return greek or char in "ℝℂℕℤℚℙℍℋℒℱ±×÷≤≥≠⌊⌋⌈⌉"
