"""A page's marks, collected while its content runs: glyphs, rules, and what belongs to drawings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from mathpixweb.engine.errors import PageFailed
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Glyph, Picture, Rule, Stroke
from mathpixweb.engine.readers.drawing_fonts import slope_of
from mathpixweb.engine.readers.families import DRAWING, family_in_mixed
from mathpixweb.engine.readers.fonts import Face
from mathpixweb.engine.readers.graphics import Point, State, Subpath, multiply
from mathpixweb.engine.readers.marked_content import MarkedContent
from mathpixweb.engine.readers.math_sources import TAG, MathSources
from mathpixweb.engine.readers.pagebox import Matrix, PageBox
from mathpixweb.engine.readers.scaled_glyphs import scaled

MOST_GLYPHS = 200_000  # a page of a telephone book has 20,000
THICKEST_RULE = 1.6  # fraction bars and table lines; dvips images of rules come out up to 1.5 pt high
THICKEST_LINE = 3.0  # at the top and the bottom of tables
SLENDER = 0.02  # of the length at most, where a line is thicker than a fraction bar
SHORTEST_RULE = 1.2
DOWN = 3  # quarter turns clockwise that make text upright which goes down
CENTRE, TOP = (
    0.5,
    0.88,
)  # em from the left and from the foot of an ideograph to where a vertical font draws it
UPRIGHT = 1e-3  # sine of the largest angle at which text still counts as upright
LARGEST_MARK = 12.0  # points on the longer side: heads of arrows
MOST_STROKES = 600  # slanted lines and small marks of a page; more are a drawing
ALIGNED = 0.05  # points two ends of a line may differ and still make it horizontal or vertical


@dataclass(slots=True)
class PageCanvas:
    """Collects marks in upright page coordinates. Text that is not upright is counted and dropped.

    `turned` says how many characters would stand upright after so many quarter turns clockwise.
    `sideways` are glyphs of text that goes down, as they are on the page turned counter-clockwise.
    `unseen` are glyphs that are placed without being drawn: what somebody's recognizer has read in a scan.
    """

    page: PageBox
    glyphs: list[Glyph] = field(default_factory=list)
    unseen: list[Glyph] = field(default_factory=list)
    sideways: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    drawn: list[tuple[int, Box]] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    dots: list[Stroke] = field(default_factory=list)
    framed: list[tuple[int, Box]] = field(default_factory=list)
    turned: Counter[int] = field(default_factory=Counter)
    content: MarkedContent = field(default_factory=MarkedContent)
    sources: MathSources = field(default_factory=MathSources)
    _index: int = 0

    def text(self, face: Face, pieces: Sequence[Any], state: State) -> float:
        matrix = multiply(state.text_matrix, state.ctm)
        hanging = False
        if face.pictures:
            hanging = face.upside_down and not _is_mirrored(matrix)
            matrix = _unmirrored(matrix)
        a, b, c, d, e, f = matrix
        turns = 0 if a > 0 and d > 0 and abs(b) <= UPRIGHT * a else _turns(matrix)
        marks = self.unseen if state.unseen else self.glyphs if not turns else self.sideways
        if turns == DOWN:
            a, b, c, d, e, f = multiply(matrix, (0, 1, -1, 0, self.page.height, 0))
        placed = marks if turns in (0, DOWN) else None
        pen, shown, before, index = 0.0, 0, len(marks), self._index
        spacing, blank = state.char_space * state.scaling, state.word_space * state.scaling
        across, unit, back = state.size * state.scaling, 0.001 * state.size, state.scaling
        vertical, single = face.vertical, not face.multibyte
        if vertical:
            back = 1.0
        # All that is the same for every glyph is said once: this loop is what reading a page costs most.
        high, wide, lean, rise = state.size * d, across * a, c * state.size, 0.0 + state.rise
        name, family, size, number = face.name, face.family, high * face.em, face.number
        glyphs, new = scaled(face, (across, wide, high, lean, hanging)), object.__new__
        aside, above = c * rise, d * rise
        for piece in pieces:
            if isinstance(piece, float):
                pen -= piece * unit * back
                continue
            if not isinstance(piece, bytes):
                continue
            start, moved = pen, 0.0
            for code in piece if single else face.codes(piece):
                shows, step, pens_way, x0, y0, x1, y1, leaning, leant, sign, char = glyphs[code]
                if shows:
                    shown += 1
                    if placed is not None:
                        x = start + moved
                        if vertical:
                            y = start + moved + state.rise - TOP * state.size
                            x, pens_way = 0.0 - CENTRE * state.size, wide
                            aside, above = c * y, d * y
                        x, y = a * x + aside + e, b * x + above + f
                        left, right = x + x0, x + x1
                        if c:
                            left, right = left + leaning, right + leant
                        index += 1
                        # Slot by slot, since calling the class takes twice as long.
                        ink = new(Box)
                        ink.x0 = left
                        ink.y0 = y + y0
                        ink.x1 = right
                        ink.y1 = y + y1
                        glyph = new(Glyph)
                        glyph.index = index
                        glyph.name = sign
                        glyph.char = char
                        glyph.font = name
                        glyph.family = family
                        glyph.size = size
                        glyph.x = x
                        glyph.y = y
                        glyph.advance = pens_way
                        glyph.ink = ink
                        glyph.face = number
                        marks.append(glyph)
                moved += step + spacing
                if code == 32 and single:
                    moved += blank
            pen += moved
        self._index = index
        if face.mixed:
            for glyph in marks[before:]:
                glyph.family = family_in_mixed(family, glyph.name, glyph.char)
        if family == DRAWING and placed is not None:
            self._take_lines(placed, before)
        elif shown and turns is not None:
            self.turned[turns] += shown
        if len(self.glyphs) + len(self.unseen) > MOST_GLYPHS:
            raise PageFailed("The page holds more characters than any real page.")
        return pen

    def _take_lines(self, placed: list[Glyph], before: int) -> None:
        """Makes the glyphs since `before`, which are of a font of lines, what they look like."""
        for glyph in placed[before:]:
            self._draw(glyph.index, glyph.ink, slope_of(glyph))
        del placed[before:]

    def _draw(self, index: int, box: Box, slope: int = 0) -> None:
        self.drawn.append((index, box))
        if len(self.strokes) <= MOST_STROKES and (slope or max(box.width, box.height) < LARGEST_MARK):
            self.strokes.append(Stroke(index, box, slope))

    def path(self, subpaths: list[Subpath], state: State, fill: bool, stroke: bool) -> None:
        self._index += 1
        filled, stroked = fill and not state.white_fill, stroke and not state.white_stroke
        if not filled and not stroked:
            return
        p, q = state.ctm[0], state.ctm[1]
        width = state.line_width * (p * p + q * q) ** 0.5
        for subpath in subpaths:
            self._subpath(subpath, width, filled, stroked)

    def image(self, matrix: Matrix) -> None:
        self._index += 1
        a, b, c, d, e, f = matrix
        xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
        box = self._visible(Box(min(xs), min(ys), max(xs), max(ys)))
        if box is None or self._rule(box):
            return
        self.pictures.append(Picture(self._index, box, raster=True))

    def shading(self, corners: Sequence[Point]) -> None:
        self._index += 1
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        box = self._visible(Box(min(xs), min(ys), max(xs), max(ys)))
        if box:
            self._mark(box)

    def _mark(self, box: Box) -> None:
        """A filled square or ball, if it is small; no drawing is made of these."""
        if max(box.width, box.height) < LARGEST_MARK and len(self.dots) <= MOST_STROKES:
            self.dots.append(Stroke(self._index, box))

    def begin_content(self, properties: Mapping[str, Any]) -> None:
        self.content.begin(properties, self._index)

    def end_content(self) -> None:
        self.content.end(self._index)

    def point(self, tag: str, properties: Mapping[str, Any], matrix: Matrix) -> None:
        if tag == TAG:
            self.sources.point(properties, self._index, matrix)

    def _subpath(self, subpath: Subpath, width: float, filled: bool, stroked: bool) -> None:
        points = subpath.points
        if len(points) < 2:
            return
        if len(points) == 2 and stroked and not filled and not subpath.curved:
            self._segment(*points[0], *points[1], width / 2)
            return
        xs, ys = [x for x, _ in points], [y for _, y in points]
        half = width / 2 if stroked else 0.0
        box = self._visible(Box(min(xs), min(ys), max(xs), max(ys)))
        if box is None:
            return
        if subpath.curved:
            self._draw(self._index, box)
        elif stroked and not filled:
            self._outline(points, subpath.closed, half, box)
        elif not self._rule(box):
            plain = len(points) <= 5 and _is_rectangle(points)
            if plain:
                self.framed.append((self._index, box))
                self._mark(box)
            else:
                self._draw(self._index, box)

    def _segment(self, xa: float, ya: float, xb: float, yb: float, half: float) -> None:
        """A line from one point to another, as plots have thousands of: what `_outline` makes of it."""
        x0, x1 = (xa, xb) if xa <= xb else (xb, xa)
        y0, y1 = (ya, yb) if ya <= yb else (yb, ya)
        if x1 < 0.0 or y1 < 0.0 or x0 > self.page.width or y0 > self.page.height:
            return
        flat = y1 - y0 <= ALIGNED
        if flat:
            self._rule(Box(x0, y0 - half, x1, y1 + half))
        elif x1 - x0 <= ALIGNED:
            self._rule(Box(x0 - half, y0, x1 + half, y1))
        else:
            box = self._visible(Box(x0, y0, x1, y1))
            if box is not None:
                self._draw(self._index, box, 1 if (xa < xb) == (ya < yb) else -1)

    def _outline(self, points: list[Point], closed: bool, half: float, box: Box) -> None:
        """A stroked line: straight pieces along the axes are rules, anything slanted belongs to a drawing."""
        ends = [*points, points[0]] if closed and len(points) > 2 else points
        pieces = list(pairwise(ends))
        if len(pieces) > 8 or not all(_is_aligned(start, end) for start, end in pieces):
            self._draw(self._index, box)
            return
        for (xa, ya), (xb, yb) in pieces:
            flat = abs(ya - yb) <= ALIGNED
            dx, dy = (0.0, half) if flat else (half, 0.0)
            self._rule(Box(min(xa, xb) - dx, min(ya, yb) - dy, max(xa, xb) + dx, max(ya, yb) + dy))
        if len(pieces) > 2:
            self.framed.append((self._index, box))

    def _rule(self, box: Box) -> bool:
        width, height = box.width, box.height
        flat = height < THICKEST_RULE or height < min(THICKEST_LINE, SLENDER * width)
        if flat and width > max(SHORTEST_RULE, 1.5 * height):
            self.rules.append(Rule(self._index, box))
        elif width < THICKEST_RULE and height > max(SHORTEST_RULE, 1.5 * width):
            self.rules.append(Rule(self._index, box, vertical=True))
        elif width >= THICKEST_RULE or height >= THICKEST_RULE:
            return False
        return True

    def _visible(self, box: Box) -> Box | None:
        """The part of the box on the page, None if nothing of it is."""
        x0, y0 = max(box.x0, 0.0), max(box.y0, 0.0)
        x1, y1 = min(box.x1, self.page.width), min(box.y1, self.page.height)
        return Box(x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None


def _turns(matrix: Matrix) -> int | None:
    """The quarter turns clockwise that make text upright, None where no number does."""
    a, b, c, d, _e, _f = matrix
    for turns, (right, up, aside) in enumerate(((a, d, b), (b, -c, a), (-a, -d, b), (-b, c, a))):
        if right > 0 and up > 0 and abs(aside) <= UPRIGHT * right:
            return turns
    return None


def _is_mirrored(matrix: Matrix) -> bool:
    a, b, c, d, _e, _f = matrix
    return a * d - b * c < 0


def _unmirrored(matrix: Matrix) -> Matrix:
    """The matrix as if nothing were mirrored: fonts of bitmaps that seem to be are drawn upside down."""
    a, b, c, d, e, f = matrix
    return (a, b, -c, -d, e, f) if _is_mirrored(matrix) else matrix


def _is_aligned(start: Point, end: Point) -> bool:
    return abs(start[0] - end[0]) <= ALIGNED or abs(start[1] - end[1]) <= ALIGNED


def _is_rectangle(points: list[Point]) -> bool:
    return all(_is_aligned(start, end) for start, end in zip(points, [*points[1:], points[0]], strict=True))
