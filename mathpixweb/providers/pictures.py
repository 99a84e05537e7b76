"""One picture read by the engine, told in the contract's words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mathpixweb.engine.errors import ImageTooLarge, UnreadableImage, UnsupportedImage
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math import latex
from mathpixweb.engine.model import Options
from mathpixweb.engine.ocr import alphabets, preparing, reading, readings
from mathpixweb.engine.ocr.formulas import FoundFormula
from mathpixweb.engine.ocr.reading import ReadPicture
from mathpixweb.engine.readers import image as image_reader
from mathpixweb.engine.writers.mmd import escaping, line_data, markup
from mathpixweb.providers import shapes
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.results import ImageResult

SURE_TURN: Final = 0.99
_SYMBOL: Final = re.compile(r"\\[A-Za-z]+|[^\s{}]")


def read(content: bytes, asked: Mapping[str, object], options: Options) -> ImageResult:
    """Raises ProviderError: image_decode_error, image_not_supported, image_max_size or a bad region."""
    try:
        raster = image_reader.read(content)
    except UnreadableImage as error:
        raise refused(error) from error
    region = _region(asked.get("region"), raster.width, raster.height)
    picture = preparing.prepare(
        raster,
        region,
        bool(asked.get("enable_blue_hsv_filter")),
        recrop=asked.get("skip_recrop") is False,  # only v3/latex, which reads one formula, knows this option
    )
    del raster
    found = reading.read(
        picture,
        options,
        turn_from=_threshold(asked),
        allowed=alphabets.allowed(asked.get("alphabets_allowed")),
    )
    return _result(found, options, _beam(asked))


def refused(error: UnreadableImage) -> ProviderError:
    if isinstance(error, ImageTooLarge):
        return ProviderError("image_max_size", f"{error} Send a smaller one, or only a part of it.")
    if isinstance(error, UnsupportedImage):
        return ProviderError("image_not_supported", f"{error} Send it as PNG or JPEG.")
    return ProviderError("image_decode_error", f"{error} Send it again, as PNG or JPEG.")


def _threshold(asked: Mapping[str, object]) -> float:
    """The confidence from which a picture is turned; 1 says that none is."""
    said = asked.get("auto_rotate_confidence_threshold")
    threshold = float(said) if isinstance(said, int | float) else SURE_TURN
    return threshold if threshold < 1 else math.inf


def _region(said: object, width: int, height: int) -> Box | None:
    if not isinstance(said, Mapping):
        return None
    left, top = float(said.get("top_left_x", 0)), float(said.get("top_left_y", 0))
    box = Box(left, top, left + float(said["width"]), top + float(said["height"]))
    if left >= width or top >= height:
        raise ProviderError(
            "opts_value_out_of_range",
            f"The region lies outside of the picture, which is {width} x {height} pixels large.",
            name="region",
            value=dict(said),
        )
    return box


def _result(found: ReadPicture, options: Options, beam: int) -> ImageResult:
    frame, scale = found.picture.frame, found.scale

    def outline(box: Box) -> list[list[int]]:
        return frame.outline(scale.pixels(box))

    lines = line_data.write(found.page, options, outline, found.handwritten)
    if found.formula is not None and lines:
        lines[0] = _as_equation(lines[0], found.formula, options)
    confidence, rate = _confidence(lines)
    return ImageResult(
        width=frame.width,
        height=frame.height,
        lines=lines,
        words=[_word(piece, frame.outline(piece.box), found.handwritten, options) for piece in found.words],
        equation=markup.in_style(found.formula.latex, options) if found.formula else None,
        candidates=_candidates(found.formula, beam),
        alphabets=found.alphabets,
        printed=not (found.handwritten or found.picture.blank),
        handwritten=found.handwritten,
        rotate_degrees=found.turn.degrees,
        rotate_confidence=round(found.turn.confidence, 6),
        confidence=confidence,
        confidence_rate=rate,
        detections=_detections(found),
    )


def _detections(found: ReadPicture) -> dict[str, object]:
    seen: dict[str, object] = {"is_blank": found.picture.blank, "is_inverted": found.picture.inverted}
    if found.geometry:
        seen |= {"geometry_data": [shapes.told(each, found.picture.frame) for each in found.geometry]}
    return seen


def _as_equation(line: Mapping[str, Any], formula: FoundFormula, options: Options) -> dict[str, Any]:
    """A picture that is one formula: inline, as the reference has it, with the product of its symbols."""
    product = formula.confidence**formula.symbols
    sure = {"confidence": round(product, 6), "confidence_rate": round(formula.confidence, 6)}
    return {**line, "type": "math", "text": f"\\( {markup.in_style(formula.latex, options)} \\)", **sure}


def _beam(asked: Mapping[str, object]) -> int:
    """How many readings are looked for: as many as are asked for, out of `beam_size`."""
    beam, most = asked.get("beam_size"), asked.get("n_best")
    return beam if isinstance(beam, int) and isinstance(most, int) and most > 1 else 1


def _candidates(formula: FoundFormula | None, beam: int) -> list[dict[str, object]]:
    if formula is None:
        return []
    return [
        {
            "latex": each.latex,
            "confidence": round(each.confidence**each.symbols, 6),
            "confidence_rate": round(each.confidence, 6),
        }
        for each in readings.best(formula, beam)
    ]


def _word(piece: Any, cnt: list[list[int]], handwritten: bool, options: Options) -> dict[str, object]:
    math_ = isinstance(piece, FoundFormula)
    alone = markup.in_style(piece.latex, options) if math_ else f"\\text {{ {latex.escaped(piece.text)} }}"
    text = f"\\( {alone} \\)" if math_ else escaping.prose(piece.text)
    product = piece.confidence**piece.symbols if math_ else piece.confidence
    return {
        "type": "math" if math_ else "text",
        "cnt": cnt,
        "text": text,
        "latex": alone,
        "confidence": round(product, 6),
        "confidence_rate": round(piece.confidence, 6),
        "is_printed": not handwritten,
        "is_handwritten": handwritten,
    }


def _confidence(lines: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """That everything is right, and that a symbol is: product and geometric mean over the lines."""
    rated = [line for line in lines if line["conversion_output"] and "confidence" in line]
    if not rated:
        return 0.0, 0.0
    weights = [max(1, len(_SYMBOL.findall(line["text"]))) for line in rated]
    rates = [max(line["confidence_rate"], 1e-6) for line in rated]
    logs = sum(weight * math.log(rate) for weight, rate in zip(weights, rates, strict=True))
    product = math.prod(line["confidence"] for line in rated)
    return round(product, 6), round(math.exp(logs / sum(weights)), 6)
