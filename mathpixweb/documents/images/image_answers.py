"""The answer of v3/text and v3/strokes, made of what was read and of what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mathpixweb.documents.output.rendering import renderer
from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.ocr import alphabets
from mathpixweb.engine.writers.formulas import idiomatic_braces, latex_formats
from mathpixweb.engine.writers.mmd import delimiters
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.image_options import ImageOptions, TextOptions
from mathpixweb.providers.results import ImageResult

DETECTIONS = ("contains_chemistry", "contains_diagram", "contains_table", "contains_triangle")
MORE_DETECTIONS = ("contains_algorithm", "contains_chart", "contains_graph", "is_blank", "is_inverted")
NO_CONTENT = ProviderError("image_no_content", "Content not found")
TOO_UNSURE = ProviderError("math_confidence", "Low confidence")
INCLUDED = ("included", "conversion_output")  # the old name and the new one of the same


@dataclass(frozen=True, slots=True)
class Answered:
    """`body` as it is sent, without the request's id; `mmd` with the usual delimiters, for keeping."""

    body: dict[str, Any]
    mmd: str
    detections: dict[str, bool]
    error: ProviderError | None = None


def text(result: ImageResult, asked: TextOptions, version: str) -> Answered:
    """What v3/text says. An image without content is an error that still tells what was seen."""
    result = confident(result, asked, asked.confidence_rate_threshold)
    mmd = result.text
    body: dict[str, Any] = {**(head(result, version)), **_confidence(result)}
    error = failure(result)
    if error is None:
        body |= _formats(mmd, result, asked)
    if asked.include_line_data:
        body["line_data"] = [_line(line, asked) for line in result.lines]
    if asked.include_word_data:
        body["word_data"] = [_word(word, asked) for word in result.words]
    if asked.include_detected_alphabets:
        body["detected_alphabets"] = {code: code in result.alphabets for code in alphabets.CODES}
    if asked.include_geometry_data:
        body["geometry_data"] = list(_seen(result, "geometry_data"))
    if error is not None:
        body |= {"error": error.message, "error_info": {"id": error.error_id, "message": error.message}}
        body = {name: value for name, value in body.items() if name not in ("confidence", "confidence_rate")}
    return Answered(body, mmd, detections(result), error)


def relayed(result: ImageResult) -> Answered:
    """The answer of a server that speaks the same API."""
    info = result.answer.get("error_info")
    error = None
    if isinstance(info, Mapping):
        error = ProviderError(str(info.get("id", "")), str(info.get("message", "")))
    return Answered(result.answer, result.text, detections(result), error)


def error_body(error: ProviderError) -> dict[str, Any]:
    """The error as the API tells it: details both under `detail` and beside it."""
    nested = {"detail": error.detail} if error.detail else {}
    info = {**error.detail, **nested, "id": error.error_id, "message": error.message}
    return {"error": error.message, "error_info": info}


