"""Notes in the margin beside a picture's one column: they follow the paragraph beside which they begin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr.text import TextLine

FEWEST_FULL: Final = 6  # lines of running text
BROAD: Final = 0.55  # of all text's width that each of them takes at least …
FULL: Final = 0.75  # … and of the column's
BESIDE: Final = 0.5  # of the lines beside a note are full: it stands beside no table
WIDEST: Final = 0.45  # of the column's width that notes take
GAP: Final = 0.5  # em between the column and notes
NEXT_LINE: Final = 2.0  # em from one line of a note to the next, at most
FEWEST_LINES: Final = 2  # of a note; one alone may be a running head
FEWEST_LETTERS: Final = 0.6  # of what a note is made of
SMALLER: Final = 0.93  # of the text's height is that of notes on the left; larger ones are terms and names
APART, MOST_LINES = 4.0, 10  # em between notes, and lines without so much between them: more are a column
SAME_LINE: Final = 0.45  # of the lower one's height that pieces of one line share
INDENT: Final = 0.8  # em by which a paragraph's first line is set in …
SHORT: Final = 1.5  # … and its last one ends before the others …
AROUND: Final = 4  # … so many lines above and below it
LEADING: Final = 1.35  # times the usual distance of lines: a paragraph ends above it

_Edges = tuple[float, float]


def parted(pieces: Sequence[TextLine], em: float) -> tuple[list[TextLine], list[list[TextLine]]]:
    """The pieces without those of notes in the margins, and the pieces of each note."""
    edges = _column(pieces)
    if edges is None:
        return list(pieces), []
    rows = _rows([piece.box for piece in pieces if _side(piece.box, edges, em) == 0])
    found: list[list[TextLine]] = []
    for side in (-1, 1):
        beside = [piece for piece in pieces if _side(piece.box, edges, em) == side]
        if max(map(len, _under_each_other(beside, APART * em)), default=0) <= MOST_LINES:
            notes = _under_each_other(beside, NEXT_LINE * em)
            found += [note for note in notes if _is_note(note, side, rows, edges)]
    taken = {id(piece) for note in found for piece in note}
    return [piece for piece in pieces if id(piece) not in taken], found


def placed(lines: Sequence[TextLine], notes: Sequence[Sequence[TextLine]], em: float) -> list[TextLine]:
    """The lines, which come as they are read, with those of each note after a paragraph."""
    steps = [below.box.cy - above.box.cy for above, below in pairwise(lines) if below.box.cy > above.box.cy]
    usual = median(steps) if steps else em
    after: dict[int, list[TextLine]] = {}
    for note in sorted(notes, key=lambda note: note[0].box.y0):
        after.setdefault(_end_of_paragraph(lines, note[0].box, usual, em), []).extend(note)
    return [line for k, one in enumerate(lines) for line in (one, *after.get(k, ()))]


def _column(pieces: Sequence[TextLine]) -> _Edges | None:
    """The edges of the one column of running text, if there is one."""
    if len(pieces) < FEWEST_FULL:
        return None
    width = union(piece.box for piece in pieces).width
    broad = [piece.box for piece in pieces if piece.box.width > BROAD * width]
    if len(broad) < FEWEST_FULL:
        return None
    low, high = median(box.x0 for box in broad), median(box.x1 for box in broad)
    full = [box for box in broad if box.width > FULL * (high - low)]
    return (low, high) if len(full) >= max(FEWEST_FULL, FULL * len(broad)) else None


def _rows(boxes: Sequence[Box]) -> list[Box]:
    """The lines of the column, however many gaps part them."""
    rows: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.cy):
        if rows and box.y_overlap(rows[-1]) > SAME_LINE * min(box.height, rows[-1].height):
            rows[-1] = union((rows[-1], box))
        else:
            rows.append(box)
    return rows


def _side(box: Box, edges: _Edges, em: float) -> int:
    """-1 left of the column, 1 right of it, 0 in it."""
    if box.width > WIDEST * (edges[1] - edges[0]):
        return 0
    return (box.x0 > edges[1] + GAP * em) - (box.x1 < edges[0] - GAP * em)


def _under_each_other(pieces: Sequence[TextLine], most: float) -> list[list[TextLine]]:
    """Those together of which each is no further below the one before."""
    notes: list[list[TextLine]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.cy):
        if notes and piece.box.cy - notes[-1][-1].box.cy < most:
            notes[-1].append(piece)
        else:
            notes.append([piece])
    return notes


def _is_note(note: Sequence[TextLine], side: int, rows: Sequence[Box], edges: _Edges) -> bool:
    if len(note) < FEWEST_LINES:
        return False
    letters = "".join(piece.text for piece in note)
    if sum(map(str.isalpha, letters)) < FEWEST_LETTERS * len(letters):
        return False
    around = union(piece.box for piece in note)
    beside = [row for row in rows if row.y_overlap(around) > 0]
    full = sum(box.width > FULL * (edges[1] - edges[0]) for box in beside)
    if not full or full < BESIDE * len(beside):
        return False
    height = median(piece.box.height for piece in note)
    return side > 0 or height < SMALLER * median(row.height for row in rows)


def _end_of_paragraph(lines: Sequence[TextLine], note: Box, usual: float, em: float) -> int:
    """The last line of the paragraph beside the beginning of the note."""
    start = min(range(len(lines)), key=lambda k: abs(lines[k].box.cy - note.cy))
    for k in range(start, len(lines) - 1):
        here, below = lines[k].box, lines[k + 1].box
        right = median(line.box.x1 for line in lines[max(0, k - AROUND) : k + AROUND + 1])
        apart = not 0 < below.cy - here.cy < LEADING * usual
        if apart or below.x0 - here.x0 > INDENT * em or here.x1 < right - SHORT * em:
            return k
    return len(lines) - 1
