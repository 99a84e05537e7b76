"""A prepared picture read: whether it is one formula, or lines of text with formulas in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout import pictures
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.math import latex
from mathpixweb.engine.model import Options, Page, Rule, Sheet, Survey
from mathpixweb.engine.ocr import (
    alphabets,
    handwriting,
    mathematics,
    page_rules,
    recognition,
    symbols,
    text,
)
from mathpixweb.engine.ocr.formulas import FoundFormula
from mathpixweb.engine.ocr.mathematics import Found
from mathpixweb.engine.ocr.orientation import UPRIGHT, Turn
from mathpixweb.engine.ocr.preparing import Prepared
from mathpixweb.engine.ocr.rows import FONT, MixedLine, Scale, display_row, row_of
from mathpixweb.engine.ocr.text import TextWord

INK: Final = 150  # grey levels; darker is ink
BODY: Final = 10.0  # points that the text of a picture is made large: layout measures in points
SMALL: Final = 1_500_000  # pixels: larger pictures are hardly ever one formula


@dataclass(frozen=True, slots=True, eq=False)
class ReadPicture:
    """`page` is in points of `scale`; `formula` is set if the whole picture is one."""

    page: Page
    picture: Prepared
    scale: Scale
    turn: Turn = UPRIGHT
    formula: FoundFormula | None = None
    words: tuple[TextWord | FoundFormula, ...] = ()
    alphabets: tuple[str, ...] = ()
    handwritten: bool = False


def read(
    picture: Prepared,
    options: Options,
    *,
    turn_from: float = 0.99,
    allowed: Collection[str] = (),
    survey: Survey | None = None,
    points: float | None = None,
    number: int = 1,
) -> ReadPicture:
    """`turn_from` is the confidence from which a picture is turned, `allowed` the alphabets there may be.

    `points` is given for page `number` of a document: a pixel's size. Then the layout is that of pages.
    """
    if picture.blank:
        return _laid_out(picture, Found((), ()), options, survey, points, number)
    style = latex.Style(idiomatic=options.idiomatic_eqn_arrays or options.include_equation_tags)
    if points is None and (formula := _whole_formula(picture, style)) is not None:
        return _one_formula(picture, formula)
    text_read = recognition.read(picture, allowed, turn_from)
    turn, picture, lines = text_read.turn, text_read.picture, text_read.lines
    if turn.quarters and turn.confidence >= turn_from and points is None:
        formula = _whole_formula(picture, style)
        if formula is not None:
            return replace(_one_formula(picture, formula), turn=turn)
    seen = symbols.detect(picture.gray, text.body_size(lines) or None)
    if points is None and picture.gray.size <= SMALL:
        formula = mathematics.wordless(lines, seen, picture.gray < INK, style)
        if formula is not None:
            return replace(_one_formula(picture, formula), turn=turn)
    found = mathematics.sort(lines, seen, style)
    return replace(
        _laid_out(picture, found, options, survey, points, number, ordered=text_read.ordered),
        turn=turn,
        alphabets=alphabets.seen(line.text for line in lines),
        handwritten=handwriting.is_handwritten(picture.gray, [line.box for line in lines]),
    )


def _whole_formula(picture: Prepared, style: latex.Style) -> FoundFormula | None:
    if picture.gray.size > SMALL:
        return None
    return mathematics.whole(symbols.detect(picture.gray), picture.gray < INK, style)


def _one_formula(picture: Prepared, formula: FoundFormula) -> ReadPicture:
    scale = Scale(BODY / max(formula.size, 1.0), picture.gray.shape[0])
    row = display_row([formula], 0, scale)
    height, width = (side * scale.zoom for side in picture.gray.shape)
    blocks = (row.block,) if row.block else ()
    return ReadPicture(Page(1, width, height, blocks), picture, scale, formula=formula, words=(formula,))


def _laid_out(
    picture: Prepared,
    found: Found,
    options: Options,
    survey: Survey | None,
    points: float | None,
    number: int,
    *,
    ordered: bool = False,
) -> ReadPicture:
    height, width = picture.gray.shape
    shown = [formula for display in found.displays for formula in display]
    body = text.body_size(found.lines) or text.body_size(shown)
    scale = Scale(points or (BODY / body if body else 1.0), height)
    rows = list(_rows(found, scale, ordered))
    glyphs = tuple(glyph for row in rows for glyph in row.glyphs)
    rules = tuple(_rules(picture, body, scale, len(glyphs)))
    sheet = Sheet(number, width * scale.zoom, height * scale.zoom, glyphs, rules)
    known = replace(survey or Survey(1), body_size=body * scale.zoom or BODY, body_font=FONT)
    page = pictures.understand(sheet, rows, known, options, whole_page=points is not None, ordered=ordered)
    pieces = [piece for line in found.lines for piece in line.pieces]
    return ReadPicture(page, picture, scale, words=(*pieces, *shown))


_Item = MixedLine | tuple[FoundFormula, ...]


def _rows(found: Found, scale: Scale, ordered: bool) -> Iterator[Row]:
    """Numbered from the top down, or in the order of the lines if that is known."""
    items: list[_Item] = list(found.lines)
    for display in found.displays:
        box = display[0].box
        below = (k for k, item in enumerate(items) if _is_below(item, box))
        items.insert(next(below, len(items)), display)
    if not ordered:
        items.sort(key=lambda item: _place(item).cy)
    index = 0
    for item in items:
        row = row_of(item, index, scale) if isinstance(item, MixedLine) else display_row(item, index, scale)
        index += max(1, len(row.glyphs))
        yield row


def _place(item: _Item) -> Box:
    return item.pieces[0].box if isinstance(item, MixedLine) else item[0].box


def _is_below(item: _Item, box: Box) -> bool:
    place = _place(item)
    return place.cy > box.cy and place.x_overlap(box) > 0


def _rules(picture: Prepared, body: float, scale: Scale, first: int) -> Iterator[Rule]:
    if body:
        for position, (box, upright) in enumerate(page_rules.find(picture.gray < INK, body)):
            yield Rule(first + position, scale.box(box), upright)
