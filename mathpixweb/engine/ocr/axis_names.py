"""The names of a chart's axes, the left one of which runs upwards, and those of its legend."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr import text
from mathpixweb.engine.ocr.components import boxes_of
from mathpixweb.engine.ocr.drawings import Lettering
from mathpixweb.engine.ocr.ground import INK, Gray
from mathpixweb.engine.ocr.text import TextLine
from mathpixweb.engine.ocr.text_regions import Region

UNDER: Final = 2.0  # letters' heights from the numbers of an axis to its name
MIDDLE: Final = 0.15  # of the axis by which the middle of its name may stray
LEFT: Final = 3.5  # letters' heights from the numbers of the upright axis to the far side of its name
SLIM: Final = 1.8  # letters' heights of that name at most
LONGER: Final = 1.5  # times as high as broad it is at least
AROUND: Final = 0.25  # of its breadth that is cut with it
KEY: Final = (0.4, 4.0)  # letters' heights of the key of a legend, left of its name …
BESIDE: Final = 1.5  # … and from it


def find(gray: Gray, chart: Box, letter: float, lines: Sequence[TextLine]) -> list[Lettering]:
    """Those of the level and of the upright axis of a chart with its numbers."""
    return [*_under(chart, letter, lines), *_beside(gray, chart, letter)]


def _under(chart: Box, letter: float, lines: Sequence[TextLine]) -> Iterator[Lettering]:
    for line in lines:
        box = line.box
        near = -0.3 * letter < box.y0 - chart.y1 < UNDER * letter
        if near and abs(box.cx - chart.cx) < MIDDLE * chart.width and box.width < chart.width:
            yield Lettering(line, "x_axis_label")
            return


def _beside(gray: Gray, chart: Box, letter: float) -> Iterator[Lettering]:
    """What is written upwards in the strip left of the numbers, if nothing reaches out of it."""
    x0, y0 = max(0, math.floor(chart.x0 - LEFT * letter)), max(0, math.floor(chart.y0))
    strip = np.ascontiguousarray(gray[y0 : math.ceil(chart.y1), x0 : max(x0, math.floor(chart.x0) - 1)]) < INK
    pieces = boxes_of(strip) if strip.size else []
    if not pieces or (x0 and strip[:, 0].any()):
        return
    name = union(pieces).moved(x0, y0)
    if not letter * 0.5 < name.width < SLIM * letter or name.height < LONGER * name.width:
        return
    around = name.grown(AROUND * name.width)
    corners = np.array(
        [[around.x0, around.y1], [around.x0, around.y0], [around.x1, around.y0], [around.x1, around.y1]],
        np.float32,
    )
    read = text.read(gray, [Region(corners, 1.0)])
    yield from (Lettering(line, "y_axis_label") for line in read)


def inner(gray: Gray, box: Box) -> str:
    """What text within a chart is: the name of a key that stands left of it, or something else."""
    height = box.height
    x0 = max(0, math.floor(box.x0 - (KEY[1] + BESIDE) * height))
    band = gray[
        max(0, math.floor(box.y0)) : math.ceil(box.y1), x0 : max(x0, math.floor(box.x0 - 0.2 * height))
    ]
    inked = np.flatnonzero((band < INK).any(axis=0))
    if not len(inked) or band.shape[1] - int(inked[-1]) > BESIDE * height:
        return "chart_info"
    gaps = np.flatnonzero(np.diff(inked[::-1]) < -max(1, round(0.2 * height)))
    start = int(inked[::-1][gaps[0]]) if len(gaps) else int(inked[0])
    length = int(inked[-1]) - start + 1
    return "legend_label" if KEY[0] * height < length <= KEY[1] * height else "chart_info"
