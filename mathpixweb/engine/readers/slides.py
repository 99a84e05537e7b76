"""PowerPoint presentations: each slide a page, everything on it in its place."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pptx
from lxml import etree
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

from mathpixweb.engine.errors import UnreadableDocument
from mathpixweb.engine.flow.model import (
    Leaf,
    Node,
    Place,
    Slides,
    cell,
    header,
    image,
    paragraph,
    table,
    text,
)
from mathpixweb.engine.readers import office_math, slide_text
from mathpixweb.engine.readers.archives import DAMAGES, Archive

POINT: Final = 12_700  # English metric units
MOST_SLIDES: Final = 5_000
ROW: Final = 54.0  # points, a tenth of a slide: what begins within one stands side by side
DEEPEST: Final = 20  # groups within groups
TITLES: Final = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
FURNITURE: Final = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
BULLETED: Final = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY)
COMPATIBILITY: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def read_path(path: Path) -> Slides:
    """Raises UnreadableDocument, EncryptedDocument."""
    with Archive(path):
        return read(path.read_bytes())


def read(content: bytes) -> Slides:
    """Raises UnreadableDocument."""
    try:
        deck = pptx.Presentation(io.BytesIO(content))
        width, height = (deck.slide_width or 0) / POINT, (deck.slide_height or 0) / POINT
        slides = [_Slide() for _ in range(min(len(deck.slides), MOST_SLIDES))]
        for ours, theirs in zip(slides, deck.slides, strict=False):
            ours.take(theirs)
    except (*DAMAGES, ValueError, AttributeError, TypeError, IndexError, etree.LxmlError) as error:
        raise UnreadableDocument("Its slides are damaged.") from error
    formulas = [formula for slide in slides for formula in slide.formulas]
    slide_text.fill(formulas, office_math.latex([element for element, _ in formulas]))
    leaves = tuple(Leaf(tuple(slide.blocks), tuple(slide.places), width, height) for slide in slides)
    return Slides(leaves, {name: blob for slide in slides for name, blob in slide.pictures.items()})


class _Slide:
    """One slide while it is read. Formulas are filled in when all of them are known."""

    def __init__(self) -> None:
        self.blocks: list[Node] = []
        self.places: list[Place | None] = []
        self.pictures: dict[str, bytes] = {}
        self.formulas: list[slide_text.Formula] = []

    def take(self, slide: Any) -> None:
        _choose(slide._element)
        for shape in sorted(slide.shapes, key=_order):
            self._take(shape, _place(shape), 0)

    def _take(self, shape: Any, place: Place | None, depth: int) -> None:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            for inner in shape.shapes if depth < DEEPEST else ():
                self._take(inner, place, depth + 1)
            return
        for block in self._blocks(shape):
            self.blocks.append(block)
            self.places.append(place)

    def _blocks(self, shape: Any) -> Iterator[Node]:
        kind = shape.placeholder_format.type if shape.is_placeholder else None
        if kind in FURNITURE:
            return
        if getattr(shape, "has_table", False) and shape.has_table:
            yield self._table(shape.table)
        elif getattr(shape, "has_chart", False) and shape.has_chart:
            yield from _chart(shape.chart)
        elif shape.has_text_frame:
            paragraphs = self._paragraphs(shape)
            if kind in TITLES:
                yield header(1, [inline for each in paragraphs for inline in (*each.inlines, {"t": "Space"})])
            else:
                yield from slide_text.blocks(paragraphs, bulleted=kind in BULLETED)
        elif (name := self._picture(shape)) is not None:
            yield paragraph([image(name, shape._element._nvXxPr.cNvPr.get("descr") or "")])

    def _paragraphs(self, shape: Any) -> list[slide_text.Paragraph]:
        return [self._paragraph(element, shape.part) for element in shape._element.txBody.p_lst]

    def _paragraph(self, element: Any, part: Any) -> slide_text.Paragraph:
        found = slide_text.paragraph(element, part)
        self.formulas += found.formulas
        return found

    def _picture(self, shape: Any) -> str | None:
        """The name of its picture; None where there is none, or only an address of one."""
        ids = shape._element.xpath(".//a:blip/@r:embed")
        if not ids:
            return None
        part = shape.part.related_part(ids[0])
        name = str(part.partname)
        self.pictures[name] = part.blob
        return name

    def _table(self, grid: Any) -> Node:
        rows = [
            [
                cell(self._cell(each, grid.part), each.span_height, each.span_width)
                for each in row.cells
                if not each.is_spanned
            ]
            for row in grid.rows
        ]
        return table(rows, len(grid.columns))

    def _cell(self, each: Any, part: Any) -> list[Node]:
        body = each._tc.txBody
        elements = body.p_lst if body is not None else ()
        found = [self._paragraph(element, part) for element in elements]
        return [paragraph(each.inlines) for each in found if each.inlines]


def _choose(slide: Any) -> None:
    """Puts in what a program of today shows, where a slide has several forms of the same thing."""
    for either in list(slide.iter(f"{{{COMPATIBILITY}}}AlternateContent")):
        parent = either.getparent()
        choice = either.find(f"{{{COMPATIBILITY}}}Choice")
        if parent is None or choice is None:
            continue
        at = parent.index(either)
        for offset, element in enumerate(list(choice)):
            parent.insert(at + offset, element)
        parent.remove(either)


def _is_title(shape: Any) -> bool:
    return bool(shape.is_placeholder and shape.placeholder_format.type in TITLES)


def _order(shape: Any) -> tuple[bool, int, float]:
    """The title, then rows from above, each from the left; the order in the file is the one of drawing."""
    place = _place(shape) or Place(0, 0, 0, 0)
    return not _is_title(shape), round(place.y / ROW), place.x


def _place(shape: Any) -> Place | None:
    sides = (shape.left, shape.top, shape.width, shape.height)
    if any(side is None for side in sides):
        return None
    return Place(*(max(0.0, side / POINT) for side in sides))


def _chart(chart: Any) -> Iterator[Node]:
    """A chart's title and its numbers."""
    if chart.has_title and chart.chart_title.has_text_frame and chart.chart_title.text_frame.text.strip():
        yield paragraph(text(chart.chart_title.text_frame.text.strip()))
    plot = next(iter(chart.plots), None)
    if plot is None:
        return
    series = list(plot.series)
    rows = [[_said(""), *(_said(each.name) for each in series)]]
    for index, category in enumerate(plot.categories):
        values = [each.values[index] if index < len(each.values) else None for each in series]
        rows.append(
            [_said(str(category)), *(_said("" if value is None else f"{value:g}") for value in values)]
        )
    if len(rows) > 1:
        yield table(rows, len(series) + 1)


def _said(words: str) -> list[Any]:
    return cell([paragraph(text(words))] if words else [])
