"""Networks in ONNX files, run on one thread, because pages and requests are already spread over processes.

What a run takes comes from an arena, which packs it densely: without one, the same run takes half as much
memory again, and a quarter more time. An arena keeps as much as the largest run took until one gives it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import onnxruntime
from numpy.typing import NDArray

SHRINKAGE: Final = ("memory.enable_memory_arena_shrinkage", "cpu:0")


def load(network: Path | bytes) -> onnxruntime.InferenceSession:
    """Of a file or its bytes; whoever asks keeps the network, since loading takes longer than most runs."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    content = network if isinstance(network, bytes) else str(network)
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def run_once(session: onnxruntime.InferenceSession, asked: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
    """What the network says; the memory that this and earlier runs took is given back."""
    said: list[NDArray[Any]] = session.run(None, dict(asked), _giving_back())
    return said


@lru_cache(maxsize=1)
def _giving_back() -> onnxruntime.RunOptions:
    options = onnxruntime.RunOptions()
    options.add_run_config_entry(*SHRINKAGE)
    return options
