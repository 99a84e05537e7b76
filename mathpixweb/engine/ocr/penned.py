"""The strokes of a pen in a picture: its lines thinned, and followed straight on where they meet others.

In which order and direction they were drawn is lost; they come from left to right.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.chemistry import linework, tracing
from mathpixweb.engine.chemistry.thinning import thin
from mathpixweb.engine.chemistry.tracing import Path
from mathpixweb.engine.ocr.ground import Gray

BRIDGE: Final = 1.6  # times the lines' thickness: as long is a path between two forks that are one crossing
AHEAD: Final = (0.7, 3.0)  # times the thickness from a fork: between them a line's direction is measured
STRAIGHT: Final = math.cos(math.radians(45))  # of the angle by which a line may turn where others meet it
WAVERING: Final = 0.3  # of the thickness, by which no hand draws straight …
LONG: Final = 10.0  # … over so many times the thickness
SMOOTHED: Final = 5  # points of a thinned line, which has steps
ROUND: Final = 0.03  # of its radius, by which a circle that was drawn with compasses deviates

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
End = tuple[int, int]  # a path, and whether it is its first point (0) or its last one (1)


@dataclass(frozen=True, slots=True, eq=False)
class Penned:
    """Points of each stroke, and how thick they are, in pixels of the picture."""

    strokes: list[Floats]
    thickness: float

    @property
    def ruled(self) -> float:
        """How much of the lines is straighter or rounder than a hand draws: of figures and molecules."""
        ruled = total = 0.0
        for stroke in self.strokes:
            sides = _sides(stroke, self.thickness)
            length = float(sides.sum())
            round_ = _is_circle(stroke, self.thickness)
            ruled += length if round_ else float(sides[sides > LONG * self.thickness].sum())
            total += length
        return ruled / total if total else 0.0


def found(gray: Gray) -> Penned | None:
    """None if there is no line, or more than lines. `gray` is dark on white."""
    drawing = linework.prepare(gray)
    if drawing is None:
        return None
    depth = linework.depth(drawing.mask)
    paths = tracing.paths(thin(drawing.mask), depth, drawing.thickness, crosses=True)
    strokes = [*_followed(paths, drawing.thickness), *_dots(drawing.mask, paths)]
    placed = [(each - linework.MARGIN) / drawing.zoom for each in strokes]
    placed.sort(key=lambda points: float(points[:, 0].min()))
    return Penned(placed, drawing.thickness / drawing.zoom)


def _is_circle(stroke: Floats, thickness: float) -> bool:
    if math.dist(stroke[0], stroke[-1]) > 2 * thickness:
        return False
    radii = np.hypot(*(stroke - stroke.mean(axis=0)).T)
    return bool(radii.mean() > LONG * thickness and radii.std() < ROUND * radii.mean())


def _sides(stroke: Floats, thickness: float) -> Floats:
    """The lengths of the straight lines that a stroke is made of."""
    if len(stroke) > SMOOTHED:
        ends = np.pad(stroke, ((SMOOTHED // 2, SMOOTHED // 2), (0, 0)), mode="edge")
        stroke = np.lib.stride_tricks.sliding_window_view(ends, SMOOTHED, axis=0).mean(axis=2)
    corners = tracing.straightened([(x, y) for x, y in stroke.tolist()], WAVERING * thickness)
    return np.asarray(np.hypot(*np.diff(np.array(corners), axis=0).T), np.float64)


def _followed(paths: Sequence[Path], thickness: float) -> Iterator[Floats]:
    """Every path once, together with those that go on where it ends."""
    paths, node_of = _without_bridges(paths, thickness)
    onward = _onward(paths, node_of, thickness)
    left = dict.fromkeys(range(len(paths)))
    starts = [(path, side) for path in left for side in (0, 1) if (path, side) not in onward]
    rings = [(path, 0) for path in left]  # what is still left has no end
    for start in starts + rings:
        if start[0] in left:
            yield _walked(start, paths, onward, left)


def _walked(start: End, paths: Sequence[Path], onward: dict[End, End], left: dict[int, None]) -> Floats:
    points: list[tuple[float, float]] = []
    at: End | None = start
    while at is not None and at[0] in left:
        path, side = at
        del left[path]
        points += paths[path].points[:: -1 if side else 1]
        at = onward.get((path, 1 - side))
    return np.array(points)


def _without_bridges(paths: Sequence[Path], thickness: float) -> tuple[list[Path], dict[int, int]]:
    """Where two lines cross at a slant thinning leaves two forks: then these are one node."""
    arms: dict[int, int] = defaultdict(int)
    for path in paths:
        arms[path.start] += 1
        arms[path.end] += 1
    node_of = {node: node for node in arms}
    kept = []
    for path in paths:
        forks = path.start != path.end and min(arms[path.start], arms[path.end]) > 2
        if not forks or path.length >= BRIDGE * thickness:
            kept.append(path)
            continue
        one, other = node_of[path.start], node_of[path.end]
        node_of = {node: one if now == other else now for node, now in node_of.items()}
    return kept, node_of


def _onward(paths: Sequence[Path], node_of: dict[int, int], thickness: float) -> dict[End, End]:
    """For the ends of paths that meet, the one where the pen goes on: the straightest pair first."""
    meeting: dict[int, list[End]] = defaultdict(list)
    for k, path in enumerate(paths):
        meeting[node_of[path.start]].append((k, 0))
        meeting[node_of[path.end]].append((k, 1))
    onward: dict[End, End] = {}
    for ends in meeting.values():
        ways = np.array([_way(paths[k].points[:: -1 if side else 1], thickness) for k, side in ends])
        turns = ways @ ways.T
        for a, b in sorted(zip(*np.triu_indices(len(ends), 1), strict=True), key=lambda pair: turns[pair]):
            if turns[a, b] <= -STRAIGHT and ends[a] not in onward and ends[b] not in onward:
                onward[ends[a]], onward[ends[b]] = ends[b], ends[a]
    return onward


def _way(points: Sequence[tuple[float, float]], thickness: float) -> Floats:
    """The direction in which a path leaves its first point."""
    along = np.array(points)
    way = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(along, axis=0).T))))
    near, far = (min(len(along) - 1, int(np.searchsorted(way, reach * thickness))) for reach in AHEAD)
    step = along[far] - along[near if near < far else 0]
    return np.asarray(step / (np.hypot(*step) or 1.0))


def _dots(mask: Mask, paths: Sequence[Path]) -> Iterator[Floats]:
    """The middles of what is so small that nothing of it is left to follow."""
    count, labels, _, middles = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    x, y = np.array([point for path in paths for point in path.points] or [(0, 0)]).round().astype(int).T
    followed = set(labels[y, x].tolist())
    yield from (np.asarray(middles[[each]], np.float64) for each in range(1, count) if each not in followed)
