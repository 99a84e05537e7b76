"""Text from right to left among text from left to right: what is turned around, and what keeps its order.

On a page one sees Hebrew and Arabic letters in the order of their places. To be read they are turned around,
glyph by glyph, while numbers, formulas and words of other alphabets stay as they are and only move: "12.5",
"David Cohen". Signs in between go with what is around them, as in Unicode's algorithm that put them there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise
from typing import Final

from mathpixweb.engine.disjoint_sets import DisjointSets
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.layout.tables.pieces import PHRASE_GAP, lines_of, phrases_of
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph, Rule, ink_of
from mathpixweb.engine.readers.families import MATH_FAMILIES

FIRST, LAST = "\u0590", "\u08ff"  # between them are all alphabets that go from right to left
WORD_GAP: Final = 0.15  # em
CLOSING_GAP: Final = 0.35  # em before the bracket that closes what was opened in a formula
NEAR: Final = 0.2  # em of white between the parts of a formula that stand over each other
OVER: Final = 0.5  # em of white between limits of a display and what they stand over
BESIDE: Final = 0.7  # em of white between parts of a display next to each other
BAR_GAP: Final = 0.6  # em between a bar and what is over or under it
WIDER: Final = 0.6  # em by which a bar may be wider than what is over or under it
_SEPARATORS: Final = frozenset(".,:/-−٫٬'’")  # between figures of one number
_BEFORE, _AFTER = frozenset("+-−±$€£#"), frozenset("%‰°")  # of a number
_PAIRS: Final = ("()", "[]", "{}", "<>", "«»", "‹›", "⟨⟩")
_OPENING: Final = {pair[0]: pair[1] for pair in _PAIRS}
_CLOSING: Final = {pair[1]: pair[0] for pair in _PAIRS}
_SWAPPED: Final = _OPENING | _CLOSING


class Kind(Enum):
    RIGHT_TO_LEFT = auto()
    LEFT_TO_RIGHT = auto()
    DIGIT = auto()
    NEUTRAL = auto()


@dataclass(frozen=True, slots=True)
class Unit:
    """Glyphs that keep their order, or with `turned` a single one that is turned around; and their rules."""

    glyphs: tuple[Glyph, ...]
    turned: bool
    rules: tuple[Rule, ...] = ()

    @property
    def left(self) -> float:
        return min(map(_left, self.glyphs))

    @property
    def right(self) -> float:
        return max(_left(glyph) + glyph.advance for glyph in self.glyphs)

    @property
    def box(self) -> Box:
        return ink_of(self.glyphs)

    @property
    def index(self) -> int:
        return min(glyph.index for glyph in self.glyphs)


def _left(glyph: Glyph) -> float:
    """Where the glyph begins; one that does not move the pen is within the letter that it belongs to."""
    return glyph.x if glyph.advance else glyph.ink.cx


def share_of_right_to_left(glyphs: Sequence[Glyph]) -> float:
    """The share of the letters of text that belong to alphabets which go from right to left."""
    if not any(FIRST <= char[:1] <= LAST for char in {glyph.char for glyph in glyphs}):
        return 0.0
    kinds = [_kind(glyph) for glyph in glyphs if glyph.family not in MATH_FAMILIES]
    found, others = kinds.count(Kind.RIGHT_TO_LEFT), kinds.count(Kind.LEFT_TO_RIGHT)
    return found / ((found + others) or 1)


def _kind(glyph: Glyph) -> Kind:
    if glyph.family in MATH_FAMILIES or symbols.is_math(glyph):
        return Kind.LEFT_TO_RIGHT
    return _kind_of(glyph.char[:1])


@lru_cache(maxsize=4096)
def _kind_of(char: str) -> Kind:
    if not char:
        return Kind.LEFT_TO_RIGHT
    bidirectional = unicodedata.bidirectional(char)
    if bidirectional in ("R", "AL") or (bidirectional == "NSM" and FIRST <= char <= LAST):
        return Kind.RIGHT_TO_LEFT
    if bidirectional in ("EN", "AN"):
        return Kind.DIGIT
    return Kind.LEFT_TO_RIGHT if bidirectional == "L" else Kind.NEUTRAL


def turned_page(
    glyphs: Sequence[Glyph], rules: Sequence[Rule], width: float
) -> tuple[tuple[Glyph, ...], tuple[Rule, ...]]:
    """The glyphs in the mirror, in the order in which they are read, and the rules.

    `width` is that of the page, in the middle of which the mirror stands.
    """
    lines = _lines_of_units(glyphs, rules)
    swaps = _shows_shapes(lines)
    shifts: dict[int, float] = {}
    turned: list[Glyph] = []
    for line in lines:
        for unit in sorted(line, key=lambda unit: -unit.right):
            turned += _moved(unit, width, swaps)
            shifts |= {id(rule): width - unit.left - unit.right for rule in unit.rules}
    return (
        tuple(replace(glyph, index=index) for index, glyph in enumerate(turned)),
        tuple(_moved_rule(rule, shifts.get(id(rule)), width) for rule in rules),
    )


def _moved_rule(rule: Rule, shift: float | None, width: float) -> Rule:
    """The rule with its formula, or in the mirror. When it is drawn does not matter any more."""
    box = rule.box
    if shift is not None:
        return replace(rule, index=-1, box=box.moved(shift, 0.0))
    return replace(rule, index=-1, box=box.mirrored(width))


def _moved(unit: Unit, around: float, swaps: bool) -> Iterator[Glyph]:
    """The glyphs of a unit on the other side of the line at half of `around`."""
    if not unit.turned:
        shift = around - unit.left - unit.right
        for glyph in unit.glyphs:
            yield replace(glyph, x=glyph.x + shift, ink=glyph.ink.moved(shift, 0.0))
        return
    for glyph in unit.glyphs:
        ink = glyph.ink.mirrored(around)
        char = _SWAPPED.get(glyph.char, glyph.char) if swaps else glyph.char
        x = around - glyph.x - glyph.advance if glyph.advance else ink.cx  # after the letter it belongs to
        yield replace(glyph, x=x, ink=ink, char=char)


def with_runs_turned(glyphs: Sequence[Glyph]) -> tuple[Glyph, ...]:
    """The glyphs of a page that goes from left to right, with the words on it that do not turned around."""
    found: dict[int, Glyph] = {}  # by the glyph's index
    lines = [_units(phrase) for phrase in _phrases(glyphs)]
    swaps = _shows_shapes(lines)
    for line in lines:
        for run in _right_to_left(line):
            around = run[0].left + run[-1].right
            places = sorted(glyph.index for unit in run for glyph in unit.glyphs)
            turned = [glyph for unit in reversed(run) for glyph in _moved(unit, around, swaps)]
            found |= {place: replace(g, index=place) for place, g in zip(places, turned, strict=True)}
    return tuple(found.get(glyph.index, glyph) for glyph in glyphs)


def _right_to_left(line: Sequence[Unit]) -> Iterator[list[Unit]]:
    """The units, from left to right, between words of an alphabet that goes the other way."""
    run: list[Unit] = []
    for unit in line:
        if _is_other(unit):
            yield from _ended(run)
            run = []
        else:
            run.append(unit)
    yield from _ended(run)


def _is_other(unit: Unit) -> bool:
    return not unit.turned and any(_kind(glyph) is Kind.LEFT_TO_RIGHT for glyph in unit.glyphs)


def _ended(run: Sequence[Unit]) -> Iterator[list[Unit]]:
    strong = [k for k, unit in enumerate(run) if _kind(unit.glyphs[0]) is Kind.RIGHT_TO_LEFT]
    if strong:
        yield list(run[strong[0] : strong[-1] + 1])


def _phrases(glyphs: Sequence[Glyph]) -> list[Row]:
    phrases = (phrase for line in lines_of(glyphs) for phrase in phrases_of(line, PHRASE_GAP))
    return sorted(phrases, key=lambda phrase: min(glyph.index for glyph in phrase.glyphs))


def _lines_of_units(glyphs: Sequence[Glyph], rules: Sequence[Rule]) -> list[list[Unit]]:
    """The units of each line, in the order in which lines are drawn; a formula is one, however high it is."""
    lines = [_whole(phrase) or _units(phrase) for phrase in _phrases(glyphs)]
    fixed = [(unit, number) for number, line in enumerate(lines) for unit in line if not unit.turned]
    whole: list[list[Unit]] = [[unit for unit in line if unit.turned] for line in lines]
    alone = [len(lines[number]) == 1 for _, number in fixed]
    for group, bars in _formulas([unit for unit, _ in fixed], alone, rules):
        main = max(group, key=lambda k: (max(g.size for g in fixed[k][0].glyphs), len(fixed[k][0].glyphs)))
        parts = sorted((glyph for k in group for glyph in fixed[k][0].glyphs), key=lambda glyph: glyph.index)
        whole[fixed[main][1]].append(Unit(tuple(parts), False, tuple(bars)))
    return whole


def _whole(phrase: Row) -> list[Unit]:
    """A piece of line that itself goes from left to right as one unit; nothing if it does not."""
    glyphs = sorted(phrase.glyphs, key=_left)
    strong = [kind for kind in map(_kind, glyphs) if kind is not Kind.NEUTRAL]
    if not strong or Kind.RIGHT_TO_LEFT in (strong[0], strong[-1]):
        return []
    if Kind.RIGHT_TO_LEFT in strong:
        if not strong[0] is strong[-1] is Kind.LEFT_TO_RIGHT:
            return []
        glyphs = list(with_runs_turned(sorted(glyphs, key=lambda glyph: glyph.index)))
    return [Unit(tuple(glyphs), turned=False)]


def _formulas(
    units: Sequence[Unit], alone: Sequence[bool], rules: Sequence[Rule]
) -> Iterator[tuple[list[int], list[Rule]]]:
    """Which of the units are parts of one formula, and its bars; `alone` is what no words stand beside."""
    sets = DisjointSets(range(len(units)))
    boxes = [unit.box for unit in units]
    sizes = [max(glyph.size for glyph in unit.glyphs) for unit in units]
    ordered = sorted(range(len(units)), key=lambda k: -boxes[k].y1)
    for position, one in enumerate(ordered):
        for other in ordered[position + 1 :]:
            over, beside = boxes[one].y0 - boxes[other].y1, -boxes[one].x_overlap(boxes[other])
            if over > OVER * sizes[one]:
                break
            display = alone[one] and alone[other]
            near = (OVER if display else NEAR) * min(sizes[one], sizes[other])
            if over < near and beside < (BESIDE * sizes[one] if display else 0.0):
                sets.join(one, other)
    bars: dict[int, list[Rule]] = {}
    for rule in rules:
        around = [k for k in ordered if _is_at(boxes[k], rule, sizes[k])]
        if around and rule.box.width < max(boxes[k].width + WIDER * sizes[k] for k in around):
            for one, other in pairwise(around):
                sets.join(one, other)
            bars.setdefault(around[0], []).append(rule)
    for group in sets.groups():
        yield group, [rule for k in group for rule in bars.get(k, ())]


def _is_at(box: Box, rule: Rule, size: float) -> bool:
    within = rule.box.x0 - 2 <= box.cx <= rule.box.x1 + 2
    return within and not rule.vertical and box.y_overlap(rule.box) > -BAR_GAP * size


def _units(phrase: Row) -> list[Unit]:
    """The units of a piece of line, from left to right."""
    glyphs = sorted(phrase.glyphs, key=_left)
    kinds = [_kind(glyph) for glyph in glyphs]
    units: list[Unit] = []
    start = 0
    while start < len(glyphs):
        if kinds[start] in (Kind.LEFT_TO_RIGHT, Kind.DIGIT):
            end = _end_of_run(glyphs, kinds, start)
            if units and units[-1].turned and _is_sign(units[-1].glyphs[0], glyphs, start, len(units) > 1):
                start -= 1
                units.pop()
            units.append(Unit(tuple(glyphs[start:end]), turned=False))
            start = end
        else:
            units.append(Unit((glyphs[start],), turned=True))
            start += 1
    return units


def _end_of_run(glyphs: Sequence[Glyph], kinds: Sequence[Kind], start: int) -> int:
    """Where what begins at `start` and goes from left to right ends."""
    end = start + 1
    lettered = kinds[start] is Kind.LEFT_TO_RIGHT
    while end < len(glyphs):
        following = end
        while following < len(glyphs) and kinds[following] is Kind.NEUTRAL:
            following += 1
        if following == len(glyphs) or kinds[following] is Kind.RIGHT_TO_LEFT:
            break
        lettered = lettered or kinds[following] is Kind.LEFT_TO_RIGHT
        if not lettered and not _is_one_number(glyphs[end - 1 : following + 1]):
            break
        end = following + 1
    return _with_closing(glyphs, start, end)


def _is_one_number(glyphs: Sequence[Glyph]) -> bool:
    """Whether nothing but a separator, and no white, is between the first and the last figure."""
    between = glyphs[1:-1]
    tight = all(right.x - left.x - left.advance < WORD_GAP * left.size for left, right in pairwise(glyphs))
    return tight and len(between) < 2 and all(glyph.char in _SEPARATORS for glyph in between)


def _with_closing(glyphs: Sequence[Glyph], start: int, end: int) -> int:
    """The end after the brackets that close what was opened, and after a sign of per cent."""
    opened = [glyph.char for glyph in glyphs[start:end] if glyph.char in _SWAPPED]
    depth = sum(1 if char in _OPENING else -1 for char in opened)
    while end < len(glyphs):
        char, gap = glyphs[end].char, glyphs[end].x - glyphs[end - 1].x - glyphs[end - 1].advance
        closes = depth > 0 and char in _CLOSING and gap < CLOSING_GAP * glyphs[end].size
        if not closes and not (char in _AFTER and gap < WORD_GAP * glyphs[end].size):
            break
        depth -= char in _CLOSING
        end += 1
    return end


def _is_sign(sign: Glyph, glyphs: Sequence[Glyph], start: int, inside: bool) -> bool:
    """Whether the glyph before a number is its sign: right before it, and after white."""
    if sign.char not in _BEFORE or glyphs[start].x - sign.x - sign.advance > WORD_GAP * sign.size:
        return False
    if not inside or start < 2:
        return True
    before = glyphs[start - 2]
    return sign.x - before.x - before.advance > WORD_GAP * sign.size


def _shows_shapes(lines: Iterable[Sequence[Unit]]) -> bool:
    """Whether brackets between turned letters are called by their shapes, and not by what they mean."""
    shapes = meanings = 0
    for line in lines:
        ordered = sorted(line, key=lambda unit: unit.left)
        chars = [unit.glyphs[0].char for unit in ordered if unit.turned and unit.glyphs[0].char in _SWAPPED]
        for left, right in pairwise(chars):
            shapes += _OPENING.get(left) == right
            meanings += _CLOSING.get(left) == right
    return shapes >= meanings
