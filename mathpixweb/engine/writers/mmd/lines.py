"""lines.json: every line of a page with its place, its text and its share of the Mathpix Markdown.

Pixels are those of the page at 250 dpi, y downwards. The displays of all lines with `conversion_output`,
joined, are the page; the pages, joined, are the document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Options, Page
from mathpixweb.engine.writers.mmd import nesting
from mathpixweb.engine.writers.mmd.entries import Entry, entries_of

DPI = 250
SCALE = DPI / 72
_MMD_KEYS = ("line", "region", "cnt", "is_printed", "is_handwritten", "confidence", "confidence_rate")


def page_size(page: Page) -> tuple[int, int]:
    """Width and height of the page in pixels."""
    return round(page.width * SCALE), round(page.height * SCALE)


def write(
    page: Page,
    options: Options,
    image_id: str,
    first: bool,
    figure_url: Callable[[int, int, int, int], str],
) -> list[dict[str, Any]]:
    """The `lines` of one page of lines.json.

    `first` says that the page opens the document, which therefore begins without blank lines. `figure_url`
    takes top_left_x, top_left_y, width and height of a crop in pixels.
    """

    def url_of(box: Box) -> str:
        return figure_url(*_region(page, box))

    def line_of(entry: Entry, number: int) -> dict[str, Any]:
        return _line(entry, number, _region(page, entry.box), image_id)

    entries = (entry for block in page.blocks for entry in entries_of(block, options, url_of))
    lines = nesting.flat(entries, line_of)
    if options.include_hyperlinks:
        _add_links(lines, page)
    _open_page(lines, first, options)
    return lines


def plain(lines: Sequence[dict[str, Any]]) -> str:
    """The searchable text of the lines that are part of the document."""
    return "\n".join(line["text"] for line in lines if line["text"] and _is_searchable(line))


def mmd_lines(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same lines in the older form of lines.mmd.json."""
    return [
        {"text": line["text_display"]} | {key: line[key] for key in _MMD_KEYS if key in line}
        for line in lines
        if line["conversion_output"]
    ]


def _is_searchable(line: dict[str, Any]) -> bool:
    return line["conversion_output"] or line["type"] in ("figure_label", "table_cell")


def _region(page: Page, box: Box) -> tuple[int, int, int, int]:
    """Left, top, width and height in pixels, within the page."""
    width, height = page_size(page)
    x0, x1 = (min(max(round(x * SCALE), 0), width) for x in (box.x0, box.x1))
    y0, y1 = (min(max(round((page.height - y) * SCALE), 0), height) for y in (box.y1, box.y0))
    return x0, y0, max(1, x1 - x0), max(1, y1 - y0)


def _add_links(lines: Sequence[dict[str, Any]], page: Page) -> None:
    """Gives each line the `links` that lie on it, each with its `url` and its place."""
    for link in page.links:
        x, y, width, height = _region(page, link.box)
        region = {"top_left_x": x, "top_left_y": y, "width": width, "height": height}
        on = [
            line for line in lines if line["text"] and _holds(line["region"], x + width / 2, y + height / 2)
        ]
        for line in on[:1]:
            line.setdefault("links", []).append({"url": link.url, "region": region})


def _holds(region: dict[str, int], x: float, y: float) -> bool:
    left, top = region["top_left_x"], region["top_left_y"]
    return left <= x <= left + region["width"] and top <= y <= top + region["height"]


def _line(entry: Entry, number: int, region: tuple[int, int, int, int], image_id: str) -> dict[str, Any]:
    x, y, width, height = region
    line: dict[str, Any] = {
        "id": _id(image_id, number, region),
        "type": entry.type,
        "line": number,
        "column": entry.column,
        "font_size": round(entry.size * SCALE),
        "is_printed": True,
        "is_handwritten": False,
        "region": {"top_left_x": x, "top_left_y": y, "width": width, "height": height},
        "cnt": [[x, y + height], [x, y], [x + width, y], [x + width, y + height]],
        "text": entry.text,
        "text_display": entry.display,
        "conversion_output": entry.output,
    }
    if entry.subtype:
        line["subtype"] = entry.subtype
    if not entry.container:
        line["confidence"] = round(entry.confidence, 6)
        line["confidence_rate"] = round(entry.confidence ** (1 / entry.spans), 6)
    return line


def _id(image_id: str, number: int, region: tuple[int, int, int, int]) -> str:
    return blake2b(f"{image_id} {number} {region}".encode(), digest_size=16).hexdigest()


def _open_page(lines: list[dict[str, Any]], first: bool, options: Options) -> None:
    """Fits the beginning of the first line that is output to what is before the page."""
    for line in lines:
        if line["conversion_output"] and line["text_display"]:
            text = line["text_display"].lstrip("\n")
            line["text_display"] = _gap(line, text, first, options) + text
            return


def _gap(line: dict[str, Any], text: str, first: bool, options: Options) -> str:
    """What parts the page from the one before; a paragraph that begins in small letters runs on."""
    if first:
        return ""
    if options.include_page_breaks:
        return "\n\n\\pagebreak\n\n"
    return "\n" if line["type"] == "text" and text[:1].islower() else "\n\n"
