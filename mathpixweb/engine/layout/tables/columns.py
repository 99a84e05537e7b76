"""The columns of a table: cut where upright lines stand, and where most rows leave the same gap white."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import chain, pairwise

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.layout.draft import Row
from mathpixweb.engine.layout.tables.pieces import joined, phrases_of
from mathpixweb.engine.layout.tables.rulings import Rulings

NARROW_GAP = 0.5  # em, wider than between words: a gap between columns if several rows have it
WIDE_GAP = 0.9  # em: a gap between columns if one row has it
ENOUGH = 3  # narrow gaps, a wide one counts for three
NARROWEST = 0.15  # em that all rows leave white
MOST_CROSSING = 0.12  # of the rows with the gap may fill it
TALL_STEM = 0.25  # of the table's height
ACROSS = 0.9  # of the table's width, lines between rows
MOST_LINES = 4  # of the longest cell in a row between two lines
FEWEST_LABELS = 2  # of rows, that stand between these
CENTRED = 0.8  # em


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one line says in the columns from `first` to `last`."""

    row: Row
    first: int
    last: int

    @property
    def columns(self) -> range:
        return range(self.first, self.last + 1)


def cuts_of(lines: Sequence[Row], head: int, box: Box, rulings: Rulings) -> list[float]:
    """The positions between the columns of a table whose first `head` lines are its heading."""
    size = lines[-1].size
    body = lines[head:] if len(lines) - head > 1 else lines
    pieces = [_boxes(line) for line in body]
    parted = [line for line in pieces if len(line) > 1]
    cells = _cells_between(pieces, rulings, box)
    tall = [stem for stem in rulings.stems if stem.height > TALL_STEM * box.height]
    stems = [stem.cx for stem in tall if box.x0 + 4 < stem.cx < box.x1 - 4]
    heads = [_boxes(line) for line in lines[:head]]
    between = _beside_pairs(pieces, size)
    white = _white(parted, heads, box, size, stems) + _white(cells + between, heads, box, size, stems)
    inked = sorted(piece.box.cx for line in lines for piece in phrases_of(line))
    return _parting(sorted(stems), white, inked)


def _boxes(line: Row) -> list[Box]:
    return [piece.box for piece in phrases_of(line, NARROW_GAP)]


def _cells_between(lines: Sequence[Sequence[Box]], rulings: Rulings, box: Box) -> list[list[Box]]:
    """What all lines between two bars cover together: cells of several lines stand beside others."""
    bars = [bar.cy for bar in rulings.bars if bar.width > ACROSS * box.width]
    bands: dict[int, list[Sequence[Box]]] = defaultdict(list)
    for line in lines:
        bands[sum(bar > line[0].cy for bar in bars)].append(line)
    cells = (band for band in bands.values() if 1 < len(band) <= MOST_LINES) if bars else ()
    return [_covered(list(chain.from_iterable(band))) for band in cells]


def _beside_pairs(lines: Sequence[Sequence[Box]], size: float) -> list[list[Box]]:
    """What stands left of all other lines at heights between these, as labels of two rows each do."""
    first = min((line[0].x0 for line in lines if len(line) > 1), default=0.0)
    labels = [line[0] for line in lines if len(line) == 1 and line[0].x1 < first - NARROW_GAP * size]
    if len(labels) < FEWEST_LABELS:
        return []
    return [[label, Box(first, label.y0, first + size, label.y1)] for label in labels]


def _covered(boxes: Sequence[Box]) -> list[Box]:
    """The boxes from left to right, those made one that share some of the width."""
    covered: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.x0):
        if covered and box.x0 < covered[-1].x1:
            covered[-1] = union((covered[-1], box))
        else:
            covered.append(box)
    return covered


def _white(
    lines: Sequence[Sequence[Box]],
    heads: Sequence[Sequence[Box]],
    box: Box,
    size: float,
    stems: Sequence[float],
) -> list[float]:
    """The middles of the intervals that are white in nearly all lines which have ink on both sides.

    Intervals in which an upright line stands are not among them. Of an interval, the part counts that the
    lines of the heading leave white, too.
    """
    width = int(box.width) + 2
    crossing, above = _inked(lines, box), _inked(heads, box)
    narrow, score = [0] * width, [0] * width
    for line in lines:
        for left, right in pairwise(line):
            if any(left.cx < x < right.cx for x in stems):
                continue  # the gap tells of the columns beside an upright line, which are known
            gap = (right.x0 - left.x1) / size
            for x in _points(left.x1 + 1, right.x0 - 1, box):
                narrow[x] += 1
                score[x] += 3 if gap >= WIDE_GAP else 1
    good = [score[x] >= ENOUGH and crossing[x] <= MOST_CROSSING * narrow[x] for x in range(width)]
    runs = [run for run in _runs(good) if len(run) - 1 >= NARROWEST * size]
    free = [run for run in runs if not any(round(x - box.x0) in run for x in stems)]
    return [box.x0 + _best(run, crossing, above, narrow) for run in free]


