"""An ONNX file cut in two, so that of thousands of classes few are reckoned with as a rule.

Its averages of neighbouring places are taken early, before products that are the same at each place: of the
averages there are fewer, and they are the same but for rounding.

The package onnx would read it, but takes 31 MB of the disk and 13 of each process. Of its messages only what
is changed here is declared; the rest passes through unread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from numpy.typing import NDArray

# the name of each field, its number, and what it holds: of onnx.proto, where an int is an enumeration, too
_MESSAGES: Final[Mapping[str, Mapping[str, tuple[int, str]]]] = {
    "Model": {"graph": (7, "Graph"), "told": (14, "[Entry]")},
    "Entry": {"key": (1, "string"), "value": (2, "string")},
    "Graph": {
        "nodes": (1, "[Node]"),
        "weights": (5, "[Weights]"),
        "inputs": (11, "[Port]"),
        "outputs": (12, "[Port]"),
        "between": (13, "[Port]"),
    },
    "Node": {
        "inputs": (1, "[string]"),
        "outputs": (2, "[string]"),
        "kind": (4, "string"),
        "settings": (5, "[Setting]"),
    },
    "Setting": {"name": (1, "string"), "numbers": (8, "[int64]")},
    "Weights": {"sizes": (1, "[int64]"), "name": (8, "string"), "raw": (9, "bytes")},
    "Port": {"name": (1, "string"), "type": (2, "Type")},
    "Type": {"tensor": (1, "Tensor")},
    "Tensor": {"element": (1, "int64")},
}
FLOATS: Final = 1  # as the element of a tensor

_Message = Any  # its classes are made from the table above


@dataclass(frozen=True, slots=True)
class CutNetwork:
    """Two files: `body` tells of the few classes only, and the features from which `rest` tells of all."""

    body: bytes
    rest: bytes


def cut(content: bytes, few: Sequence[int]) -> CutNetwork:
    """Before the product from which the classes come. Raises ValueError if the network ends otherwise."""
    body, rest = _read(content), _read(content)
    (end,) = (output.name for output in rest.graph.outputs)
    known = {weights.name for weights in rest.graph.weights}
    layer = _last_layer(rest.graph.nodes, end, known)
    features = next(name for name in layer[0].inputs if name not in known)
    own = {name for node in layer for name in node.inputs} & known
    _average_early(body.graph)
    del body.graph.between[:], body.graph.outputs[:]
    del rest.graph.between[:], rest.graph.inputs[:], rest.graph.nodes[:]
    for weights in body.graph.weights:
        if weights.name in own:
            _narrow(weights, few)
    for name in (end, features):
        _add_floats(body.graph.outputs, name)
    rest.graph.nodes.extend(layer)
    kept = [weights for weights in rest.graph.weights if weights.name in own]
    del rest.graph.weights[:]
    rest.graph.weights.extend(kept)
    _add_floats(rest.graph.inputs, features)
    return CutNetwork(body.SerializeToString(), rest.SerializeToString())


def metadata(content: bytes) -> dict[str, str]:
    """What the file says of itself beside the network."""
    return {entry.key: entry.value for entry in _read(content).told}


def _last_layer(nodes: Sequence[_Message], end: str, known: set[str]) -> list[_Message]:
    """The product with weights and the nodes after it, which only one thing goes through."""
    by_output = {name: node for node in nodes for name in node.outputs}
    layer: list[_Message] = []
    while end in by_output:
        layer.insert(0, by_output[end])
        if layer[0].kind == "MatMul" and layer[0].inputs[1] in known:
            if not any(node.kind == "Add" and known & set(node.inputs) for node in layer):
                break
            return layer
        moving = [name for name in layer[0].inputs if name not in known]
        if len(moving) != 1:
            break
        end = moving[0]
    raise ValueError("the network does not end in a layer of classes")


def _average_early(graph: _Message) -> None:
    """Moves averages up to the first thing that is not the same of them, or that others need as it is."""
    nodes = list(graph.nodes)
    sizes = {weights.name: weights.sizes for weights in graph.weights}
    pools = [node for node in nodes if node.kind == "AveragePool"]
    while pools:
        pool = pools.pop()
        (averaged,) = pool.inputs
        maker = next((node for node in nodes if averaged in node.outputs), None)
        users = [node for node in nodes if averaged in node.inputs]
        if maker is None or users != [pool] or not _is_the_same_at_each_place(maker, sizes):
            continue
        nodes.remove(pool)
        maker.outputs[:] = pool.outputs
        for k, name in enumerate(maker.inputs):
            if name not in sizes:
                early = type(pool)(kind=pool.kind, settings=pool.settings)
                early.inputs.append(name)
                early.outputs.append(f"{averaged}/{k}")
                nodes.insert(nodes.index(maker), early)
                maker.inputs[k] = early.outputs[0]
                pools.append(early)
    del graph.nodes[:]
    graph.nodes.extend(nodes)


def _is_the_same_at_each_place(node: _Message, sizes: Mapping[str, Sequence[int]]) -> bool:
    """Whether it adds up maps, or multiplies one with weights, in which no place is told from another."""
    numbers = {setting.name: setting.numbers for setting in node.settings}
    steps, margins = numbers.get("strides", ()), numbers.get("pads", ())
    constant = all(list(sizes[name][-2:]) == [1, 1] for name in node.inputs if name in sizes)
    return node.kind in {"Add", "Conv", "Identity"} and constant and {*steps} <= {1} and not any(margins)


def _narrow(weights: _Message, few: Sequence[int]) -> None:
    """Leaves these classes only, which are the last dimension."""
    whole: NDArray[np.float32] = np.frombuffer(weights.raw, np.float32).reshape(weights.sizes)
    kept = np.ascontiguousarray(whole[..., list(few)])
    weights.sizes[:], weights.raw = kept.shape, kept.tobytes()


def _add_floats(ports: _Message, name: str) -> None:
    """An input or output of a graph, of any size."""
    ports.add(name=name).type.tensor.element = FLOATS


def _read(content: bytes) -> _Message:
    return _MODEL.FromString(content)


def _declared() -> _Message:
    """The class of a model, and with it those of all that is in one."""
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="networks.proto", package="networks")
    for message, fields in _MESSAGES.items():
        declared = file.message_type.add(name=message)
        for name, (number, held) in fields.items():
            one = held.strip("[]")
            field = declared.field.add(name=name, number=number)
            field.label = kinds.LABEL_REPEATED if one != held else kinds.LABEL_OPTIONAL
            if one in _MESSAGES:
                field.type, field.type_name = kinds.TYPE_MESSAGE, f".networks.{one}"
            else:
                field.type = getattr(kinds, f"TYPE_{one.upper()}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("networks.Model"))


_MODEL: Final = _declared()
