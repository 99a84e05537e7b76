"""Pages of PDFs that are pictures: drawn at a scanner's resolution and read like any other picture.

A page whose picture lies under text keeps that text: it is what the scanning program, or whoever corrected
it, read there, and searching the original finds the same. Only pages without any text are read here, and
those whose fonts do not tell which letters they draw.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine import page_images
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Block, Options, Page, Sheet, Survey
from mathpixweb.engine.ocr import preparing, reading
from mathpixweb.engine.ocr.reading import ReadPicture
from mathpixweb.engine.readers.image import Raster

DPI: Final = 300
WHOLE: Final = 0.9  # of the page that a figure covers
EDGE: Final = 10  # the outer tenth of a scan may be dark
TONES: Final = 40  # levels of grey between the darkest and the lightest part of empty paper
SAMPLED: Final = 4  # one pixel of so many in each direction tells the paper's tones


def read(path: Path, sheet: Sheet, survey: Survey, options: Options) -> Page:
    """The page as its picture says it. Raises PageFailed."""
    raster = Raster(np.asarray(page_images.picture(path, sheet.number, drawn_width(sheet))))
    picture = preparing.prepare(raster)
    pixel = sheet.width / raster.width
    zoom = raster.width / picture.gray.shape[1]
    sample = raster.rgb[::SAMPLED, ::SAMPLED].copy()
    del raster  # three times as large as what is read
    found = reading.read(picture, options, survey=survey, points=pixel * zoom, number=sheet.number)
    page = _placed(found, sheet, pixel)
    return replace(page, blocks=()) if is_paper(page, sample) else page


def drawn_width(sheet: Sheet) -> int:
    """Pixels: of a page larger than A4 no more than would be left for reading."""
    most = math.sqrt(preparing.MOST_PIXELS * sheet.width / max(sheet.height, 1.0))
    return min(round(sheet.width / 72 * DPI), int(most))


def is_paper(page: Page, scanned: NDArray[np.uint8]) -> bool:
    """Whether the page is a figure and nothing else because the paper has a tone."""
    if len(page.blocks) != 1 or page.blocks[0].type != "diagram" or page.blocks[0].lines:
        return False
    box, (height, width) = page.blocks[0].box, scanned.shape[:2]
    if box.width * box.height < WHOLE * page.width * page.height:
        return False
    inner = scanned[height // EDGE : -height // EDGE, width // EDGE : -width // EDGE]
    tones = inner.mean(axis=2) if inner.ndim > 2 else inner
    low, high = np.percentile(tones, (0.5, 99.5))
    return bool(high - low < TONES)


def _placed(found: ReadPicture, sheet: Sheet, pixel: float) -> Page:
    """The page with every box where the paper has it, also if the paper lay askew in the scanner."""

    def place(box: Box) -> Box:
        corners = found.picture.frame.outline(found.scale.pixels(box))
        xs, ys = [x * pixel for x, _ in corners], [sheet.height - y * pixel for _, y in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))

    blocks = tuple(_moved(block, place) for block in found.page.blocks)
    return Page(sheet.number, sheet.width, sheet.height, blocks, sheet.links)


def _moved(block: Block, place: Callable[[Box], Box]) -> Block:
    lines = tuple(
        replace(
            line,
            box=place(line.box),
            spans=tuple(replace(span, box=place(span.box)) for span in line.spans),
        )
        for line in block.lines
    )
    children = tuple(_moved(child, place) for child in block.children)
    return replace(block, box=place(block.box), lines=lines, children=children)
