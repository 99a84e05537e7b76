"""From clean ink to the gray pictures of scanners, cameras, screens and blackboards."""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.looking import ink_of
from training.printed.drawing import Drawing
from training.printed.outlines import DENSITY

PLAIN = 0.35  # of the pictures come from a screen or a file and were at most made smaller
cv2.setNumThreads(1)
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sample:
    """`ink` as the network sees it; `found` and `bars` in its pixels."""

    ink: Floats
    found: Floats
    bars: Floats
    classes: NDArray[np.int64]


def clean(drawing: Drawing, scale: float) -> Sample:
    """As a good renderer would draw it, at `scale` pixels in a point."""
    ink, transform = _transformed(drawing.ink, scale / DENSITY, scale / DENSITY, 0.0, 0.0)
    return _sample(255 - 255 * ink, drawing, transform, scale / DENSITY)


def degraded(
    drawing: Drawing,
    scale: float,
    rng: random.Random,
    noise: np.random.Generator,
    plain: float = 0.0,
) -> Sample:
    """With some of the harm that comes to pictures; a share of them, `plain`, was only smaller once."""
    zoom = scale / DENSITY
    if plain and rng.random() < plain:
        ink, transform = _transformed(drawing.ink, zoom, zoom, 0.0, 0.0)
        return _sample(255 - 255 * _small_once(ink, rng, 0.7), drawing, transform, zoom)
    angle = rng.gauss(0, 1.2) if rng.random() < 0.45 else 0.0
    shear = rng.gauss(0, 0.04) if rng.random() < 0.3 else 0.0
    widened = 1 + rng.uniform(-0.1, 0.1) if rng.random() < 0.5 else 1.0
    ink = _thickened(drawing.ink, rng)
    ink, transform = _transformed(ink, zoom * widened, zoom, angle, shear)
    gray = _exposed(_softened(ink, rng), rng, noise)
    return _sample(gray, drawing, transform, zoom)


def _transformed(
    ink: NDArray[np.uint8], zoom_x: float, zoom_y: float, angle: float, shear: float
) -> tuple[Floats, NDArray[np.float64]]:
    """Ink from 0 to 1 and the affine map from the old pixels to the new."""
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    matrix = np.array([[zoom_x * cos, zoom_x * (sin + shear)], [-zoom_y * sin, zoom_y * cos]])
    height, width = ink.shape
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]]) @ matrix.T
    low, high = corners.min(0), corners.max(0)
    size = (max(4, int(np.ceil(high[0] - low[0]))), max(4, int(np.ceil(high[1] - low[1]))))
    transform = np.hstack([matrix, -low[:, None]])
    kernel = max(1, round(1 / zoom_y))
    averaged = cv2.blur(ink, (kernel, kernel)) if kernel > 1 else ink
    moved = cv2.warpAffine(averaged, transform, size, flags=cv2.INTER_LINEAR)
    return moved.astype(np.float32) / 255, transform


def _thickened(ink: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    chance = rng.random()
    if chance < 0.2:
        return cv2.dilate(ink, np.ones((rng.choice((2, 3)), rng.choice((2, 3))), np.uint8))
    if chance < 0.24:
        return cv2.dilate(ink, np.ones((4, 4), np.uint8))
    if chance < 0.34:
        return cv2.erode(ink, np.ones((2, 2), np.uint8))
    return ink


def _softened(ink: Floats, rng: random.Random) -> Floats:
    if rng.random() < 0.35:
        ink = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.3, 1.15))
    ink = _small_once(ink, rng, 0.3)
    if rng.random() < 0.15:  # sharpened by a phone
        ink = ink + rng.uniform(0.4, 1.2) * (ink - cv2.GaussianBlur(ink, (0, 0), 1.2))
    if rng.random() < 0.1:  # black and white
        ink = (ink > rng.uniform(0.3, 0.6)).astype(np.float32)
    return np.clip(ink, 0, 1)


