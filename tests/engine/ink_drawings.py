"""Formulas drawn with ruler and compass: the strokes of each symbol in a box of one by one, y downwards."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Stroke = list[tuple[float, float]]


def arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float, steps: int = 24) -> Stroke:
    """Part of an ellipse from one angle to another, in degrees; 0 is to the right, 90 downwards."""
    angles = [math.radians(start + (end - start) * k / steps) for k in range(steps + 1)]
    return [(cx + rx * math.cos(a), cy + ry * math.sin(a)) for a in angles]


SHAPES: dict[str, list[Stroke]] = {
    "0": [arc(0.3, 0.5, 0.3, 0.5, -90, -450)],
    "1": [[(0.1, 0.2), (0.3, 0.0), (0.3, 1.0)]],
    "2": [[*arc(0.3, 0.28, 0.28, 0.28, 190, 390), (0.0, 1.0), (0.6, 1.0)]],
    "3": [[*arc(0.25, 0.26, 0.28, 0.26, 200, 440), *arc(0.25, 0.75, 0.32, 0.25, -80, 160)]],
    "4": [[(0.35, 0.0), (0.0, 0.65), (0.65, 0.65)], [(0.45, 0.3), (0.45, 1.0)]],
    "5": [[(0.1, 0.0), (0.07, 0.42), *arc(0.25, 0.7, 0.32, 0.3, -110, 130)], [(0.1, 0.0), (0.55, 0.0)]],
    "7": [[(0.0, 0.0), (0.6, 0.0), (0.2, 1.0)]],
    "8": [
        [
            *arc(0.3, 0.25, 0.22, 0.25, -60, -270),
            *arc(0.3, 0.75, 0.28, 0.25, -90, 270),
            *arc(0.3, 0.25, 0.22, 0.25, 90, -60),
        ]
    ],
    "x": [[(0.0, 0.35), (0.6, 1.0)], [(0.6, 0.35), (0.0, 1.0)]],
    "y": [[(0.0, 0.35), (0.25, 0.95)], [(0.55, 0.35), (0.1, 1.4)]],
    "+": [[(0.0, 0.65), (0.6, 0.65)], [(0.3, 0.35), (0.3, 0.95)]],
    "-": [[(0.0, 0.65), (0.6, 0.65)]],
    "=": [[(0.0, 0.52), (0.6, 0.52)], [(0.0, 0.78), (0.6, 0.78)]],
    "(": [arc(0.35, 0.5, 0.3, 0.65, -110, -250)],
    ")": [arc(0.0, 0.5, 0.3, 0.65, -70, 70)],
}  # fmt: skip
ADVANCE = 0.95


def write(text: str, size: float = 40.0, x: float = 30.0, y: float = 60.0, seed: int = 0) -> list[Stroke]:
    """The symbols of a text side by side, as shaky as `seed` makes them."""
    rng = random.Random(seed)  # noqa: S311
    strokes: list[Stroke] = []
    for symbol in text:
        strokes += [
            [(x + size * (px + rng.gauss(0, 0.01)), y + size * py) for px, py in dense(stroke)]
            for stroke in SHAPES[symbol]
        ]
        x += ADVANCE * size
    return strokes


def dense(stroke: Stroke) -> Stroke:
    """More points on straight lines, as a pen gives them."""
    out = stroke[:1]
    for (ax, ay), (bx, by) in pairwise(stroke):
        steps = max(1, int(math.hypot(bx - ax, by - ay) * 20))
        out += [(ax + (bx - ax) * k / steps, ay + (by - ay) * k / steps) for k in range(1, steps + 1)]
    return out


def fraction(above: str, below: str, size: float = 40.0) -> list[Stroke]:
    wide = max(len(above), len(below)) * ADVANCE * size
    bar = dense([(20.0, 100.0), (30.0 + wide, 101.0)])
    return [*write(above, size, 30.0, 40.0), bar, *write(below, size, 30.0, 118.0)]


def power(base: str, exponent: str, size: float = 40.0) -> list[Stroke]:
    return [
        *write(base, size, 30.0, 60.0),
        *write(exponent, 0.55 * size, 30.0 + 0.8 * len(base) * size, 48.0),
    ]


def root(body: str, size: float = 40.0) -> list[Stroke]:
    end = 60.0 + len(body) * ADVANCE * size
    sign = dense([(20.0, 85.0), (30.0, 80.0), (42.0, 106.0), (55.0, 50.0), (end, 50.0)])
    return [sign, *write(body, size, 62.0, 60.0)]


def moved(strokes: list[Stroke], dx: float, dy: float, zoom: float = 1.0) -> list[Stroke]:
    return [[(zoom * x + dx, zoom * y + dy) for x, y in stroke] for stroke in strokes]


def painted(strokes: list[Stroke], pen: int = 4, margin: int = 20) -> NDArray[np.uint8]:
    """A picture of the strokes, black on white."""
    lines = [np.array(stroke, float) for stroke in strokes]
    low, high = (edge(np.concatenate(lines), axis=0) for edge in (np.min, np.max))
    width, height = np.ceil(high - low).astype(int) + 2 * margin
    paper = np.full((height, width), 255, np.uint8)
    for line in lines:
        points = np.round((line - low + margin) * 16).astype(np.int32)
        cv2.polylines(paper, [points[:, None]], False, 0, pen, cv2.LINE_AA, 4)
    return paper
