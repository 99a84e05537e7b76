"""The networks of ink that ship with the engine.

The first tells by sizes and distances which groups of strokes are worth a look, the second looks at the shape
of each, the third reads all of them together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mathpixweb.engine import networks
from mathpixweb.engine.ocr import ink_places
from mathpixweb.engine.ocr.ink import Ink
from mathpixweb.engine.ocr.ink_alphabet import CLASSES
from mathpixweb.engine.ocr.ink_features import describe
from mathpixweb.engine.ocr.ink_groups import Candidates, Group, likeliest

MODELS: Final = Path(__file__).parent / "models"
GROUPS: Final = MODELS / "ink_groups.onnx"
SHAPES: Final = MODELS / "ink_shapes.onnx"
READING: Final = MODELS / "ink_reading.onnx"
CHUNK: Final = 64  # groups at a time, so that what is computed stays in the processor's cache

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """What groups look like: descriptions, and scores of the classes, that of no symbol the last."""

    descriptions: Floats
    scores: Floats

    @property
    def whole(self) -> Floats:
        """Probabilities of being one whole symbol."""
        found: Floats = -np.expm1(_log_softmax(self.scores)[:, -1])
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Log probabilities of classes by group; scores of hanging on another in each way, or on none."""

    classes: Floats
    hooks: Floats
    roots: Floats


def load() -> None:
    """Now, and not with the first stroke."""
    for model in (GROUPS, SHAPES, READING):
        _session(model)


def groups(found: Candidates) -> list[Group]:
    """The candidates that are worth a look."""
    chances: Floats = _session(GROUPS).run(None, {"numbers": found.numbers})[0]
    return likeliest(found, chances)


def shapes(ink: Ink, groups: Sequence[Group]) -> Shapes:
    session = _session(SHAPES)
    parts = []
    for first in range(0, len(groups), CHUNK):
        maps, facts = describe(ink, groups[first : first + CHUNK])
        parts.append(session.run(None, {"maps": maps, "facts": facts}))
    return Shapes(np.concatenate([part[1] for part in parts]), np.concatenate([part[0] for part in parts]))


def reading(ink: Ink, groups: Sequence[Group], seen: Shapes, *, timed: bool) -> Reading:
    """What each of the groups is among all of them."""
    numbers, pairs = ink_places.describe(ink_places.boxes(ink, groups), groups, timed=timed)
    classes, hooks, roots = _session(READING).run(
        None,
        {
            "shapes": seen.descriptions[None],
            "scores": seen.scores[None],
            "numbers": numbers[None],
            "pairs": pairs[None],
        },
    )
    return Reading(_log_softmax(classes[0]), hooks[0], roots[0])


def _log_softmax(scores: Floats) -> Floats:
    low = scores - scores.max(axis=-1, keepdims=True)
    found: Floats = low - np.log(np.exp(low).sum(axis=-1, keepdims=True))
    return found


@lru_cache(maxsize=3)
def _session(model: Path) -> onnxruntime.InferenceSession:
    """Loaded once per process."""
    session = networks.load(model)
    names = json.loads(session.get_modelmeta().custom_metadata_map["classes"])
    if names != [known.latex for known in CLASSES]:
        raise RuntimeError(f"{model.name} was trained for other classes of symbols than this program knows.")
    return session
