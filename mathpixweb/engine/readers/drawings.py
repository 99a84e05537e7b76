"""Drawn curves and slanted lines gathered into pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mathpixweb.engine.disjoint_sets import DisjointSets
from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.model import Picture, Rule

CELL = 9.0  # points; strokes nearer than about this belong to one drawing
SMALLEST_PICTURE = 18.0  # points on the longer side; below are check boxes, bullets, QED signs
FEWEST_STROKES = 3
LARGEST_FRAME = 0.6  # of the page; larger rectangles are backgrounds
MOST_CELLS = 40_000  # of one stroke, which is more than a page has

_Run = tuple[int, int, int]  # cells of a row, from the first to the last, and the number of a mark in them


def pictures_of(
    drawn: Sequence[tuple[int, Box]],
    framed: Sequence[tuple[int, Box]],
    rules: Sequence[Rule],
    page_area: float,
) -> list[Picture]:
    """Clusters of `drawn` strokes, grown by the frames and axes that touch them, as vector pictures."""
    if not drawn:
        return []
    frames = [mark for mark in framed if mark[1].width * mark[1].height < LARGEST_FRAME * page_area]
    clusters = [c for c in _clusters(drawn) if _is_picture(c) or _is_curve_between_axes(c, rules)]
    neutral = [box for _, box in frames] + [rule.box for rule in rules]
    found = [
        Picture(min(index for index, _ in c), _grown(union(b for _, b in c), neutral), False)
        for c in clusters
    ]
    return _merged(found)


def _is_picture(cluster: Sequence[tuple[int, Box]]) -> bool:
    box = union(box for _, box in cluster)
    if len(cluster) == FEWEST_STROKES - 1:
        return min(box.width, box.height) >= SMALLEST_PICTURE
    return len(cluster) >= FEWEST_STROKES and max(box.width, box.height) >= SMALLEST_PICTURE


def _is_curve_between_axes(cluster: Sequence[tuple[int, Box]], rules: Sequence[Rule]) -> bool:
    """Whether a few strokes of some size touch an upright and a level line."""
    box = union(box for _, box in cluster)
    if min(box.width, box.height) < SMALLEST_PICTURE:
        return False
    reach = box.grown(CELL / 2)
    touched = {r.vertical for r in rules if r.box.x_overlap(reach) >= 0 and r.box.y_overlap(reach) >= 0}
    return len(touched) > 1


def _clusters(marks: Sequence[tuple[int, Box]]) -> Iterable[list[tuple[int, Box]]]:
    """Marks connected through the cells of a coarse grid that their boxes cover."""
    connected = DisjointSets(range(len(marks)))
    rows: dict[int, list[_Run]] = {}
    for number, (_, box) in enumerate(marks):
        for y, first, last in _covered(box):
            rows.setdefault(y, []).append((first, last, number))
    joined = {y: _joined(runs, connected) for y, runs in rows.items()}
    for y, runs in joined.items():
        for one, other in _touching(runs, joined.get(y + 1, ())):
            connected.join(one, other)
    return ([marks[number] for number in group] for group in connected.groups())


def _covered(box: Box) -> Iterator[tuple[int, int, int]]:
    """In which rows of the grid the box covers which cells, from the first to the last."""
    x0, x1, y0, y1 = int(box.x0 // CELL), int(box.x1 // CELL), int(box.y0 // CELL), int(box.y1 // CELL)
    if (x1 - x0 + 1) * (y1 - y0 + 1) > MOST_CELLS:
        return iter(((y0, x0, x0), (y1, x1, x1)))
    return ((y, x0, x1) for y in range(y0, y1 + 1))


def _joined(runs: Iterable[_Run], connected: DisjointSets[int]) -> list[_Run]:
    """The runs of a row from left to right, those without an empty cell between them as one."""
    whole: list[_Run] = []
    for first, last, number in sorted(runs):
        if whole and first <= whole[-1][1] + 1:
            connected.join(whole[-1][2], number)
            whole[-1] = whole[-1][0], max(whole[-1][1], last), number
        else:
            whole.append((first, last, number))
    return whole


def _touching(runs: Sequence[_Run], above: Sequence[_Run]) -> Iterator[tuple[int, int]]:
    """The marks of two rows of which cells touch, corners included."""
    k = other = 0
    while k < len(runs) and other < len(above):
        if runs[k][0] <= above[other][1] + 1 and above[other][0] <= runs[k][1] + 1:
            yield runs[k][2], above[other][2]
        if runs[k][1] < above[other][1]:
            k += 1
        else:
            other += 1


def _grown(box: Box, neutral: Sequence[Box]) -> Box:
    """The box with every frame, axis and grid line that reaches into it."""
    for _ in range(2):
        reach = box.grown(CELL / 2)
        touching = [other for other in neutral if other.x_overlap(reach) >= 0 and other.y_overlap(reach) >= 0]
        box = union([box, *touching])
    return box


def _merged(pictures: list[Picture]) -> list[Picture]:
    """Pictures that overlap are one."""
    kept: list[Picture] = []
    for picture in sorted(pictures, key=lambda p: p.index):
        box, index = picture.box, picture.index
        while hit := next((k for k in kept if k.box.x_overlap(box) > 0 and k.box.y_overlap(box) > 0), None):
            kept.remove(hit)
            box, index = union([hit.box, box]), min(hit.index, index)
        kept.append(Picture(index, box, raster=False))
    return kept
