"""Where tables without lines are: rows of words whose gaps stand above each other.

Running text in two columns, matrices, aligned equations, contents, listings and the names of authors under a
title have such gaps, too; each is told from a table by what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout import captions
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.layout.tables.columns import cuts_of
from mathpixweb.engine.layout.tables.pieces import lines_of, parts_of, phrases_of
from mathpixweb.engine.layout.tables.rulings import Rulings
from mathpixweb.engine.math import symbols
from mathpixweb.engine.model import Glyph

GAP = 1.1  # em; in narrow columns of justified text gaps may be as wide, too
MOST_WORDS = 3.5  # in a cell, on average
CURRENCIES = frozenset("$€£¥")
APART = 8.0  # em between the sign and the amount
FEWEST_ROWS = 2
FEWEST_COLUMNS = 3
FEWEST_PHRASES = 8  # in all
CAPTION_WITHIN = 5.0  # em from the table
WIDEST_STEP = 2.6  # em from row to row
HEAD = 3  # rows at the top may go over several columns
FILLED = 0.7  # of the cells below
LONGEST = 0.45  # of the region's width; longer phrases are running text
MOST_MATH = 0.35  # of the glyphs
WORDED = 0.25  # of the cells hold a word
PROSE = 0.3  # of the page's width, without a gap: a line of a column of text
FEWEST_PROSE = 6  # lines on each side of a gutter
GUTTER = 8.0  # points
UNDERLINE = 1.0  # em from a heading's baseline to the line over the columns that it heads
TITLE = 1.25  # of the body size
TITLE_ZONE = 0.55  # of the page's height, from below: above it stand titles and authors
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"\d{1,4}")
_LEADER = re.compile(r"(?:\. ?){4,}")
_SECTION = re.compile(r"[A-Z\d]+(?:\.\d+)*\.?")


def regions(draft: Draft, rulings: Rulings) -> list[Box]:
    """Boxes around what stands in columns without lines, among glyphs that are not taken yet.

    A heading over several of the columns is known by the line under it.
    """
    glyphs = draft.sheet.glyphs
    lines = lines_of(glyphs) if glyphs else []
    phrases = [parts_of(line, GAP) for line in lines]
    parted = [len(parts) > 1 for parts in phrases]
    if sum(parted) < FEWEST_ROWS:
        return []
    gutter = _gutter([_extent(phrase) for parts in phrases for phrase in parts], draft.sheet.width)
    if gutter is None:
        columns = [(lines, parted)]
    else:
        sides = [g for g in glyphs if g.ink.cx < gutter], [g for g in glyphs if g.ink.cx >= gutter]
        columns = [_parted_lines(side) for side in sides]
    found = []
    for rows, gapped in columns:
        for group in _groups(rows, gapped):
            box = union([row.box for row in group])
            texts = _cells(group, box)
            if texts is not None and _is_table(group, box, texts, rows, draft):
                found.append(_with_headings(box, rows, rulings).grown(1))
    return found


def _parted_lines(glyphs: Sequence[Glyph]) -> tuple[list[Row], list[bool]]:
    """The lines, and of each whether it has gaps."""
    lines = lines_of(glyphs)
    return lines, [len(parts_of(line, GAP)) > 1 for line in lines]


def _extent(phrase: Sequence[Glyph]) -> tuple[float, float]:
    """Where the ink of the glyphs, which are sorted by it, begins and ends."""
    return phrase[0].ink.x0, max([glyph.ink.x1 for glyph in phrase])


def _with_headings(box: Box, rows: Sequence[Row], rulings: Rulings) -> Box:
    """The box with the rows right above it that are underlined over some of its width."""
    for row in reversed([row for row in rows if row.baseline > box.y1]):
        if row.baseline - box.y1 > WIDEST_STEP * row.size or row.box.width > LONGEST * box.width:
            break
        under = rulings.bars_between(row.baseline, row.baseline - UNDERLINE * row.size)
        if not any(_is_over(row.box, bar) and _is_within(bar, box, row.size) for bar in under):
            break
        box = union((box, row.box))
    return box


def _is_over(text: Box, bar: Box) -> bool:
    return bar.x0 - 2 < text.x0 and text.x1 < bar.x1 + 2 and bar.width > 1.2 * text.width


def _is_within(bar: Box, box: Box, em: float) -> bool:
    """Lines go a little beyond the words of their columns."""
    return box.x0 - 2 * em < bar.x0 and bar.x1 < box.x1 + 2 * em


def beside_amounts(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs, each sign of a currency that stands apart moved to its amount on the right."""
    moved = list(glyphs)
    if CURRENCIES.isdisjoint([glyph.char for glyph in glyphs]):
        return moved
    for k, (sign, amount) in enumerate(pairwise(glyphs)):
        if sign.char not in CURRENCIES or not sign.char or not amount.char.isdigit() or amount.y != sign.y:
            continue
        gap = amount.x - (sign.x + sign.advance)
        if 0 < gap < APART * sign.size:
            ink = sign.ink.moved(gap, 0)
            moved[k] = replace(sign, x=sign.x + gap, ink=ink)
    return moved


