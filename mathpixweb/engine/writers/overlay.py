"""The original PDF with what was read as an invisible layer of text, each line in its place."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.invisible_font import WIDTH, InvisibleFont
from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.programs.renderer import Renderer

NO_ORIGINAL = (
    "There is no original to lay text over: this document was given as text. Ask for the format pdf instead."
)
NOT_ON_PAPER = (
    "There are no pages to lay text over: this document was never on paper. Ask for the format pdf instead."
)
FONT = "/MathpixWebText"
DELIMITER = re.compile(r"\\[()\[\]]|\$\$?")
HEIGHT = 0.75  # of a line's region that its letters take …
BASELINE = 0.8  # … and that lies over its baseline
# So many times as high as wide is a line that runs up or down the page; with fewer letters it may be a sign.
# The lines of a page that lies on its side go on to the right if they run upwards, else to the left.
UPRIGHT, FEWEST = 2.0, 3
# By its rotation: from the page as it is shown to the page as it is drawn, in its widths and heights.
TURNS = {0: (1, 0, 0, 1, 0, 0), 90: (0, 1, -1, 0, 1, 0), 180: (-1, 0, 0, -1, 1, 1), 270: (0, -1, 1, 0, 0, 1)}


@dataclass(frozen=True, slots=True)
class OriginalPage:
    """`number` counts from 1 in the original; the rest is that of lines.json."""

    number: int
    width: int
    height: int
    lines: Sequence[Mapping[str, Any]]


def without_original(
    mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer
) -> bytes:
    """Raises RenderFailed, since a text has no pages."""
    raise RenderFailed(NO_ORIGINAL)


def lay_over(source: Path, pages: Sequence[OriginalPage]) -> bytes:
    """The PDF at `source` with the text of `pages`; raises RenderFailed."""
    target = io.BytesIO()
    try:
        with Pdf.open(source) as pdf:
            font = InvisibleFont()
            shared = pdf.make_indirect(Dictionary())
            for page in pages:
                if page.number <= len(pdf.pages) and page.width and page.height:
                    _lay_on(pdf, pdf.pages[page.number - 1], page, font, shared)
            font.write(pdf, shared)
            pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    except pikepdf.PdfError as error:
        raise RenderFailed(f"The original cannot be written again: {error}") from error
    return target.getvalue()


def _lay_on(
    pdf: Pdf, sheet: pikepdf.Page, page: OriginalPage, font: InvisibleFont, shared: Dictionary
) -> None:
    resources = Dictionary(dict(sheet.resources.items()))
    fonts = Dictionary(dict(resources.get(Name.Font, Dictionary()).items()))
    fonts[FONT] = shared
    resources.Font = fonts
    sheet.obj.Resources = resources
    layer = "\n".join(["Q q", _matrix(sheet, page), "BT 3 Tr", *_texts(page, font), "ET Q"])
    sheet.contents_add(b"q\n", prepend=True)
    sheet.contents_add(layer.encode("ascii"))


def _matrix(sheet: pikepdf.Page, page: OriginalPage) -> str:
    """Puts the origin of the shown page's pixels, y upwards, onto the page."""
    left, bottom, right, top = (float(side) for side in Array(sheet.cropbox))
    width, height = abs(right - left), abs(top - bottom)
    turn = int(sheet.obj.get(Name.Rotate, _inherited_rotation(sheet))) % 360
    a, b, c, d, e, f = TURNS.get(turn, TURNS[0])
    shown = (height, width) if turn in (90, 270) else (width, height)
    across, up = shown[0] / page.width, shown[1] / page.height
    values = (
        a * across, b * across, c * up, d * up, min(left, right) + e * width, min(bottom, top) + f * height
    )  # fmt: skip
    return " ".join(f"{value:.6f}" for value in values) + " cm"


def _inherited_rotation(sheet: pikepdf.Page) -> int:
    parent = sheet.obj.get(Name.Parent)
    for _ in range(50):
        if parent is None:
            return 0
        if Name.Rotate in parent:
            return int(parent[Name.Rotate])
        parent = parent.get(Name.Parent)
    return 0


def _texts(page: OriginalPage, font: InvisibleFont) -> Iterator[str]:
    told = [(text, line) for line in page.lines if (text := _text(line))]
    sideways = [line["region"] for text, line in told if _runs_sideways(text, line)]
    upwards = bool(sideways) and sideways[0]["top_left_x"] <= sideways[-1]["top_left_x"]
    for text, line in told:
        region = line["region"]
        x, y = region["top_left_x"], page.height - region["top_left_y"]
        width, height = max(1, region["width"]), max(1, region["height"])
        if not _runs_sideways(text, line):
            turn, length, thickness = f"1 0 0 1 {x:.2f} {y - BASELINE * height:.2f}", width, height
        elif upwards:
            turn, length, thickness = f"0 1 -1 0 {x + BASELINE * width:.2f} {y - height:.2f}", height, width
        else:
            turn, length, thickness = f"0 -1 1 0 {x + (1 - BASELINE) * width:.2f} {y:.2f}", height, width
        size = thickness * HEIGHT
        stretch = 100 * length / (len(text) * size * WIDTH / 1000)
        yield f"{FONT} {size:.2f} Tf {stretch:.3f} Tz {turn} Tm <{font.encode(text)}> Tj"


def _text(line: Mapping[str, Any]) -> str:
    """Of a line that has a place of its own, without delimiters of formulas."""
    if line.get("children_ids") or not isinstance(line.get("region"), Mapping):
        return ""
    return " ".join(DELIMITER.sub(" ", str(line.get("text") or "")).split())


def _runs_sideways(text: str, line: Mapping[str, Any]) -> bool:
    """Whether the line stands upright and is none that is written from top to bottom."""
    tall = line["region"]["height"] > UPRIGHT * line["region"]["width"]
    return tall and len(text) >= FEWEST and line.get("subtype") != "vertical"
