"""A layout as ink: the picture at high resolution from which all degraded ones are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.printed.dvi import Font
from training.printed.layouts import Layout
from training.printed.outlines import DENSITY, outline

WIDEST, HIGHEST = 6000, 2200  # pixels
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Drawing:
    """`ink` from 0 to 255; `found` as in `Layout` and `bars`, in pixels of `ink`; `classes` of `found`."""

    ink: NDArray[np.uint8]
    found: Floats
    bars: Floats
    classes: NDArray[np.int64]


def draw(layout: Layout, fonts: Sequence[Font], classes: NDArray[np.int64], margin: int) -> Drawing | None:
    """None if the formula is too large."""
    pieces = []
    for number, code, x, y in layout.drawn:
        shape = outline(fonts[int(number)], int(code))
        if shape.ink.size:
            left, top = round(float(x) * DENSITY) + shape.left, round(float(y) * DENSITY) - shape.top
            pieces.append((shape.ink, left, top))
    for x, y, width, height in layout.rules * DENSITY:
        bar = np.full((max(1, round(float(height))), max(1, round(float(width)))), 255, np.uint8)
        pieces.append((bar, round(float(x)), round(float(y))))
    if not pieces:
        return None
    left, top = min(p[1] for p in pieces) - margin, min(p[2] for p in pieces) - margin
    width = max(x + ink.shape[1] for ink, x, _ in pieces) + margin - left
    height = max(y + ink.shape[0] for ink, _, y in pieces) + margin - top
    if width > WIDEST or height > HIGHEST:
        return None
    canvas = np.zeros((height, width), np.uint8)
    for ink, x, y in pieces:
        part = canvas[y - top : y - top + ink.shape[0], x - left : x - left + ink.shape[1]]
        np.maximum(part, ink, out=part)
    found = layout.found * np.float32(DENSITY) - np.array([left, top, left, top, top, 0], np.float32)
    bars = layout.bars * np.float32(DENSITY) - np.array([left, top, left, top], np.float32)
    return Drawing(canvas, found, bars, classes)


def beside(one: Drawing, other: Drawing, dx: int, dy: int) -> Drawing:
    """Both, the corner of `other` at (dx, dy), cut to the frame of `one`; what is mostly cut off goes."""
    height, width = one.ink.shape
    canvas = one.ink.copy()
    x0, y0 = max(0, dx), max(0, dy)
    x1, y1 = min(width, dx + other.ink.shape[1]), min(height, dy + other.ink.shape[0])
    if x1 <= x0 or y1 <= y0:
        return one
    np.maximum(
        canvas[y0:y1, x0:x1], other.ink[y0 - dy : y1 - dy, x0 - dx : x1 - dx], out=canvas[y0:y1, x0:x1]
    )
    found = other.found + np.array([dx, dy, dx, dy, dy, 0], np.float32)
    visible = np.array([_visible(row[:4], width, height) > 0.7 for row in found], bool)
    bars = other.bars + np.array([dx, dy, dx, dy], np.float32)
    bars = bars[(bars[:, 1] > 1) & (bars[:, 3] < height - 1)]
    bars[:, 0::2] = bars[:, 0::2].clip(0, width)
    bars = bars[bars[:, 2] - bars[:, 0] > DENSITY]
    return Drawing(
        canvas,
        np.concatenate([one.found, found[visible]]),
        np.concatenate([one.bars, bars]),
        np.concatenate([one.classes, other.classes[visible]]),
    )


def _visible(box: Floats, width: int, height: int) -> float:
    across = min(box[2], width) - max(box[0], 0)
    along = min(box[3], height) - max(box[1], 0)
    area = max(1.0, float((box[2] - box[0]) * (box[3] - box[1])))
    return float(max(0.0, across) * max(0.0, along)) / area
