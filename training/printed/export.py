"""From a checkpoint to the file that ships: ONNX with weights of 16 bits, classes in its metadata."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from training.printed.learning import load
from training.printed.network import Detector, Exported

OPSET = 17
WORTH_HALVING = 256  # numbers in a tensor; smaller ones stay as they are
EXAMPLE = (1, 1, 64, 96)


def export(checkpoint: Path, out: Path) -> None:
    """Write `out`; the same checkpoint gives the same bytes."""
    saved = load(checkpoint)
    detector = Detector(len(saved.classes) + 1, normed=saved.normed)
    detector.load_state_dict(saved.average)
    draft = out.with_suffix(".draft")
    torch.onnx.export(
        Exported(detector).eval(),
        (torch.zeros(EXAMPLE),),
        str(draft),
        input_names=["ink"],
        output_names=["heat", "there", "places", "geometry", "probabilities", "classes", "rules"],
        dynamic_axes={"ink": {2: "height", 3: "width"}},
        opset_version=OPSET,
        dynamo=False,
    )
    model = onnx.load(str(draft))
    draft.unlink()
    _halve(model)
    rows = [[symbol.latex, str(symbol.kind), symbol.face] for symbol in saved.classes]
    helper.set_model_props(model, {"symbols": json.dumps(rows), "samples": str(saved.samples)})
    onnx.save(model, str(out))


def _halve(model: onnx.ModelProto) -> None:
    """Weights are stored with 16 bits and widened when the model is loaded: half the size, the same speed."""
    kept = []
    for tensor in list(model.graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < WORTH_HALVING:
            kept.append(tensor)
            continue
        stored = numpy_helper.from_array(values.astype(np.float16), f"{tensor.name}.half")
        widened = helper.make_node("Cast", [stored.name], [tensor.name], to=onnx.TensorProto.FLOAT)
        kept.append(stored)
        model.graph.node.insert(0, widened)
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
