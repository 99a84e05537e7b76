"""Drawn curves and slanted lines gathered into pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mathpixweb.engine.disjoint_sets import DisjointSets
from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.model import Picture, Rule

CELL = 9.0  # points; strokes nearer than about this belong to one drawing
SMALLEST_PICTURE = 18.0  # points on the longer side; below are check boxes, bullets, QED signs
FEWEST_STROKES = 3
LARGEST_FRAME = 0.6  # of the page; larger rectangles are backgrounds
MOST_CELLS = 40_000  # of one stroke, which is more than a page has

Cell = tuple[int, int]


def pictures_of(
    drawn: Sequence[tuple[int, Box]],
    framed: Sequence[tuple[int, Box]],
    rules: Sequence[Rule],
    page_area: float,
) -> list[Picture]:
    """Clusters of `drawn` strokes, grown by the frames and axes that touch them, as vector pictures."""
    if len(drawn) < FEWEST_STROKES:
        return []
    frames = [mark for mark in framed if mark[1].width * mark[1].height < LARGEST_FRAME * page_area]
    clusters = [cluster for cluster in _clusters(drawn) if _is_picture(cluster)]
    neutral = [box for _, box in frames] + [rule.box for rule in rules]
    found = [
        Picture(min(index for index, _ in c), _grown(union(b for _, b in c), neutral), False)
        for c in clusters
    ]
    return _merged(found)


def _is_picture(cluster: Sequence[tuple[int, Box]]) -> bool:
    box = union(box for _, box in cluster)
    return len(cluster) >= FEWEST_STROKES and max(box.width, box.height) >= SMALLEST_PICTURE


def _clusters(marks: Sequence[tuple[int, Box]]) -> Iterable[list[tuple[int, Box]]]:
    """Marks connected through the cells of a coarse grid that their boxes cover."""
    covered: DisjointSets[Cell] = DisjointSets()
    anchors: list[Cell] = []
    for _, box in marks:
        cells = _cells(box)
        for cell in cells:
            covered.add(cell)
            covered.join(cells[0], cell)
        anchors.append(cells[0])
    for x, y in covered:
        for neighbour in ((x + 1, y), (x, y + 1), (x + 1, y + 1), (x + 1, y - 1)):
            if neighbour in covered:
                covered.join(neighbour, (x, y))
    groups: dict[Cell, list[tuple[int, Box]]] = {}
    for mark, cell in zip(marks, anchors, strict=True):
        groups.setdefault(covered.root(cell), []).append(mark)
    return groups.values()


def _cells(box: Box) -> list[Cell]:
    """The cells a box covers."""
    x0, x1, y0, y1 = int(box.x0 // CELL), int(box.x1 // CELL), int(box.y0 // CELL), int(box.y1 // CELL)
    if (x1 - x0 + 1) * (y1 - y0 + 1) > MOST_CELLS:
        return [(x0, y0), (x1, y1)]
    return [(x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1)]


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
