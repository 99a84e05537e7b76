"""Pages as they come back: addresses of figures made this server's own, lines made into results."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mathpixweb.engine.writers.mmd import lines as line_writer
from mathpixweb.engine.writers.mmd import mmd as mmd_writer
from mathpixweb.providers import confidence
from mathpixweb.providers.mathpix import faults
from mathpixweb.providers.mathpix.lines import fit
from mathpixweb.providers.results import PageResult

FIGURE = re.compile(
    r"https?://[^\s(){}\"']{1,200}/cropped/(?P<pdf_id>[\w-]{1,80})-(?P<number>\d{1,9})\.jpg"
    r"(?P<region>\?height=\d+&width=\d+&top_left_y=\d+&top_left_x=\d+)(?:&sig=[0-9a-f]+)?"
)
SHOWN = "text_display"
TEXTS = ("text", SHOWN)
MOST_PIXELS = 100_000  # of a page's side


@dataclass(frozen=True, slots=True)
class Origin:
    """What is called `pdf_id` there is `public_id` here; `only` is our number of the one page sent."""

    pdf_id: str
    public_id: str
    only: int | None = None

    def localized(self, text: str) -> str:
        """The text with its figures cut from this server's pictures of the pages."""
        return FIGURE.sub(self._figure, text) if "/cropped/" in text else text

    def _figure(self, found: re.Match[str]) -> str:
        if found["pdf_id"] != self.pdf_id:
            return found[0]
        number = self.only or int(found["number"])
        return f"/cropped/{self.public_id}-{number:02d}.jpg{found['region']}"


def results(lines_json: Mapping[str, Any], origin: Origin) -> Iterator[PageResult]:
    """The pages of lines.json, counted from 1 in their order. Raises Garbled."""
    pages = lines_json.get("pages")
    if not isinstance(pages, list):
        raise faults.Garbled("The lines of the pages cannot be understood.")
    for index, page in enumerate(pages, 1):
        if not isinstance(page, Mapping):
            raise faults.Garbled("The lines of a page cannot be understood.")
        yield result(page, index, origin)


def result(page: Mapping[str, Any], index: int, origin: Origin) -> PageResult:
    given = page.get("lines")
    lines = (
        [_line(line, origin) for line in given if isinstance(line, Mapping)]
        if isinstance(given, list)
        else []
    )
    return PageResult(
        index=index,
        number=origin.only or _whole(page.get("page")) or index,
        mmd=mmd_writer.of(lines),
        plain=line_writer.plain(lines),
        lines=lines,
        width=_whole(page.get("page_width")),
        height=_whole(page.get("page_height")),
        confidence=confidence.of_lines(lines),
    )


def preliminary(text: str, index: int, number: int, origin: Origin) -> PageResult:
    """What the stream tells of a page; its lines follow when the document is done."""
    mmd = origin.localized(text)
    return PageResult(index, number, mmd, "", [], 0, 0, 1.0)


def _line(line: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    """The line as it was given, with the fields that a reader of it relies on."""
    own = {name: origin.localized(str(line.get(name) or "")) for name in TEXTS}
    shown = bool(line.get("conversion_output", line.get("included", True)))
    return {**fit(line), **own, "conversion_output": shown}


def _whole(value: object) -> int:
    return value if isinstance(value, int) and 0 < value <= MOST_PIXELS else 0


def result_at(page: PageResult, index: int) -> PageResult:
    """The page, which was sent alone, at its place among the pages of its document.

    Every page but the first begins with a paragraph of its own.
    """
    if index == 1 or not page.mmd or page.mmd.startswith("\n"):
        return replace(page, index=index)
    first = next(place for place, line in enumerate(page.lines) if line["conversion_output"] and line[SHOWN])
    moved = {**page.lines[first], SHOWN: f"\n\n{page.lines[first][SHOWN]}"}
    lines = [*page.lines[:first], moved, *page.lines[first + 1 :]]
    return replace(page, index=index, lines=lines, mmd=f"\n\n{page.mmd}")
