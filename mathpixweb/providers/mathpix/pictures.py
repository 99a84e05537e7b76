"""Images and strokes as they come back: the answer of /v3/text as an ImageResult."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix.answers import number
from mathpixweb.providers.mathpix.lines import fit
from mathpixweb.providers.results import ImageResult

NOTHING_FOUND = ("image_no_content", "strokes_no_content")
# made here from the result, in the forms and with the delimiters that the caller asked for
OURS = (
    "src",
    "async",
    "callback",
    "tags",
    "formats",
    "data_options",
    "include_line_data",
    "include_word_data",
    "math_inline_delimiters",
    "math_display_delimiters",
)


def asked(options: Mapping[str, object]) -> dict[str, object]:
    """The request's options, unknown ones too, so that the answer holds all that a result needs."""
    passed = {name: value for name, value in options.items() if name not in OURS}
    wanted = {"formats": ["text", "latex_styled"], "include_detected_alphabets": True}
    words = bool(options.get("include_word_data"))
    return {**passed, **wanted, ("include_word_data" if words else "include_line_data"): True}


def nothing(error: ProviderError, width: int, height: int) -> ImageResult:
    """What was answered with "content not found"; any other error goes on."""
    if error.error_id not in NOTHING_FOUND:
        raise error
    return ImageResult(width=width, height=height)


def result(answer: Mapping[str, Any]) -> ImageResult:
    text = str(answer.get("text") or "")
    latex = answer.get("latex_styled")
    seen = answer.get("detected_alphabets")
    return ImageResult(
        width=int(number(answer.get("image_width"))),
        height=int(number(answer.get("image_height"))),
        lines=_records(answer.get("line_data")) or _one_line(text, answer),
        words=_records(answer.get("word_data")),
        equation=latex if isinstance(latex, str) and latex else None,
        alphabets=tuple(code for code, yes in seen.items() if yes) if isinstance(seen, Mapping) else (),
        printed=bool(answer.get("is_printed", True)),
        handwritten=bool(answer.get("is_handwritten", False)),
        rotate_degrees=int(number(answer.get("auto_rotate_degrees"))),
        rotate_confidence=number(answer.get("auto_rotate_confidence")),
        confidence=number(answer.get("confidence")),
        confidence_rate=number(answer.get("confidence_rate")),
        detections={"request_id": str(answer.get("request_id") or "")},
    )


def _one_line(text: str, answer: Mapping[str, Any]) -> list[dict[str, object]]:
    """The whole as one line, where the answer tells of words only, or of strokes."""
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
