"""The answer of v3/latex: one equation in the formats that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mathpixweb.documents.images.image_answers import (
    INCLUDED,
    Answered,
    confident,
    detections,
    failure,
    head,
)
from mathpixweb.documents.output.rendering import renderer
from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.ocr import alphabets
from mathpixweb.engine.writers.formulas import latex_formats, wolfram
from mathpixweb.engine.writers.mmd import delimiters
from mathpixweb.engine.writers.mmd.mmd_source import PARTS
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.image_options import FormatOptions, LatexOptions
from mathpixweb.providers.results import ImageResult

DETECTION_MAP = (
    "contains_chart",
    "contains_diagram",
    "contains_geometry",
    "contains_graph",
    "contains_table",
    "is_blank",
    "is_inverted",
    "is_not_math",
    "is_printed",
)
NOT_MATH = ProviderError(
    "image_no_content", 'No equation was found. Words are read with "ocr": ["math", "text"].'
)
WRITERS: dict[str, Callable[[str, Sequence[str]], object]] = {
    "latex": latex_formats.normal,
    "latex_normal": latex_formats.normal,
    "latex_simplified": latex_formats.simplified,
    "latex_styled": latex_formats.styled,
    "latex_list": latex_formats.as_list,
    "wolfram": lambda latex, _: wolfram.write(latex),
}


def latex(result: ImageResult, asked: LatexOptions, version: str) -> Answered:
    """What v3/latex says; without `formats` the equation is under the old name `latex`."""
    result = confident(result, asked, 0)
    equation = _equation(result, with_text="text" in asked.ocr)
    printed_or_not = ("is_printed", "is_handwritten")  # are in the detections here
    body = {name: value for name, value in head(result, version).items() if name not in printed_or_not}
    body |= _detected(result, equation)
    if asked.include_detected_alphabets:
        body["detected_alphabets"] = {code: code in result.alphabets for code in alphabets.CODES}
    error = failure(result) or (NOT_MATH if equation is None else None)
    if error is not None or equation is None:
        error = error or NOT_MATH
        body |= {"error": error.message, "error_info": {"id": error.error_id, "message": error.message}}
        return Answered(body, result.text, detections(result), error)
    body |= {"latex_confidence": result.confidence, "latex_confidence_rate": result.confidence_rate}
    body |= {name: _format(name, equation, result, asked) for name in asked.formats or ["latex"]}
    if position := _position(result):
        body["position"] = position
    if asked.n_best:
        body["candidates"] = _candidates(result, equation, asked.n_best)
    return Answered(body, result.text, detections(result))


def _equation(result: ImageResult, *, with_text: bool) -> str | None:
    """The mathematics of the image as one formula; words too if they were asked for."""
    if result.equation is not None:
        return result.equation
    rows = [row for line in result.text.split("\n") if (row := _row(line, with_text))]
    if with_text and rows:
        return _stacked(rows)
    found = delimiters.formulas(result.text)
    return _stacked(found) if found else None


def _candidates(result: ImageResult, equation: str, most: int) -> list[dict[str, object]]:
    """The likeliest readings, with the fonts in which they differ; mathematics among words has only one."""
    if result.equation is not None and result.candidates:
        return result.candidates[:most]
    rated = {"confidence": result.confidence, "confidence_rate": result.confidence_rate}
    return [{"latex": equation, **rated}]


def _stacked(rows: Sequence[str]) -> str:
    if len(rows) == 1:
        return rows[0]
    return "\\begin{array}{l}" + " \\\\ ".join(rows) + "\\end{array}"


def _row(line: str, with_text: bool) -> str:
    """A line of Mathpix Markdown as a formula that holds its words."""
    if not with_text:
        return ""
    pieces: list[str] = []
    position = 0
    for found in PARTS.finditer(line):
        pieces += [_words(line[position : found.start()]), *delimiters.formulas(found[0])]
        position = found.end()
    return " ".join(filter(None, [*pieces, _words(line[position:])]))


def _words(text: str) -> str:
    return f"\\text {{ {text.strip()} }}" if text.strip() else ""


def _format(name: str, equation: str, result: ImageResult, asked: LatexOptions) -> object:
    chosen = asked.format_options.get(name, FormatOptions())
    if name in WRITERS:
        return WRITERS[name](equation, chosen.transforms)
    if name in ("mathml", "asciimath"):
        return _rendered(equation, name)
    mmd = result.text if "text" in asked.ocr else f"\\( {equation} \\)"
    mmd = delimiters.displayed(mmd) if name == "text_display" else mmd
    if "rm_newlines" in chosen.transforms:
        mmd = " ".join(mmd.split("\n"))
    return delimiters.replaced(mmd, chosen.math_delims, chosen.displaymath_delims)


def _rendered(equation: str, kind: str) -> str:
    try:
        made = renderer.data(f"\\( {equation} \\)", {f"include_{kind}": True})
    except RenderFailed as error:
        raise ProviderError("sys_exception", f"The format {kind} could not be made. {error}") from error
    return next((value["value"] for value in made.data if value["type"] == kind), "")


def _detected(result: ImageResult, equation: str | None) -> dict[str, Any]:
    noted = detections(result)
    geometry = {"contains_geometry": noted["contains_triangle"]}
    seen = {**geometry, **result.detections, **noted, "is_not_math": equation is None}
    flags = {name: int(bool(seen.get(name))) for name in DETECTION_MAP}
    return {"detection_map": flags, "detection_list": [name for name, flag in flags.items() if flag]}


def _position(result: ImageResult) -> dict[str, int]:
    """The box around what was read, in pixels of the image."""
    outlines = [line["cnt"] for line in result.lines if any(line.get(name) for name in INCLUDED)]
    points = [point for outline in outlines if isinstance(outline, list) for point in outline]
    if not points:
        return {}
    left, top = (min(point[axis] for point in points) for axis in (0, 1))
    right, bottom = (max(point[axis] for point in points) for axis in (0, 1))
    return {"top_left_x": left, "top_left_y": top, "width": right - left, "height": bottom - top}
