"""Numbers among words, and numbers with their units, as mathematics where that was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.model import Options
from mathpixweb.engine.ocr.formulas import FoundFormula
from mathpixweb.engine.ocr.mathematics import Found
from mathpixweb.engine.ocr.text import TextWord

_PREFIXED: Final = (
    r"(?:da|[PTGMkhdcmµμnp])?(?:mol|cd|Hz|Pa|Wb|lm|lx|Bq|Gy|Sv|eV|bar|cal|[mgsAKNJWCVFΩSTHLlB])"
)
_UNIT: Final = rf"(?:{_PREFIXED}|°[CF]|min|h|rad|sr|dB|atm|ppm)[²³]?"
_NUMBER: Final = r"[+−-]?\d+(?:[.,]\d+)*"
_WHOLE: Final = re.compile(rf"({_NUMBER})((?:{_UNIT}(?:/{_UNIT})?)?)([.,;:!?)]*)")
_UNITS: Final = re.compile(rf"({_UNIT}(?:/{_UNIT})?)([.,;:!?)]*)")
_NO_UNITS: Final = frozenset(("pm",))  # of twelve hours far more often than of a metre
_LATEX: Final = {
    "µ": r"\mu ",
    "μ": r"\mu ",
    "Ω": r"\Omega",
    "²": "^{2}",
    "³": "^{3}",
    "°": r"^{\circ}",
    "−": "-",
}


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A number at the beginning of a word, the unit on it, and the marks that end the word."""

    number: str
    unit: str
    rest: str


def as_mathematics(found: Found, options: Options) -> Found:
    """The lines with what was asked for as formulas."""
    if not (options.numbers_default_to_math or options.math_fonts_default_to_math):
        return found
    lines = tuple(
        replace(line, pieces=tuple(_pieces(line.pieces, line.size, options))) for line in found.lines
    )
    return replace(found, lines=lines)


def _pieces(
    pieces: Sequence[TextWord | FoundFormula], size: float, options: Options
) -> Iterator[TextWord | FoundFormula]:
    position = 0
    while position < len(pieces):
        piece = pieces[position]
        following = pieces[position + 1] if position + 1 < len(pieces) else None
        position += 1
        quantity = _quantity(piece)
        if quantity is None or not isinstance(piece, TextWord):
            yield piece
            continue
        unit = _unit_alone(following) if not (quantity.unit or quantity.rest) else None
        if options.math_fonts_default_to_math and unit is not None and isinstance(following, TextWord):
            position += 1
            latex = _number(quantity.number) + _upright("~" + unit[0])
            yield from _formula(latex, (piece, following), unit[1], size)
        elif quantity.unit and options.math_fonts_default_to_math:
            latex = _number(quantity.number) + _upright(quantity.unit)
            yield from _formula(latex, (piece,), quantity.rest, size)
        elif options.numbers_default_to_math and not quantity.unit:
            yield from _formula(_number(quantity.number), (piece,), quantity.rest, size)
        else:
            yield piece


def _quantity(piece: TextWord | FoundFormula) -> _Quantity | None:
    whole = _WHOLE.fullmatch(piece.text) if isinstance(piece, TextWord) else None
    return _Quantity(*whole.groups()) if whole and whole[2] not in _NO_UNITS else None


def _unit_alone(piece: TextWord | FoundFormula | None) -> tuple[str, str] | None:
    """A unit that is a word of its own, and the marks after it."""
    told = _UNITS.fullmatch(piece.text) if isinstance(piece, TextWord) else None
    return (told[1], told[2]) if told and told[1] not in _NO_UNITS else None


def _formula(
    latex: str, words: Sequence[TextWord], rest: str, size: float
) -> Iterator[TextWord | FoundFormula]:
    """The words as a formula, followed by the marks that are no part of it."""
    last = words[-1]
    end = last.box.x1 - last.box.width * len(rest) / len(last.text)
    box = union(word.box for word in words)
    sure = min(word.confidence for word in words)
    symbols = sum(len(word.text) for word in words) - len(rest)
    yield FoundFormula(latex, replace(box, x1=end), size, sure, symbols)
    if rest:
        yield TextWord(rest, Box(end, last.box.y0, last.box.x1, last.box.y1), last.confidence)


def _number(text: str) -> str:
    return _signs(text).replace(",", "{,}")


def _upright(unit: str) -> str:
    """A unit in upright letters; a sign for degrees stands on the number."""
    bare = unit.lstrip("~°")
    degrees = _LATEX["°"] if "°" in unit else ""
    space = "~" if unit.startswith("~") and not degrees else ""
    return f"{degrees} \\mathrm{{{space}{_signs(bare)}}}"


def _signs(text: str) -> str:
    return "".join(_LATEX.get(char, char) for char in text)
