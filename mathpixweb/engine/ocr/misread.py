"""Pages of prose, on which no formula is: what looks like one is an initial, a short word in italics or a
broken letter.

A letter alone may be a variable there as well, if it was read as that letter among the words, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr.formulas import FoundFormula
from mathpixweb.engine.ocr.text import TextLine

FEWEST_WORDS: Final = 60  # in fewer a letter alone tells as much as a formula
WORDS: Final = 150  # for each formula that a page may have and be prose all the same
FEWEST_SYMBOLS: Final = 3  # of what is a formula beyond doubt …
SURE: Final = 0.6  # … and its confidence
_SIGN: Final = re.compile(
    r"[=<>+^_]|\\(?!math[a-z]+|text|quad|left|right|operatorname)[A-Za-z]+"  # all but faces of letters
)
_VARIABLE: Final = re.compile(r"[b-zB-HJ-Z][,;:]?")


def without_misread(formulas: Sequence[FoundFormula], lines: Sequence[TextLine]) -> list[FoundFormula]:
    """The formulas, on a page of prose only those that are some."""
    words = sum(len(line.words) for line in lines)
    formed = [formula for formula in formulas if _is_formed(formula)]
    if words < FEWEST_WORDS or len(formed) * WORDS > words:
        return list(formulas)
    return [f for f in formulas if _is_formed(f) or _VARIABLE.fullmatch(_read_in(f.box, lines))]


def _is_formed(formula: FoundFormula) -> bool:
    """Whether it is more than letters next to each other."""
    signed = _SIGN.search(formula.latex) is not None
    return signed and formula.symbols >= FEWEST_SYMBOLS and formula.confidence > SURE


def _read_in(box: Box, lines: Sequence[TextLine]) -> str:
    """What was read there among the words."""
    return " ".join(
        word.text for line in lines for word in line.words if box.contains_point(word.box.cx, word.box.cy)
    )