def _small_once(ink: Floats, rng: random.Random, chance: float) -> Floats:
    """A picture that had fewer pixels once."""
    if rng.random() > chance:
        return ink
    height, width = ink.shape
    share = rng.uniform(0.4, 0.9)
    size = (max(2, int(width * share)), max(2, int(height * share)))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    again = cv2.resize(small, (width, height), interpolation=rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC)))
    return np.clip(again, 0, 1)


def _exposed(ink: Floats, rng: random.Random, noise: np.random.Generator) -> Floats:
    """Gray from 0 to 255."""
    height, width = ink.shape
    ground = rng.uniform(140, 255) if rng.random() < 0.6 else 255.0
    contrast = rng.uniform(0.35, 1.0) if rng.random() < 0.6 else 1.0
    if rng.random() < 0.12:  # chalk, toner
        ink = ink * (1 - rng.uniform(0.2, 0.7) * _blotches(height, width, rng.uniform(0.6, 2.0), noise))
    field = np.full((height, width), ground, np.float32)
    if rng.random() < 0.35:  # light from one side, a shadow
        across = np.linspace(-1, 1, width, dtype=np.float32)[None] * rng.uniform(-0.25, 0.25)
        along = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * rng.uniform(-0.2, 0.2)
        field = field * (1 + across + along)
    if rng.random() < 0.15:  # paper
        field = field * (1 - rng.uniform(0.02, 0.12) * _blotches(height, width, rng.uniform(2, 12), noise))
    gray = field * (1 - contrast * ink)
    if rng.random() < 0.08:
        gray = _ruled(gray, rng)
    if rng.random() < 0.4:
        gray = gray + noise.standard_normal((height, width), dtype=np.float32) * rng.uniform(1, 16) * contrast
    if rng.random() < 0.06:
        specks = noise.random((height, width)) < rng.uniform(0.0005, 0.004)
        gray = np.where(specks, ground * (1 - contrast), gray)
    if rng.random() < 0.3:
        quality = [cv2.IMWRITE_JPEG_QUALITY, rng.randint(12, 80)]
        _, packed = cv2.imencode(".jpg", np.clip(gray, 0, 255).astype(np.uint8), quality)
        gray = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE).astype(np.float32)
    return np.clip(gray, 0, 255)


def _blotches(height: int, width: int, grain: float, noise: np.random.Generator) -> Floats:
    """Smooth noise from 0 to 1."""
    small = noise.random((max(2, int(height / grain)) + 1, max(2, int(width / grain)) + 1), dtype=np.float32)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)


def _ruled(gray: Floats, rng: random.Random) -> Floats:
    """Faint lines of a writing pad, which mean nothing."""
    gray = gray.copy()
    pitch, start = rng.randint(14, 60), rng.randint(0, 30)
    faint = rng.uniform(0.75, 0.93)
    gray[start::pitch] *= faint
    if rng.random() < 0.5:
        gray[:, start::pitch] *= faint
    return gray


def _sample(gray: Floats, drawing: Drawing, transform: NDArray[np.float64], zoom: float) -> Sample:
    ink = ink_of(gray.astype(np.uint8))
    scale_x = float(np.hypot(transform[0, 0], 0))
    found = drawing.found
    centres = np.stack([(found[:, 0] + found[:, 2]) / 2, (found[:, 1] + found[:, 3]) / 2], 1)
    half_x = (found[:, 2] - found[:, 0]) / 2 * scale_x
    half_y = (found[:, 3] - found[:, 1]) / 2 * zoom
    moved = _moved(centres, transform)
    feet = _moved(np.stack([centres[:, 0], found[:, 4]], 1), transform)
    placed = np.stack(
        [
            moved[:, 0] - half_x,
            moved[:, 1] - half_y,
            moved[:, 0] + half_x,
            moved[:, 1] + half_y,
            feet[:, 1],
            found[:, 5] * zoom,
        ],
        1,
    )
    bars = np.concatenate([_moved(drawing.bars[:, :2], transform), _moved(drawing.bars[:, 2:], transform)], 1)
    return Sample(ink, placed.astype(np.float32), bars.astype(np.float32), drawing.classes)


def _moved(points: Floats, transform: NDArray[np.float64]) -> NDArray[np.float64]:
    return points @ transform[:, :2].T + transform[:, 2]