def page_lines(lines: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """The lines in the form of lines.json, in which every page keeps them."""
    return [_page_line(line, number) for number, line in enumerate(lines, 1)]


def _page_line(line: Mapping[str, object], number: int) -> dict[str, Any]:
    cnt = line.get("cnt")
    outline = cnt if isinstance(cnt, list) and cnt else [[0, 0]]
    left, top = (min(point[axis] for point in outline) for axis in (0, 1))
    right, bottom = (max(point[axis] for point in outline) for axis in (0, 1))
    region = {"top_left_x": left, "top_left_y": top, "width": right - left, "height": bottom - top}
    text = str(line.get("text", "")) if line.get("conversion_output") else ""
    own = {"line": number, "column": 0, "region": region, "text": text.strip("\n"), "text_display": text}
    return {**{name: value for name, value in line.items() if name != "included"}, **own}


def head(result: ImageResult, version: str) -> dict[str, Any]:
    """What every answer about an image begins with."""
    return {
        "version": version,
        "image_width": result.width,
        "image_height": result.height,
        "is_printed": result.printed,
        "is_handwritten": result.handwritten,
        "auto_rotate_confidence": result.rotate_confidence,
        "auto_rotate_degrees": result.rotate_degrees,
    }


def _confidence(result: ImageResult) -> dict[str, Any]:
    return {"confidence": result.confidence, "confidence_rate": result.confidence_rate}


def failure(result: ImageResult) -> ProviderError | None:
    """Why there is nothing to tell; None when there is something."""
    if result.text.strip():
        return None
    unsure = any(line.get("error_id") == TOO_UNSURE.error_id for line in result.lines)
    return TOO_UNSURE if unsure else NO_CONTENT


def confident(result: ImageResult, asked: ImageOptions, least_rate: float) -> ImageResult:
    """Without the lines of which the reader is less sure than was asked; they say why."""
    limits = (("confidence_rate", least_rate), ("confidence", asked.confidence_threshold or 0))
    lines = [_doubted(line) if _unsure(line, limits) else line for line in result.lines]
    if lines == result.lines:
        return result
    first = next((index for index, line in enumerate(lines) if line.get("conversion_output")), None)
    if first is not None:
        lines[first] = {**lines[first], "text": str(lines[first].get("text", "")).lstrip("\n")}
    return replace(result, lines=lines, equation=None)


def _unsure(line: Mapping[str, object], limits: Sequence[tuple[str, float]]) -> bool:
    if not line.get("conversion_output"):
        return False
    rates = [(line.get(name), least) for name, least in limits]
    return any(isinstance(rate, int | float) and rate < least for rate, least in rates)


def _doubted(line: Mapping[str, object]) -> dict[str, object]:
    return {**line, **dict.fromkeys(INCLUDED, False), "error_id": TOO_UNSURE.error_id}


def _formats(mmd: str, result: ImageResult, asked: TextOptions) -> dict[str, Any]:
    formats = asked.formats if asked.formats is not None else ["text", "latex_styled"]
    body: dict[str, Any] = {}
    if "text" in formats:
        body["text"] = delimited(mmd, asked)
    if result.equation is not None:
        equation = latex_formats.with_line_breaks(result.equation)
        body["latex_styled"] = idiomatic_braces.in_latex(equation) if asked.idiomatic_braces else equation
    if "html" in formats or "data" in formats:
        body |= _rendered(mmd, asked)
    return body


def _rendered(mmd: str, asked: TextOptions) -> dict[str, Any]:
    """`html` and `data`, as far as they are asked for."""
    wanted = {name: value for name, value in asked.data_options.model_dump().items() if value is True}
    try:
        made = renderer.data(mmd, wanted)
    except RenderFailed as error:
        raise ProviderError("sys_exception", f"The formats could not be made. {error}") from error
    both = {"html": made.html, "data": made.data}
    return {name: both[name] for name in ("html", "data") if name in (asked.formats or ())}


def delimited(mmd: str, asked: TextOptions) -> str:
    mmd = idiomatic_braces.in_mmd(mmd) if asked.idiomatic_braces else mmd
    return delimiters.replaced(
        mmd, asked.math_inline_delimiters, asked.math_display_delimiters, close=asked.rm_spaces
    )


def _line(line: Mapping[str, object], asked: TextOptions) -> dict[str, Any]:
    """The line as `line_data` tells it; with `html` and `data` of its own where the whole has them."""
    included = bool(line.get("conversion_output"))
    shown: dict[str, Any] = {**line, **dict.fromkeys(INCLUDED, included)}
    mmd = str(line.get("text", ""))
    if mmd:
        shown["text"] = delimited(mmd, asked)
    if included and mmd.strip() and {"html", "data"} & set(asked.formats or ()):
        shown |= _rendered(mmd.strip("\n"), asked)
    return shown


def _word(word: Mapping[str, object], asked: TextOptions) -> dict[str, Any]:
    text = word.get("text")
    return {**word, "text": delimited(text, asked)} if isinstance(text, str) else dict(word)


def _seen(result: ImageResult, name: str) -> Sequence[Any]:
    seen = result.detections.get(name)
    return seen if isinstance(seen, list) else []


def detections(result: ImageResult) -> dict[str, bool]:
    """What was seen, as results are filtered by it; lines tell what the reader has not noted."""
    by_lines = seen_in_lines(result.lines)
    noted = {name: bool(result.detections.get(name)) for name in (*DETECTIONS, *MORE_DETECTIONS)}
    either = {name: noted[name] or by_lines.get(name, False) for name in noted}
    return {**either, "is_handwritten": result.handwritten, "is_printed": result.printed}


def seen_in_lines(lines: Sequence[Mapping[str, object]]) -> dict[str, bool]:
    """What the kinds of the lines tell."""
    kinds = {str(line.get(name, "")) for line in lines for name in ("type", "subtype")}
    return {
        "contains_chemistry": bool(kinds & {"chemistry", "chemistry_reaction"}),
        "contains_diagram": bool(kinds & {"diagram", "chart"}),
        "contains_chart": "chart" in kinds,
        "contains_table": "table" in kinds,
        "contains_triangle": "triangle" in kinds,
        "contains_algorithm": bool(kinds & {"algorithm", "pseudocode"}),
    }
