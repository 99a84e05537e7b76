"""Pen strokes read by the engine, in the contract's words."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence

from mathpixweb.engine.math.latex import Style
from mathpixweb.engine.model import Options
from mathpixweb.engine.ocr.ink import MOST_POINTS, MOST_STROKES, TooMuchInk
from mathpixweb.engine.readers import strokes as reader
from mathpixweb.engine.readers.strokes import StrokesReading
from mathpixweb.engine.writers.mmd import markup
from mathpixweb.providers.base import ProviderError, Stroke
from mathpixweb.providers.results import ImageResult

_LATIN = re.compile(r"(?<![\\A-Za-z])[A-Za-z]")  # a letter that is not of a command


def read(strokes: Sequence[Stroke], options: Options) -> ImageResult:
    """Reads one drawing. Raises ProviderError for more strokes than a formula has."""
    style = Style(idiomatic=options.idiomatic_eqn_arrays or options.include_equation_tags)
    try:
        return _result(reader.read(strokes, style), options)
    except TooMuchInk:
        raise ProviderError(
            "sys_request_too_large",
            f"A drawing may have {MOST_STROKES} strokes and {MOST_POINTS:,} points. Send it in parts.",
        ) from None


def _result(reading: StrokesReading, options: Options) -> ImageResult:
    width, height = (max(1, math.ceil(edge)) for edge in (reading.box.x1, reading.box.y1))
    if not reading.candidates:
        return ImageResult(width, height, printed=False)
    best = reading.candidates[0]
    latex = markup.in_style(best.latex, options)
    return ImageResult(
        width,
        height,
        lines=[_line(reading, latex)],
        equation=latex,
        candidates=[
            {"latex": each.latex, "confidence": each.confidence, "confidence_rate": each.rate}
            for each in reading.candidates
        ],
        alphabets=("en",) if _LATIN.search(best.latex) else (),
        printed=False,
        handwritten=True,
        confidence=best.confidence,
        confidence_rate=best.rate,
    )


def _line(reading: StrokesReading, latex: str) -> dict[str, object]:
    best, box = reading.candidates[0], reading.box
    left, top, right, bottom = math.floor(box.x0), math.floor(box.y0), math.ceil(box.x1), math.ceil(box.y1)
    cnt = [[left, bottom], [left, top], [right, top], [right, bottom]]
    name = hashlib.sha256(f"{cnt} {best.latex}".encode()).hexdigest()[:32]
    return {
        "id": name,
        "type": "math",
        "cnt": cnt,
        "text": rf"\( {latex} \)",
        "confidence": best.confidence,
        "confidence_rate": best.rate,
        "after_hyphen": False,
        "is_printed": False,
        "is_handwritten": True,
        "conversion_output": True,
        "included": True,
    }
