"""Frames around formulas, and lines with which parts of formulas are crossed out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mathpixweb.engine.geometry import Box, both, union
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Enclosure, Glyph, Rule, Stroke, ink_of

BOXED = r"\boxed"
STRUCK = {1: r"\cancel", -1: r"\bcancel"}
CROSSED_OUT = r"\xcancel"
SAME_EDGE = 1.0  # points by which the corners of a frame may differ
SMALLEST_FRAME = 6.0  # points on either side
HIGHEST_FRAME = 150.0  # points; in higher ones there is more than a formula
MOST_GLYPHS = 300  # in a frame
OVERHANG = 4.5  # points by which a line that crosses something out is longer or shorter than it
OVERHANG_OF_ARROW = 11.0
LONGEST_STRIKE = 200.0  # points


def strike(draft: Draft) -> Draft:
    """Finds what is crossed out; such lines are no pictures."""
    sheet = draft.sheet
    found = list(_strikes(sheet.strokes, sheet.glyphs))
    if not found:
        return draft
    boxes = [enclosure.box for enclosure in found]
    pictures = tuple(p for p in sheet.pictures if p.raster or not _is_covered(p.box, sheet.strokes, boxes))
    sheet = replace(sheet, pictures=pictures)
    return replace(draft, sheet=sheet, enclosures=(*draft.enclosures, *_crossings(found)))


def _strikes(strokes: Sequence[Stroke], glyphs: Sequence[Glyph]) -> Iterator[Enclosure]:
    lines = [(line, union([stroke.box for stroke in line])) for line in _whole_lines(strokes)]
    lines = [(line, box) for line, box in lines if box.width <= LONGEST_STRIKE]
    by_height = sorted(glyphs, key=_height) if lines else []
    heights = [_height(glyph) for glyph in by_height]
    for line, box in lines:
        around = box.grown(1)
        level = by_height[bisect_left(heights, around.y0) : bisect_right(heights, around.y1)]
        struck = [glyph for glyph in level if around.x0 <= glyph.ink.cx <= around.x1]
        pointed = line[-1].slope == 0
        if struck and _goes_from_end_to_end(box, ink_of(struck), OVERHANG_OF_ARROW if pointed else OVERHANG):
            yield Enclosure(around, STRUCK[line[0].slope], len(struck))


def _height(glyph: Glyph) -> float:
    return glyph.ink.cy


def _whole_lines(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """The slanted lines: fonts of lines have pieces of them, and an arrow has a head."""
    lines: list[list[Stroke]] = []
    before: Stroke | None = None
    for stroke in strokes:
        next_piece = before is not None and stroke.index == before.index + 1
        if lines and before is lines[-1][-1] and next_piece and _goes_on(lines[-1], stroke):
            lines[-1].append(stroke)
        elif stroke.slope:
            lines.append([stroke])
        before = stroke
    return lines


def _goes_on(line: Sequence[Stroke], stroke: Stroke) -> bool:
    return stroke.slope in (0, line[-1].slope) and _touches(line[-1].box, stroke.box)


def _touches(one: Box, other: Box) -> bool:
    return one.x_overlap(other) > -1 and one.y_overlap(other) > -1


def _goes_from_end_to_end(line: Box, ink: Box, overhang: float = OVERHANG) -> bool:
    ends = zip(line.edges, ink.edges, strict=True)
    return all(abs(one - other) < overhang for one, other in ends)


def _crossings(found: Sequence[Enclosure]) -> list[Enclosure]:
    """The strikes, two across the same thing as one."""
    crossed: list[Enclosure] = []
    for strike in found:
        twin = next((s for s in crossed if _goes_from_end_to_end(s.box, strike.box)), None)
        if twin is not None and twin.count == strike.count and twin.command != strike.command:
            crossed[crossed.index(twin)] = replace(twin, command=CROSSED_OUT)
        else:
            crossed.append(strike)
    return crossed


def _is_covered(picture: Box, strokes: Sequence[Stroke], strikes: Sequence[Box]) -> bool:
    """Whether all strokes in the picture cross something out."""
    inside = [stroke.box for stroke in strokes if picture.contains_point(stroke.box.cx, stroke.box.cy)]
    return bool(inside) and all(any(s.contains_point(box.cx, box.cy) for s in strikes) for box in inside)


def frame(draft: Draft) -> Draft:
    """Finds frames around formulas among the lines that belong to no table."""
    sheet = draft.sheet
    found: list[Enclosure] = []
    taken: set[int] = set()
    for frame in _frames(sheet.rules):
        inside = [glyph for glyph in sheet.glyphs if frame.box.contains_point(glyph.ink.cx, glyph.ink.cy)]
        if 0 < len(inside) < MOST_GLYPHS and any(map(symbols.is_math, inside)):
            found.append(Enclosure(frame.box, BOXED, len(inside)))
            taken |= {id(rule) for rule in frame.rules}
    if not found:
        return draft
    rest = tuple(rule for rule in sheet.rules if id(rule) not in taken)
    return replace(draft, sheet=replace(sheet, rules=rest), enclosures=(*draft.enclosures, *found))


@dataclass(frozen=True, slots=True)
class _Frame:
    box: Box
    rules: tuple[Rule, ...]


def _frames(rules: Sequence[Rule]) -> list[_Frame]:
    """Where a line stands on each side and none within; what shares one with another is a cell of a table."""
    stems = [rule for rule in rules if rule.vertical and rule.box.height > SMALLEST_FRAME]
    bars = [rule for rule in rules if not rule.vertical and rule.box.width > SMALLEST_FRAME]
    frames = list(_closed(bars, stems)) if len(stems) > 1 else []
    uses = Counter(id(rule) for frame in frames for rule in frame.rules)
    return [frame for frame in frames if all(uses[id(rule)] == 1 for rule in frame.rules)]


def _closed(bars: Sequence[Rule], stems: Sequence[Rule]) -> Iterator[_Frame]:
    for top in bars:
        below = [bar for bar in bars if _is_below(top.box, bar.box)]
        bottom = max(below, key=lambda bar: bar.y, default=None)
        if bottom is None:
            continue
        box = both(top.box, bottom.box)
        sides = [stem for stem in stems if _closes(stem.box, box)]
        inner = box.grown(-2 * SAME_EDGE)
        parted = any(inner.x0 < s.box.cx < inner.x1 and s.box.y_overlap(inner) > 0 for s in stems)
        if len({stem.box.cx < box.cx for stem in sides}) == 2 and not parted:
            yield _Frame(box, (top, bottom, *sides))


def _is_below(top: Box, bar: Box) -> bool:
    alike = abs(top.x0 - bar.x0) < SAME_EDGE and abs(top.x1 - bar.x1) < SAME_EDGE
    return alike and SMALLEST_FRAME < top.cy - bar.cy < HIGHEST_FRAME


def _closes(stem: Box, box: Box) -> bool:
    at_edge = min(abs(stem.x0 - box.x0), abs(stem.x1 - box.x1)) < SAME_EDGE
    return at_edge and abs(stem.y0 - box.y0) < 2 * SAME_EDGE and abs(stem.y1 - box.y1) < 2 * SAME_EDGE


def give(draft: Draft) -> Draft:
    """Hands each enclosure to the row that has all that is in it."""
    if not draft.enclosures:
        return draft
    return replace(draft, rows=tuple(_with(row, draft.enclosures) for row in draft.rows))


def _with(row: Row, enclosures: Sequence[Enclosure]) -> Row:
    own = tuple(within(row.glyphs, enclosures))
    if not own:
        return row
    row = row.copy()
    row.enclosures = own
    return row


def within(glyphs: Iterable[Glyph], enclosures: Sequence[Enclosure]) -> list[Enclosure]:
    """The enclosures of which all that they hold is among the glyphs."""
    glyphs = list(glyphs) if enclosures else []
    return [e for e in enclosures if sum(map(e.holds, glyphs)) == e.count]
