"""Lines of a page as boxes on its picture: what was read there, and how sure the reader was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from mathpixweb.documents.models import Document, Page, PageStatus
from mathpixweb.engine.writers.web import html as as_rendered

UNSURE, DOUBTFUL = 0.95, 0.8  # confidence of a line below which somebody should look
MARGIN = 8  # pixels around a line, so that its frame does not touch its letters
PAGES_AT_ONCE = 20
BROKEN = re.compile(rf"{as_rendered.BROKEN}[^>]*>\s*(.*?)\s*</code>", re.DOTALL)
CONTENT = ("table", "diagram", "chart", "chemistry")  # shown by their place, though they have no text


@dataclass(frozen=True, slots=True)
class Box:
    """`number` counts the lines of lines.json from 1; places are in its pixels."""

    number: int
    type: str
    text: str
    x: int
    y: int
    width: int
    height: int
    confidence: float | None
    output: bool
    broken: bool = False  # it holds a formula that cannot be rendered

    @property
    def level(self) -> str:
        return "doubtful" if self.broken else level(self.confidence)

    @property
    def percent(self) -> int | None:
        return None if self.confidence is None else round(100 * self.confidence)


def level(confidence: float | None) -> str:
    if confidence is None or confidence >= UNSURE:
        return "sure"
    return "unsure" if confidence >= DOUBTFUL else "doubtful"


def of_page(page: Page) -> list[Box]:
    """The lines with something to see, in reading order."""
    return list(_boxes(page))


def next_doubtful(document: Document, page_index: int, number: int) -> tuple[Page, Box] | None:
    """The first doubtful line after line `number` of that page; from the beginning when there is none."""
    pages = document.pages.filter(status=PageStatus.COMPLETED).only("pk", "index", "number", "lines", "html")
    here_and_later = pages.filter(index__gte=page_index).iterator(PAGES_AT_ONCE)
    for page in here_and_later:
        least = number if page.index == page_index else 0
        for box in _doubtful(page):
            if box.number > least:
                return page, box
    for page in pages.filter(index__lte=page_index).iterator(PAGES_AT_ONCE):
        for box in _doubtful(page):
            return page, box
    return None


def _doubtful(page: Page) -> Iterator[Box]:
    return (box for box in _boxes(page) if box.level == "doubtful")


def _boxes(page: Page) -> Iterator[Box]:
    broken = [unescape(found) for found in BROKEN.findall(page.html) if found]
    for number, line in enumerate(page.lines, start=1):
        region = line.get("region")
        if region and (line.get("text") or line.get("type") in CONTENT):
            yield _box(number, line, region, broken)


def _box(number: int, line: Mapping[str, Any], region: Mapping[str, int], broken: list[str]) -> Box:
    return Box(
        number=number,
        type=str(line.get("type", "")),
        text=str(line.get("text", "")),
        x=max(0, region["top_left_x"] - MARGIN),
        y=max(0, region["top_left_y"] - MARGIN),
        width=region["width"] + 2 * MARGIN,
        height=region["height"] + 2 * MARGIN,
        confidence=line.get("confidence"),
        output=bool(line.get("conversion_output")),
        broken=any(latex in str(line.get("text", "")) for latex in broken),
    )
