"""Diagrams of symbols and arrows, as those that commute.

What has arrows up, down or aslant is a picture of its own; a row of symbols with level arrows is a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mathpixweb.engine.geometry import Box, both, union
from mathpixweb.engine.layout import diagram_text, figures, marks
from mathpixweb.engine.layout.draft import Draft, standing_for
from mathpixweb.engine.layout.ties import SMALL, is_worded
from mathpixweb.engine.model import Block, Glyph, Rule, Sheet, Stroke

SHORTEST_SHAFT = 6.0  # points
HEAD_GAP = 2.5  # points between the end of a shaft and the head of its arrow
NODE_GAP = 1.4  # em from the end of an arrow to the middle of what it points at
LABEL_GAP = 1.2  # em from an arrow to its label
NEXT_ARROW = (6.0, 3.0)  # em across and down between arrows of one diagram
WITHIN_NODE = 0.45  # em between the symbols of a node
SAME_BASELINE = 0.6  # points
MOST_ARROWS = 150
MOST_GLYPHS = 400  # in a diagram; more are text
STRETCHED = frozenset(("arrowvertex", "arrowvertexdbl", "arrowtp", "arrowbt", "arrowdbltp", "arrowdblbt"))
LONG_RIGHT, LONG_LEFT = "⟶", "⟵"


@dataclass(frozen=True, slots=True)
class Arrow:
    """`ends` are the points between which it goes; a level one points to the right, or else to the left."""

    index: int
    box: Box
    ends: tuple[tuple[float, float], tuple[float, float]]
    level: bool = False
    right: bool = True


def claim(draft: Draft) -> Draft:
    """Takes diagrams from the sheet; level arrows that are drawn in a row of symbols become symbols."""
    sheet = draft.sheet
    arrows = list(_arrows(sheet, draft))
    if not 0 < len(arrows) <= MOST_ARROWS:
        return draft
    rows = draft.rows
    for group in _groups(arrows, draft.body_size):
        if all(arrow.level for arrow in group):
            sheet = _with_symbols(sheet, group, draft.body_size)
            continue
        box = _extent(sheet, group, draft.body_size)
        inside = [glyph for glyph in sheet.glyphs if box.contains_point(glyph.ink.cx, glyph.ink.cy)]
        if inside and len(inside) <= MOST_GLYPHS:
            block = Block("diagram", box, children=diagram_text.of_glyphs(inside, draft))
            rows += (standing_for(block, min(glyph.index for glyph in inside)),)
            sheet = _without(sheet, box)
    return replace(draft, sheet=sheet, rows=rows)


def _arrows(sheet: Sheet, draft: Draft) -> Iterator[Arrow]:
    """The arrows that go from one symbol to another."""
    known = [p.box for p in sheet.pictures if figures.is_figure(p, draft)]
    known += [enclosure.box for enclosure in draft.enclosures]
    reach = NODE_GAP * draft.body_size
    for arrow in (*_stretched(sheet.glyphs), *_drawn(sheet)):
        if any(box.contains_point(arrow.box.cx, arrow.box.cy) for box in known):
            continue
        if all(any(_is_near(glyph, end, reach) for glyph in sheet.glyphs) for end in arrow.ends):
            yield arrow


def _is_near(glyph: Glyph, point: tuple[float, float], reach: float) -> bool:
    if glyph.name in STRETCHED:
        return False
    ink = glyph.ink
    return abs(ink.cx - point[0]) < reach and abs(ink.cy - point[1]) < reach


def _stretched(glyphs: Sequence[Glyph]) -> Iterator[Arrow]:
    """Upright arrows that TeX makes of pieces."""
    columns: list[list[Glyph]] = []
    for glyph in glyphs:
        if glyph.name not in STRETCHED or not marks.is_extension(glyph):
            continue
        if columns and abs(columns[-1][0].x - glyph.x) < 1 and columns[-1][-1].ink.y_overlap(glyph.ink) > -1:
            columns[-1].append(glyph)
        else:
            columns.append([glyph])
    for column in columns:
        if any(not glyph.name.startswith("arrowvertex") for glyph in column):
            box = union(glyph.ink for glyph in column)
            yield Arrow(column[0].index, box, ((box.cx, box.y0), (box.cx, box.y1)))


def _drawn(sheet: Sheet) -> Iterator[Arrow]:
    """Lines with a head at one end at least."""
    heads = [stroke.box.grown(HEAD_GAP) for stroke in sheet.strokes if not stroke.slope]
    if not heads:
        return
    slanted = [stroke for stroke in sheet.strokes if stroke.slope]
    lines: list[Rule | Stroke] = [*sheet.rules, *slanted]
    for line in lines:
        box = line.box
        if max(box.width, box.height) < SHORTEST_SHAFT:
            continue
        ends = _ends(line)
        pointed = [any(head.contains_point(*end) for head in heads) for end in ends]
        if any(pointed):
            level = isinstance(line, Rule) and not line.vertical
            yield Arrow(line.index, box, ends, level, pointed[1])


def _ends(line: Rule | Stroke) -> tuple[tuple[float, float], tuple[float, float]]:
    box = line.box
    if isinstance(line, Rule):
        if line.vertical:
            return (box.cx, box.y0), (box.cx, box.y1)
        return (box.x0, box.cy), (box.x1, box.cy)
    if line.slope > 0:
        return (box.x0, box.y0), (box.x1, box.y1)
    return (box.x0, box.y1), (box.x1, box.y0)


def _groups(arrows: Sequence[Arrow], em: float) -> list[list[Arrow]]:
    groups: list[list[Arrow]] = []
    for arrow in arrows:
        reach = arrow.box.grown(NEXT_ARROW[0] * em, NEXT_ARROW[1] * em)
        joined = [g for g in groups if any(_touches(reach, other.box) for other in g)]
        groups = [g for g in groups if g not in joined] + [[arrow, *(a for g in joined for a in g)]]
    return groups


def _touches(one: Box, other: Box) -> bool:
    return one.x_overlap(other) >= 0 and one.y_overlap(other) >= 0


def _extent(sheet: Sheet, arrows: Sequence[Arrow], em: float) -> Box:
    """The box around the arrows, what they point at and their labels."""
    box = union(arrow.box for arrow in arrows)
    aims = [Box(x, y, x, y).grown(NODE_GAP * em) for arrow in arrows for x, y in arrow.ends]
    aims += [arrow.box.grown(LABEL_GAP * em, LABEL_GAP * em if arrow.level else 0) for arrow in arrows]
    inks = [glyph.ink for glyph in sheet.glyphs]
    held = [ink for ink in inks if any(aim.contains_point(ink.cx, ink.cy) for aim in aims)]
    whole, before = union([box, *held]), box
    while whole != before:  # the rest of wide nodes, and what comes to lie between these
        before = whole
        waiting = [ink for ink in inks if ink.y_overlap(whole) > 0 and ink not in held]
        held += [ink for ink in waiting if _goes_on(ink, whole, held, em)]
        whole = union([whole, *held])
    for picture in sheet.pictures:
        if not picture.raster and _touches(picture.box, whole):
            whole = both(whole, picture.box)
    return whole.grown(1)


def _goes_on(ink: Box, whole: Box, held: Sequence[Box], em: float) -> bool:
    beside = ink.grown(WITHIN_NODE * em, -0.1 * ink.height)
    return whole.contains_point(ink.cx, ink.cy) or any(_touches(beside, other) for other in held)


def _without(sheet: Sheet, box: Box) -> Sheet:
    return replace(
        sheet,
        glyphs=tuple(g for g in sheet.glyphs if not box.contains_point(g.ink.cx, g.ink.cy)),
        rules=tuple(r for r in sheet.rules if not box.contains_point(r.box.cx, r.box.cy)),
        strokes=tuple(s for s in sheet.strokes if not box.contains_point(s.box.cx, s.box.cy)),
        pictures=tuple(p for p in sheet.pictures if not box.contains_point(p.box.cx, p.box.cy)),
    )


def _with_symbols(sheet: Sheet, arrows: Sequence[Arrow], em: float) -> Sheet:
    """The sheet with a symbol for each arrow, after what stands before it, as if it were written so."""
    glyphs = list(sheet.glyphs)
    for arrow in sorted(arrows, key=lambda arrow: arrow.box.x0):
        box = arrow.box
        over = box.grown(0, LABEL_GAP * em)
        labels = [glyph for glyph in glyphs if over.contains_point(glyph.ink.cx, glyph.ink.cy)]
        beside = [g for g in glyphs if g.ink.cx < box.x0 and g.ink.y0 < box.cy < g.ink.y1 and g not in labels]
        before = max(beside, key=lambda glyph: glyph.ink.x1, default=None)
        if before is None or any(glyph.size > SMALL * before.size for glyph in labels):
            continue
        if is_worded([glyph for glyph in glyphs if abs(glyph.y - before.y) < SAME_BASELINE]):
            continue
        glyphs = [glyph for glyph in glyphs if glyph not in labels]
        place = glyphs.index(before) + 1
        symbol = _symbol(arrow, before)
        glyphs[place:place] = [*(replace(label, index=before.index) for label in labels), symbol]
    own = {arrow.index for arrow in arrows}
    return replace(sheet, glyphs=tuple(glyphs), rules=tuple(r for r in sheet.rules if r.index not in own))


def _symbol(arrow: Arrow, before: Glyph) -> Glyph:
    char = LONG_RIGHT if arrow.right else LONG_LEFT
    box = arrow.box.grown(0, 0.2 * before.size)
    return Glyph(
        before.index, "", char, "", "umath", before.size, box.x0, before.y, box.width, box, before.face
    )
