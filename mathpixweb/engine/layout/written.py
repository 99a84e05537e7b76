"""Formulas that bring their LaTeX along: one glyph stands for each, until all else of the page is understood.

The LaTeX is believed only if it has every letter and digit that is printed; what it says of a formula is
otherwise read from the page, as of any other.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Final

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout.draft import Draft, Written
from mathpixweb.engine.layout.equation_numbers import LONGEST_LABEL, label_of
from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.layout.marks import (
    MOST_WRITTEN,
    WRITTEN,
    WRITTEN_ANYWHERE,
    WRITTEN_DISPLAY,
    WRITTEN_REST,
)
from mathpixweb.engine.layout.written_rows import lines_of
from mathpixweb.engine.math import symbols
from mathpixweb.engine.math.symbols import STANDS_FOR_FORMULA
from mathpixweb.engine.model import Block, Enclosed, Formula, Glyph, Line, Sheet, Source, Span, Text, ink_of

WORDIEST: Final = 40  # characters of LaTeX for each printed one, and for the beginning
DESCENT, ASCENT = 0.25, 0.8  # em; what is higher is no reason to part lines
SAME_BASELINE = 0.5  # points
KINDS: Final = {False: WRITTEN, True: WRITTEN_DISPLAY, None: WRITTEN_ANYWHERE}
PRIVATE: Final = re.compile("([\U00100000-\U0010fffd])")


def stand_in(sheet: Sheet) -> tuple[Sheet, tuple[Written, ...]]:
    """The sheet with one glyph for each formula whose LaTeX is known, and these formulas."""
    glyphs = sorted(sheet.glyphs, key=lambda glyph: glyph.index) if sheet.enclosed else []
    places = [glyph.index for glyph in glyphs]
    written: list[Written] = []
    stands: list[Glyph] = []
    taken: list[tuple[int, int]] = []
    for formula in sheet.enclosed[:MOST_WRITTEN]:
        start, end = bisect_left(places, formula.first), bisect_right(places, formula.last)
        end, numbers = _numbered(glyphs, start, end, formula.source)
        inner = [glyph for glyph in glyphs[start:end] if not any(glyph in number for number in numbers)]
        if not inner or not _is_believable(formula.source.latex, inner):
            continue
        written.append(_written(formula.source, inner, numbers, len(written)))
        stands += _stands(written[-1], formula, inner)
        taken.append((formula.first, max(formula.last, places[end - 1])))
    return (_without(sheet, taken, stands) if written else sheet), tuple(written)


def _without(sheet: Sheet, taken: Sequence[tuple[int, int]], stands: Sequence[Glyph]) -> Sheet:
    """The sheet with these glyphs in the place of all marks that are taken."""
    firsts = [first for first, _ in taken]

    def is_free(index: int) -> bool:
        near = bisect_right(firsts, index) - 1
        return near < 0 or index > taken[near][1]

    rest = [glyph for glyph in sheet.glyphs if is_free(glyph.index)]
    return replace(
        sheet,
        glyphs=tuple(sorted([*rest, *stands], key=lambda glyph: glyph.index)),
        rules=tuple(rule for rule in sheet.rules if is_free(rule.index)),
        pictures=tuple(picture for picture in sheet.pictures if is_free(picture.index)),
    )


def _written(
    source: Source, inner: Sequence[Glyph], numbers: Sequence[Sequence[Glyph]], position: int
) -> Written:
    char = chr(KINDS[source.display] + position)
    printed = tuple((label_of(number), ink_of(number)) for number in numbers)
    return Written(char, source, ink_of(inner), printed)


def _stands(formula: Written, enclosed: Enclosed, inner: Sequence[Glyph]) -> Iterator[Glyph]:
    """What stands for the formula; and for its rest, where it goes over two lines."""
    size = enclosed.size
    if formula.source.display:
        box = formula.box
        yield _glyph(formula.char, inner[0], size, Box(box.x0, enclosed.y, box.x1, enclosed.y), box)
        return
    if abs(enclosed.end_y - enclosed.y) < SAME_BASELINE:
        yield _on_line(formula.char, inner, size, Box(enclosed.x, enclosed.y, enclosed.end_x, enclosed.y))
        return
    above = [glyph for glyph in inner if abs(glyph.ink.cy - enclosed.y) < size] or list(inner[:1])
    below = [glyph for glyph in inner if abs(glyph.ink.cy - enclosed.end_y) < size]
    right = max(glyph.ink.x1 for glyph in above)
    yield _on_line(formula.char, above, size, Box(enclosed.x, enclosed.y, right, enclosed.y))
    if below:
        left = min(glyph.ink.x0 for glyph in below)
        yield _on_line(WRITTEN_REST, below, size, Box(left, enclosed.end_y, enclosed.end_x, enclosed.end_y))


def _on_line(char: str, inner: Sequence[Glyph], size: float, pen: Box) -> Glyph:
    """It is no higher than letters, since formulas in a line part no lines."""
    ink, bottom, top = ink_of(inner), pen.y0 - DESCENT * size, pen.y0 + ASCENT * size
    low = min(max(ink.y0, bottom), top)
    return _glyph(
        char, inner[0], size, pen, Box(pen.x0, low, max(pen.x1, pen.x0), max(min(ink.y1, top), low))
    )


def _glyph(char: str, like: Glyph, size: float, pen: Box, ink: Box) -> Glyph:
    """A glyph in the place of `like`, drawn by a pen that goes along `pen`."""
    return Glyph(
        like.index,
        STANDS_FOR_FORMULA,
        char,
        "",
        "umath",
        size,
        pen.x0,
        pen.y0,
        pen.width,
        ink,
    )


def _numbered(
    glyphs: Sequence[Glyph], start: int, end: int, source: Source
) -> tuple[int, list[Sequence[Glyph]]]:
    """Where a display ends with the number that is drawn after it, and all of its numbers."""
    if source.display is False or start == end:
        return end, []
    numbers: list[Sequence[Glyph]] = [run for run in _runs(glyphs[start:end]) if label_of(run)]
    rest = [glyph for glyph in glyphs[start:end] if not any(glyph in run for run in numbers)]
    edge = max((glyph.ink.x1 for glyph in rest), default=0.0)
    numbers = [run for run in numbers if run[0].ink.x0 > edge]
    low, high = min(g.ink.y0 for g in glyphs[start:end]), max(g.ink.y1 for g in glyphs[start:end])
    after = next(iter(_runs(glyphs[end : end + LONGEST_LABEL])), [])
    if label_of(after) and after[0].ink.x0 > edge and low < after[0].ink.cy < high:
        return end + len(after), [*numbers, after]
    return end, numbers


def _runs(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Pieces of drawing order on one baseline, each up to its closing parenthesis."""
    run: list[Glyph] = []
    for glyph in glyphs:
        parted = run and (abs(glyph.y - run[-1].y) > SAME_BASELINE or glyph.x < run[-1].x)
        if parted or (run and reading([glyph]) == "("):
            yield run
            run = []
        run.append(glyph)
        if reading([glyph]) == ")":
            yield run
            run = []
    if run:
        yield run


