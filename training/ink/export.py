"""The trained network as ONNX, with the names of its classes in the metadata."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
import torch

from mathpixweb.engine.ocr.ink_alphabet import CLASSES
from mathpixweb.engine.ocr.ink_features import FACTS, MAPS, SIDE
from training.ink.network import InkNet


def export(net: InkNet, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        net.to(memory_format=torch.contiguous_format).eval(),
        (torch.zeros(2, MAPS, SIDE, SIDE), torch.zeros(2, FACTS)),
        str(path),
        input_names=["maps", "facts"],
        output_names=["scores"],
        dynamic_axes={"maps": {0: "groups"}, "facts": {0: "groups"}, "scores": {0: "groups"}},
        dynamo=False,
    )
    model = onnx.load(str(path))
    entry = model.metadata_props.add()
    entry.key, entry.value = "classes", json.dumps([known.latex for known in CLASSES])
    onnx.save(model, str(path))
