"""How well composed formulas are read: drawings and formulas that were not trained on."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mathpixweb.engine.ocr import ink_cover, ink_network
from mathpixweb.engine.ocr.ink_alphabet import CLASSES
from mathpixweb.engine.ocr.ink_groups import candidates
from mathpixweb.engine.readers import strokes
from training.ink import examples, samples
from training.ink.formulas import NAMES, Tree

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S")
_SAME = {
    r"\cdot": ".",
    r"\cdots": r"\ldots",
    r"\ldots": r"\ldots",
    r"\overline": r"\bar",
    r"\widehat": r"\hat",
    r"\widetilde": r"\tilde",
    r"\overrightarrow": r"\vec",
    r"\mid": "|",
}
_SILENT = frozenset(
    {r"\left", r"\right", "{", "}", r"\operatorname", r"\mathrm", r"\text", r"\quad", r"\limits", r"\prime "}
)
_MARKS = {"-": r"\bar", r"\wedge": r"\hat", r"\sim": r"\tilde", r"\rightarrow": r"\vec", ".": r"\dot"}


def tokens(latex: str) -> list[str]:
    """LaTeX without what is not seen on paper; scripts keep their marks."""
    return [_SAME.get(token, token) for token in _TOKEN.findall(latex) if token not in _SILENT]


def latex_of(tree: Tree | None) -> str:
    if tree is None:
        return ""
    if isinstance(tree, str):
        return "\\" + tree + " " if tree in NAMES else tree + " "
    first, *rest = tree.parts
    if tree.kind == "frac":
        return rf"\frac{{{latex_of(first)}}}{{{latex_of(rest[0])}}}"
    if tree.kind == "sqrt":
        return rf"\sqrt{{{latex_of(first)}}}"
    if tree.kind == "accent":
        return rf"{_MARKS[str(first)]}{{{latex_of(rest[0])}}}"
    if tree.kind == "scripts":
        sub, sup = (latex_of(part) for part in rest)
        return latex_of(first) + (f"_{{{sub}}}" if sub else "") + (f"^{{{sup}}}" if sup else "")
    return "".join(latex_of(part) for part in tree.parts)


@dataclass(frozen=True, slots=True)
class Outcome:
    truth: list[str]
    read: list[str]
    confidence: float
    symbols: int
    found: int  # symbols whose strokes were grouped rightly …
    named: int  # … and whose likeliest class is right
    seconds: float

    @property
    def exact(self) -> bool:
        return self.truth == self.read


def outcomes(bank: samples.Bank, supply: Sequence[Tree], count: int, seed: int) -> Iterator[Outcome]:
    rng = random.Random(seed)
    for _ in range(count):
        drawn = examples.draw(examples.any_tree(supply, rng), bank, rng)
        ink = [list(map(tuple, trace.points)) for trace in drawn.ink.traces]
        start = time.process_time()
        reading = strokes.read(ink)
        seconds = time.process_time() - start
        groups = candidates(drawn.ink)
        probabilities = ink_network.probabilities(drawn.ink, groups)
        rows = ink_cover.best(groups, probabilities, len(drawn.ink.traces), 1)[0].rows
        labels = [(drawn.label(groups[row]), int(np.argmax(probabilities[row, :-1]))) for row in rows]
        whole = [pair for pair in labels if pair[0] < len(CLASSES)]
        best = reading.candidates[0] if reading.candidates else strokes.Candidate("", 0.0, 0.0)
        yield Outcome(
            tokens(latex_of(drawn.tree)),
            tokens(best.latex),
            best.confidence,
            len(drawn.symbols),
            len(whole),
            sum(a == b for a, b in whole),
            seconds,
        )


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error of (confidence, whether right)."""
    error = 0.0
    for k in range(bins):
        inside = [(c, r) for c, r in pairs if k / bins <= c < (k + 1) / bins or (k == bins - 1 and c == 1.0)]
        if inside:
            error += abs(sum(c for c, _ in inside) - sum(r for _, r in inside)) / len(pairs)
    return error


def report(found: Sequence[Outcome]) -> str:
    symbols = sum(o.symbols for o in found)
    seconds = sorted(o.seconds for o in found)
    half, most = (1e3 * seconds[int(share * len(seconds))] for share in (0.5, 0.95))
    error = calibration_error([(o.confidence, o.exact) for o in found])
    short = [o for o in found if o.symbols <= 6]
    return (
        f"{len(found)} formulas, {symbols} symbols: grouped {sum(o.found for o in found) / symbols:.3f}, "
        f"named {sum(o.named for o in found) / symbols:.3f}, "
        f"exact {sum(o.exact for o in found) / len(found):.3f}, "
        f"up to six symbols {sum(o.exact for o in short) / max(1, len(short)):.3f}; "
        f"calibration error {error:.3f}; CPU time {half:.0f} ms, 95 % below {most:.0f} ms"
    )
