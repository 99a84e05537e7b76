"""An ONNX file cut in two, so that of thousands of classes few are reckoned with as a rule.

Of the format, which is protobuf, only as much is read as that takes: nodes, weights and outputs of a graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

GRAPH, METADATA = 7, 14  # of a model; the other numbers are of a graph …
NODES, WEIGHTS, INPUTS, OUTPUTS, SIZES_BETWEEN = 1, 5, 11, 12, 13
NAME: Final = {OUTPUTS: 1, WEIGHTS: 8}
NODE_INPUTS, NODE_OUTPUTS, NODE_KIND = 1, 2, 4  # … of a node …
SIZES, RAW = 1, 9  # … and of weights
VARINT, FIXED_64, COUNTED, FIXED_32 = 0, 1, 2, 5  # how the length of a field is told

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CutNetwork:
    """Two files: `body` tells of the few classes only, and the features from which `rest` tells of all."""

    body: bytes
    rest: bytes


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a message with its bytes, head and all; a number's value is its `count`."""

    number: int
    whole: memoryview
    content: memoryview
    count: int = 0


@dataclass(frozen=True, slots=True)
class _Node:
    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def cut(content: bytes, few: Sequence[int]) -> CutNetwork:
    """Before the product from which the classes come. Raises ValueError if the network ends otherwise."""
    model = list(_fields(memoryview(content)))
    graph = [part for field in model if field.number == GRAPH for part in _fields(field.content)]
    (end,) = (_name(field) for field in graph if field.number == OUTPUTS)
    known = {_name(field): field for field in graph if field.number == WEIGHTS}
    last = _last_layer([_node(field.content) for field in graph if field.number == NODES], end, known)
    features = next(name for name in last[0].inputs if name not in known)
    weights = {name: known[name] for node in last for name in node.inputs if name in known}
    narrow = [_without_classes(field, few) for field in weights.values()]
    changed = (OUTPUTS, SIZES_BETWEEN, WEIGHTS)
    body = [field.whole for field in graph if field.number not in changed]
    body += [field.whole for name, field in known.items() if name not in weights]
    tail = [field.whole for field in graph if field.number == NODES and _node(field.content) in last]
    tail += [field.whole for field in weights.values()]
    answer, told = (_counted(OUTPUTS, _of_any_size(name)) for name in (end, features))
    frame = b"".join(field.whole for field in model if field.number != GRAPH)
    return CutNetwork(
        frame + _counted(GRAPH, b"".join([*body, *narrow, answer, told])),
        frame + _counted(GRAPH, b"".join([*tail, _counted(INPUTS, _of_any_size(features)), answer])),
    )


def metadata(content: bytes) -> dict[str, str]:
    """What the file says of itself beside the network."""
    entries = [field.content for field in _fields(memoryview(content)) if field.number == METADATA]
    told: dict[str, str] = {}
    for entry in entries:
        name, value = (str(part.content, "utf-8") for part in _fields(entry))
        told[name] = value
    return told


def _of_any_size(name: str) -> bytes:
    """What a graph says of an input or output: its name, and that it is of floats."""
    return _counted(1, name.encode()) + _counted(2, _counted(1, _written(1 << 3 | VARINT) + b"\x01"))


def _without_classes(weights: _Field, few: Sequence[int]) -> bytes:
    """The same weights of these classes only, which are their last dimension."""
    kept = np.ascontiguousarray(_floats(weights)[..., list(few)])
    others = [field.whole for field in _fields(weights.content) if field.number not in (SIZES, RAW)]
    sizes = [_written(SIZES << 3 | VARINT) + _written(size) for size in kept.shape]
    return _counted(WEIGHTS, b"".join([*others, *sizes, _counted(RAW, kept.tobytes())]))


def _last_layer(nodes: Sequence[_Node], end: str, known: Mapping[str, _Field]) -> list[_Node]:
    """The product with weights and the nodes after it, which only one thing goes through."""
    by_output = {name: node for node in nodes for name in node.outputs}
    layer: list[_Node] = []
    while end in by_output:
        layer.insert(0, by_output[end])
        if layer[0].kind == "MatMul" and layer[0].inputs[1] in known:
            if not any(node.kind == "Add" and known.keys() & node.inputs for node in layer):
                break
            return layer
        moving = [name for name in layer[0].inputs if name not in known]
        if len(moving) != 1:
            break
        end = moving[0]
    raise ValueError("the network does not end in a layer of classes")


def _node(message: memoryview) -> _Node:
    fields = list(_fields(message))
    inputs, outputs, kinds = (
        tuple(str(field.content, "utf-8") for field in fields if field.number == number)
        for number in (NODE_INPUTS, NODE_OUTPUTS, NODE_KIND)
    )
    return _Node(kinds[0], inputs, outputs)


def _name(field: _Field) -> str:
    return next(
        str(one.content, "utf-8") for one in _fields(field.content) if one.number == NAME[field.number]
    )


def _floats(weights: _Field) -> Floats:
    fields = list(_fields(weights.content))
    sizes: list[int] = []
    for field in fields:
        if field.number == SIZES:
            sizes += _varints(field.content) if field.content else [field.count]
    raw = next(field.content for field in fields if field.number == RAW)
    return np.frombuffer(raw, np.float32).reshape(sizes)


def _fields(message: memoryview) -> Iterator[_Field]:
    at = 0
    while at < len(message):
        start = at
        tag, at = _varint(message, at)
        number, way = tag >> 3, tag & 7
        if way == VARINT:
            count, at = _varint(message, at)
            yield _Field(number, message[start:at], message[at:at], count)
            continue
        if way == COUNTED:
            length, at = _varint(message, at)
        else:
            length = {FIXED_64: 8, FIXED_32: 4}[way]
        at += length
        yield _Field(number, message[start:at], message[at - length : at])


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and where it ends."""
    value, shift = 0, 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _varints(packed: memoryview) -> list[int]:
    values, at = [], 0
    while at < len(packed):
        value, at = _varint(packed, at)
        values.append(value)
    return values


def _counted(number: int, content: bytes) -> bytes:
    return _written(number << 3 | COUNTED) + _written(len(content)) + content


def _written(value: int) -> bytes:
    groups = bytearray()
    while value > 127:
        groups.append(value & 127 | 128)
        value >>= 7
    return bytes([*groups, value])
