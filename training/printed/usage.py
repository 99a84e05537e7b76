"""Counts what stands beside what in the layouts that the network is trained on."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr import neighbours
from mathpixweb.engine.ocr.looking import MODEL
from training.printed.layouts import Layout, load

LONGEST = 60  # symbols; longer formulas are put together of several


def count(folder: Path, path: Path, model: Path = MODEL) -> None:
    """Writes the table that the application weighs guesses with."""
    session = onnxruntime.InferenceSession(str(model))
    rows = json.loads(session.get_modelmeta().custom_metadata_map["symbols"])
    numbers = {Symbol(latex, Kind(kind), face): number for number, (latex, kind, face) in enumerate(rows)}
    pairs: Counter[int] = Counter()
    common = np.zeros(len(rows) + 1)
    for shard in sorted(folder.glob("*.pkl")):
        for layout in load(shard).layouts:
            if len(layout.symbols) <= LONGEST:
                add(layout, numbers, pairs, common)
    write(["\t".join(row) for row in rows], pairs, common, path)


def add(layout: Layout, numbers: dict[Symbol, int], pairs: Counter[int], common: NDArray[np.float64]) -> None:
    """The pairs of one layout. A pair is one number: relation, what is followed and what follows."""
    size = len(numbers) + 1
    known = [numbers.get(symbol, -1) for symbol in layout.symbols]
    found = layout.found.astype(np.float64)
    for child, (parent, relation) in enumerate(neighbours.places(found[:, :4], found[:, 4], found[:, 5])):
        if known[child] < 0:
            continue
        common[known[child]] += 1
        before = known[parent] if parent >= 0 else size - 1
        if before >= 0:
            pairs[(relation * size + before) * size + known[child]] += 1


def write(symbols: list[str], pairs: Counter[int], common: NDArray[np.float64], path: Path) -> None:
    kept = sorted(pairs.items())
    np.savez_compressed(
        path,
        symbols=np.array(symbols),
        keys=np.array([key for key, _ in kept], np.int32),
        counts=np.array([count for _, count in kept], np.int32),
        common=common.astype(np.int32),
    )
