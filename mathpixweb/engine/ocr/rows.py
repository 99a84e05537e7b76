"""Lines of text and formulas as the rows that layout works with, in points with y upwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout.draft import Row, Word, standing_for
from mathpixweb.engine.model import Block, Formula, Glyph, Line, Span, Text
from mathpixweb.engine.ocr.drawings import Drawing, Lettering
from mathpixweb.engine.ocr.formulas import FoundFormula
from mathpixweb.engine.ocr.text import TextWord

FONT: Final = "picture"
WORD_GAP: Final = 0.22  # of the font size, at least, between words
CLOSING: Final = frozenset(",.;:!?)]}%”’")
OPENING: Final = frozenset("([{“‘")


@dataclass(frozen=True, slots=True)
class Scale:
    """Pixels to points: `zoom` points are a pixel, `height` is the picture's in pixels."""

    zoom: float
    height: float

    def box(self, box: Box) -> Box:
        top, bottom = (self.height - box.y0) * self.zoom, (self.height - box.y1) * self.zoom
        return Box(box.x0 * self.zoom, bottom, box.x1 * self.zoom, top)

    def y(self, y: float) -> float:
        return (self.height - y) * self.zoom

    def pixels(self, box: Box) -> Box:
        """Back again."""
        top, bottom = self.height - box.y1 / self.zoom, self.height - box.y0 / self.zoom
        return Box(box.x0 / self.zoom, top, box.x1 / self.zoom, bottom)


@dataclass(frozen=True, slots=True)
class MixedLine:
    """Words and inline formulas from left to right."""

    pieces: tuple[TextWord | FoundFormula, ...]
    baseline: float
    size: float

    @property
    def length(self) -> int:
        return sum(len(p.text) if isinstance(p, TextWord) else p.symbols for p in self.pieces)


def row_of(line: MixedLine, index: int, scale: Scale) -> Row:
    """`index` counts glyphs; the row's are those from there on."""
    glyphs: list[Glyph] = []
    words: list[Word] = []
    size, baseline = line.size * scale.zoom, scale.y(line.baseline)
    for piece in line.pieces:
        box = scale.box(piece.box)
        if words and box.x0 - words[-1].x1 < WORD_GAP * size:
            start = min(words[-1].x1 + WORD_GAP * size, box.x1 - 0.1 * size)
            box = Box(max(box.x0, start), box.y0, box.x1, box.y1)
        own = _glyphs(piece, box, size, baseline, index + len(glyphs))
        glyphs += own
        text = piece.text if isinstance(piece, TextWord) else piece.latex
        words.append(
            Word(
                tuple(own),
                box.x0,
                box.x1,
                text,
                math=isinstance(piece, FoundFormula),
                neutral=isinstance(piece, TextWord) and not any(char.isalpha() for char in text),
                number=isinstance(piece, TextWord) and text.strip(".,;:()%").isdigit(),
            )
        )
    whole = union(scale.box(piece.box) for piece in line.pieces)
    spans = tuple(spans_of(line.pieces, scale))
    return Row(index, tuple(glyphs), (), whole, size, baseline, tuple(words), spans=spans)


def display_row(formulas: Sequence[FoundFormula], index: int, scale: Scale) -> Row:
    """Displayed mathematics as a finished block, one line for each formula."""
    lines = tuple(
        Line(
            (Formula(found.latex, scale.box(found.box), True, found.tag, found.confidence),),
            scale.box(found.box),
            found.size * scale.zoom,
        )
        for found in formulas
    )
    return standing_for(Block("math", union(line.box for line in lines), lines), index)


def drawn_row(drawing: Drawing, index: int, scale: Scale) -> Row:
    """A drawing, with its lettering as lines that are no part of the text."""
    lettering = tuple(_lettering(each, scale) for each in drawing.lettering)
    block = Block(
        "diagram",
        scale.box(drawing.box),
        subtype=drawing.subtype,
        children=lettering,
        molecule=drawing.molecule,
    )
    return standing_for(block, index)


def _lettering(lettering: Lettering, scale: Scale) -> Block:
    line = lettering.line
    box = scale.box(line.box)
    spans = tuple(spans_of(line.words, scale))
    return Block(lettering.type, box, (Line(spans, box, line.size * scale.zoom),), output=False)


def _glyphs(
    piece: TextWord | FoundFormula, box: Box, size: float, baseline: float, index: int
) -> list[Glyph]:
    """A glyph for each character, evenly spread over the word; a formula is one glyph that is no text."""
    if isinstance(piece, FoundFormula):
        return [Glyph(index, piece.latex, "\ufffc", FONT, "mi", size, box.x0, baseline, box.width, box)]
    step = box.width / max(1, len(piece.text))
    return [
        Glyph(
            index + k,
            "",
            char,
            FONT,
            "rm",
            size,
            box.x0 + k * step,
            baseline,
            step,
            Box(box.x0 + k * step, box.y0, box.x0 + (k + 1) * step, box.y1),
        )
        for k, char in enumerate(piece.text)
    ]


def spans_of(pieces: Sequence[TextWord | FoundFormula], scale: Scale) -> list[Span]:
    spans: list[Span] = []
    before = ""
    for piece in pieces:
        box = scale.box(piece.box)
        if isinstance(piece, FoundFormula):
            if spans and before[-1:] not in OPENING:
                spans.append(Text(" ", box))
            spans.append(Formula(piece.latex, box, confidence=piece.confidence))
            before = "x"
            continue
        after_formula = bool(spans) and isinstance(spans[-1], Formula)
        tight = not spans or (after_formula and piece.text[:1] in CLOSING)
        spans.append(Text(("" if tight else " ") + piece.text, box, confidence=piece.confidence))
        before = piece.text
    return _merged(spans)


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Neighbouring texts in one, whose confidence is the mean of its words'."""
    merged: list[Span] = []
    counts: list[int] = []
    for span in spans:
        last = merged[-1] if merged else None
        if isinstance(span, Text) and isinstance(last, Text):
            count = counts[-1] + 1
            mean = last.confidence + (span.confidence - last.confidence) / count
            merged[-1] = Text(last.text + span.text, union((last.box, span.box)), confidence=mean)
            counts[-1] = count
        else:
            merged.append(span)
            counts.append(1)
    return merged
