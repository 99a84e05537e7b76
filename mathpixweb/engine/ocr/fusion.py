"""Several looks at one picture, at slightly different sizes, as one: misreadings rarely repeat themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

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
    for look in looks[1:]:
        left = list(look.symbols)
        for group in groups:
            place = _thickened(group[0])
            match = max(left, key=lambda other: _alike(place, _thickened(other)), default=None)
            if match is not None and _alike(place, _thickened(match)) > SAME:
                left.remove(match)
                group.append(match)
        groups += [[other] for other in left]
    return groups


def _thickened(symbol: FoundSymbol) -> Box:
    """The box; that of a minus or a bar so thick that a hair's breadth does not part what two looks saw."""
    least = THICK * symbol.size
    box = symbol.box
    return box.grown(max(0.0, (least - box.width) / 2), max(0.0, (least - box.height) / 2))


def _alike(one: Box, other: Box) -> float:
    """Intersection over union."""
    across, along = one.x_overlap(other), one.y_overlap(other)
    if across <= 0 or along <= 0:
        return 0.0
    shared = across * along
    return shared / (one.width * one.height + other.width * other.height - shared)


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
