"""One drawing of a symbol as another hand, or the same hand another time, would have made it."""

from __future__ import annotations

import math
import random

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float32]


def distorted(drawing: list[Stroke], rng: random.Random, strength: float) -> list[Stroke]:
    """A drawing within the unit square, bent. `strength` is 1 for people's drawings, more for templates."""
    strokes = _in_unit(drawing)
    tilt, slant = rng.gauss(0, 0.06 * strength), rng.gauss(0, 0.10 * strength)
    squeeze = math.exp(rng.gauss(0, 0.08 * strength))
    turn = np.array(
        [[squeeze * math.cos(tilt), slant - math.sin(tilt)], [math.sin(tilt), math.cos(tilt)]], np.float32
    )
    waves = [_Wave(rng, 0.02 * strength) for _ in range(3)]
    bent = []
    for stroke in strokes:
        moved = (_even(stroke) - 0.5) @ turn.T
        for wave in waves:
            moved = moved + wave.at(moved)
        bent.append(
            _finished(moved + np.array([rng.gauss(0, 0.015), rng.gauss(0, 0.015)]) * strength, rng, strength)
        )
    return [stroke.astype(np.float32) for stroke in bent]


class _Wave:
    """A smooth displacement of the plane."""

    def __init__(self, rng: random.Random, height: float) -> None:
        self._pitch = np.array([rng.uniform(-7, 7), rng.uniform(-7, 7)], np.float32)
        self._phase = rng.uniform(0, 2 * math.pi)
        self._way = np.array([rng.gauss(0, height), rng.gauss(0, height)], np.float32)

    def at(self, points: Stroke) -> Stroke:
        moved: Stroke = np.sin(points @ self._pitch + self._phase)[:, None] * self._way
        return moved


def _in_unit(drawing: list[Stroke]) -> list[Stroke]:
    points = np.concatenate(drawing)
    low, extent = points.min(axis=0), float(np.ptp(points, axis=0).max())
    return [(stroke - low) / (extent or 1.0) for stroke in drawing]


def _even(stroke: Stroke) -> Stroke:
    """Enough points on straight lines, for waves to bend them."""
    if len(stroke) < 2:
        return stroke
    way = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))))
    if way[-1] <= 0:
        return stroke[:1]
    at = np.linspace(0, way[-1], max(4, int(way[-1] * 14)))
    return np.stack([np.interp(at, way, stroke[:, 0]), np.interp(at, way, stroke[:, 1])], axis=1)


def _finished(stroke: Stroke, rng: random.Random, strength: float) -> Stroke:
    """Ends too early or with a hook, corners cut by speed, sometimes drawn the other way round."""
    if len(stroke) > 8 and rng.random() < 0.3:
        cut = rng.randint(0, max(1, len(stroke) // 14))
        stroke = stroke[cut:] if rng.random() < 0.5 else stroke[: len(stroke) - cut]
    if len(stroke) > 6 and rng.random() < 0.4:
        kernel = np.array([0.25, 0.5, 0.25])
        for _ in range(rng.randint(1, 3)):
            inner = np.stack([np.convolve(stroke[:, k], kernel, "valid") for k in (0, 1)], axis=1)
            stroke = np.concatenate([stroke[:1], inner, stroke[-1:]])
    if len(stroke) > 4 and rng.random() < 0.06 * strength:
        hook = np.array([[rng.gauss(0, 0.05), rng.gauss(0, 0.05)]])
        stroke = np.concatenate([stroke, stroke[-1:] + hook])
    return stroke
