"""Several looks at one picture, at slightly different sizes, as one: misreadings rarely repeat themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Symbol
from mathpixweb.engine.ocr.looking import same_place, text_size
from mathpixweb.engine.ocr.sightings import FoundRule, FoundSymbol, Guess, Sighting

# Tuned on held-out renderings.
SAME: Final = 0.3  # intersection over union of the boxes of one symbol in two looks
LONE: Final = 0.4  # certainty of what only the first look saw, to be believed …
LATE: Final = 0.5  # … and of what only the second one did
LATE_RULE: Final = 0.75


def fuse(first: Sighting, second: Sighting) -> Sighting:
    """The mean of two looks."""
    symbols: list[FoundSymbol] = []
    left = list(second.symbols)
    for symbol in first.symbols:
        match = max(left, key=lambda other: _alike(symbol.box, other.box), default=None)
        if match is not None and _alike(symbol.box, match.box) > SAME:
            left.remove(match)
            symbols.append(_mean(symbol, match))
        elif symbol.certainty > LONE:
            symbols.append(symbol)
    for other in left:
        if other.certainty > LATE and not any(same_place(other, symbol) for symbol in symbols):
            symbols.append(other)
    symbols.sort(key=lambda symbol: symbol.box.x0)
    return Sighting(tuple(symbols), _rules(first, second), text_size(symbols))


def _alike(one: Box, other: Box) -> float:
    """Intersection over union."""
    across, along = one.x_overlap(other), one.y_overlap(other)
    if across <= 0 or along <= 0:
        return 0.0
    shared = across * along
    return shared / (one.width * one.height + other.width * other.height - shared)


def _mean(one: FoundSymbol, other: FoundSymbol) -> FoundSymbol:
    chances: dict[Symbol, float] = {}
    for guess in (*one.guesses, *other.guesses):
        chances[guess.symbol] = chances.get(guess.symbol, 0.0) + guess.probability / 2
    best = sorted(chances, key=lambda symbol: -chances[symbol])[: len(one.guesses)]
    edges = zip(_edges(one.box), _edges(other.box), strict=True)
    return replace(
        one,
        guesses=tuple(Guess(symbol, chances[symbol]) for symbol in best),
        certainty=(one.certainty + other.certainty) / 2,
        box=Box(*((a + b) / 2 for a, b in edges)),
        baseline=(one.baseline + other.baseline) / 2,
        size=float((one.size * other.size) ** 0.5),
    )


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1


def _rules(first: Sighting, second: Sighting) -> tuple[FoundRule, ...]:
    late = [rule for rule in second.rules if rule.certainty > LATE_RULE]
    new = [rule for rule in late if not any(_is_same(rule, other) for other in first.rules)]
    return (*first.rules, *new)


def _is_same(one: FoundRule, other: FoundRule) -> bool:
    near = 2 + max(one.box.height, other.box.height)
    if one.vertical:
        near = 2 + max(one.box.width, other.box.width)
        return other.vertical and one.box.y_overlap(other.box) > 0 and abs(one.box.cx - other.box.cx) < near
    return not other.vertical and one.box.x_overlap(other.box) > 0 and abs(one.box.cy - other.box.cy) < near
