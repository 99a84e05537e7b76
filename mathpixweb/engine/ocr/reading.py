"""A prepared picture read: whether it is one formula, or lines of text with formulas in them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mathpixweb.engine import heap
from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout import pictures
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.math import latex
from mathpixweb.engine.model import CHARTS, Options, Page, Sheet, Survey
from mathpixweb.engine.ocr import (
    alphabets,
    charts,
    choices,
    drawings,
    figures,
    gathering,
    handwriting,
    handwritten,
    labelled,
    letter_lines,
    mathematics,
    page_rules,
    pies,
    plain_words,
    quantities,
    questions,
    recognition,
    surmise,
    symbols,
    table_blocks,
    tables,
    text,
)
from mathpixweb.engine.ocr.drawings import Drawing, Lettering
from mathpixweb.engine.ocr.figures import Figure
from mathpixweb.engine.ocr.formulas import FoundFormula
from mathpixweb.engine.ocr.ground import INK
from mathpixweb.engine.ocr.labelled import Geometry
from mathpixweb.engine.ocr.letter_lines import Letters
from mathpixweb.engine.ocr.mathematics import Found
from mathpixweb.engine.ocr.orientation import UPRIGHT, Turn
from mathpixweb.engine.ocr.preparing import Prepared
from mathpixweb.engine.ocr.recognition import TextRead
from mathpixweb.engine.ocr.rows import FONT, MixedLine, Scale, display_row, drawn_row, row_of
from mathpixweb.engine.ocr.scaling import scaled
from mathpixweb.engine.ocr.sightings import Sighting
from mathpixweb.engine.ocr.table_blocks import FilledTable
from mathpixweb.engine.ocr.tables import Grid
from mathpixweb.engine.ocr.text import TextLine, TextWord

LONGEST_LABEL: Final = 24  # letters of text in a drawing; more are running text over a picture
BODY: Final = 10.0  # points that the text of a picture is made large: layout measures in points
LARGE: Final = 6_000_000  # pixels: larger pictures are hardly ever one drawing
MOST_LETTERS: Final = 250  # of ink as large as letters: more are text, and no molecule's labels and bonds
LEFT_OVER: Final = 0.03  # of the ink beside drawings that are all there is
SMALL: Final = 1_500_000  # pixels: larger pictures are hardly ever one formula
SCRIPT_GAP: Final = 0.4  # of a letter's font size between it and its exponent
EM: Final = 2.0  # letters' heights …
LETTERS: Final = 40  # … which is so much of the longer side of a picture where letters are too few to tell
FEWEST_RULES: Final = 3  # of either kind, which cross: two frame a formula


_Apart = Drawing | FilledTable
_Item = MixedLine | tuple[FoundFormula, ...] | _Apart


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
    geometry: tuple[Geometry, ...] = ()


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
    heap.settle()
    heap.ease()  # of what decoding it took
    found = _read(picture, options, turn_from, allowed, survey, points, number)
    heap.ease()
    return found


def _read(
    picture: Prepared,
    options: Options,
    turn_from: float,
    allowed: Collection[str],
    survey: Survey | None,
    points: float | None,
    number: int,
) -> ReadPicture:
    if picture.blank:
        return _laid_out(picture, Found((), ()), (), options, survey, points, number)
    style = latex.Style(idiomatic=options.idiomatic_eqn_arrays or options.include_equation_tags)
    sighting: Sighting | None = None
    found: Sequence[Figure] | None = None
    letters: Letters | None = None
    if points is None:
        if picture.gray.size <= LARGE:
            letters = letter_lines.letters_of(picture.gray)
            found = figures.beside(letters, picture.gray)
        is_pie = bool(found) and next(pies.find(picture, ()), None) is not None
        drawn = None if found is None or is_pie else _only_drawings(picture, found, letters)
        if drawn is not None:
            if (formula := handwritten.surely(picture.gray, style)) is not None:
                return replace(_one_formula(picture, formula), handwritten=True)
            return _laid_out(picture, Found((), ()), drawn, options, survey, points, number)
        if picture.gray.size <= SMALL and not is_pie and not _is_ruled(picture, letters):
            sighting = symbols.detect(picture.gray)
        if (formula := _whole_formula(picture, sighting, style)) is not None:
            return _one_formula(picture, formula)
    heap.ease()
    text_read = recognition.read(
        picture,
        allowed,
        turn_from,
        large_tables=options.enable_tables_fallback,
        letters=letters,
        drawn=found,
    )
    if text_read.forbidden:
        nothing = _laid_out(text_read.picture, Found((), ()), (), options, survey, points, number)
        return replace(nothing, turn=text_read.turn)
    heap.ease()  # of what reading its lines took, before symbols are looked for in all of it
    if points is None:
        if sighting is not None and text_read.picture is not picture:
            sighting = symbols.detect(text_read.picture.gray)
        if (formula := _by_hand(text_read, sighting, style)) is not None:
            return replace(_one_formula(text_read.picture, formula), turn=text_read.turn, handwritten=True)
        if (formula := _formula_in_text(text_read, sighting, style, turn_from)) is not None:
            return replace(_one_formula(text_read.picture, formula), turn=text_read.turn)
    return _sorted_out(text_read, sighting, options, style, survey, points, number)


def _sorted_out(
    text_read: TextRead,
    sighting: Sighting | None,
    options: Options,
    style: latex.Style,
    survey: Survey | None,
    points: float | None,
    number: int,
) -> ReadPicture:
    """The picture in its parts: drawings, tables, lines of text with the mathematics in them."""
    turn, picture = text_read.turn, text_read.picture
    plotted, others = charts.with_figures(charts.find(picture, text_read.pieces), text_read.figures)
    identified = drawings.identify(picture.gray, others, text_read.pieces)
    drawn = [*plotted, *(drawings.with_labels(one, text_read.pieces) for one in identified)]
    labels = {id(piece) for piece in text_read.pieces if any(_is_label(piece, one) for one in drawn)}
    pieces = [piece for piece in text_read.pieces if id(piece) not in labels]
    # beside text the edges of a drawing may be rules of a table
    edges = [0 if pieces and not one.triangles else drawings.EDGE for one in drawn]
    bare = drawings.without(
        picture.gray, [one.box.grown(edge) for one, edge in zip(drawn, edges, strict=True)]
    )
    body = text.body_size(pieces)
    rules = page_rules.find(bare, body, [piece.box for piece in pieces]) if pieces else []
    offered = choices.labels(sighting.symbols) if sighting is not None else []
    grids, pieces = (
        ([], pieces) if offered else tables.find(pieces, tables.rulings_of(rules), body, alone=points is None)
    )
    lines = gathering.lines_of(pieces, body, [grid.box for grid in grids])
    bare = drawings.without(bare, [rule.grown(1) for rule, _ in rules if _stands_in(rule, grids)])
    if sighting is not None and (offered or not lines):
        seen = surmise.outside(sighting, [one.box for one in drawn])
    else:
        seen = surmise.outside(surmise.seen(bare, lines, body or None), _plain_cells(lines, grids))
    if points is None and bare.size <= SMALL and not drawn and not grids:
        surest = max((seen, sighting or seen), key=symbols.evidence)
        formula = mathematics.wordless(lines, surest, bare < INK, style)
        if formula is not None:
            return replace(_one_formula(picture, formula), turn=turn)
    sorted_ = quantities.as_mathematics(questions.sort(lines, seen, offered, style), options)
    tables_, found = table_blocks.fill(grids, sorted_)
    lettered = [piece for piece in text_read.pieces if id(piece) in labels]
    apart: list[_Apart] = [*_with_lettering(drawn, lettered, options), *tables_]
    return replace(
        _laid_out(picture, found, apart, options, survey, points, number),
        turn=turn,
        alphabets=alphabets.seen(line.text for line in lines),
        handwritten=handwriting.is_handwritten(picture.gray, [line.box for line in lines]),
        geometry=_geometry(picture, drawn, text_read.pieces) if options.include_geometry_data else (),
    )


def _geometry(picture: Prepared, drawn: Sequence[Drawing], lines: Sequence[TextLine]) -> tuple[Geometry, ...]:
    """The drawings in which there are triangles, with their labels."""
    return tuple(labelled.read(picture.gray, one.box, one.triangles, lines) for one in drawn if one.triangles)


def _only_drawings(
    picture: Prepared, found: Sequence[Figure], letters: Letters | None
) -> Sequence[Drawing] | None:
    """The drawings of a picture in which hardly anything else is, if they can be read; None for any other."""
    if len(found) > drawings.MOST or not (found or drawings.is_sparse(picture.gray)):
        return None
    is_text = letters is not None and len(letters.boxes) > MOST_LETTERS
    whole = None if is_text or any(one.photo for one in found) else drawings.whole(picture.gray)
    rest = drawings.without(picture.gray, [one.box.grown(drawings.MARGIN) for one in found]) < INK
    if rest.sum() >= LEFT_OVER * (picture.gray < INK).sum():
        return None if whole is None else [whole]
    seen = drawings.identify(picture.gray, found)
    if whole is not None and drawings.overrules(whole, seen):
        return [whole]
    return seen if all(one.molecule is not None for one in seen) else None


def _stands_in(box: Box, grids: Sequence[Grid]) -> bool:
    return any(grid.box.grown(2).contains_point(box.cx, box.cy) for grid in grids)


def _plain_cells(lines: Sequence[TextLine], grids: Sequence[Grid]) -> list[Box]:
    """The plain words in tables, whose numbers are no formulas with what stands around them."""
    within = [line for line in lines if _stands_in(line.box, grids)]
    largest = max((line.size for line in within), default=0.0)
    small = [line for line in within if line.size < mathematics.SMALL_WORD * largest]
    scripts = {id(line) for line in small if any(_is_script_of(line, other) for other in within)}
    return [
        word.box
        for line in within
        if id(line) not in scripts
        for word in line.words
        if plain_words.is_plain(word)
    ]


def _is_script_of(line: TextLine, other: TextLine) -> bool:
    """Whether the line is an exponent or an index right after the other one, which is larger."""
    gap = line.box.x0 - other.box.x1
    beside = -SCRIPT_GAP * other.size < gap < SCRIPT_GAP * other.size
    return beside and line.size < mathematics.SMALL_WORD * other.size and line.box.y_overlap(other.box) > 0


def _is_label(piece: TextLine, drawing: Drawing) -> bool:
    """Whether the text belongs to the drawing, and is not running text over a picture."""
    inside = drawing.box.contains_point(piece.box.cx, piece.box.cy)
    known = drawing.molecule is not None or drawing.subtype in CHARTS
    return inside and (known or piece.length <= LONGEST_LABEL)


def _with_lettering(found: Sequence[Drawing], lines: Sequence[TextLine], options: Options) -> list[Drawing]:
    """The drawings with the text in them, where that was asked for."""
    if not options.include_diagram_text:
        return [replace(one, lettering=()) for one in found]
    return [one if one.lettering else replace(one, lettering=tuple(_lettering(one, lines))) for one in found]


def _lettering(drawing: Drawing, lines: Sequence[TextLine]) -> Iterator[Lettering]:
    return (Lettering(line) for line in lines if _is_label(line, drawing))


def _is_ruled(picture: Prepared, letters: Letters | None) -> bool:
    """Whether there is a table with a rule around every cell, which no formula has."""
    em = EM * letters.height if letters else max(picture.gray.shape) / LETTERS
    return any(
        min(len(each.bars), len(each.stems)) >= FEWEST_RULES
        for each in tables.lattices(tables.rulings_of(page_rules.find(picture.gray, em)), em)
    )


def _whole_formula(picture: Prepared, seen: Sighting | None, style: latex.Style) -> FoundFormula | None:
    return None if seen is None else mathematics.whole(seen, picture.gray < INK, style)


def _by_hand(text_read: TextRead, seen: Sighting | None, style: latex.Style) -> FoundFormula | None:
    """The formula that somebody wrote, if nothing was printed."""
    gray = text_read.picture.gray
    if handwritten.is_text(text_read.pieces):
        return None
    zoom = min(1.0, math.sqrt(SMALL / gray.size))
    large = zoom < 1.0  # as a photograph of a sheet, of which no symbols were looked for
    if not large and (seen is None or handwritten.is_printed(seen)):
        return None
    gray = scaled(gray, zoom) if large else gray
    formula = handwritten.read(gray, style)
    if formula is None or (large and handwritten.is_printed(symbols.detect(gray))):
        return None
    return replace(formula, box=formula.box.scaled(1 / zoom), size=formula.size / zoom)


def _formula_in_text(
    text_read: TextRead, seen: Sighting | None, style: latex.Style, turn_from: float
) -> FoundFormula | None:
    """The formula that the picture is, once it is turned, or once it is known that hardly a word is in it."""
    turn, picture = text_read.turn, text_read.picture
    if turn.quarters and turn.confidence >= turn_from:
        formula = _whole_formula(picture, seen, style)
        if formula is not None:
            return formula
    return None if seen is None else _formula_without_words(picture, text_read.pieces, seen, style)


def _formula_without_words(
    picture: Prepared, pieces: Sequence[TextLine], seen: Sighting, style: latex.Style
) -> FoundFormula | None:
    """A formula of which not all is sure, but all was seen: none of its letters is a drawing."""
    ink = picture.gray < INK
    if mathematics.covered(seen.symbols, seen.rules, ink) < mathematics.EXPLAINED:
        return None
    return mathematics.wordless(gathering.lines_of(pieces, text.body_size(pieces)), seen, ink, style)


def _one_formula(picture: Prepared, formula: FoundFormula) -> ReadPicture:
    scale = Scale(BODY / max(formula.size, 1.0), picture.gray.shape[0])
    row = display_row([formula], 0, scale)
    height, width = (side * scale.zoom for side in picture.gray.shape)
    blocks = (row.block,) if row.block else ()
    return ReadPicture(Page(1, width, height, blocks), picture, scale, formula=formula, words=(formula,))


def _laid_out(
    picture: Prepared,
    found: Found,
    apart: Sequence[_Apart],
    options: Options,
    survey: Survey | None,
    points: float | None,
    number: int,
) -> ReadPicture:
    height, width = picture.gray.shape
    shown = [formula for display in found.displays for formula in display]
    body = text.body_size(found.lines) or text.body_size(shown)
    scale = Scale(points or (BODY / body if body else 1.0), height)
    rows = list(_rows(found, apart, scale))
    sheet = Sheet(number, width * scale.zoom, height * scale.zoom)
    known = replace(survey or Survey(1), body_size=body * scale.zoom or BODY, body_font=FONT)
    whole_page = points is not None or options.enable_document_layout
    page = pictures.understand(sheet, rows, known, options, whole_page=whole_page)
    pieces = [piece for line in found.lines for piece in line.pieces]
    return ReadPicture(page, picture, scale, words=(*pieces, *shown))


def _rows(found: Found, apart: Sequence[_Apart], scale: Scale) -> Iterator[Row]:
    """Rows in the order of the lines; what is no line stands before the first line under it, or after the
    last over it, or at its height if no line is over or under it.
    """
    items: list[_Item] = list(found.lines)
    others: list[_Item] = [*found.displays, *apart]
    for item in others:
        box = _place(item)
        below = (k for k, other in enumerate(items) if _is_below(other, box))
        above = (k + 1 for k in reversed(range(len(items))) if _is_below(item, _place(items[k])))
        lower = (k for k, other in enumerate(items) if _place(other).cy > box.cy)
        items.insert(next(below, next(above, next(lower, len(items)))), item)
    index = 0
    for item in items:
        row = _row(item, index, scale)
        index += max(1, len(row.glyphs))
        yield row


def _row(item: _Item, index: int, scale: Scale) -> Row:
    if isinstance(item, MixedLine):
        return row_of(item, index, scale)
    if isinstance(item, Drawing):
        return drawn_row(item, index, scale)
    if isinstance(item, FilledTable):
        return table_blocks.table_row(item, index, scale)
    return display_row(item, index, scale)


def _place(item: _Item) -> Box:
    if isinstance(item, Drawing | FilledTable):
        return item.box
    if isinstance(item, MixedLine):
        return union(piece.box for piece in item.pieces)
    return union(formula.box for formula in item)


def _is_below(item: _Item, box: Box) -> bool:
    place = _place(item)
    return place.cy > box.cy and place.x_overlap(box) > 0
