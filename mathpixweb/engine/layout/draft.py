"""What the layout steps hand to each other: a page on its way from marks to meaning."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import (
    Block,
    Enclosure,
    Glyph,
    Options,
    Rule,
    Sheet,
    Source,
    Span,
    Survey,
    ink_of,
)


@dataclass(slots=True, unsafe_hash=True)
class Word:
    """Glyphs without a gap between them, and what the neighbours need to know to tell prose from mathematics.

    `text` is what the characters on the baseline say. `math`: some glyph can only be mathematics. `neutral`:
    digits, operators, function names, which are what their neighbours are. `plain`: by their fonts, the
    glyphs are of the text. `pen` and `pen_after` are where the pen stands before and after the word. Nobody
    changes one; like `Box` it is not frozen for the time that takes.
    """

    glyphs: tuple[Glyph, ...]
    x0: float
    x1: float
    text: str
    math: bool = False
    neutral: bool = False
    operator: bool = False
    number: bool = False
    plain: bool = False
    pen: float = 0.0
    pen_after: float = 0.0


@dataclass(slots=True, unsafe_hash=True)
class Row:
    """What stands on one baseline with all that hangs on it: scripts, fractions, limits, matrix rows.

    `size` is the size of the characters on the baseline, `box` encloses the ink. Later steps fill in the
    rest: `words`; `tag`, the equation number without parentheses; `role`, the type of block the row belongs
    to; `spans`, what it reads. `block` is set where the row stands for something already understood as a
    whole, a figure or a table; such a row has no glyphs. `index` is the place in drawing order. `enclosures`
    are drawn around or across parts of its formulas. Nobody changes one; like `Box` it is not frozen for the
    time that takes.
    """

    index: int
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    box: Box
    size: float
    baseline: float
    words: tuple[Word, ...] = ()
    tag: str | None = None
    tag_box: Box | None = None
    role: str = "text"
    level: int = 0
    spans: tuple[Span, ...] = ()
    column: int = 0
    block: Block | None = None
    enclosures: tuple[Enclosure, ...] = ()

    def only(self, glyphs: tuple[Glyph, ...]) -> Row:
        """The row with nothing but these of its glyphs."""
        row = self.copy()
        row.glyphs, row.box = glyphs, ink_of(glyphs)
        return row

    def with_words(self, words: tuple[Word, ...]) -> Row:
        row = self.copy()
        row.words = words
        return row

    def with_spans(self, spans: tuple[Span, ...]) -> Row:
        row = self.copy()
        row.spans = spans
        return row

    def in_column(self, column: int) -> Row:
        if column == self.column:
            return self
        row = self.copy()
        row.column = column
        return row

    def copy(self) -> Row:
        """As `dataclasses.replace` would make it, in a fifth of the time."""
        return Row(
            self.index,
            self.glyphs,
            self.rules,
            self.box,
            self.size,
            self.baseline,
            self.words,
            self.tag,
            self.tag_box,
            self.role,
            self.level,
            self.spans,
            self.column,
            self.block,
            self.enclosures,
        )

    @property
    def display(self) -> bool:
        return self.role == "math"

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Written:
    """A formula whose LaTeX came with the document. One glyph, `char`, stands for all of its marks, in `box`.

    `numbers` are what is printed beside its rows, with their places.
    """

    char: str
    source: Source
    box: Box
    numbers: tuple[tuple[str, Box], ...] = ()


def standing_for(block: Block, index: int) -> Row:
    """The row that keeps the place of a finished block in the reading order."""
    return Row(index, (), (), block.box, 0.0, block.box.y0, role=block.type, block=block)


@dataclass(frozen=True, slots=True)
class Draft:
    """One page between two layout steps.

    `sheet` keeps the marks that no step has claimed yet, `rows` stand in reading order once `columns` has
    run, `lefts` and `rights` are the x positions at which running text begins and ends, `gutters` the middles
    of the white between its columns, `reaches` how far nearly all lines of each column reach.
    `written` are the formulas that brought their LaTeX along. `enclosures` are drawn around
    or across parts of formulas. `initials` is where large initials stand beside the first lines of a text.
    """

    sheet: Sheet
    survey: Survey
    options: Options
    rows: tuple[Row, ...] = ()
    lefts: tuple[float, ...] = ()
    rights: tuple[float, ...] = ()
    gutters: tuple[float, ...] = ()
    reaches: tuple[float, ...] = ()
    blocks: tuple[Block, ...] = ()
    written: tuple[Written, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    initials: tuple[Box, ...] = ()

    @property
    def body_size(self) -> float:
        return self.survey.body_size or 10.0

    @property
    def is_slide(self) -> bool:
        return self.sheet.width > self.sheet.height

    def left_of(self, row: Row) -> float:
        """The edge of running text that the row is indented against."""
        return max(self.lefts_of(row), default=row.box.x0)

    def lefts_of(self, row: Row) -> list[float]:
        """The edges at which lines begin in the row's column, left of the row; some of them are indented."""
        low, _ = self._column(row)
        return [left for left in self.lefts if low < left <= row.box.x0 + 3]

    def right_of(self, row: Row) -> float:
        """The edge at which running text in the row's column ends."""
        left = self.left_of(row)
        _, high = self._column(row)
        beyond = (right for right in self.rights if row.box.x1 - 3 <= right < high and right > left + 100)
        reach = self.reaches[bisect(self.gutters, row.box.x0)] if self.reaches else row.box.x1
        ragged = max(row.box.x1, reach) if row.box.x1 < high else row.box.x1
        return min(beyond, default=ragged)

    def _column(self, row: Row) -> tuple[float, float]:
        """The gutters between which the row stands; a row over several columns stands between none."""
        column = bisect(self.gutters, row.box.x0)
        low = self.gutters[column - 1] if column else float("-inf")
        high = self.gutters[column] if column < len(self.gutters) else float("inf")
        return (low, high) if row.box.x1 < high else (float("-inf"), float("inf"))
