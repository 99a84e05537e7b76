"""The engine's nouns: what a reader finds on a page, and what the layout makes of it.

Readers return a `Sheet` (marks on paper). The layout steps turn it into a `Page` (what the marks mean).
Writers turn pages into Mathpix Markdown and lines.json. All coordinates are PDF points, origin at the
lower left corner of the visible page, page rotation already undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mathpixweb.engine.geometry import Box


@dataclass(slots=True, unsafe_hash=True)
class Glyph:
    """One drawn character. Nobody changes one; like `Box` it is not frozen for the time that takes.

    `index` counts marks in the order in which the page draws them, glyphs and rules together.
    `name` is the glyph's name in its font program or encoding ("summationdisplay"), empty if unknown.
    `char` is the Unicode text, where the document gives it. `font` is the BaseFont without its subset tag.
    `family` is one of those of `readers/families.py` ("mi", "sy", "rm" …). `size` is the effective font
    size in points; `x`, `y` the origin on the baseline; `advance` the pen's way; `ink` the drawn outline.
    `face` is the number of the font in the file, 0 if it has none: fonts of one name may be several.
    """

    index: int
    name: str
    char: str
    font: str
    family: str
    size: float
    x: float
    y: float
    advance: float
    ink: Box
    face: int = 0

    def renumbered(self, index: int) -> Glyph:
        """The glyph with another place in drawing order; several times as fast as `dataclasses.replace`."""
        return Glyph(
            index,
            self.name,
            self.char,
            self.font,
            self.family,
            self.size,
            self.x,
            self.y,
            self.advance,
            self.ink,
            self.face,
        )


def ink_of(glyphs: Iterable[Glyph]) -> Box:
    """The box around the ink of all of these, of which there must be at least one."""
    several = iter(glyphs)  # in one loop, as `geometry.union` has it
    first = next(several).ink
    x0, y0, x1, y1 = first.x0, first.y0, first.x1, first.y1
    for glyph in several:
        ink = glyph.ink
        if ink.x0 < x0:
            x0 = ink.x0
        if ink.y0 < y0:
            y0 = ink.y0
        if ink.x1 > x1:
            x1 = ink.x1
        if ink.y1 > y1:
            y1 = ink.y1
    return Box(x0, y0, x1, y1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin horizontal (or, with `vertical`, upright) bar: fraction bar, overline, table line."""

    index: int
    box: Box
    vertical: bool = False

    @property
    def y(self) -> float:
        return self.box.cy


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster image or a cluster of drawn curves."""

    index: int
    box: Box
    raster: bool


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line that is neither level nor upright, or a small mark such as the head of an arrow.

    `slope` is 1 where the line rises to the right and -1 where it falls, 0 for everything else.
    """

    index: int
    box: Box
    slope: int = 0


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What is drawn around or across a part of a formula. `command` is LaTeX's name for it.

    `count` is how many glyphs have their middles in the box.
    """

    box: Box
    command: str
    count: int

    def holds(self, glyph: Glyph) -> bool:
        return self.box.contains_point(glyph.ink.cx, glyph.ink.cy)


@dataclass(frozen=True, slots=True)
class Link:
    """A clickable area with its target address."""

    box: Box
    url: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of a display. Its `number` is what it says itself, "" if it is counted, None if it has none."""

    cells: tuple[str, ...]
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A formula as a file brings it along, in LaTeX without delimiters, labels and numbers.

    `rows` are those of `align` and its like, otherwise there is one. `display` says that it stands by itself,
    None that nobody knows.
    """

    latex: str
    rows: tuple[SourceRow, ...]
    display: bool | None = None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A formula that a file brings along for the marks from `first` to `last`.

    It is set in letters of `size`; the pen goes from `x` on the baseline `y` to `end_x` and `end_y`.
    """

    source: Source
    first: int
    last: int
    size: float
    x: float
    y: float
    end_x: float
    end_y: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """The marks of one page. `number` counts from 1; `width` and `height` are in points.

    `strokes` are slanted lines and small marks, whether or not they are parts of pictures. `dots` are small
    squares and balls of which no drawing is made.
    `enclosed` are the formulas that bring their LaTeX along.
    `turns` are the quarter turns clockwise, beyond the page's own rotation, that made its text upright.
    `downwards` says that its text goes down in columns; `sideways` are then the glyphs that lie in these, in
    their places once the page is turned by a quarter, counter-clockwise.
    """

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...] = ()
    rules: tuple[Rule, ...] = ()
    pictures: tuple[Picture, ...] = ()
    links: tuple[Link, ...] = ()
    turns: int = 0
    downwards: bool = False
    sideways: tuple[Glyph, ...] = ()
    enclosed: tuple[Enclosed, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    dots: tuple[Stroke, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they will be read, ligatures and hyphens resolved within the line."""

    text: str
    box: Box
    bold: bool = False
    italic: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Formula:
    """A piece of mathematics as LaTeX, without delimiters."""

    latex: str
    box: Box
    display: bool = False
    tag: str | None = None
    confidence: float = 1.0


Span = Text | Formula


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block: what stands on one baseline, or one row of display mathematics."""

    spans: tuple[Span, ...]
    box: Box
    size: float
    hyphenated: bool = False


@dataclass(frozen=True, slots=True)
class Molecule:
    """A drawn chemical structure: canonical SMILES with its stereochemistry and without, InChI and its key.

    There is no InChI where places are left open. `confidence` is the probability that it is what is drawn.
    """

    smiles: str
    flat_smiles: str
    inchi: str = ""
    inchi_key: str = ""
    confidence: float = 1.0


CHARTS = frozenset(("column", "bar", "line", "analytical", "pie", "scatter", "area"))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, equation, figure …

    `type` and `subtype` are the contract's words for line types ("text", "section_header", "title",
    "authors", "abstract", "equation", "diagram", "page_info", "footnote" …). `level` is the heading's
    depth from 1. `output` tells whether the block is part of the Mathpix Markdown. `rows` is how many rows of
    its table a cell reaches down. `molecule` is what a diagram of subtype "chemistry" shows; a chart is a
    diagram whose subtype is one of CHARTS, or "chart" if it is not known which.
    """

    type: str
    box: Box
    lines: tuple[Line, ...] = ()
    subtype: str | None = None
    level: int = 0
    column: int = 0
    output: bool = True
    children: tuple[Block, ...] = ()
    rows: int = 1
    molecule: Molecule | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What one page says, its blocks in reading order; sizes in points."""

    number: int
    width: float
    height: float
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """What reading one page needs to know of the whole document; plain values that survive JSON.

    `math_faces`, `text_faces` and `math_signs` tell mathematics from text as `layout/faces.py` says.
    """

    page_count: int
    body_size: float = 10.0
    body_font: str = ""
    heading_sizes: tuple[float, ...] = ()
    running_heads: tuple[str, ...] = ()
    lefts: tuple[float, ...] = ()
    rights: tuple[float, ...] = ()
    math_faces: tuple[int, ...] = ()
    text_faces: tuple[int, ...] = ()
    math_signs: str = ""

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Survey:
        """The survey from what `dataclasses.asdict` made of it, lists for tuples and unknown keys allowed."""
        known: dict[str, Any] = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
        return cls(**(known | lists))


@dataclass(frozen=True, slots=True)
class Options:
    """How pages and pictures are to be read and written; names and defaults are the reference's."""

    math_inline_delimiters: tuple[str, str] = ("\\(", "\\)")
    math_display_delimiters: tuple[str, str] = ("\\[", "\\]")
    rm_spaces: bool = True
    rm_fonts: bool = False
    idiomatic_eqn_arrays: bool = False
    include_equation_tags: bool = False
    include_page_info: bool = False
    include_page_breaks: bool = False
    numbers_default_to_math: bool = False
    math_fonts_default_to_math: bool = False
    remove_section_numbering: bool = False
    auto_number_sections: bool = False
    disable_itemize: bool = False
    disable_lstlisting: bool = False
    include_hyperlinks: bool = False
    include_diagram_text: bool = False
    include_smiles: bool = True
    include_inchi: bool = False
    include_chemistry_as_image: bool = False
    isomeric_smiles: bool = True
    alphabets_allowed: Mapping[str, bool] = field(default_factory=dict)
    fullwidth_punctuation: bool | None = None
    enable_tables_fallback: bool = False
    enable_document_layout: bool = False
    include_geometry_data: bool = False
    extra: dict[str, object] = field(default_factory=dict)
