"""Pieces of text as the lines they make, in reading order.

A page is cut along gutters with running text on both sides; what else stands at one height is one line, as a
price beside what it is the price of, or the answers of a question beside each other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Final

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.ocr import side_notes
from mathpixweb.engine.ocr.text import TextLine

GUTTER: Final = 1.0  # em; narrower gaps do not part columns
FEWEST: Final = 4  # lines on each side of a gutter; the heads of a table have three
BROAD: Final = 0.45  # of its column's width: a line of running text
MOSTLY: Final = 0.4  # of the letters of a column of running text are in such lines …
PARTLY: Final = 0.2  # … and of the column beside it, in which tables may stand as well
LONG: Final = 14  # letters of such a line
_ENTRY: Final = re.compile(r"\D*[^\W\d], \d+([,–-] ?\d+)*")  # of an index, whose lines may be short
HEADING: Final = 1.35  # em of a line that heads what stands on both sides of a gutter under it
SAME_LINE: Final = 0.45  # of the lower piece's height
ROWS_BESIDE: Final = 12  # a piece may be of: as many as columns whose lines stand at heights of their own

_Run = tuple[int, int, float]


def lines_of(pieces: Sequence[TextLine], em: float, tables: Sequence[Box] = ()) -> list[TextLine]:
    """`em` is the font size of the text, in pixels. Pieces in tables stay as they are, at the end."""
    cells = [piece for piece in pieces if any(_lies_in(piece.box, box) for box in tables)]
    free = [piece for piece in pieces if not any(_lies_in(piece.box, box) for box in tables)]
    text, notes = side_notes.parted(free, em)
    lines = [line for part in parts(text, em) for line in _joined(part)]
    return (side_notes.placed(lines, notes, em) if notes else lines) + cells


def _lies_in(box: Box, other: Box) -> bool:
    return other.contains_point(box.cx, box.cy)


def has_columns(pieces: Sequence[TextLine], em: float) -> bool:
    """Whether running text stands on both sides of a gutter."""
    return _gutter(_bands(pieces), em) is not None


def parts(pieces: list[TextLine], em: float) -> list[list[TextLine]]:
    """What is above a gutter, left of it, right of it, below it, and so on in each of these."""
    bands = _bands(pieces)
    run = _gutter(bands, em)
    if run is None:
        return [pieces] if pieces else []
    run = _up_to_a_heading(bands, run, em)
    above = [piece for band in bands[: run[0]] for piece in band]
    below = [piece for band in bands[run[1] :] for piece in band]
    left, right = _sides(bands, run)
    return [part for some in (above, left, right, below) for part in parts(some, em)]


def _bands(pieces: Sequence[TextLine]) -> list[list[TextLine]]:
    """Pieces beside each other together; none if there are too few for a gutter.

    Beside the longest of them: lines of a curved page, each beside the next column's two, make no chain.
    """
    return _rows(pieces, _is_beside) if len(pieces) >= 2 * FEWEST else []


def _gutter(bands: Sequence[Sequence[TextLine]], em: float) -> _Run | None:
    """The run of bands with the most pieces that a gutter parts into running text on both of its sides."""
    runs = {_run_along(bands, gutter) for band in bands for gutter in _gaps(band, em)}
    in_vain: set[tuple[int, int, int]] = set()
    for run in sorted(runs, key=lambda run: (sum(map(len, bands[run[0] : run[1]])), run), reverse=True):
        left, right = _sides(bands, run)
        split = (*run[:2], len(left))  # another gutter in the same white parts the same pieces
        if split not in in_vain:
            if _are_text(left, right):
                return run
            in_vain.add(split)
    return None


def _groups(
    pieces: Sequence[TextLine], interval: Callable[[Box], tuple[float, float]], gap: float
) -> list[list[TextLine]]:
    """Pieces whose intervals overlap, or are nearer than the gap, together."""
    ordered = sorted(pieces, key=lambda piece: interval(piece.box))
    groups = [[ordered[0]]]
    reach = interval(ordered[0].box)[1]
    for piece in ordered[1:]:
        start, end = interval(piece.box)
        if start - reach >= gap:
            groups.append([])
        groups[-1].append(piece)
        reach = max(reach, end)
    return groups


def _gaps(band: Sequence[TextLine], em: float) -> list[float]:
    """The middles of the white gaps between the pieces of a band."""
    columns = _groups(band, lambda box: (box.x0, box.x1), GUTTER * em)
    boxes = [union(piece.box for piece in column) for column in columns]
    return [(left.x1 + right.x0) / 2 for left, right in pairwise(boxes)]


def _run_along(bands: Sequence[Sequence[TextLine]], gutter: float) -> _Run:
    """The longest run of bands of which no piece crosses the gutter."""
    best, start = (0, 0), 0
    for position, band in enumerate((*bands, None)):
        if band is not None and not any(piece.box.x0 < gutter < piece.box.x1 for piece in band):
            continue
        best = max(best, (position - start, start))
        start = position + 1
    return best[1], best[1] + best[0], gutter


def _up_to_a_heading(bands: Sequence[Sequence[TextLine]], run: _Run, em: float) -> _Run:
    """The run up to a large line that stands alone at its height and has columns under it, as over it.

    Letters of its own size may be missing of it.
    """
    start, end, gutter = run
    for k in range(start + 1, end):
        if _is_heading(bands[k], em) and all(
            _are_text(*_sides(bands, part)) for part in ((start, k, gutter), (k, end, gutter))
        ):
            return start, k, gutter
    return run


def _is_heading(band: Sequence[TextLine], em: float) -> bool:
    """Whether it is one line in large letters, whose parts are no further apart than words."""
    pieces = sorted(band, key=lambda piece: piece.box.x0)
    return all(piece.size > HEADING * em for piece in pieces) and all(
        right.box.x0 - left.box.x1 < max(left.size, right.size) for left, right in pairwise(pieces)
    )


def _sides(bands: Sequence[Sequence[TextLine]], run: _Run) -> tuple[list[TextLine], list[TextLine]]:
    start, end, gutter = run
    left: list[TextLine] = []
    right: list[TextLine] = []
    for band in bands[start:end]:
        for piece in band:
            (left if piece.box.cx < gutter else right).append(piece)
    return left, right


def _are_text(left: Sequence[TextLine], right: Sequence[TextLine]) -> bool:
    """Whether running text stands on both sides of a gutter."""
    one = _running_text(left)
    if one <= PARTLY:
        return False
    other = _running_text(right)
    return other > PARTLY and max(one, other) > MOSTLY


def _running_text(pieces: Sequence[TextLine]) -> float:
    """The share of the letters that is in lines of running text."""
    if _heights(pieces) < FEWEST:
        return 0.0
    width = union(piece.box for piece in pieces).width
    letters = [piece.length for piece in pieces]
    broad = [
        length
        for piece, length in zip(pieces, letters, strict=True)
        if (length >= LONG and piece.box.width > BROAD * width) or _ENTRY.fullmatch(piece.text)
    ]
    return sum(broad) / sum(letters) if len(broad) >= FEWEST else 0.0


def _heights(pieces: Sequence[TextLine]) -> int:
    """How many of them stand under each other, though their boxes may overlap."""
    count, last = 0, -math.inf
    for box in sorted((piece.box for piece in pieces), key=lambda box: box.cy):
        if box.cy - last > SAME_LINE * box.height:
            count, last = count + 1, box.cy
    return count


def _joined(pieces: Sequence[TextLine]) -> list[TextLine]:
    """Lines from top to bottom, each of the pieces at one height."""
    return [_together(sorted(row, key=lambda piece: piece.box.x0)) for row in _rows(pieces, _is_level)]


def _rows(
    pieces: Sequence[TextLine], fits: Callable[[Sequence[TextLine], TextLine], bool]
) -> list[list[TextLine]]:
    """From top to bottom, each of pieces of which every one fits those before it."""
    rows: list[list[TextLine]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.cy):
        home = next((row for row in islice(reversed(rows), ROWS_BESIDE) if fits(row, piece)), None)
        if home is None:
            rows.append([piece])
        else:
            home.append(piece)
    return sorted(rows, key=lambda row: _main(row).box.cy)


def _is_beside(row: Sequence[TextLine], piece: TextLine) -> bool:
    main = _main(row).box
    return main.y_overlap(piece.box) > SAME_LINE * min(main.height, piece.box.height)


def _is_level(row: Sequence[TextLine], piece: TextLine) -> bool:
    """Whether the piece stands beside the row's pieces and not over or under one of them."""
    apart = all(other.box.x_overlap(piece.box) < 0.3 * piece.box.height for other in row)
    return apart and _is_beside(row, piece)


def _main(row: Sequence[TextLine]) -> TextLine:
    return max(row, key=lambda piece: piece.length)


def _together(pieces: Sequence[TextLine]) -> TextLine:
    if len(pieces) == 1:
        return pieces[0]
    total = sum(piece.length for piece in pieces) or 1
    confidence = sum(piece.confidence * piece.length for piece in pieces) / total
    words = tuple(word for piece in pieces for word in piece.words)
    return replace(
        _main(pieces), words=words, box=union(piece.box for piece in pieces), confidence=confidence
    )
