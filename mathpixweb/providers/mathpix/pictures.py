"""Images and strokes: what is asked of them there, and the answer as an ImageResult.

The caller's options go as they came and the answer comes back as it is, so that no caller can tell this
server from Mathpix; of the answer only as much is understood as the history needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mathpixweb.providers.base import ProviderError, Stroke
from mathpixweb.providers.mathpix.answers import number
from mathpixweb.providers.mathpix.lines import fit
from mathpixweb.providers.results import ImageResult

NOTHING_FOUND = ("image_no_content", "strokes_no_content", "math_confidence")
# fetched, queued, told and joined here; a session of strokes is known there only with a token of that server
OURS = ("src", "async", "callback", "ocr_behavior", "strokes", "strokes_session_id")
LIKELY = 0.5
FORMULAS = ("latex_styled", "latex", "latex_normal", "latex_simplified")  # the first that is there is kept


def asked(options: Mapping[str, object]) -> dict[str, object]:
    """The caller's options, unknown ones too, except what this server does itself."""
    return {name: value for name, value in options.items() if name not in OURS}


def drawn(strokes: Sequence[Stroke]) -> dict[str, object]:
    """Strokes as the reference writes them."""
    x, y = ([[point[axis] for point in stroke] for stroke in strokes] for axis in (0, 1))
    return {"strokes": {"strokes": {"x": x, "y": y}}}


def nothing(error: ProviderError) -> ImageResult:
    """What was answered with "content not found"; any other error goes on."""
    if error.error_id not in NOTHING_FOUND:
        raise error
    info = {**error.detail, "id": error.error_id, "message": error.message}
    return ImageResult(0, 0, answer={"error": error.message, "error_info": info})


def result(answer: Mapping[str, Any]) -> ImageResult:
    """Of the answer of /v3/text, /v3/strokes or /v3/latex, in whatever formats were asked for."""
    latex = next((answer[name] for name in FORMULAS if _is_text(answer.get(name))), None)
    seen = answer.get("detected_alphabets")
    return ImageResult(
        width=int(number(answer.get("image_width"))),
        height=int(number(answer.get("image_height"))),
        lines=_records(answer.get("line_data")) or _one_line(_text(answer, latex), answer),
        words=_records(answer.get("word_data")),
        equation=latex,
        alphabets=tuple(code for code, yes in seen.items() if yes) if isinstance(seen, Mapping) else (),
        printed=bool(answer.get("is_printed", True)),
        handwritten=bool(answer.get("is_handwritten", False)),
        rotate_degrees=int(number(answer.get("auto_rotate_degrees"))),
        rotate_confidence=number(answer.get("auto_rotate_confidence")),
        confidence=number(answer.get("confidence", answer.get("latex_confidence"))),
        confidence_rate=number(answer.get("confidence_rate", answer.get("latex_confidence_rate"))),
        detections={**_noted(answer), "request_id": str(answer.get("request_id") or "")},
        answer={name: value for name, value in answer.items() if name != "request_id"},
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text(answer: Mapping[str, Any], latex: str | None) -> str:
    """The whole as Mathpix Markdown, as well as the formats that were asked for tell it."""
    for name in ("text", "text_display"):
        if _is_text(answer.get(name)):
            return str(answer[name])
    if latex:
        return f"\\( {latex} \\)"
    data = answer.get("data")
    values = [one.get("value") for one in data if isinstance(one, Mapping)] if isinstance(data, list) else []
    return next((str(value) for value in values if _is_text(value)), "")


def _noted(answer: Mapping[str, Any]) -> dict[str, object]:
    """What /v3/latex says was seen in the image."""
    seen = answer.get("detection_map")
    rates = seen if isinstance(seen, Mapping) else {}
    return {str(name): number(rate) >= LIKELY for name, rate in rates.items()}


def _one_line(text: str, answer: Mapping[str, Any]) -> list[dict[str, object]]:
    """The whole as one line, where the answer tells of no lines."""
    if not text:
        return []
    width, height = (number(answer.get(f"image_{side}")) for side in ("width", "height"))
    corners = [[0, height], [0, 0], [width, 0], [width, height]]
    confidences = {name: number(answer.get(name)) for name in ("confidence", "confidence_rate")}
    seen = {
        "is_printed": bool(answer.get("is_printed")),
        "is_handwritten": bool(answer.get("is_handwritten")),
    }
    shown = {"conversion_output": True, "included": True}
    return [{"type": "text", "cnt": corners, "text": text, **shown, **seen, **confidences}]


def _records(value: object) -> list[dict[str, object]]:
    """Lines or words; older answers say `included` for what is now `conversion_output`."""
    if not isinstance(value, list):
        return []
    found = [fit(record) for record in value if isinstance(record, Mapping)]
    for record in found:
        record.setdefault("cnt", [])
        record.setdefault("conversion_output", record.get("included", True))
    return found
