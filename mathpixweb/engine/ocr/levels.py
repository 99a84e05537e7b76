"""Which symbols are text, which are scripts, and which are scripts of scripts: TeX's three sizes.

A size is told only roughly, and that of a tiny symbol as too large; that it is smaller than the symbol before
it and stands a little lower or higher is surer than its own size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.ocr.sightings import FoundSymbol

TEXT, SCRIPT, SECOND_SCRIPT = 10.0, 7.0, 5.0  # points
LEAST_TEXT: Final = 0.85  # of the main size; between 1 and 0.7 …
LEAST_SCRIPT: Final = 0.635  # … and, as 0.5 looks larger than it is, between 0.58 and 0.7
SAME_SIZE: Final = 0.12  # by which two symbols of one size may be seen different
ENOUGH: Final = 0.12  # of the symbols are of the main size at least …
MANY: Final = 4  # … or so many: exponents may be longer than what they are exponents of
SCRIPT_TO_TEXT: Final = 0.83  # ratio of sizes below which they are surely those of a script and of text
ENLARGED: Final = 1.35  # times the text's size may that of an operator be told
LEAST_BRACKET: Final = 0.75  # em; a bracket is at least as high
BEFORE_COMMA: Final = 12.0  # em between a comma and the symbol on its line before it: after long exponents
ON_LINE: Final = 0.12  # em between their baselines
OVERHANG: Final = 0.15  # em to the right of a letter may be the middle of its accent
ASTERISK: Final = "*"  # its size and baseline are told badly …
LEAST_ASTERISK: Final = 0.4  # … but it is at least so high
# Tuned on renderings of scripts of scripts; in em of the script before.
NEAR: Final = 0.35  # to the next symbol of a script
SAME_LINE: Final = 0.09  # between baselines of symbols that stand side by side
MOST_SHIFT: Final = 0.6  # between the baselines of a script and a script of it; more is another script
SURELY_SMALLER: Final = 0.87  # ratio of a script's script to it, though on the same line …
SMALLER: Final = 0.96  # … and if it is shifted a little …
SHIFTED: Final = 0.14  # … or so much that symbols of one size would not be
LARGER_STILL: Final = 1.05
LARGER: Final = 1.1  # ratio of a script to the script of a script before it
_TELLING: Final = (Kind.LETTER, Kind.DIGIT, Kind.ROMAN, Kind.BIN, Kind.REL)
_COMPARED: Final = (*_TELLING, Kind.ORD, Kind.UNKNOWN)


def main_size(symbols: Sequence[FoundSymbol]) -> float:
    """The largest font size that several symbols agree on, in pixels; 0.0 without symbols.

    Of a single letter with many scripts around it, operators tell whether it is the text.
    """
    telling = [symbol.size for symbol in symbols if symbol.best.kind in _TELLING]
    sizes = sorted(telling or [symbol.size for symbol in symbols], reverse=True)
    operators = [symbol.size for symbol in symbols if symbol.best.kind in (Kind.OP, Kind.INT)]
    agreed = _agreed(sizes)
    for size in sizes:
        if size < agreed / SCRIPT_TO_TEXT:
            break
        if any(size * (1 - SAME_SIZE) < operator < size * ENLARGED for operator in operators):
            return size
    return agreed


def _agreed(sizes: Sequence[float]) -> float:
    """The largest of the sizes, which fall, that several of them are."""
    for size in sizes:
        alike = [other for other in sizes if abs(other / size - 1) <= SAME_SIZE]
        if len(alike) >= min(ENOUGH * len(sizes), MANY):
            return float(np.median(alike))
    return 0.0


@dataclass(slots=True)
class _Run:
    """Symbols of a script side by side, after those of another run or none; punctuation ends a run."""

    symbols: list[FoundSymbol]
    numbers: list[int]
    before: _Run | None
    told: float = SCRIPT
    ended: bool = False

    @property
    def size(self) -> float:
        return sum(symbol.size for symbol in self.symbols) / len(self.symbols)

    @property
    def baseline(self) -> float:
        return sum(symbol.baseline for symbol in self.symbols) / len(self.symbols)


def sized(symbols: Sequence[FoundSymbol], main: float) -> list[FoundSymbol]:
    """The symbols with one of the three sizes in points; everything else of them stays in pixels."""
    told = [_own(symbol, main) for symbol in symbols]
    scripts = [
        k
        for k, symbol in enumerate(symbols)
        if told[k] < TEXT and symbol.best.kind in (*_COMPARED, Kind.PUNCT) and symbol.best.latex != ASTERISK
    ]
    for run in _runs(symbols, scripts):
        run.told = _size_of(run, main)
        for k in run.numbers:
            told[k] = run.told
    for k, symbol in enumerate(symbols):
        if symbol.best.kind is Kind.PUNCT and (beside := _beside(symbol, symbols)) is not None:
            told[k] = told[beside]
        elif symbol.best.kind is Kind.ACCENT and (under := _under(symbol, symbols)) is not None:
            told[k] = told[under]
    return [replace(symbol, size=size) for symbol, size in zip(symbols, told, strict=True)]


def _beside(mark: FoundSymbol, symbols: Sequence[FoundSymbol]) -> int | None:
    """The symbol to the left of a comma that stands on its line: of so small a mark no size can be told."""
    before = [
        k
        for k, symbol in enumerate(symbols)
        if symbol.best.kind in _COMPARED
        and symbol.box.x1 - ON_LINE * symbol.size < mark.box.x0 < symbol.box.x1 + BEFORE_COMMA * symbol.size
        and abs(symbol.baseline - mark.baseline) < ON_LINE * symbol.size
    ]
    return max(before, key=lambda k: symbols[k].box.x1, default=None)


def _under(accent: FoundSymbol, symbols: Sequence[FoundSymbol]) -> int | None:
    """The nearest letter below the middle of an accent, whose own size is told badly."""
    below = [
        k
        for k, symbol in enumerate(symbols)
        if symbol.best.kind in (Kind.LETTER, Kind.ROMAN)
        and symbol.box.x0 < accent.box.cx < symbol.box.x1 + OVERHANG * symbol.size
        and accent.box.cy < symbol.box.cy < accent.box.y1 + symbol.size
    ]
    return min(below, key=lambda k: abs(symbols[k].box.y0 - accent.box.y1), default=None)


def _own(symbol: FoundSymbol, main: float) -> float:
    ratio = symbol.size / main
    if symbol.best.kind in (Kind.OPEN, Kind.CLOSE):
        ratio = min(ratio, symbol.box.height / (LEAST_BRACKET * main))
    elif symbol.best.latex == ASTERISK:
        ratio = min(ratio, symbol.box.height / (LEAST_ASTERISK * main))
    return TEXT if ratio > LEAST_TEXT else SCRIPT if ratio > LEAST_SCRIPT else SECOND_SCRIPT


def _runs(symbols: Sequence[FoundSymbol], scripts: Sequence[int]) -> list[_Run]:
    """From left to right."""
    runs: list[_Run] = []
    for k in sorted(scripts, key=lambda k: symbols[k].box.x0):
        symbol = symbols[k]
        last = next((run for run in reversed(runs) if _follows(symbol, run)), None)
        if symbol.best.kind is Kind.PUNCT:
            if last is not None:
                last.ended = True
        elif last is not None and _continues(symbol, last):
            last.symbols.append(symbol)
            last.numbers.append(k)
        else:
            runs.append(_Run([symbol], [k], None if last is None or last.ended else last))
    return runs


def _follows(symbol: FoundSymbol, run: _Run) -> bool:
    size = run.size
    near = symbol.box.x0 - run.symbols[-1].box.x1 < NEAR * size
    return near and abs(symbol.baseline - run.baseline) < MOST_SHIFT * size


def _continues(symbol: FoundSymbol, run: _Run) -> bool:
    alike = SURELY_SMALLER < symbol.size / run.size < 1 / SURELY_SMALLER
    return alike and abs(symbol.baseline - run.baseline) < SAME_LINE * run.size


def _size_of(run: _Run, main: float) -> float:
    own = SCRIPT if run.size > LEAST_SCRIPT * main else SECOND_SCRIPT
    if run.before is None:
        return own
    ratio = run.size / run.before.size
    shift = abs(run.baseline - run.before.baseline) / run.before.size
    shifted = shift > SAME_LINE
    if run.before.told == SCRIPT:
        most = LARGER_STILL if shift > SHIFTED else SMALLER if shifted else SURELY_SMALLER
        return SECOND_SCRIPT if ratio < most else SCRIPT
    if ratio > LARGER:
        return SCRIPT
    return own if shifted else SECOND_SCRIPT
