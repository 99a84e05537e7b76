"""What was seen in a picture as material for the formula parser.

The parser's measures are those of TeX at ten points, and in a picture nothing is exact. So the main text is
made ten points large, every other size one of TeX's three, slanted lines level, and symbols that stand nearly
on one baseline stand on one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math import bands
from mathpixweb.engine.math.composition import TALL
from mathpixweb.engine.math.items import Item, delimiter
from mathpixweb.engine.math.profile import Profile
from mathpixweb.engine.math.structure import divided, parse_items
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import EMPTY, Atom, Grid, Node, Word
from mathpixweb.engine.math.words import NAMES
from mathpixweb.engine.model import Rule
from mathpixweb.engine.ocr import levels, pairs, rivals
from mathpixweb.engine.ocr.symbols import FoundSymbol, Sighting

# Tuned on renderings of held-out formulas of the training supply, never on anybody's pictures.
IMAGE: Final = Profile(
    baseline=0.18,
    same_size=0.85,
    odd_size=0.85,
    superscript=0.04,
    numerator_gap=0.8,
    stack_gap=0.55,
    radical_join=0.35,
    index_size=0.85,
    partner=0.2,
    letter_gap=0.16,
    accent_gap=0.6,
    first_weight=4.0,
    banded=True,
)
SAME_LINE: Final = 0.14  # em between baselines that are one …
SAME_LINE_OTHER_SIZE: Final = 0.09  # … though the symbols were seen of different sizes
NEXT: Final = 2.5  # em to the next symbol of a line …
NEXT_OTHER_SIZE: Final = 1.0  # … if it was seen of another size
NEXT_SIZE: Final = 0.65  # ratio of neighbouring sizes; more apart are text and a script of a script
STEEPEST: Final = 0.12  # slope of a line; more is not a tilted picture
ON_SLOPE: Final = 0.06  # em by which baselines of one sloping line may differ
LONGEST_STEP: Final = 8.0  # em between symbols, from which their distance counts no more
STEEP_IS_RARE: Final = 4.0  # times the slope is the share by which it is less likely
CLEARLY_SLOPING: Final = 1.15  # times as many symbols must agree on a slope as on none …
MORE_AGREED: Final = 4.0  # … and those more stand so many em from each other
OTHERWISE: Final = 0.08  # probability that a letter within an upright word is upright itself
SHORTEST_NAME: Final = 3  # letters; a shorter word may be anything
LIKELY_NAME: Final = 0.15  # of the odds of a word as it was seen are those of a function's name, at least
LIKELY_LETTER: Final = 0.01  # probability of a letter that was seen as a digit
TALL_SCRIPT: Final = 1.25  # as TALL, of a script, whose size is told less exactly
TWO_PRIMES: Final = 0.8  # of its height …
TWO_PRIMES_POINTS: Final = 2.7  # … and so wide is what must be two primes
BEARING: Final = 0.05  # em of white that fonts leave on either side of most symbols
_SLOPES: Final = np.linspace(-STEEPEST, STEEPEST, 81)
_SIZE_TELLING: Final = (Kind.LETTER, Kind.DIGIT, Kind.ROMAN, Kind.BIN, Kind.REL)
_FENCES: Final = (Kind.OPEN, Kind.CLOSE, Kind.VERT)
_LEVELLED: Final = (*_SIZE_TELLING, Kind.ORD, Kind.PUNCT)


def read(seen: Sighting) -> Node:
    """The formula that was seen."""
    items, rules = items_of(seen)
    if not items:
        return EMPTY
    items, rules = divided(items, rules, IMAGE)
    rows = bands.rows(items, rules, levels.TEXT)
    if len(rows) == 1:
        return parse_items(items, rules, IMAGE)
    nodes = [parse_items(band.items, band.rules, IMAGE) for band in rows]
    return Grid(tuple(line for node in nodes for line in _lines(node)), bands.alignment(rows, levels.TEXT))


def _lines(node: Node) -> tuple[tuple[Node, ...], ...]:
    """What the parser makes of rows so close that no band parts them is no grid within the grid."""
    return node.rows if isinstance(node, Grid) and len(node.rows[0]) == 1 else ((node,),)


def items_of(seen: Sighting) -> tuple[list[Item], list[Rule]]:
    """Items and rules in points, y upwards, the text ten points large."""
    symbols, bars = rivals.settle(seen)
    symbols = pairs.agreed(symbols)
    size = levels.main_size(symbols)
    if not size:
        return [], []
    zoom = levels.TEXT / size
    slope = _slope(symbols, size)
    placed = [_in_points(symbol, zoom, slope) for symbol in levels.sized(symbols, size)]
    placed = _in_words(_on_lines(placed))
    items = [_item(symbol, index) for index, symbol in enumerate(placed)]
    rules = [
        Rule(len(items) + index, _level(bar.box, zoom, slope), bar.vertical) for index, bar in enumerate(bars)
    ]
    return items, rules


def _slope(symbols: Sequence[FoundSymbol], size: float) -> float:
    """How much the lines fall per pixel to the right: so that most symbols stand on one line with others."""
    level = [s for s in symbols if s.best.kind in _LEVELLED and abs(s.size / size - 1) < 2 * levels.SAME_SIZE]
    level.sort(key=lambda symbol: symbol.box.cx)
    steps = [
        (right.box.cx - left.box.cx, right.baseline - left.baseline)
        for position, left in enumerate(level)
        for right in level[position + 1 : position + 12]
    ]
    runs, falls = np.array([step for step in steps if step[0] > size], float).reshape(-1, 2).T / size
    weights = np.minimum(runs, LONGEST_STEP)
    misses = np.abs(falls[:, None] - runs[:, None] * _SLOPES)
    agreed = weights @ np.clip(1 - misses / ON_SLOPE, 0, None) * (1 - STEEP_IS_RARE * np.abs(_SLOPES))
    best = int(agreed.argmax())
    if agreed[best] <= CLEARLY_SLOPING * agreed[len(_SLOPES) // 2] + MORE_AGREED:
        return 0.0
    close = misses[:, best] < ON_SLOPE
    return float((weights * runs * falls)[close].sum() / (weights * runs**2)[close].sum())


def _in_points(symbol: FoundSymbol, zoom: float, slope: float) -> FoundSymbol:
    """The symbol in points with y upwards."""
    baseline = -(symbol.baseline - slope * symbol.box.cx) * zoom
    return replace(symbol, box=_level(symbol.box, zoom, slope), baseline=baseline)


def _level(box: Box, zoom: float, slope: float) -> Box:
    fallen = slope * box.cx
    return Box(box.x0 * zoom, -(box.y1 - fallen) * zoom, box.x1 * zoom, -(box.y0 - fallen) * zoom)


def _on_lines(symbols: Sequence[FoundSymbol]) -> list[FoundSymbol]:
    """Neighbours whose baselines hardly differ get the same, and the size most of them have."""
    lines: list[list[int]] = []
    for k in sorted(range(len(symbols)), key=lambda k: symbols[k].box.x0):
        symbol = symbols[k]
        small_asterisk = symbol.best.latex == levels.ASTERISK and symbol.size < levels.TEXT
        if symbol.best.kind not in _LEVELLED or small_asterisk:
            continue
        line = next((line for line in reversed(lines) if _continues(line, symbols, symbol)), None)
        if line is None:
            lines.append([k])
        else:
            line.append(k)
    levelled = list(symbols)
    for line in lines:
        size = _agreed_size([symbols[k] for k in line])
        baseline = float(np.median([symbols[k].baseline for k in line]))
        for k in line:
            levelled[k] = replace(symbols[k], baseline=baseline, size=size)
    return levelled


def _agreed_size(line: Sequence[FoundSymbol]) -> float:
    weights: dict[float, float] = {}
    for symbol in line:
        weight = symbol.probability * (1.0 if symbol.best.kind in _SIZE_TELLING else 0.4)
        weights[symbol.size] = weights.get(symbol.size, 0.0) + weight
    return max(weights, key=lambda size: weights[size])


def _continues(line: Sequence[int], symbols: Sequence[FoundSymbol], symbol: FoundSymbol) -> bool:
    last = symbols[line[-1]]
    size = min(last.size, symbol.size)
    next_to = NEXT if last.size == symbol.size else NEXT_OTHER_SIZE
    if symbol.box.x0 - last.box.x1 > next_to * size or size < NEXT_SIZE * max(last.size, symbol.size):
        return False
    height = float(np.median([symbols[k].baseline for k in line[-5:]]))
    slack = SAME_LINE if last.size == symbol.size else SAME_LINE_OTHER_SIZE
    return abs(height - symbol.baseline) < slack * size


def _in_words(symbols: Sequence[FoundSymbol]) -> list[FoundSymbol]:
    """Letters of one word are of one face, and a letter within an upright word is upright."""
    changed = list(symbols)
    for word in _words(symbols):
        faces: dict[str, float] = {}
        for k in word:
            for guess in symbols[k].guesses:
                if guess.symbol.kind is Kind.ROMAN:
                    faces[guess.symbol.face] = faces.get(guess.symbol.face, 0.0) + guess.probability
        face = max(faces, key=lambda face: faces[face])
        for k, symbol in zip(word, _named([symbols[k] for k in word]), strict=True):
            changed[k] = _faced(symbol, face)
    return changed


def _named(word: Sequence[FoundSymbol]) -> list[FoundSymbol]:
    """The letters, as those of the function's name that they may be."""
    chances = [_letters(symbol) for symbol in word]
    spelt = "".join(max(letters, key=lambda letter: letters[letter]) for letters in chances)
    found: list[tuple[float, str]] = []
    for name in NAMES if spelt not in NAMES else ():
        if len(name) == len(word) >= SHORTEST_NAME:
            odds = (
                letters.get(letter, 0.0) / max(letters.values())
                for letter, letters in zip(name, chances, strict=True)
            )
            found.append((math.prod(odds), name))
    likely, name = max(found, default=(0.0, ""))
    if likely < LIKELY_NAME:
        return list(word)
    return [_spelt(symbol, letter) for symbol, letter in zip(word, name, strict=True)]


