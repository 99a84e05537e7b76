"""Networks in ONNX files, run on one thread, because pages and requests are already spread over processes."""

from __future__ import annotations

from pathlib import Path

import onnxruntime


def load(network: Path | bytes, *, keeps_memory: bool = True) -> onnxruntime.InferenceSession:
    """The network of a file or its bytes; whoever asks keeps it, since loading takes longer than most runs.

    Without `keeps_memory` each run gives back what it took, which else stays as much as the largest needed.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = keeps_memory
    content = network if isinstance(network, bytes) else str(network)
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
