"""What groups of strokes are: probabilities of classes, from the network that ships with the engine."""

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

from mathpixweb.engine.ocr.ink import Ink
from mathpixweb.engine.ocr.ink_alphabet import CLASSES, InkClass
from mathpixweb.engine.ocr.ink_features import describe

MODEL: Final = Path(__file__).parent / "models" / "ink.onnx"
CHUNK: Final = 256  # groups at a time


def probabilities(ink: Ink, groups: Sequence[tuple[int, ...]]) -> NDArray[np.float64]:
    """Groups by classes; the last column is that of not being one whole symbol."""
    network = _network()
    parts = []
    for first in range(0, len(groups), CHUNK):
        maps, facts = describe(ink, groups[first : first + CHUNK])
        (scores,) = network.session.run(None, {"maps": maps, "facts": facts})
        grown = np.exp((scores - scores.max(axis=1, keepdims=True)).astype(np.float64))
        parts.append(grown / grown.sum(axis=1, keepdims=True))
    return np.concatenate(parts)


def classes() -> tuple[InkClass, ...]:
    """The classes of the columns."""
    return _network().classes


@dataclass(frozen=True, slots=True)
class _Network:
    session: onnxruntime.InferenceSession
    classes: tuple[InkClass, ...]


@lru_cache(maxsize=1)
def _network() -> _Network:
    """Loaded once per process; one thread, because other requests run beside this one."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(MODEL), options, providers=["CPUExecutionProvider"])
    names = json.loads(session.get_modelmeta().custom_metadata_map["classes"])
    known = {entry.latex: entry for entry in CLASSES}
    return _Network(session, tuple(known[name] for name in names))
