"""Drawing order made reading order, where a page draws line after line across its columns.

Nearly all producers draw as they typeset, column after column. Some sort what they draw by height; there the
glyphs are put in the order in which the page, cut along its gutters, is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from mathpixweb.engine.layout.columns import cut
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.tables.pieces import PHRASE_GAP, lines_of, phrases_of
from mathpixweb.engine.model import Glyph, Rule, Sheet

JUMP = 2.0  # em to the right, on about the same height, to another column or cell
SAME_HEIGHT = 1.1  # em
MOST_JUMPS = 0.2  # of the lines; in tables and forms there are more, and in pages sorted by height
SHORTEST = 60.0  # points; shorter phrases may be of anything
FEWEST_BESIDE = 6  # phrases on each side of a gutter
GUTTER = 8.0  # points
MOST_CROSSING = 0.25  # of the phrases: titles, and what else goes over all columns
MOST_SWITCHES = 0.15  # of the phrases are drawn after one on the other side of a gutter


def mend(draft: Draft) -> Draft:
    """The glyphs in reading order, if the page draws them across its columns."""
    glyphs = draft.sheet.glyphs
    if not _jumps_about(glyphs):
        return draft
    phrases = [phrase for line in lines_of(glyphs) for phrase in phrases_of(line, PHRASE_GAP)]
    if not _switches_columns(phrases):
        return draft
    return _reordered(draft, cut([*phrases, *draft.rows]))


def _jumps_about(glyphs: Sequence[Glyph]) -> bool:
    lines = jumps = 0
    for last, glyph in pairwise(glyphs):
        step, far = glyph.x - last.x - last.advance, JUMP * glyph.size
        if step > far:
            jumps += abs(last.y - glyph.y) < SAME_HEIGHT * glyph.size
        elif step < -far:
            lines += 1
    return jumps > MOST_JUMPS * lines + 3


def _switches_columns(phrases: Sequence[Row]) -> bool:
    drawn = sorted((p for p in phrases if p.box.width > SHORTEST), key=lambda phrase: phrase.glyphs[0].index)
    return any(
        sum(a != b for a, b in pairwise(sides)) > MOST_SWITCHES * len(sides) + 2 for sides in _sides(drawn)
    )


def _sides(phrases: Sequence[Row]) -> Iterator[list[bool]]:
    """For each gutter, on which side of it the phrases are, those left out that go over it."""
    edges = sorted({round(phrase.box.x1) for phrase in phrases})
    for left in edges:
        beyond = [phrase.box.x0 for phrase in phrases if phrase.box.x0 > left]
        if not beyond or min(beyond) - left < GUTTER:
            continue
        gutter = (left + min(beyond)) / 2
        sides = [p.box.x0 > gutter for p in phrases if not p.box.x0 < gutter < p.box.x1]
        if len(phrases) - len(sides) > MOST_CROSSING * len(phrases):
            continue
        if min(sum(sides), len(sides) - sum(sides)) >= FEWEST_BESIDE:
            yield sides


def _reordered(draft: Draft, pieces: Sequence[Row]) -> Draft:
    glyphs: list[Glyph] = []
    blocks: list[Row] = []
    for piece in pieces:
        if piece.block:
            blocks.append(replace(piece, index=len(glyphs) + len(blocks)))
        glyphs += (glyph.renumbered(len(glyphs) + len(blocks) + k) for k, glyph in enumerate(piece.glyphs))
    return replace(draft, sheet=_renumbered(draft.sheet, glyphs), rows=tuple(blocks))


def _renumbered(sheet: Sheet, glyphs: Sequence[Glyph]) -> Sheet:
    """The sheet with these glyphs. When its rules are drawn does not matter any more."""
    rules = tuple(Rule(-1, rule.box, rule.vertical) for rule in sheet.rules)
    return replace(sheet, glyphs=tuple(glyphs), rules=rules)