def _letters(symbol: FoundSymbol) -> dict[str, float]:
    """How probably it is which letter, upright or not."""
    chances: dict[str, float] = {}
    for guess in symbol.guesses:
        chances[guess.symbol.latex] = chances.get(guess.symbol.latex, 0.0) + guess.probability
    return chances


def _spelt(symbol: FoundSymbol, letter: str) -> FoundSymbol:
    if symbol.best.latex == letter:
        return symbol
    first = next(guess for guess in symbol.guesses if guess.symbol.latex == letter)
    upright = replace(first, symbol=replace(first.symbol, kind=Kind.ROMAN, face=first.symbol.face or "rm"))
    return replace(symbol, guesses=(upright, *(g for g in symbol.guesses if g is not first)))


def _words(symbols: Sequence[FoundSymbol]) -> list[list[int]]:
    """Letters that touch, at least two, most of them upright; digits that may be letters count."""
    runs: list[list[int]] = []
    letters = [k for k, symbol in enumerate(symbols) if _may_be_letter(symbol)]
    for k in sorted(letters, key=lambda k: (-symbols[k].baseline, symbols[k].box.x0)):
        last = symbols[runs[-1][-1]] if runs else None
        here = symbols[k]
        level = last is not None and last.baseline == here.baseline and last.size == here.size
        if last is not None and level and here.box.x0 - last.box.x1 < IMAGE.letter_gap * here.size:
            runs[-1].append(k)
        else:
            runs.append([k])
    return [run for run in runs if len(run) > 1 and _upright(symbols, run) > len(run) / 2]