def _gutter(phrases: Sequence[tuple[float, float]], width: float) -> float | None:
    """The middle of the white between two columns of running text; None where there are no such columns."""
    prose = [(x0, x1) for x0, x1 in phrases if x1 - x0 > PROSE * width]
    for left, right in pairwise(sorted({round(x1) for _, x1 in prose} | {round(x0) for x0, _ in prose})):
        if right - left <= GUTTER:
            continue
        gutter = (left + right) / 2
        beside = sum(x1 < gutter for _, x1 in prose), sum(x0 > gutter for x0, _ in prose)
        if min(beside) >= FEWEST_PROSE and sum(beside) == len(prose):
            return gutter
    return None


def _groups(rows: Sequence[Row], gapped: Sequence[bool]) -> Iterator[list[Row]]:
    """Neighbouring rows that have gaps, as `gapped` says; a heading between them may have none."""
    group: list[Row] = []
    heading: list[Row] = []
    for row, parted in zip(rows, gapped, strict=True):
        near = bool(group) and (heading or group)[-1].baseline - row.baseline < WIDEST_STEP * row.size
        if parted and near:
            group += [*heading, row]
            heading = []
        elif near and not heading and row.box.width < LONGEST * union(other.box for other in group).width:
            heading = [row]
        else:
            if group:
                yield group
            group, heading = ([row] if parted else []), []
    if group:
        yield group


def _is_captioned(box: Box, rows: Sequence[Row]) -> bool:
    """Whether one of the rows close above or below the box names it a table."""
    near = [
        row for row in rows if 0 < max(row.baseline - box.y1, box.y0 - row.box.y1) < CAPTION_WITHIN * row.size
    ]
    return any(captions.names_table(reading(row.glyphs)) for row in near)


def _cells(rows: Sequence[Row], box: Box) -> list[list[str]] | None:
    """What the phrases of each row read, None if they are not set as those of a table are."""
    if len(rows) < FEWEST_ROWS:
        return None
    phrases = [phrases_of(row, GAP) for row in rows]
    pieces = [piece for line in phrases for piece in line]
    if len(pieces) < FEWEST_PHRASES:
        return None
    columns = len(cuts_of(rows, 0, box, Rulings())) + 1
    body = phrases[min(HEAD, len(phrases) - FEWEST_ROWS) :]
    if columns < FEWEST_COLUMNS or sum(map(len, body)) < FILLED * columns * len(body):
        return None
    if median(piece.box.width for piece in pieces) > LONGEST * box.width:
        return None
    if any(piece.box.width > LONGEST * box.width for piece in pieces[columns:]):
        return None
    texts = [[reading(piece.glyphs) for piece in line] for line in phrases]
    words = [len(parts_of(piece)) for piece in pieces]
    if sum(words) > MOST_WORDS * len(words):
        return None
    if any(line[-1].endswith("-") and len(line[-1]) > 1 for line in texts):
        return None  # a narrow column, stretched
    return texts


def _is_table(
    group: Sequence[Row], box: Box, texts: Sequence[Sequence[str]], rows: Sequence[Row], draft: Draft
) -> bool:
    """Whether the group of rows that read so is a table, and none of the other things with gaps."""
    if _is_captioned(box, rows):
        return True
    if not _has_words(texts) or _is_mathematical(group) or _lists_contents(texts):
        return False
    return not _names_authors(box, draft)


def _has_words(texts: Sequence[Sequence[str]]) -> bool:
    cells = [text for line in texts for text in line]
    return sum(bool(_WORD.search(text)) for text in cells) >= WORDED * len(cells)


def _is_mathematical(rows: Sequence[Row]) -> bool:
    """Whether this is a matrix, or equations under each other."""
    glyphs = [glyph for row in rows for glyph in row.glyphs]
    if any(glyph.family in ("ex", "tt") for glyph in glyphs):
        return True
    return sum(map(symbols.is_math, glyphs)) > MOST_MATH * len(glyphs)


def _lists_contents(texts: Sequence[Sequence[str]]) -> bool:
    """Whether each line ends in a page number that is not smaller than the one before."""
    if any(_LEADER.search(text) for line in texts for text in line):
        return True
    ends = [line[-1] for line in texts]
    if not all(map(_NUMBER.fullmatch, ends)):
        return False
    numbers = [int(end) for end in ends]
    return numbers == sorted(numbers) and all(_SECTION.fullmatch(line[0]) for line in texts)


def _names_authors(box: Box, draft: Draft) -> bool:
    """Whether the region stands under the title of the document."""
    if draft.sheet.number != 1 or box.y1 < TITLE_ZONE * draft.sheet.height:
        return False
    return any(glyph.size > TITLE * draft.body_size and glyph.y > box.y1 for glyph in draft.sheet.glyphs)
