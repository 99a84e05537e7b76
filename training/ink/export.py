"""The trained networks as ONNX, with the names of their classes in the metadata."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from mathpixweb.engine.ocr.ink_alphabet import CLASSES
from mathpixweb.engine.ocr.ink_features import FACTS, MAPS, SIDE
from mathpixweb.engine.ocr.ink_groups import NUMBERS as GROUP
from mathpixweb.engine.ocr.ink_places import NUMBERS, PAIRS
from training.ink.network import SHAPE, GroupNet, ReadingNet, ShapeNet

NAMES = json.dumps([known.latex for known in CLASSES])


def groups(net: GroupNet, path: Path) -> None:
    axes = {name: {0: "groups"} for name in ("numbers", "chances")}
    _write(net, {"numbers": torch.zeros(2, GROUP)}, ["chances"], axes, path)


def shapes(net: ShapeNet, path: Path) -> None:
    inputs = {"maps": torch.zeros(2, MAPS, SIDE, SIDE), "facts": torch.zeros(2, FACTS)}
    axes = {name: {0: "groups"} for name in ("maps", "facts", "scores", "shapes")}
    _write(net.to(memory_format=torch.contiguous_format), inputs, ["scores", "shapes"], axes, path)


class _OneDrawing(nn.Module):
    """Without the blanks that fill up a batch of drawings."""

    def __init__(self, net: ReadingNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, shapes: Tensor, scores: Tensor, numbers: Tensor, pairs: Tensor) -> tuple[Tensor, ...]:
        found: tuple[Tensor, ...] = self.net(
            shapes, scores, numbers, pairs, torch.zeros_like(numbers[:, :, 0])
        )
        return found


def reading(net: ReadingNet, path: Path) -> None:
    inputs = {
        "shapes": torch.zeros(1, 3, SHAPE),
        "scores": torch.zeros(1, 3, len(CLASSES) + 1),
        "numbers": torch.zeros(1, 3, NUMBERS),
        "pairs": torch.zeros(1, 3, 3, PAIRS),
    }
    axes = {name: {1: "groups"} for name in ("shapes", "scores", "numbers", "classes", "roots")}
    axes |= {name: {1: "groups", 2: "groups"} for name in ("pairs", "hooks")}
    _write(_OneDrawing(net), inputs, ["classes", "hooks", "roots"], axes, path)


def _write(
    net: nn.Module, inputs: dict[str, Tensor], outputs: list[str], axes: dict[str, dict[int, str]], path: Path
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        net.eval(),
        tuple(inputs.values()),
        str(path),
        input_names=list(inputs),
        output_names=outputs,
        dynamic_axes=axes,
        dynamo=False,
    )
    model = onnx.load(str(path))
    entry = model.metadata_props.add()
    entry.key, entry.value = "classes", NAMES
    onnx.save(model, str(path))
