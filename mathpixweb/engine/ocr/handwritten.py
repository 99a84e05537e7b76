"""A picture as one formula that was written by hand, read from the strokes of its pen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mathpixweb.engine.math import latex
from mathpixweb.engine.math.words import NAMES
from mathpixweb.engine.ocr import mathematics, penned
from mathpixweb.engine.ocr.formulas import FoundFormula, geometric_mean
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.sightings import Sighting
from mathpixweb.engine.ocr.text import TextLine, TextWord
from mathpixweb.engine.readers import strokes

# Tuned on formulas composed of people's drawings, printed ones in many fonts, text, molecules and figures.
PRINTED: Final = 0.7  # mean confidence of printed symbols in what was printed, be it read rightly or not
LEGIBLE: Final = 0.997  # confidence of text that was printed, by its letters
PROSE: Final = 0.5  # of the letters are in words: it is text, whoever wrote it
WORD: Final = 4  # letters, small ones after the first, which are no function's name …
MARKS: Final = ".,;:!?()[]"  # … with what stands around them
READ: Final = 0.8  # confidence of such a word
RULED: Final = 0.3  # of the lines are straighter than a hand draws: it may be a figure …
DOUBT: Final = 1.5  # … so that a symbol must be surer by this, for each share of the lines above it
MOST_STROKES: Final = 200  # more are a drawing or a page
LEAST_SURE: Final = 0.4  # of a symbol; strokes of which less is known are no formula
SURELY: Final = 0.1  # probability that what may be a molecule is read rightly as writing
UNIT: Final = 0.6  # em that a symbol is usually high


def is_text(lines: Sequence[TextLine]) -> bool:
    """Whether its letters are as sure as only printed ones are, make words, or are many."""
    letters = sum(line.length for line in lines)
    sure = sum(line.confidence * line.length for line in lines)
    words = sum(len(word.text) for line in lines for word in line.words if _is_word(word))
    return letters > MOST_STROKES or sure > LEGIBLE * letters or words > PROSE * letters


def is_printed(seen: Sighting) -> bool:
    """Whether its symbols are as sure as only printed ones are."""
    return geometric_mean(mathematics.likely(seen)) > PRINTED


def read(gray: Gray, style: latex.Style) -> FoundFormula | None:
    """The formula, None if what is drawn is none. `gray` is dark on white."""
    pen = penned.found(gray)
    if pen is None or len(pen.strokes) > MOST_STROKES or not any(len(one) > 1 for one in pen.strokes):
        return None
    least = LEAST_SURE + DOUBT * max(0.0, pen.ruled - RULED)
    if least >= 1:
        return None
    reading = strokes.read(pen.strokes, style, timed=False)
    best = reading.candidates[0] if reading.candidates else None
    if best is None or best.rate < least:
        return None
    return FoundFormula(best.latex, reading.box, reading.unit / UNIT, best.rate, best.symbols)


def surely(gray: Gray, style: latex.Style) -> FoundFormula | None:
    """The formula, if it is rather that than drawings, which very large symbols are taken for."""
    formula = read(gray, style)
    sure = formula is not None and formula.confidence**formula.symbols >= SURELY
    return formula if sure else None


def _is_word(word: TextWord) -> bool:
    letters = word.text.strip(MARKS)
    spelt = len(letters) >= WORD and letters.isalpha() and letters[1:].islower()
    return spelt and letters.lower() not in NAMES and word.confidence > READ
