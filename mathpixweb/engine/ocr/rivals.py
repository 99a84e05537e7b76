"""Where the network saw one piece of ink as two things, the one that makes sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.ocr import pairs
from mathpixweb.engine.ocr.symbols import FoundRule, FoundSymbol, Sighting

SAME_STEM: Final = 0.2  # em between the middles of two delimiters that are one …
SAME_REACH: Final = 0.6  # … if they share so much of the shorter one's height
SPURIOUS: Final = 0.4  # certainty that an ellipsis needs to be believed against its own dots
CROSSED: Final = 0.25  # of a symbol's height from either end is where a bar beside it may seem to run into it
HOOK: Final = 0.4  # em between a radical sign and its bar
TOUCHING: Final = 0.02  # em between rules that cannot be two
BESIDE_BAR: Final = 0.08  # em of white that TeX leaves between a fraction bar and what stands beside it
TOP: Final = 0.1  # of a symbol's height from its upper edge runs a rule that cannot be over it
OVER_OR_UNDER: Final = 0.9  # em from a rule to what it is a bar of
SHORT: Final = 1.1  # em; a longer rule with nothing over and under it is no minus
END_OF_BAR: Final = 0.6  # em from a bar's end to the middle of a bracket that it may seem to run over …
NEAR_BRACKET: Final = 0.4  # … and from the bar to the bracket
_LEAST_PART: Final = 0.3  # em; what is left of a shorter rule is none
_INKED: Final = (Kind.LETTER, Kind.ROMAN, Kind.DIGIT)
_BARRED: Final = (Kind.BIN, Kind.REL)  # may be made of horizontal strokes
_DOTS: Final = (".", r"\cdot")
_ELLIPSES: Final = (r"\ldots", r"\cdots", r"\vdots", r"\ddots")
_DELIMITERS: Final = (Kind.OPEN, Kind.CLOSE, Kind.VERT)


def settle(seen: Sighting) -> tuple[list[FoundSymbol], list[FoundRule]]:
    """Symbols and rules that do not contradict each other."""
    symbols = _without_own_dots(_without_second_ellipses(list(seen.symbols)))
    symbols = _without_second_delimiters(symbols)
    rules = _without_second_rules(seen.rules, seen.size)
    rules = [rule for rule in rules if not any(_is_stroke_of(rule.box, symbol) for symbol in symbols)]
    rules = [_beside_symbols(_after_minus(rule, symbols, seen.size), symbols) for rule in rules]
    rules = [rule for rule in rules if not _is_minus(rule, symbols, seen.size)]
    symbols, rules = _rules_or_strokes(symbols, _with_radical_bars(symbols, rules))
    return symbols, [_with_whole_pairs(rule, symbols) for rule in rules]


def _without_second_ellipses(symbols: list[FoundSymbol]) -> list[FoundSymbol]:
    """Of two ellipses that share dots, the surer."""
    kept: list[FoundSymbol] = []
    for symbol in sorted(symbols, key=lambda symbol: -symbol.probability):
        ellipsis = symbol.best.latex in _ELLIPSES
        if not ellipsis or not any(
            other.best == symbol.best and _share(other.box, symbol.box) for other in kept
        ):
            kept.append(symbol)
    return sorted(kept, key=lambda symbol: symbol.box.x0)


def _share(one: Box, other: Box) -> bool:
    return one.x_overlap(other) > 0 and one.y_overlap(other) > 0


def _without_second_rules(rules: Sequence[FoundRule], size: float) -> list[FoundRule]:
    """Of rules along each other that touch, the thinnest: two bars may have been seen as a thick third."""
    kept: list[FoundRule] = []
    for rule in sorted(rules, key=lambda rule: min(rule.box.width, rule.box.height)):
        box = rule.box.grown(0, TOUCHING * size)
        if rule.vertical or not any(_runs_along(box, other) for other in kept):
            kept.append(rule)
    return [rule for rule in rules if rule in kept]


def _runs_along(box: Box, other: FoundRule) -> bool:
    shared = box.x_overlap(other.box) > 0.8 * max(box.width, other.box.width)
    return not other.vertical and shared and box.y_overlap(other.box) > 0


def _is_stroke_of(rule: Box, symbol: FoundSymbol) -> bool:
    """Whether it is the middle bar of an e, or a stroke of ± or Σ, and not one through or over the symbol."""
    box = symbol.box
    inside = rule.x0 > box.x0 - 0.1 * box.width and rule.x1 < box.x1 + 0.1 * box.width
    if symbol.best.kind is Kind.OP:
        return inside and box.y0 < rule.cy < box.y1
    if symbol.best.kind in _BARRED and not _is_flat(symbol):
        return inside and box.y0 < rule.cy < box.y1
    middle = box.y0 + CROSSED * box.height < rule.cy < box.y1 - CROSSED * box.height
    return inside and middle and symbol.best.kind in _INKED


def _without_own_dots(symbols: list[FoundSymbol]) -> list[FoundSymbol]:
    """The dots of i, j and of an ellipsis are not seen again as symbols."""
    ellipses = [s for s in symbols if s.best.latex in _ELLIPSES and s.certainty > SPURIOUS]
    dotted = [s for s in symbols if s.best.latex in ("i", "j")]
    return [
        s
        for s in symbols
        if not (s.best.latex in _DOTS and any(_holds(e.box, s.box) for e in ellipses))
        and not (s.best.latex in (r"\dot", *_DOTS) and any(_is_dot_of(s, i) for i in dotted))
    ]


def _holds(ellipsis: Box, dot: Box) -> bool:
    """Whether the dot is one of the three, whose box is rarely seen wide enough."""
    pitch = 0.5 * max(ellipsis.width, ellipsis.height)
    wide = ellipsis.width > ellipsis.height
    reach = ellipsis.grown(0.6 * pitch, dot.height) if wide else ellipsis.grown(dot.width, 0.6 * pitch)
    return reach.contains_point(dot.cx, dot.cy)


def _is_dot_of(dot: FoundSymbol, letter: FoundSymbol) -> bool:
    upper = letter.box.y0 + 0.3 * letter.box.height
    return letter.box.grown(1).contains_point(dot.box.cx, dot.box.cy) and dot.box.cy < upper


def _without_second_delimiters(symbols: list[FoundSymbol]) -> list[FoundSymbol]:
    """Of two delimiters in one place, the surer: their boxes are too thin to overlap reliably."""
    kept: list[FoundSymbol] = []
    for symbol in sorted(symbols, key=lambda symbol: -symbol.probability):
        rivals = (other for other in kept if other.best.kind in _DELIMITERS)
        if symbol.best.kind not in _DELIMITERS or not any(_is_one(symbol, other) for other in rivals):
            kept.append(symbol)
    return sorted(kept, key=lambda symbol: symbol.box.x0)


def _is_one(one: FoundSymbol, other: FoundSymbol) -> bool:
    shared = one.box.y_overlap(other.box) > SAME_REACH * min(one.box.height, other.box.height)
    return shared and abs(one.box.cx - other.box.cx) < SAME_STEM * min(one.size, other.size)


def _after_minus(rule: FoundRule, symbols: Sequence[FoundSymbol], size: float) -> FoundRule:
    """The bar without the sign before it on the same line: nothing stands over or under a sign."""
    if rule.vertical:
        return rule
    box = rule.box
    for sign in symbols:
        if not (_is_flat(sign) and sign.best.kind is Kind.BIN and _same_ink(sign.box, box)):
            continue
        whole = Box(sign.box.x1, box.y0, box.x1, box.y1)
        if sign.box.x0 - box.x0 > 0.1 * size or whole.width < _LEAST_PART * size:
            continue
        if not _near(sign.box, symbols, size) and _near(whole, symbols, size):
            first = min(symbol.box.x0 for symbol in _near(whole, symbols, size))
            box = replace(whole, x0=max(whole.x0, min(first, whole.x1) - BESIDE_BAR * size))
    return replace(rule, box=box)


def _near(bar: Box, symbols: Sequence[FoundSymbol], size: float) -> list[FoundSymbol]:
    """What stands over or under, near enough to belong to the bar."""
    around = bar.grown(0, OVER_OR_UNDER * size)
    return [
        symbol
        for symbol in symbols
        if bar.x0 < symbol.box.cx < bar.x1
        and symbol.box.y_overlap(around) > 0
        and not symbol.box.y0 < bar.cy < symbol.box.y1
    ]


def _is_minus(rule: FoundRule, symbols: Sequence[FoundSymbol], size: float) -> bool:
    """Whether it was also seen as a sign, and has nothing over and under it."""
    if rule.vertical or rule.box.width > SHORT * size or _near(rule.box, symbols, size):
        return False
    return any(
        _is_flat(sign) and sign.best.kind is Kind.BIN and _same_ink(sign.box, rule.box) for sign in symbols
    )


def _beside_symbols(rule: FoundRule, symbols: Sequence[FoundSymbol]) -> FoundRule:
    """A bar ends before the symbol beside it, whose ink may have been taken for more of the bar."""
    if rule.vertical:
        return rule
    x0, x1 = rule.box.x0, rule.box.x1
    for symbol in symbols:
        box = symbol.box
        high = box.height > box.width and not _is_flat(symbol)
        if not (high and box.y0 + TOP * box.height < rule.box.cy < box.y1 - CROSSED * box.height):
            continue
        white = BESIDE_BAR * symbol.size if symbol.best.kind in _DELIMITERS else 0.0
        if rule.box.x0 - box.width < box.cx < rule.box.x1 + box.width:
            if box.cx > rule.box.cx:
                x1 = min(x1, box.x0 - white)
            else:
                x0 = max(x0, box.x1 + white)
    return replace(rule, box=Box(x0, rule.box.y0, x1, rule.box.y1)) if x0 < x1 else rule


def _with_radical_bars(symbols: Sequence[FoundSymbol], rules: Sequence[FoundRule]) -> list[FoundRule]:
    """A short bar of a radical is easily seen as a minus or a macron; the sign tells what it is."""
    bars = list(rules)
    for sign in symbols:
        if sign.best.kind is not Kind.RAD or any(_continues(sign, rule.box) for rule in rules):
            continue
        strokes = [s for s in symbols if _is_flat(s) and _continues(sign, s.box)]
        bars += [FoundRule(stroke.box, 1.0) for stroke in strokes[:1]]
    return bars


def _continues(sign: FoundSymbol, bar: Box) -> bool:
    near = HOOK * sign.size
    return abs(bar.x0 - sign.box.x1) < near and abs(bar.y0 - sign.box.y0) < 0.6 * near


def _with_whole_pairs(rule: FoundRule, symbols: Sequence[FoundSymbol]) -> FoundRule:
    """A bar over or under one bracket of a pair, next to its end, ends before that bracket."""
    if rule.vertical:
        return rule
    x0, x1 = rule.box.x0, rule.box.x1
    for left, right in pairs.standing(symbols):
        if not _reaches(rule.box, left) and not _reaches(rule.box, right):
            continue
        white = BESIDE_BAR * left.size
        if left.box.cx < x0 and x1 - END_OF_BAR * right.size < right.box.cx < x1:
            x1 = min(x1, right.box.x0 - white)
        elif right.box.cx > x1 and x0 < left.box.cx < x0 + END_OF_BAR * left.size:
            x0 = max(x0, left.box.x1 + white)
        elif x0 < left.box.cx and x1 - END_OF_BAR * left.size < left.box.cx < x1 < right.box.cx:
            x1 = min(x1, left.box.x0 - white)
    return replace(rule, box=Box(x0, rule.box.y0, x1, rule.box.y1)) if x0 < x1 else rule


def _reaches(bar: Box, bracket: FoundSymbol) -> bool:
    """Whether the bracket is as near above or below as what a bar belongs to."""
    return bracket.box.y_overlap(bar.grown(0, NEAR_BRACKET * bracket.size)) > 0


def _rules_or_strokes(
    symbols: list[FoundSymbol], rules: Sequence[FoundRule]
) -> tuple[list[FoundSymbol], list[FoundRule]]:
    """Of a rule and a minus, bar or macron in the same ink, the surer."""
    kept: list[FoundRule] = []
    for rule in rules:
        rivals = [symbol for symbol in symbols if _is_flat(symbol) and _same_ink(symbol.box, rule.box)]
        if any(rival.probability >= rule.certainty and _as_wide(rival.box, rule.box) for rival in rivals):
            continue
        symbols = [symbol for symbol in symbols if not any(symbol is rival for rival in rivals)]
        kept.append(rule)
    return symbols, kept


def _is_flat(symbol: FoundSymbol) -> bool:
    return symbol.box.width > 1.8 * symbol.box.height and symbol.box.height < 0.3 * symbol.size


def _same_ink(symbol: Box, rule: Box) -> bool:
    return symbol.x_overlap(rule) > 0.6 * symbol.width and abs(symbol.cy - rule.cy) < 0.5 * symbol.height + 2


def _as_wide(symbol: Box, rule: Box) -> bool:
    return symbol.width > 0.7 * rule.width
