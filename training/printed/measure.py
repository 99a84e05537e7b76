"""How good the shipped model is, read through the application's own code, on formulas it never saw."""

from __future__ import annotations

import logging
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.latex import write
from mathpixweb.engine.math.symbols import Symbol
from mathpixweb.engine.ocr import arrangement
from mathpixweb.engine.ocr.symbols import FoundRule, FoundSymbol, Guess, Sighting, detect
from training.printed.augment import Sample, clean, degraded
from training.printed.drawing import draw
from training.printed.layouts import Layout, load

SEED = 7
CLEAN_SCALE = 2.8  # pixels in a point
HARD_SCALES = (2.0, 3.6)
MARGIN = 24
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of formulas read exactly: as the parser reads perfect symbols, and by number of symbols."""

    formulas: int
    exact: float
    by_length: dict[str, float]
    recall: float
    precision: float
    named: float
    milliseconds: float
    confusions: tuple[tuple[tuple[str, str], int], ...]


def measure(layouts: Path, limit: int, *, hard: bool) -> Figures:
    """Figures over `limit` held-out formulas, evenly from all files of `layouts`."""
    rng, noise = random.Random(SEED), np.random.default_rng(SEED)
    counts: Counter[str] = Counter()
    confusions: Counter[tuple[str, str]] = Counter()
    seconds = 0.0
    for layout, sample in _samples(layouts, limit, hard, rng, noise):
        gray = (255 * (1 - sample.ink)).astype(np.uint8)
        began = time.process_time()
        seen = detect(gray)
        told = write(arrangement.read(seen))
        seconds += time.process_time() - began
        length = _length(layout)
        right = simplified(told) == simplified(write(arrangement.read(perfect(layout))))
        counts.update({"formulas": 1, "exact": right, f"n {length}": 1, f"exact {length}": right})
        _compare(seen, sample, layout.symbols, counts, confusions)
    return Figures(
        counts["formulas"],
        counts["exact"] / counts["formulas"],
        {
            length: counts[f"exact {length}"] / max(1, counts[f"n {length}"])
            for length in ("10", "20", "40", "more")
        },
        counts["matched"] / max(1, counts["true"]),
        counts["matched"] / max(1, counts["found"]),
        counts["named"] / max(1, counts["matched"]),
        1000 * seconds / counts["formulas"],
        tuple(confusions.most_common(60)),
    )


def _samples(
    folder: Path, limit: int, hard: bool, rng: random.Random, noise: np.random.Generator
) -> Iterator[tuple[Layout, Sample]]:
    paths = sorted(folder.glob("*.pkl"))
    for path in paths:
        shard = load(path)
        for layout in shard.layouts[: -(-limit // len(paths))]:
            drawing = draw(layout, shard.fonts, np.zeros(len(layout.symbols), np.int64), MARGIN)
            if drawing is not None:
                scale = rng.uniform(*HARD_SCALES) if hard else CLEAN_SCALE
                yield layout, degraded(drawing, scale, rng, noise) if hard else clean(drawing, scale)


def perfect(layout: Layout) -> Sighting:
    """What an infallible network would have seen."""
    symbols = [
        FoundSymbol((Guess(symbol, 1.0),), 1.0, Box(*row[:4]), row[4], row[5])
        for symbol, row in zip(layout.symbols, (layout.found * CLEAN_SCALE).tolist(), strict=True)
    ]
    bars = [Box(*bar) for bar in (layout.bars * CLEAN_SCALE).tolist()]
    rules = [FoundRule(bar, 1.0, bar.height > bar.width) for bar in bars]
    return Sighting(tuple(symbols), tuple(rules), 10 * CLEAN_SCALE)


def simplified(latex: str) -> str:
    """Without what cannot be seen: spaces, sizes of delimiters, ways to write the same."""
    for seen_alike, one in _ALIKE:
        latex = re.sub(seen_alike, one, latex)
    return re.sub(r"\s+", "", latex)


_ALIKE = (
    (r"\\(left|right|operatorname|mathrm|text|quad|qquad|,|;)(?![A-Za-z])\.?", " "),
    (r"\\long(left|right|leftright)arrow", r"\\\1arrow"),
    (r"\\Long(left|right|leftright)arrow", r"\\\1arrow"),
    (r"\\longmapsto", r"\\mapsto"),
    (r"\\mathscr", r"\\mathcal"),
    (r"\\var(epsilon|phi|theta|rho|sigma|kappa)", r"\\\1"),
    (r"\\(emptyset|varnothing)", r"\\emptyset"),
    (r"\\wide(hat|tilde)", r"\\\1"),
    (r"\\(ldots|cdots)", r"\\dots"),
    (r"\\(mathbf|boldsymbol)", r"\\mathbf"),
    (r"\\mid(?![A-Za-z])", "|"),
    (r"\\(backslash|setminus)", r"\\setminus"),
    (r"[{}]", ""),
)


def _length(layout: Layout) -> str:
    count = len(layout.symbols)
    return "10" if count <= 10 else "20" if count <= 20 else "40" if count <= 40 else "more"


def _compare(
    seen: Sighting,
    sample: Sample,
    names: Sequence[Symbol],
    counts: Counter[str],
    confusions: Counter[tuple[str, str]],
) -> None:
    """Symbols found where there is one, and named as it is."""
    left = list(seen.symbols)
    counts["true"] += len(names)
    counts["found"] += len(left)
    for row, name in zip(sample.found.tolist(), names, strict=True):
        match = min(left, key=lambda found: _distance(found.box, row), default=None)
        if match is None or _distance(match.box, row) > max(4.0, 0.3 * (row[3] - row[1])):
            confusions[name.latex, "-"] += 1
            continue
        left.remove(match)
        counts["matched"] += 1
        counts["named"] += match.best == name
        if match.best != name:
            confusions[_told(name), _told(match.best)] += 1
    for other in left:
        confusions["-", _told(other.best)] += 1


def _distance(box: Box, row: Sequence[float]) -> float:
    return abs(box.cx - (row[0] + row[2]) / 2) + abs(box.cy - (row[1] + row[3]) / 2)


def _told(symbol: Symbol) -> str:
    return f"{symbol.latex}/{symbol.face}" if symbol.face else symbol.latex
