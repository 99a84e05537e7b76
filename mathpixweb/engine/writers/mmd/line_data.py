"""line_data and word_data: what v3/text says of every line and word of a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Options, Page
from mathpixweb.engine.writers.mmd import nesting
from mathpixweb.engine.writers.mmd.entries import Entry, entries_of

PICTURED = ("diagram", "chart")
NOT_SUPPORTED = "image_not_supported"  # of a line that is no text
Outline = Callable[[Box], list[list[int]]]


def write(page: Page, options: Options, outline: Outline, handwritten: bool) -> list[dict[str, Any]]:
    """The lines in reading order; the texts of those that are output follow each other to the whole text.

    `outline` takes a box of the page to four corners in the picture as it was sent.
    """

    def line_of(entry: Entry, number: int) -> dict[str, Any]:
        return _line(entry, number, outline(entry.box), handwritten)

    entries = (entry for block in page.blocks for entry in entries_of(block, options, lambda _: ""))
    lines = nesting.flat(entries, line_of)
    _join(lines)
    return lines


def _line(entry: Entry, number: int, cnt: list[list[int]], handwritten: bool) -> dict[str, Any]:
    output = entry.output and bool(entry.display.strip())
    line: dict[str, Any] = {
        "id": blake2b(f"{number} {cnt}".encode(), digest_size=16).hexdigest(),
        "type": entry.type,
        "cnt": cnt,
        "included": output,
        "conversion_output": output,
        "is_printed": not handwritten,
        "is_handwritten": handwritten,
        "text": entry.display if output else entry.text,
    }
    if entry.subtype:
        line["subtype"] = entry.subtype
    if entry.type in PICTURED and not output:
        line["error_id"] = NOT_SUPPORTED
    if not entry.container:
        line["confidence"] = round(entry.confidence, 6)
        line["confidence_rate"] = round(entry.confidence ** (1 / entry.spans), 6)
    return line


def _join(lines: Sequence[dict[str, Any]]) -> None:
    """Every line begins with a line break, except the first and what goes on with a broken word."""
    first = True
    for line in lines:
        if not line["conversion_output"]:
            continue
        text = line["text"].lstrip("\n ")
        gap = len(line["text"]) - len(line["text"].lstrip("\n"))
        broken = not first and text == line["text"]
        line["text"] = text if first or broken else "\n" * max(1, min(gap, 2)) + text
        if broken:
            line["after_hyphen"] = True
        first = False
