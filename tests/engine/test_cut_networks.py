"""Networks of many classes, cut in two: a few classes are told apart at once, and all where that is asked."""

from __future__ import annotations

import numpy as np
import pytest

from mathpixweb.engine import networks
from mathpixweb.engine.ocr import cut_networks

FEATURES, CLASSES, FEW = 4, 300, [0, 7, 8, 299]
RANDOM = np.random.default_rng(8)
WEIGHTS = RANDOM.normal(size=(FEATURES, CLASSES)).astype(np.float32)
BIAS = RANDOM.normal(size=CLASSES).astype(np.float32)
PLANE = RANDOM.normal(size=(1, 5, FEATURES)).astype(np.float32)
MAPS = RANDOM.normal(size=(1, 2, 6, 2 * FEATURES)).astype(np.float32)
ADDED = {
    "mixing": RANDOM.normal(size=(2, 2, 1, 1)).astype(np.float32),
    "shift": RANDOM.normal(size=(1, 2, 1, 1)).astype(np.float32),
    "plane": MAPS,
}


def varint(number):
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


def told(number, content):
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    content = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(content)) + content


def node(kind, inputs, output, **settings):
    settings = b"".join(
        told(5, told(1, name) + b"".join(told(8, number) for number in numbers) + told(20, 7))
        for name, numbers in settings.items()
    )
    return told(1, b"".join(told(1, name) for name in inputs) + told(2, output) + told(4, kind) + settings)


def weights(name, values):
    sizes = b"".join(told(1, size) for size in values.shape)
    return told(5, sizes + told(2, 1) + told(8, name) + told(9, values.tobytes()))


def floats(name, *sizes):
    return told(1, name) + told(
        2, told(1, told(1, 1) + told(2, b"".join(told(1, told(1, k)) for k in sizes)))
    )


def network(*last, given=PLANE.shape, told_of=PLANE.shape[:-1]):
    """A file of a network that doubles what it is given, and what comes after that."""
    graph = node("Add", ["given", "given"], "doubled") + b"".join(last)
    graph += told(2, "small") + weights("weights", WEIGHTS) + weights("bias", BIAS)
    graph += told(11, floats("given", *given)) + told(12, floats("probabilities", *told_of, CLASSES))
    described = told(14, told(1, "characters") + told(2, "abc"))
    return told(1, 7) + told(7, graph) + told(8, told(2, 13)) + described


CLASSIFIER = network(
    node("MatMul", ["doubled", "weights"], "products"),
    node("Add", ["products", "bias"], "sums"),
    node("Identity", ["sums"], "same"),
    node("Softmax", ["same"], "probabilities"),
)


def averaging(*made, rows=2):
    """A network that tells classes by averages of six places each of what is made of two maps."""
    return network(
        *(weights(name, values) for name, values in ADDED.items()),
        *made,
        node("AveragePool", ["made"], "averages", kernel_shape=[3, 2], strides=[3, 2]),
        node("MatMul", ["averages", "weights"], "products"),
        node("Add", ["products", "bias"], "sums"),
        node("Softmax", ["sums"], "probabilities"),
        given=MAPS.shape,
        told_of=(1, 2, rows),
    )


def ran(content, **given):
    return networks.load(content).run(None, given)


def kinds(content):
    return [node.kind for node in cut_networks._read(content).graph.nodes]


def shares(values):
    grown = np.exp(values)
    return grown / grown.sum(axis=-1, keepdims=True)


def test_a_few_classes_are_told_apart_as_if_there_were_no_others(capfd):
    cut = cut_networks.cut(CLASSIFIER, FEW)
    few, features = ran(cut.body, given=PLANE)
    assert np.allclose(few, shares(2 * PLANE @ WEIGHTS[:, FEW] + BIAS[FEW]), atol=1e-6)
    assert np.allclose(features, 2 * PLANE)
    assert not capfd.readouterr().err  # which is where it is told that sizes are not as they were declared


def test_the_rest_says_of_some_places_what_the_whole_network_says_of_them():
    cut = cut_networks.cut(CLASSIFIER, FEW)
    _, features = ran(cut.body, given=PLANE)
    (whole,) = ran(CLASSIFIER, given=PLANE)
    (rest,) = ran(cut.rest, doubled=features[:, [1, 3]])
    assert np.allclose(rest, whole[:, [1, 3]], atol=1e-6)


def test_averages_are_taken_before_the_same_is_done_at_each_place():
    mixing = (
        node("Conv", ["doubled", "mixing"], "mixed", strides=[1, 1], pads=[0, 0, 0, 0]),
        node("Add", ["mixed", "shift"], "shifted"),
        node("Identity", ["shifted"], "same"),
        node("Add", ["doubled", "same"], "made"),
    )
    whole = averaging(*mixing)
    body = cut_networks.cut(whole, list(range(CLASSES))).body
    assert np.allclose(ran(body, given=MAPS)[0], ran(whole, given=MAPS)[0], atol=1e-5)
    assert kinds(body)[:4] == ["Add", "AveragePool", "Conv", "Add"]


@pytest.mark.parametrize(
    ("made", "rows"),
    [
        (node("Conv", ["doubled", "mixing"], "made", strides=[2, 1]), 1),
        (node("Conv", ["doubled", "mixing"], "made", pads=[3, 0, 0, 0]), 3),
        (node("Add", ["doubled", "plane"], "made"), 2),
        (node("Relu", ["doubled"], "made"), 2),
    ],
    ids=["steps", "margins", "each place its own", "no sum"],
)
def test_averages_stay_after_what_is_not_the_same_of_them(made, rows):
    whole = averaging(made, rows=rows)
    body = cut_networks.cut(whole, list(range(CLASSES))).body
    assert np.allclose(ran(body, given=MAPS)[0], ran(whole, given=MAPS)[0], atol=1e-5)
    assert kinds(body)[2] == "AveragePool"


def test_what_a_file_says_of_itself_is_told():
    assert cut_networks.metadata(CLASSIFIER) == {"characters": "abc"}
    assert cut_networks.metadata(cut_networks.cut(CLASSIFIER, FEW).body) == {"characters": "abc"}


@pytest.mark.parametrize(
    "other",
    [
        network(node("Softmax", ["doubled"], "probabilities")),
        network(node("MatMul", ["doubled", "weights"], "probabilities")),
    ],
    ids=["no classes", "no bias"],
)
def test_a_network_that_ends_in_something_else_is_refused(other):
    with pytest.raises(ValueError, match="does not end in a layer of classes"):
        cut_networks.cut(other, FEW)