def _may_be_letter(symbol: FoundSymbol) -> bool:
    if symbol.best.kind is Kind.DIGIT:
        return any(g.symbol.kind is Kind.ROMAN and g.probability > LIKELY_LETTER for g in symbol.guesses)
    return symbol.best.kind in (Kind.ROMAN, Kind.LETTER)


def _upright(symbols: Sequence[FoundSymbol], run: Sequence[int]) -> int:
    return sum(symbols[k].best.kind is Kind.ROMAN for k in run)


def _faced(symbol: FoundSymbol, face: str) -> FoundSymbol:
    """The symbol with its letter in that face; what is surely no letter of it stays."""
    if symbol.best.kind is not Kind.ROMAN:
        fitting = [g for g in symbol.guesses if g.symbol.kind is Kind.ROMAN and g.probability > OTHERWISE]
    else:
        fitting = [symbol.guesses[0]]
    if not fitting:
        return symbol
    first = replace(fitting[0], symbol=replace(fitting[0].symbol, face=face))
    return replace(symbol, guesses=(first, *(g for g in symbol.guesses if g is not fitting[0])))


def _item(found: FoundSymbol, index: int) -> Item:
    symbol, box, size = found.best, found.box, found.size
    start, end = box.x0 - BEARING * size, box.x1 + BEARING * size
    if symbol.kind in _FENCES and box.height > (TALL if size == levels.TEXT else TALL_SCRIPT) * size:
        return delimiter(symbol, box, size, (start, end), index, IMAGE)
    hanging = symbol.kind in (Kind.OP, Kind.INT)
    y: float | None = box.cy - IMAGE.axis * size if hanging else found.baseline
    if symbol.kind is Kind.RAD:
        y = None
    role = str(symbol.kind)
    return Item(
        _node(found), role, box, size, y, end, index, face=symbol.face, name=symbol.latex, start=start
    )


def _node(found: FoundSymbol) -> Node:
    symbol = found.best
    wide = found.box.width > max(TWO_PRIMES * found.box.height, TWO_PRIMES_POINTS)
    if symbol.kind is Kind.PRIME and wide:
        return Atom("''", Kind.PRIME)
    if symbol.kind is Kind.ROMAN:
        return Word(symbol.latex, symbol.face)
    return Atom(symbol.latex, symbol.kind)
