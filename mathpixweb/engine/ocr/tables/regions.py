"""Where tables are in a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr import gathering
from mathpixweb.engine.ocr.tables import columns
from mathpixweb.engine.ocr.tables.lines import box_of, in_lines
from mathpixweb.engine.ocr.tables.rulings import Rulings, lattices
from mathpixweb.engine.ocr.text import TextLine

FEWEST_PIECES: Final = 2  # in a lattice; an empty one is a drawing
THROUGH: Final = 0.6  # of its width has its longest rule, which boxes with lines between them have not
CROWDED: Final = 8  # pieces for each cell between rules
SAME_EXTENT: Final = 1.5  # em by which the rules of a table may differ
SHORTEST_BAR: Final = 8.0  # em
APART: Final = 4.0  # em between lines of one table without rules between them
FEWEST_ROWS, FEWEST_COLUMNS = 3, 3  # of a table without rules in a page
SHARE_PARTED: Final = (0.6, 0.3)  # of the lines of one table have several pieces; fewer, if it is ruled
PROSE: Final = 18  # letters of the middle one of the pieces in a column of running text
FILLED: Final = 0.55  # of its cells
LONGEST: Final = 0.5  # of its width: longer pieces are running text
MOST_LONG: Final = 0.12  # of its pieces
ALONE: Final = 0.85  # of the pieces in the table: the picture is of nothing else
_NUMBER: Final = re.compile(r"\((\d+)[a-z]?\)")  # of an equation
_ANSWER: Final = re.compile(r"\(?[A-Ha-h][.)](?!\w)")  # of several to choose from
ANSWERED: Final = 0.25  # of the lines that are parted have several answers: they are questions, and no table
_LEADER: Final = re.compile(r"(?:[.…·‧․] ?){4}|……")
_DOTS: Final = re.compile(r"[.…·‧․ ]+")
_PAGE: Final = re.compile(r"[.…·‧․ ]*(\d{1,4})")
_TITLE: Final = re.compile(r"[^\W\d_]{3}")
FEWEST_TITLES, CONTENTS = 5, 0.9  # with the numbers of their pages, and of all lines: contents are no table
LED: Final = 0.5  # of the lines have dots that lead to a number: they are contents, and no table


def find(pieces: Sequence[TextLine], rulings: Rulings, em: float, *, alone: bool) -> list[Box]:
    """Boxes around tables; with `alone`, the picture may be cut out around one."""
    found = list(_ruled(pieces, rulings, em))
    among_text = _has_rows(found, rulings) and any(_stands_apart(piece, found) for piece in pieces)
    if alone and not among_text and (whole := _all_of_it(pieces, rulings, em)) is not None:
        return [whole]
    found += [box for box in _between_bars(pieces, rulings, em) if not _overlaps(box, found)]
    rest = [piece for piece in pieces if not any(_holds(box, piece) for box in found)]
    found += [box for box in _unruled(rest, em, alone=alone and not found) if not _overlaps(box, found)]
    return sorted(_outermost(found), key=lambda box: box.y0)


def _has_rows(ruled: Sequence[Box], rulings: Rulings) -> bool:
    """Whether one of the tables has rules between rows; without them it may be the head of a larger one."""
    return any(sum(box.grown(1).contains_point(bar.cx, bar.cy) for bar in rulings.bars) > 2 for box in ruled)


def _stands_apart(piece: TextLine, ruled: Sequence[Box]) -> bool:
    """Whether it stands above or below all tables with rules around their cells."""
    return all(piece.box.y1 < box.y0 or piece.box.y0 > box.y1 for box in ruled)


def _all_of_it(pieces: Sequence[TextLine], rulings: Rulings, em: float) -> Box | None:
    """The box around everything, if that is a table."""
    if not pieces or gathering.has_columns(pieces, em):
        return None
    lines = in_lines(pieces)
    box = union([box_of(pieces), *rulings.bars, *rulings.stems])
    parted = sum(len(line) > 1 for line in lines)
    borders = columns.borders(lines, box, rulings.stems, em)
    long_ = sum(piece.box.width > 0.7 * box.width for piece in pieces)
    ruled = any(bar.width > 0.8 * box.width for bar in rulings.bars)
    enough = len(borders) >= (1 if ruled else 2) and len(lines) >= FEWEST_ROWS
    columnar = parted >= SHARE_PARTED[ruled] * len(lines) and long_ <= 1 + 0.1 * len(lines)
    return box if enough and columnar and not _is_no_table(lines) else None


def _inside(pieces: Sequence[TextLine], box: Box) -> list[TextLine]:
    return [piece for piece in pieces if _holds(box, piece)]


def _holds(box: Box, piece: TextLine) -> bool:
    return box.contains_point(piece.box.cx, piece.box.cy)


def _overlaps(box: Box, others: Sequence[Box]) -> bool:
    return any(box.x_overlap(other) > 0 and box.y_overlap(other) > 0 for other in others)


def _outermost(boxes: Sequence[Box]) -> list[Box]:
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.width * box.height):
        if not any(other.contains_point(box.cx, box.cy) for other in kept):
            kept.append(box)
    return kept


def _ruled(pieces: Sequence[TextLine], rulings: Rulings, em: float) -> Iterator[Box]:
    """Around rules that cross each other."""
    for lattice in lattices(rulings, em):
        box = union([*lattice.bars, *lattice.stems])
        inner = [stem for stem in lattice.stems if box.x0 + em < stem.cx < box.x1 - em]
        inside = _inside(pieces, box)
        filled = len(inside) >= FEWEST_PIECES and not _is_frame(inside, lattice, em)
        through = max(bar.width for bar in lattice.bars) > THROUGH * box.width
        if min(box.width, box.height) > 2 * em and inner and filled and through:
            yield box


def _is_frame(inside: Sequence[TextLine], lattice: Rulings, em: float) -> bool:
    """Whether the rules are the edges of paper, or boxes around columns of running text."""
    cells = (len(lattice.bars) - 1) * (len(lattice.stems) - 1)
    return len(inside) > CROWDED * cells and gathering.has_columns(inside, em)


def _between_bars(pieces: Sequence[TextLine], rulings: Rulings, em: float) -> Iterator[Box]:
    """Between level rules of one extent, if what stands there has columns."""
    groups: list[list[Box]] = []
    for bar in (bar for bar in rulings.bars if bar.width > SHORTEST_BAR * em):
        home = next((group for group in groups if _alike(group[0], bar, em)), None)
        if home is None:
            groups.append([bar])
        else:
            home.append(bar)
    for group in groups:
        for box in _with_columns(group, pieces, em):
            if not gathering.has_columns(_inside(pieces, box), em):
                yield box


def _alike(one: Box, other: Box, em: float) -> bool:
    return abs(one.x0 - other.x0) < SAME_EXTENT * em and abs(one.x1 - other.x1) < SAME_EXTENT * em


def _with_columns(bars: Sequence[Box], pieces: Sequence[TextLine], em: float) -> Iterator[Box]:
    """The runs of bars between which nothing but columns stands."""
    run = [bars[0]]
    for above, below in pairwise(bars):
        between = Box(above.x0, above.cy, above.x1, below.cy).grown(em, 0)
        if _is_columnar([piece for piece in pieces if _holds(between, piece)], between, em):
            run.append(below)
            continue
        if len(run) > 1:
            yield _grown(union(run), pieces, em)
        run = [below]
    if len(run) > 1:
        yield _grown(union(run), pieces, em)


def _is_columnar(pieces: Sequence[TextLine], box: Box, em: float) -> bool:
    """Whether lines are parted into pieces, none of them as long as running text."""
    lines = in_lines(pieces)
    if not lines:
        return box.height < 1.5 * em
    parted = sum(len(line) > 1 for line in lines)
    long_ = sum(piece.box.width > 0.75 * box.width for piece in pieces)
    return 2 * parted >= len(lines) and long_ <= max(1, 0.2 * len(lines))


def _grown(box: Box, pieces: Sequence[TextLine], em: float) -> Box:
    """The box with what stands out of it a little to the left and right."""
    inside = [piece.box for piece in pieces if box.grown(em, 0).contains_point(piece.box.cx, piece.box.cy)]
    return union([box, *inside])


def _unruled(pieces: Sequence[TextLine], em: float, *, alone: bool) -> Iterator[Box]:
    """Lines under each other that are parted in the same places, in each column of running text by itself."""
    for part in gathering.parts(list(pieces), em):
        for group in _runs(in_lines(part), em):
            box = box_of([piece for line in group for piece in line])
            whole = alone and sum(map(len, group)) > ALONE * len(pieces)
            if _is_table(group, box, em, 2 if whole else FEWEST_COLUMNS):
                yield box.grown(0.2 * em)


def _is_prose(pieces: Sequence[TextLine], left: float, right: float) -> bool:
    """Whether what stands between two borders is running text."""
    own = [piece.length for piece in pieces if left < piece.box.cx < right]
    return len(own) >= FEWEST_ROWS and median(own) > PROSE


def _are_numbered(lines: Sequence[Sequence[TextLine]], edge: float) -> bool:
    """Whether what stands last in lines counts them, from the edge on: equations with their numbers."""
    numbers = [_NUMBER.fullmatch(line[-1].text) for line in lines if line[-1].box.x0 > edge]
    counted = [int(number[1]) for number in numbers if number]
    return 1 < len(counted) == len(numbers) and all(a < b for a, b in pairwise(counted))


def _are_answers(lines: Sequence[Sequence[TextLine]]) -> bool:
    """Whether what stands beside each other are answers to choose from, under their questions."""
    parted = [line for line in lines if len(line) > 1]
    answers = [line for line in parted if sum(bool(_ANSWER.match(piece.text)) for piece in line) > 1]
    return bool(answers) and len(answers) >= ANSWERED * len(parted)


def _is_no_table(lines: Sequence[Sequence[TextLine]]) -> bool:
    return _are_answers(lines) or _have_leaders(lines) or _are_contents(lines)


def _are_contents(lines: Sequence[Sequence[TextLine]]) -> bool:
    """Whether nearly all lines are a title and the number of its page, which never falls."""
    pairs = [line for line in lines if len(line) == 2 and _TITLE.search(line[0].text)]
    pages = [int(page[1]) for line in pairs if (page := _PAGE.fullmatch(line[1].text))]
    rising = all(a <= b for a, b in pairwise(pages)) and pages[:1] < pages[-1:]
    return rising and len(pages) >= max(FEWEST_TITLES, CONTENTS * len(lines))


def _have_leaders(lines: Sequence[Sequence[TextLine]]) -> bool:
    """Whether rows of dots lead from titles to the numbers of their pages, and not to several columns."""
    led = [line for line in lines if any(_LEADER.search(piece.text) for piece in line)]
    most = max((sum(not _DOTS.fullmatch(piece.text) for piece in line) for line in led), default=0)
    return most <= 2 and len(led) >= LED * len(lines)


def _runs(lines: Sequence[Sequence[TextLine]], em: float) -> Iterator[list[Sequence[TextLine]]]:
    """Neighbouring lines with several pieces; single lines of one piece may stand between them."""
    run: list[Sequence[TextLine]] = []
    loose: list[Sequence[TextLine]] = []
    for line in lines:
        near = bool(run) and box_of(line).y0 - box_of((loose or run)[-1]).y1 < APART * em
        if len(line) > 1 and (near or not run):
            run += [*loose, line]
            loose = []
        elif near and len(loose) < 2:
            loose.append(line)
        else:
            if run:
                yield run
            run, loose = ([line], []) if len(line) > 1 else ([], [])
    if run:
        yield run


def _is_table(lines: Sequence[Sequence[TextLine]], box: Box, em: float, fewest: int) -> bool:
    pieces = [piece for line in lines for piece in line]
    borders = columns.borders(lines, box, (), em)
    count = len(borders) + 1
    if len(lines) < FEWEST_ROWS or count < fewest or _are_numbered(lines, borders[-1]) or _is_no_table(lines):
        return False
    if sum(piece.box.width > LONGEST * box.width for piece in pieces) > MOST_LONG * len(pieces) + 1:
        return False
    if sum(_is_prose(pieces, a, b) for a, b in pairwise([box.x0 - 1, *borders, box.x1 + 1])) > 1:
        return False
    filled = sum(min(len(line), count) for line in lines)
    return filled > FILLED * count * len(lines)
