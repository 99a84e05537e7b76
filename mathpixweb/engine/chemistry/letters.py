"""Single characters in a drawing, named by a small network, and what is none of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mathpixweb.engine import networks

MODEL: Final = Path(__file__).parent / "models" / "letters.onnx"
SIDE: Final = 24  # pixels of the square that the network sees …
INSIDE: Final = 20  # … and of the longer side of the character in it
BEST: Final = 4  # guesses that are kept
NOTHING: Final = ""  # what is a piece of a line, a wedge, a ring

Ink = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Guess:
    """A capital stands for its small letter, too, where only their sizes differ: C O P S V W X Z."""

    char: str
    probability: float


def name(crops: Sequence[Ink]) -> list[tuple[Guess, ...]]:
    """The likeliest names of each crop, best first. A crop is 0 on its ground and up to 255 where ink is."""
    if not crops:
        return []
    network = _network()
    squares = np.stack([square(crop) for crop in crops])[:, None]
    (scores,) = networks.run_once(network.session, {"squares": squares})
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = grown / grown.sum(axis=1, keepdims=True)
    order = np.argsort(-chances, axis=1)[:, :BEST]
    return [
        tuple(Guess(network.names[k], float(row[k])) for k in best)
        for row, best in zip(chances, order, strict=True)
    ]


def square(crop: Ink) -> NDArray[np.float32]:
    """The crop in the middle of the square, as large as it fits."""
    height, width = crop.shape
    zoom = INSIDE / max(height, width)
    target = max(1, round(width * zoom)), max(1, round(height * zoom))
    small = cv2.resize(crop, target, interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR)
    left, top = (SIDE - target[0]) // 2, (SIDE - target[1]) // 2
    canvas = np.zeros((SIDE, SIDE), np.float32)
    canvas[top : top + target[1], left : left + target[0]] = small.reshape(target[1], target[0])
    return canvas / np.float32(255)


@dataclass(frozen=True, slots=True)
class _Network:
    session: onnxruntime.InferenceSession
    names: tuple[str, ...]


@lru_cache(maxsize=1)
def _network() -> _Network:
    """Loaded once per process."""
    session = networks.load(MODEL)
    return _Network(session, tuple(json.loads(session.get_modelmeta().custom_metadata_map["names"])))
