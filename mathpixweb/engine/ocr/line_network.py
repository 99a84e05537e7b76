"""The network that reads lines of text: for each column of a strip the likeliest character, and how likely.

It knows 18,710 characters, and telling all of them apart takes a fifth of its time. Nearly all columns are
surely white, or surely of one of those 1,750 that are no ideographs; only the others are looked up in all,
and with them the whole line if one of them is an ideograph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mathpixweb.engine import networks
from mathpixweb.engine.ocr import cut_networks
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.networks import READER, path_of

IDEOGRAPHS: Final = "\u2e80"  # the first of them, and of all that is Chinese, Japanese or Korean
# Probability among the others from which a column is no ideograph. In 88 lines of ours, with 591 columns
# of ideographs, five of these were told wrongly with 0.995, none with this. Of the columns of English lines
# 0.87 are as sure.
SURELY: Final = 0.999
AT_ONCE: Final = 64  # columns that are looked up in all, for memory's sake
LEAST: Final = (1, 3, 48, 16)  # of what the network can be asked: two columns

_Labels = NDArray[np.intp]
_Shares = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Network:
    few: onnxruntime.InferenceSession
    all: onnxruntime.InferenceSession
    labels: _Labels
    alphabet: tuple[str, ...]


def load() -> None:
    """Now, and not with the first line."""
    _network()


def alphabet() -> tuple[str, ...]:
    """What the network's labels mean: nothing, its characters, a blank between words."""
    return _network().alphabet


def columns(strip: Gray, forbidden: Sequence[int] = ()) -> tuple[_Labels, _Shares]:
    """The likeliest label of each column that is not forbidden, and its probability.

    One line at a time: several take as long, and as much more memory.
    """
    network = _network()
    plane = strip.astype(np.float32) / 127.5 - 1.0
    asked = {network.few.get_inputs()[0].name: np.broadcast_to(plane, (1, 3, *plane.shape)).copy()}
    scores, features = network.few.run(None, asked)
    best, surest = _best(scores[0])
    labels = network.labels[best]
    barred, unknown = np.zeros(len(network.alphabet), np.bool_), np.ones(len(network.alphabet), np.bool_)
    barred[list(forbidden)], unknown[network.labels] = True, False
    unsure = (surest < SURELY) | barred[labels]
    labels[unsure], surest[unsure] = _among_all(features[:, unsure], forbidden)
    if unknown[labels[unsure]].any():  # an ideograph is hardly ever alone
        labels[~unsure], surest[~unsure] = _among_all(features[:, ~unsure], forbidden)
    return labels, surest


def _among_all(features: _Shares, forbidden: Sequence[int]) -> tuple[_Labels, _Shares]:
    """The same of columns with these features, looked up among all characters."""
    last = _network().all
    count = features.shape[1]
    labels, surest = np.zeros(count, np.intp), np.zeros(count, np.float32)
    for start in range(0, count, AT_ONCE):
        some = slice(start, start + AT_ONCE)
        (of_all,) = last.run(None, {last.get_inputs()[0].name: features[:, some]})
        of_all[:, :, list(forbidden)] = 0.0
        labels[some], surest[some] = _best(of_all[0])
    return labels, surest


def _best(scores: _Shares) -> tuple[_Labels, _Shares]:
    """The place of the largest number in each row, and that number."""
    places = scores.argmax(axis=1)
    return places, scores[np.arange(len(places)), places]


def rest() -> None:
    """Gives back the memory that lines took, which is kept from one to the next."""
    network = _network()
    asked = {network.few.get_inputs()[0].name: np.zeros(LEAST, np.float32)}
    _, features = networks.run_once(network.few, asked)
    networks.run_once(network.all, {network.all.get_inputs()[0].name: features})


@lru_cache(maxsize=1)
def _network() -> _Network:
    """Loaded once per process."""
    content = path_of(READER).read_bytes()
    known = ("", *cut_networks.metadata(content)["character"].split("\n"), " ")
    labels = np.array([k for k, text in enumerate(known) if len(text) != 1 or text < IDEOGRAPHS])
    cut = cut_networks.cut(content, labels.tolist())
    few, all_ = (networks.load(part) for part in (cut.body, cut.rest))
    return _Network(few, all_, labels, known)
