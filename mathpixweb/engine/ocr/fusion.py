"""Several looks at one picture, at slightly different sizes, as one: misreadings rarely repeat themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Symbol
from mathpixweb.engine.ocr.looking import same_place, text_size
from mathpixweb.engine.ocr.sightings import FoundRule, FoundSymbol, Guess, Sighting

# Tuned on held-out renderings.
SAME: Final = 0.3  # intersection over union of the boxes of one symbol in two looks
THICK: Final = 0.25  # em
BELIEVED: Final = 0.5  # mean certainty of all looks, in some of which it may be missing
LATE_RULE: Final = 0.75  # certainty of a rule that the first look did not see


def fuse(looks: Sequence[Sighting]) -> Sighting:
    """The mean of all looks, of which there must be one."""
    if len(looks) == 1:
        return looks[0]
    found = [_mean(same, len(looks)) for same in _matched(looks)]
    kept: list[FoundSymbol] = []
    for symbol in sorted(found, key=lambda symbol: -symbol.certainty):
        if symbol.certainty > BELIEVED and not any(same_place(symbol, other) for other in kept):
            kept.append(symbol)
    kept.sort(key=lambda symbol: symbol.box.x0)
    return Sighting(tuple(kept), _rules(looks), text_size(kept))


def _matched(looks: Sequence[Sighting]) -> list[list[FoundSymbol]]:
    """What is the same in different looks, together."""
    groups = [[symbol] for symbol in looks[0].symbols]
    for look in (look for look in looks[1:] if look.symbols):
        left = np.ones(len(look.symbols), bool)
        for group, shares in zip(groups, _alike([group[0] for group in groups], look.symbols), strict=True):
            best = int((shares * left).argmax())
            if left[best] and shares[best] > SAME:
                left[best] = False
                group.append(look.symbols[best])
        groups += [[look.symbols[k]] for k in np.flatnonzero(left)]
    return groups


def _alike(ones: Sequence[FoundSymbol], others: Sequence[FoundSymbol]) -> NDArray[np.float64]:
    """Intersection over union of each of the ones with each of the others."""
    one, other = _edges(ones)[:, :, None], _edges(others)[:, None]
    across = np.minimum(one[2], other[2]) - np.maximum(one[0], other[0])
    along = np.minimum(one[3], other[3]) - np.maximum(one[1], other[1])
    shared = across.clip(0) * along.clip(0)
    both = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return np.asarray(shared / (both - shared))


def _edges(symbols: Sequence[FoundSymbol]) -> NDArray[np.float64]:
    """Left, top, right and bottom of each symbol; those of a minus or a bar so thick that a hair's breadth
    does not part what two looks saw.
    """
    edges = np.array([symbol.box.edges for symbol in symbols], np.float64).reshape(-1, 4).T
    least = THICK * np.array([symbol.size for symbol in symbols])
    thin = np.maximum(0.0, least - (edges[2:] - edges[:2])) / 2
    return np.concatenate([edges[:2] - thin, edges[2:] + thin])


def _mean(same: Sequence[FoundSymbol], looks: int) -> FoundSymbol:
    chances: dict[Symbol, float] = {}
    for symbol in same:
        for guess in symbol.guesses:
            chances[guess.symbol] = chances.get(guess.symbol, 0.0) + guess.probability / len(same)
    best = sorted(chances, key=lambda symbol: -chances[symbol])[: len(same[0].guesses)]
    edges = zip(*(symbol.box.edges for symbol in same), strict=True)
    size = 1.0
    for symbol in same:
        size *= symbol.size ** (1 / len(same))
    return FoundSymbol(
        tuple(Guess(symbol, chances[symbol]) for symbol in best),
        sum(symbol.certainty for symbol in same) / looks,
        Box(*(sum(values) / len(same) for values in edges)),
        sum(symbol.baseline for symbol in same) / len(same),
        size,
    )


def _rules(looks: Sequence[Sighting]) -> tuple[FoundRule, ...]:
    rules = list(looks[0].rules)
    for look in looks[1:]:
        late = [rule for rule in look.rules if rule.certainty > LATE_RULE]
        rules += [rule for rule in late if not any(_is_same(rule, other) for other in rules)]
    return tuple(rules)


def _is_same(one: FoundRule, other: FoundRule) -> bool:
    near = 2 + max(one.box.height, other.box.height)
    if one.vertical:
        near = 2 + max(one.box.width, other.box.width)
        return other.vertical and one.box.y_overlap(other.box) > 0 and abs(one.box.cx - other.box.cx) < near
    return not other.vertical and one.box.x_overlap(other.box) > 0 and abs(one.box.cy - other.box.cy) < near
