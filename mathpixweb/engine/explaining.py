"""Why a page reads as it does: what was found on it, drawn over its picture, in one web page without scripts.

It shows the glyphs and rules that the file has, the rows that they make, the regions that rows become, and
each formula with its tree.
"""

from __future__ import annotations

import base64
import html
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Final

from mathpixweb.engine import layout, opened, page_images, scanned, scans
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout import views
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.math import structure, symbols
from mathpixweb.engine.model import Block, Formula, Glyph, Options, Page, Sheet, Survey, Text
from mathpixweb.engine.readers import image_kinds

PICTURE_WIDTH: Final = 1240  # pixels
LAYERS: Final = {
    "picture": "the page",
    "glyphs": "glyphs",
    "rules": "rules and pictures",
    "rows": "rows",
    "regions": "regions",
    "formulas": "formulas",
}
STYLE: Final = """
body{font:14px/1.45 system-ui,sans-serif;margin:1rem;background:#fff;color:#111}
svg{width:100%;max-width:75rem;border:1px solid #bbb;display:block;margin:.5rem 0}
label{margin-right:1rem}table{border-collapse:collapse}td,th{border-bottom:1px solid #ddd;padding:.2rem .6rem;
text-align:left;vertical-align:top;overflow-wrap:anywhere}pre{margin:.2rem 0;white-space:pre-wrap}
rect,text{vector-effect:non-scaling-stroke}rect{fill:transparent;stroke-width:.6px}
.glyphs rect{stroke:#0a7}.glyphs .unknown{stroke:#d00;fill:#d004}.rules rect{stroke:#a50;fill:#a503}
.rows rect{stroke:#07c;stroke-dasharray:3 2}.regions rect{stroke:#a0a;stroke-width:1.2px}
.regions .silent{stroke:#888}
.regions text{fill:#a0a;font-size:6px}.formulas rect{stroke:#c00;fill:#c001}
"""


@dataclass(frozen=True, slots=True)
class _Read:
    """A page between its marks and what they mean."""

    sheet: Sheet
    survey: Survey
    rows: Sequence[Row]
    page: Page
    scanned: bool


def explain(path: Path, number: int, survey: Survey, options: Options) -> str:
    """The web page about page `number`, from 1. Raises PageFailed and what opening the document raises."""
    with opened.LOCK:
        sheet = opened.sheet(path, number)
    read = _read(path, sheet, survey, options)
    picture = page_images.render(path, number, PICTURE_WIDTH)
    kind = image_kinds.kind_of(picture)
    return _document(read, f"data:image/{kind};base64,{base64.b64encode(picture).decode()}")


def _read(path: Path, sheet: Sheet, survey: Survey, options: Options) -> _Read:
    if scanned.is_scan(sheet):
        return _Read(sheet, survey, (), scans.read(path, sheet, survey, options), scanned=True)
    view = views.with_written(sheet)
    draft = view.draft(survey, options)
    rows: Sequence[Row] = ()
    for step in layout.STEPS:
        draft = step(draft)
        rows = draft.rows or rows  # the last steps leave blocks only
    page = view.page(Page(sheet.number, sheet.width, sheet.height, draft.blocks, sheet.links))
    return _Read(sheet, survey, [view.row(row) for row in rows], page, scanned=False)


def _document(read: _Read, picture: str) -> str:
    hidden = "".join(f"body:has(#{name}:not(:checked)) .{name}{{display:none}}" for name in LAYERS)
    switches = "".join(
        f'<label><input type="checkbox" id="{name}" checked> {title}</label>'
        for name, title in LAYERS.items()
    )
    return "\n".join(
        (
            '<!doctype html><html lang="en"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>Page {read.sheet.number}</title><style>{STYLE}{hidden}</style>",
            f"<h1>Page {read.sheet.number}</h1>",
            *_facts(read),
            f"<p>{switches}</p>",
            *_drawing(read, picture),
            "<h2>Regions</h2><table><tr><th>#<th>Type<th>Column<th>Text</tr>",
            *_regions(read.page.blocks),
            "</table><h2>Formulas</h2>",
            *_formulas(read),
            "</html>",
        )
    )


def _facts(read: _Read) -> Iterator[str]:
    sheet, survey = read.sheet, read.survey
    turned = f", turned by {90 * sheet.turns} degrees" if sheet.turns else ""
    yield f"<p>{sheet.width:.0f} × {sheet.height:.0f} points{turned}."
    if read.scanned:
        yield "Read from its picture: the file does not say what its text is."
    yield f"Text of the document: {survey.body_size:g} points, {html.escape(survey.body_font or '?')}."
    if survey.heading_sizes:
        yield f"Headings: {', '.join(f'{size:g}' for size in survey.heading_sizes)} points."
    fonts = Counter((glyph.font or "?", glyph.family) for glyph in sheet.glyphs).most_common()
    named = (f"{html.escape(font)} as {family} ({count})" for (font, family), count in fonts)
    yield f"</p><p>Fonts: {', '.join(named) or 'none'}.</p>"