def _is_believable(latex: str, printed: Sequence[Glyph]) -> bool:
    if len(latex) > WORDIEST * (len(printed) + 1):
        return False
    said = Counter(_plain(latex))
    return not Counter(_plain("".join(map(symbols.text_of, printed)))) - said


def _plain(text: str) -> Iterable[str]:
    return (char for char in unicodedata.normalize("NFKC", text) if char.isascii() and char.isalnum())


def restore(draft: Draft) -> Draft:
    """The blocks with the LaTeX in the place of what stands for it."""
    if not draft.written:
        return draft
    known = {formula.char: formula for formula in draft.written}
    return replace(draft, blocks=tuple(_block(block, known) for block in draft.blocks))


def _block(block: Block, known: Mapping[str, Written]) -> Block:
    children = tuple(_block(child, known) for child in block.children)
    if block.type == "math":
        lines = tuple(each for line in block.lines for each in _displayed(line, known))
        return replace(block, lines=lines, children=children + tuple(_numbers(block, known)))
    joined = [_joined(line, following) for line, following in zip_longest(block.lines, block.lines[1:])]
    restored = [
        replace(line, spans=tuple(each for span in line.spans for each in _spans(span, known)))
        for line in joined
    ]
    kept = tuple(now for now, before in zip(restored, joined, strict=True) if now.spans or not before.spans)
    return replace(block, lines=kept, children=children)


def _joined(line: Line, following: Line | None) -> Line:
    """The line, without a blank after it if the next one has more than the rest of a formula before it."""
    first = following.spans[0] if following and len(following.spans) > 1 else None
    goes_on = isinstance(first, Formula) and first.latex == WRITTEN_REST
    return replace(line, hyphenated=True) if goes_on else line


def _displayed(line: Line, known: Mapping[str, Written]) -> Iterator[Line]:
    spans = [span for span in line.spans if isinstance(span, Formula)]
    formula = known.get(spans[0].latex) if len(spans) == 1 else None
    if formula is None:
        yield replace(line, spans=tuple(each for span in line.spans for each in _spans(span, known)))
    else:
        yield from lines_of(formula, line, spans[0].tag)


def _numbers(block: Block, known: Mapping[str, Written]) -> Iterator[Block]:
    """The equation numbers as blocks of their own, which are not part of the text."""
    for line in block.lines:
        for span in line.spans:
            formula = known.get(span.latex) if isinstance(span, Formula) else None
            for number, box in formula.numbers if formula else ():
                printed = Line((Text(f"({number})", box),), box, line.size)
                yield Block("equation_number", box, (printed,), output=False)


def _spans(span: Span, known: Mapping[str, Written]) -> Iterator[Span]:
    if isinstance(span, Formula):
        if span.latex == WRITTEN_REST:
            return
        whole = known.get(span.latex)
        text = whole.source.latex if whole else PRIVATE.sub(lambda found: _told(found[1], known), span.latex)
        yield replace(span, latex=text)
        return
    for part in PRIVATE.split(span.text):
        if part in known:
            yield Formula(known[part].source.latex, span.box)
        elif part:
            yield replace(span, text=part)


def _told(char: str, known: Mapping[str, Written]) -> str:
    return f" {known[char].source.latex} " if char in known else char