def _inked(lines: Sequence[Sequence[Box]], box: Box) -> list[int]:
    """For each point of the box's width, how many lines have ink there."""
    count = [0] * (int(box.width) + 2)
    for line in lines:
        for piece in line:
            for x in _points(piece.x0, piece.x1, box):
                count[x] += 1
    return count


def _points(x0: float, x1: float, box: Box) -> range:
    return range(max(0, round(x0 - box.x0)), min(int(box.width) + 2, round(x1 - box.x0) + 1))


def _runs(good: Sequence[bool]) -> list[range]:
    runs: list[range] = []
    for x, is_good in enumerate(good):
        if is_good and runs and runs[-1].stop == x:
            runs[-1] = range(runs[-1].start, x + 1)
        elif is_good:
            runs.append(range(x, x + 1))
    return runs


def _best(run: range, crossing: Sequence[int], above: Sequence[int], narrow: Sequence[int]) -> float:
    """The middle of the part of the run that most lines leave white."""
    best = min((crossing[x], above[x], -narrow[x]) for x in run)
    equal = [x for x in run if (crossing[x], above[x], -narrow[x]) == best]
    return (equal[0] + equal[-1]) / 2


def _parting(stems: Sequence[float], white: Sequence[float], inked: Sequence[float]) -> list[float]:
    """All cuts that have something on both sides of them; stems come before gaps."""
    cuts: list[float] = []
    for x in (*stems, *white):
        at = bisect(cuts, x)
        before = cuts[at - 1] if at else float("-inf")
        after = cuts[at] if at < len(cuts) else float("inf")
        if bisect(inked, x) > bisect(inked, before) and bisect(inked, after) > bisect(inked, x):
            cuts.insert(at, x)
    return cuts


def chunks_of(line: Row, cuts: Sequence[float], rulings: Rulings) -> list[Chunk]:
    """The line cut at the cuts, unless words stand across one."""
    groups: list[list[Row]] = []
    for piece in phrases_of(line):
        last = groups[-1][-1] if groups else None
        if last is not None and not _parts(last, piece, cuts, line, rulings):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [_chunk(joined(group), cuts) for group in groups]


def _parts(left: Row, right: Row, cuts: Sequence[float], line: Row, rulings: Rulings) -> bool:
    """Whether a column ends between two pieces."""
    if bisect(cuts, left.box.x1 - 1) >= bisect(cuts, right.box.x0 + 1):
        return False
    if any(left.box.x1 - 1 < x < right.box.x0 + 1 for x in rulings.stems_across(line.box.cy)):
        return True
    return right.box.x0 - left.box.x1 >= NARROW_GAP * line.size


def _chunk(row: Row, cuts: Sequence[float]) -> Chunk:
    first = bisect(cuts, row.box.x0 + 1)
    return Chunk(row, first, max(first, bisect(cuts, row.box.x1 - 1)))


def spread(
    chunks: Sequence[Chunk],
    bars: Sequence[Box],
    box: Box,
    cuts: Sequence[float],
    rulings: Rulings,
    heading: bool,
) -> list[Chunk]:
    """Headings over several columns, known by the bar under them or by the upright lines around them.

    `bars` are the lines right under this line of text that do not go from edge to edge.
    """
    spread_out = [_over_bar(chunk, chunks, bars, cuts) for chunk in chunks]
    inner = [stem for stem in rulings.stems if box.x0 + 4 < stem.cx < box.x1 - 4]
    if not inner:
        return spread_out
    y = chunks[0].row.box.cy
    edges = [box.x0, *(stem.cx for stem in inner if stem.y0 - 1 < y < stem.y1 + 1), box.x1]
    stopped = {bisect(cuts, stem.cx - 2) for stem in inner}
    return [_over_group(chunk, spread_out, edges, cuts, stopped, heading) for chunk in spread_out]


def _over_bar(chunk: Chunk, chunks: Sequence[Chunk], bars: Sequence[Box], cuts: Sequence[float]) -> Chunk:
    for bar in bars:
        if not bar.x0 < chunk.row.box.cx < bar.x1:
            continue
        first, last = bisect(cuts, bar.x0 + 4), bisect(cuts, bar.x1 - 4)
        free = all(other is chunk or other.last < first or last < other.first for other in chunks)
        if free and first <= chunk.first and chunk.last <= last:
            return Chunk(chunk.row, first, last)
    return chunk


def _over_group(
    chunk: Chunk,
    chunks: Sequence[Chunk],
    edges: Sequence[float],
    cuts: Sequence[float],
    stopped: Set[int],
    heading: bool,
) -> Chunk:
    """A chunk alone and in the middle between two upright lines, while others between them stop short."""
    for left, right in pairwise(edges):
        if not left < chunk.row.box.cx < right:
            continue
        first, last = bisect(cuts, left + 1), bisect(cuts, right - 1)
        alone = all(other is chunk or other.last < first or last < other.first for other in chunks)
        centred = abs((left + right) / 2 - chunk.row.box.cx) < CENTRED * chunk.row.size
        evident = heading or all(cut in stopped for cut in range(first, last))
        if alone and last > first and centred and evident and chunk.first >= first and chunk.last <= last:
            return Chunk(chunk.row, first, last)
    return chunk