def _drawing(read: _Read, picture: str) -> Iterator[str]:
    sheet = read.sheet
    yield f'<svg viewBox="0 0 {sheet.width:.2f} {sheet.height:.2f}" xmlns="http://www.w3.org/2000/svg">'
    yield f'<image class="picture" width="{sheet.width:.2f}" height="{sheet.height:.2f}" opacity=".6"'
    yield f' href="{picture}"/>'
    frame = _Frame(sheet.height)
    glyphs = (
        frame.rect(glyph.ink, _about(glyph), "" if symbols.text_of(glyph) else "unknown")
        for glyph in sheet.glyphs
    )
    marks = (
        *(frame.rect(rule.box, f"rule {rule.index}") for rule in sheet.rules),
        *(frame.rect(p.box, f"{'image' if p.raster else 'drawing'} {p.index}") for p in sheet.pictures),
    )
    rows = (frame.rect(row.box, f"row {row.index}: {row.role}, column {row.column}") for row in read.rows)
    formulas = (frame.rect(formula.box, formula.latex) for formula in _all_formulas(read.page.blocks))
    layers = (("glyphs", glyphs), ("rules", marks), ("rows", rows), ("regions", _outlines(read, frame)))
    for name, drawn in (*layers, ("formulas", formulas)):
        yield f'<g class="{name}">'
        yield from drawn
        yield "</g>"
    yield "</svg>"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns points that count from below into those of a picture, which count from above."""

    height: float

    def rect(self, box: Box, title: str, kind: str = "") -> str:
        place = f'x="{box.x0:.2f}" y="{self.height - box.y1:.2f}"'
        size = f'width="{max(box.width, 0.1):.2f}" height="{max(box.height, 0.1):.2f}"'
        return f'<rect class="{kind}" {place} {size}><title>{html.escape(title)}</title></rect>'

    def label(self, box: Box, text: str) -> str:
        return f'<text x="{box.x0:.2f}" y="{self.height - box.y1 - 1:.2f}">{html.escape(text)}</text>'


def _about(glyph: Glyph) -> str:
    name = f"“{glyph.char}” {glyph.name or 'without a name'}"
    font = f"{glyph.font} ({glyph.family}) {glyph.size:.2f}"
    return f"{glyph.index}: {name}, {font}, base {glyph.x:.1f} {glyph.y:.1f}"


def _outlines(read: _Read, frame: _Frame) -> Iterator[str]:
    for number, block in enumerate(read.page.blocks, 1):
        kind = "" if block.output else "silent"
        yield frame.rect(block.box, f"{number} {_kind(block)}", kind)
        yield frame.label(block.box, f"{number} {_kind(block)}")


def _kind(block: Block) -> str:
    level = f" {block.level}" if block.level else ""
    return f"{block.type}{'/' + block.subtype if block.subtype else ''}{level}"


def _regions(blocks: Sequence[Block]) -> Iterator[str]:
    for number, block in enumerate(blocks, 1):
        said = html.escape(" ".join(_said(block)))
        yield f"<tr><td>{number}<td>{html.escape(_kind(block))}<td>{block.column}<td>{said}</tr>"


def _said(block: Block) -> Iterator[str]:
    for line in block.lines:
        yield "".join(span.text if isinstance(span, Text) else f"\\({span.latex}\\)" for span in line.spans)
    for child in block.children:
        yield from _said(child)


def _all_formulas(blocks: Sequence[Block]) -> Iterator[Formula]:
    for block in blocks:
        for line in block.lines:
            yield from (span for span in line.spans if isinstance(span, Formula))
        yield from _all_formulas(block.children)


def _formulas(read: _Read) -> Iterator[str]:
    for formula in _all_formulas(read.page.blocks):
        yield f"<details><summary><code>{html.escape(formula.latex)}</code>"
        yield f" {'displayed, ' if formula.display else ''}confidence {formula.confidence:.2f}</summary>"
        yield f"<pre>{html.escape(_tree_of(formula, read.sheet))}</pre></details>"


def _tree_of(formula: Formula, sheet: Sheet) -> str:
    """The tree that the glyphs within the formula's box make."""
    box = formula.box.grown(0.1)
    glyphs = [glyph for glyph in sheet.glyphs if box.contains_point(glyph.ink.cx, glyph.ink.cy)]
    rules = [rule for rule in sheet.rules if formula.box.grown(2).contains_point(rule.box.cx, rule.box.cy)]
    if not glyphs:
        return "Its symbols were seen in the page's picture."
    return "\n".join(_outline(structure.parse(glyphs, rules), 0))


def _outline(node: object, depth: int, role: str = "") -> Iterator[str]:
    """One line for each node, its children indented below it."""
    begin = f"{'  ' * depth}{role + ': ' if role else ''}"
    if isinstance(node, tuple):
        for number, child in enumerate(node, 1):
            yield from _outline(child, depth, f"{role} {number}".strip())
        return
    if not is_dataclass(node):
        yield f"{begin}{node}"
        return
    inner = [(field.name, getattr(node, field.name)) for field in fields(node)]
    plain = [f"{name}={value!s}" for name, value in inner if not _is_inner(value) and value not in (None, ())]
    yield f"{begin}{type(node).__name__} {' '.join(plain)}".rstrip()
    for name, value in inner:
        if _is_inner(value):
            yield from _outline(value, depth + 1, "" if name == "children" else name)


def _is_inner(value: object) -> bool:
    return is_dataclass(value) or (isinstance(value, tuple) and any(map(_is_inner, value)))
