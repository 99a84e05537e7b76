"""Formulas drawn with a pen: the strokes that the application finds in a picture of them."""

from __future__ import annotations

import math
import random
from collections import Counter

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr import penned
from mathpixweb.engine.ocr.ink_features import LARGEST_GROUP
from training.ink.setting import Stroke

EM = (16.0, 100.0)  # pixels …
PEN = (0.03, 0.14)  # … of which the pen is so thick …
FINEST = 1.6  # … but at least so many pixels
MOST = 3_000_000  # pixels of a picture; larger formulas are drawn smaller
MARGIN = 12  # pixels around the formula
FINE = 4  # bits of a pixel in which OpenCV takes coordinates
BLUR = (0.0, 0.0, 0.6, 1.0)  # pixels, any of them
GRAIN = (0.0, 0.0, 8.0, 20.0)  # levels of gray, any of them
OWN = 3.0  # times the pen's thickness: how wide the ink is that a stroke found on it belongs to

Owned = list[tuple[Stroke, int]]  # strokes, and which symbol each is part of


def found(drawn: Owned, rng: random.Random) -> Owned | None:
    """None if a symbol was lost, the ink of which others took, or is in more pieces than symbols may be."""
    points = np.concatenate([stroke for stroke, _ in drawn])
    low, sides = points.min(axis=0), np.ptp(points, axis=0)
    most = math.sqrt(MOST / float(np.prod(sides + 0.5)))
    em = min(math.exp(rng.uniform(*map(math.log, EM))), most)
    pen = max(FINEST, rng.uniform(*PEN) * em)
    placed = [((stroke - low) * em + MARGIN, symbol) for stroke, symbol in drawn]
    paper, owners = _painted(placed, np.ceil(sides * em).astype(int) + 2 * MARGIN, pen)
    seen = penned.found(_photographed(paper, rng))
    traced = seen.strokes if seen else []
    pairs = [((stroke / em).astype(np.float32), _owner(stroke, owners)) for stroke in traced]
    kept = [(stroke, symbol) for stroke, symbol in pairs if symbol >= 0]
    pieces = Counter(symbol for _, symbol in kept)
    whole = pieces.keys() == {symbol for _, symbol in drawn}
    return kept if whole and max(pieces.values()) <= LARGEST_GROUP else None


def _painted(
    placed: Owned, size: NDArray[np.int64], pen: float
) -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
    """The ink, up to 255, and the symbol of each pixel in and around it, -1 where there is none."""
    width, height = size.tolist()
    paper, owners = np.zeros((height, width), np.uint8), np.full((height, width), -1, np.int16)
    for stroke, symbol in placed:
        _drawn(owners, stroke, symbol, OWN * pen)
    for stroke, symbol in placed:
        _drawn(owners, stroke, symbol, pen)  # where others pass nearby
        _drawn(paper, stroke, 255, pen)
    return paper, owners


def _drawn(on: NDArray[np.uint8] | NDArray[np.int16], stroke: Stroke, value: int, pen: float) -> None:
    points = np.round(stroke * (1 << FINE)).astype(np.int32)
    thick = max(1, round(pen))
    smooth = cv2.LINE_AA if on.dtype == np.uint8 else cv2.LINE_8
    if len(points) == 1:
        points = np.repeat(points, 2, axis=0)
    cv2.polylines(on, [points[:, None]], False, value, thick, smooth, FINE)


def _photographed(paper: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    """Dark on white, blurred and grainy."""
    seen = 255.0 - paper * rng.uniform(0.6, 1.0)
    if blur := rng.choice(BLUR):
        seen = cv2.GaussianBlur(seen, (0, 0), blur)
    if grain := rng.choice(GRAIN):
        seen = seen + np.random.default_rng(rng.getrandbits(32)).normal(0.0, grain, seen.shape)
    return np.clip(seen, 0, 255).astype(np.uint8)


def _owner(stroke: NDArray[np.float64], owners: NDArray[np.int16]) -> int:
    """The symbol that most of a stroke lies on; -1 if none."""
    height, width = owners.shape
    x, y = stroke.round().astype(int).T
    under = owners[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)]
    named = under[under >= 0]
    return int(np.bincount(named).argmax()) if len(named) else -1
