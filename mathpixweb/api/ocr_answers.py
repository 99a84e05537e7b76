"""The entries of `/v3/ocr-results`."""

from __future__ import annotations

from typing import Any

from mathpixweb.api import answers
from mathpixweb.documents.images import image_answers
from mathpixweb.documents.models import Document, Page

SHOWN = (
    "contains_chemistry",
    "contains_diagram",
    "is_handwritten",
    "is_printed",
    "contains_table",
    "contains_triangle",
)
DETECTIONS = (*SHOWN, "contains_algorithm")


def of_image(document: Document) -> dict[str, Any]:
    answer = document.answer
    return {
        "timestamp": answers.timestamp(document.completed_at),
        "duration": round(document.duration, 3),
        "endpoint": document.endpoint,
        "request_args": document.options,
        "result": answer.result,
        "detections": {name: bool(answer.detections.get(name)) for name in SHOWN},
        "image_id": document.public_id,  # clients know by it that an async image is done
    }


def of_page(document: Document, page: Page) -> dict[str, Any]:
    """A page of a PDF as if it had been sent as an image."""
    page.document = document
    seen = image_answers.seen_in_lines(page.lines)
    printed = any(line.get("is_printed") for line in page.lines)
    handwritten = any(line.get("is_handwritten") for line in page.lines)
    result = {
        "text": page.mmd,
        "confidence": page.confidence,
        "confidence_rate": page.confidence,
        "is_printed": printed,
        "is_handwritten": handwritten,
        "image_width": page.width,
        "image_height": page.height,
        "request_id": page.image_id,
        "version": document.version,
    }
    seen |= {"is_printed": printed, "is_handwritten": handwritten}
    return {
        "timestamp": answers.timestamp(page.completed_at),
        "duration": round(page.duration, 3),
        "endpoint": document.endpoint,
        "request_args": document.options,
        "result": result,
        "detections": {name: bool(seen.get(name)) for name in DETECTIONS},
        "image_id": page.image_id,
    }
