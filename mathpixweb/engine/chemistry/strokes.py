"""Straight strokes of a drawing, with its wedges, waves and rows of hashes as strokes of their kinds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.chemistry import tracing
from mathpixweb.engine.chemistry.linework import depth
from mathpixweb.engine.chemistry.thinning import thin
from mathpixweb.engine.chemistry.tracing import Path, Point
from mathpixweb.engine.disjoint_sets import DisjointSets

SOLID: Final = 4.0  # times the thickness: shorter strokes are no wedges
STOUT: Final = 0.3  # of a bond's length: shorter ones are none either, as in a wedge's wide end
BARB: Final = 0.25  # of a bond's length
SAMPLES: Final = 12  # along a stroke, whose width is measured there
WIDE: Final = 1.55  # times the thickness at the wide end of a wedge …
WIDENING: Final = 1.7  # … and times its width at the narrow end
SHARP: Final = 0.42  # of a bond's length: a shorter side cuts off a corner
SHORT: Final = 0.42  # of a bond's length: the strokes of a wave
WAVES: Final = 4  # strokes at least
WAVE_LENGTH: Final = (0.55, 1.4)  # of a bond's length
WAVE_WIDTH: Final = 0.35
STEADY: Final = 0.9  # of its length a wave goes forward; a line on a coarse grid goes forward more
SLIGHT: Final = 0.05  # of a bond's length: what is shorter is no stroke
LONGER: Final = 0.65  # of all lines' length is in lines that are not longer than a bond
BROKEN: Final = 4.0  # times the thickness: a shorter gap in a straight line is a flaw of the print
ALIGNED: Final = math.radians(12)  # by which its halves may be bent
STRAIGHT: Final = 0.07  # of a bond's length by which a line may leave the straight one
MOST_PATHS: Final = 1200  # between ends and forks of lines; no molecule has so many
ROUND: Final = 0.045  # of its radius by which a circle's line may leave it

Mask = NDArray[np.bool_]
Kind = Literal["plain", "wedge", "hash", "wave"]


@dataclass(frozen=True, slots=True)
class Stroke:
    """From `a` to `b`; a wedge and a row of hashes begin with their narrow end.

    `met_a`, `met_b`: something else begins there in the same ink.
    """

    a: Point
    b: Point
    met_a: bool = False
    met_b: bool = False
    kind: Kind = "plain"

    @property
    def length(self) -> float:
        return math.dist(self.a, self.b)

    @property
    def angle(self) -> float:
        """Of the line, from 0 to pi."""
        return math.atan2(self.b[1] - self.a[1], self.b[0] - self.a[0]) % math.pi


@dataclass(frozen=True, slots=True)
class Circle:
    """In the middle of an aromatic ring."""

    centre: Point
    radius: float


@dataclass(frozen=True, slots=True)
class Strokes:
    """`bond` is the usual length of the strokes, which is that of bonds."""

    strokes: tuple[Stroke, ...]
    circles: tuple[Circle, ...]
    bond: float


def find(mask: Mask, thickness: float) -> Strokes:
    """`mask` is the drawing without its letters and hashes; nothing is found in a thicket."""
    distance_ = depth(mask)
    paths = tracing.paths(thin(mask), distance_, thickness)
    if len(paths) > MOST_PATHS:
        return Strokes((), (), 0.0)
    circles = [circle for path in paths if (circle := _circle(path, thickness)) is not None]
    open_paths = [path for path in paths if _circle(path, thickness) is None]
    bond = _bond_length(open_paths, thickness)
    meetings = _meetings(open_paths)
    found = [stroke for path in open_paths for stroke in _strokes(path, meetings, thickness, bond)]
    found += _short_ones(mask, paths, thickness)
    found = [stroke for stroke in found if stroke.length > max(SLIGHT * bond, 0.7 * thickness)]
    found = _mended(found, BROKEN * thickness)
    shaped = [_as_wedge(stroke, distance_, thickness, bond) for stroke in _with_waves(found, bond)]
    return Strokes(tuple(_without_barbs(shaped, bond)), tuple(circles), bond)


def _mended(strokes: Sequence[Stroke], reach: float) -> list[Stroke]:
    """The strokes, halves of a broken line as one: where its colour changes it may be pale."""
    whole = list(strokes)
    free = [
        (end, stroke)
        for stroke in strokes
        if stroke.kind == "plain" and stroke.length > reach
        for end, met in ((stroke.a, stroke.met_a), (stroke.b, stroke.met_b))
        if not met
    ]
    pairs = sorted(
        (math.dist(end, other), i, j)
        for i, (end, _) in enumerate(free)
        for j, (other, _) in enumerate(free[:i])
        if math.dist(end, other) < reach
    )
    home = {id(stroke): stroke for stroke in strokes}
    for _, i, j in pairs:
        one, other = (home[id(free[k][1])] for k in (i, j))
        if one is not other and _goes_on(one, free[i][0], other, free[j][0]):
            both = _both(one, free[i][0], other, free[j][0])
            whole = [stroke for stroke in whole if stroke is not one and stroke is not other] + [both]
            home = {key: both if stroke in (one, other) else stroke for key, stroke in home.items()}
    return whole


def _goes_on(one: Stroke, end: Point, other: Stroke, start: Point) -> bool:
    """Whether the other stroke continues the one that ends here in a straight line."""
    far = one.b if end == one.a else one.a
    goal = other.b if start == other.a else other.a
    through = _heading(far, goal)
    return all(
        abs(math.remainder(heading - through, 2 * math.pi)) < ALIGNED
        for heading in (_heading(far, end), _heading(start, goal))
    )


def _both(one: Stroke, end: Point, other: Stroke, start: Point) -> Stroke:
    far, met_far = (one.b, one.met_b) if end == one.a else (one.a, one.met_a)
    goal, met_goal = (other.b, other.met_b) if start == other.a else (other.a, other.met_a)
    return Stroke(far, goal, met_far, met_goal)


def _with_waves(strokes: Sequence[Stroke], bond: float) -> list[Stroke]:
    """The strokes, heaps of short ones along a line as one wave, whose turns may touch each other."""
    short = [stroke for stroke in strokes if stroke.kind == "plain" and stroke.length < SHORT * bond]
    heaps = [[short[k] for k in heap] for heap in touching(short, 0.1 * bond)]
    waves = {k: wave for k, heap in enumerate(heaps) if (wave := _wave(heap, bond)) is not None}
    gone = {id(stroke) for k in waves for stroke in heaps[k]}
    return [*(stroke for stroke in strokes if id(stroke) not in gone), *waves.values()]


def touching(strokes: Sequence[Stroke], reach: float) -> list[list[int]]:
    """Numbers of strokes that hang together by their ends."""
    heaps = DisjointSets(range(len(strokes)))
    ends = np.array([end for stroke in strokes for end in (stroke.a, stroke.b)]).reshape(-1, 2)
    for k in range(len(strokes)):
        away = np.hypot(*(ends[2 * k : 2 * k + 2, None] - ends[None, 2 * k + 2 :]).transpose(2, 0, 1))
        for other in np.unique(np.flatnonzero((away < reach).any(axis=0)) // 2):
            heaps.join(k, k + 1 + int(other))
    return heaps.groups()


def _wave(heap: Sequence[Stroke], bond: float) -> Stroke | None:
    if len(heap) < WAVES:
        return None
    points = np.array([point for stroke in heap for point in (stroke.a, stroke.b)])
    centre = points.mean(axis=0)
    _, _, axes = np.linalg.svd(points - centre, full_matrices=False)
    forward, aside = (points - centre) @ axes[0], (points - centre) @ axes[1]
    length, width = float(np.ptp(forward)), float(np.ptp(aside))
    if not WAVE_LENGTH[0] * bond < length < WAVE_LENGTH[1] * bond or width > WAVE_WIDTH * bond:
        return None
    if sum(stroke.length for stroke in heap) < length / STEADY:
        return None
    ends = [_as_point(centre + axes[0] * at) for at in (forward.min(), forward.max())]
    return Stroke(ends[0], ends[1], True, True, "wave")


def _without_barbs(strokes: Sequence[Stroke], bond: float) -> list[Stroke]:
    """Without what thinning makes of the corners of a wedge's wide end."""
    bases = [stroke.b for stroke in strokes if stroke.kind == "wedge"]

    def is_barb(stroke: Stroke) -> bool:
        if stroke.length > BARB * bond or stroke.met_a == stroke.met_b or stroke.kind != "plain":
            return False
        joint = stroke.a if stroke.met_a else stroke.b
        return any(math.dist(joint, base) < SLIGHT * bond for base in bases)

    return [stroke for stroke in strokes if not is_barb(stroke)]


def _as_wedge(stroke: Stroke, distance_: NDArray[np.float32], thickness: float, bond: float) -> Stroke:
    """The stroke as a wedge from its narrow end on, if it steadily widens."""
    if stroke.kind != "plain" or stroke.length < max(SOLID * thickness, STOUT * bond):
        return stroke
    xs = np.linspace(stroke.a[0], stroke.b[0], SAMPLES)[1:-1]
    ys = np.linspace(stroke.a[1], stroke.b[1], SAMPLES)[1:-1]
    widths = 2 * np.array([_widest(distance_, x, y) for x, y in zip(xs, ys, strict=True)]) - 0.7
    slope, start = np.polyfit(np.arange(len(widths)), widths, 1)
    if slope < 0:
        stroke = Stroke(stroke.b, stroke.a, stroke.met_b, stroke.met_a)
        slope, start = -slope, start + slope * (len(widths) - 1)
        widths = widths[::-1]
    end = start + slope * (len(widths) - 1)
    off = float(np.abs(widths - (start + slope * np.arange(len(widths)))).max())
    widens = end > WIDE * thickness and end > WIDENING * max(start, 0.6 * thickness)
    return replace(stroke, kind="wedge") if widens and off < 0.35 * (end - start) + 1 else stroke


def _widest(distance_: NDArray[np.float32], x: float, y: float) -> float:
    """The distance from the ground at the middle of the line, near a point of it."""
    row, column = round(y), round(x)
    around = distance_[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
    return float(around.max()) if around.size else 0.0


def _short_ones(mask: Mask, paths: Sequence[Path], thickness: float) -> Iterator[Stroke]:
    """Pieces of line so short that thinning leaves next to nothing of them, as between two labels."""
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    seen = {int(labels[int(y), int(x)]) for path in paths for x, y in path.points}
    for number in range(1, count):
        if number in seen:
            continue
        rows, columns = np.nonzero(labels == number)
        if len(rows) < 2:
            continue
        points = np.stack([columns, rows], axis=1).astype(np.float64)
        centre = points.mean(axis=0)
        _, spread, axes = np.linalg.svd(points - centre, full_matrices=False)
        length, width = (float(value) * math.sqrt(12 / len(points)) for value in spread)
        if length > 1.2 * width and length > 0.9 * thickness:
            half = axes[0] * length / 2
            yield Stroke(_as_point(centre - half), _as_point(centre + half))


def _as_point(values: NDArray[np.float64]) -> Point:
    return float(values[0]), float(values[1])


def _circle(path: Path, thickness: float) -> Circle | None:
    if path.start != path.end or len(path.points) < 6 * thickness:
        return None
    points = np.array(path.points)
    if math.dist(path.points[0], path.points[-1]) > 2 * thickness:
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    centre, radius = (low + high) / 2, float((high - low).mean() / 2)
    off = np.abs(np.linalg.norm(points - centre, axis=1) - radius)
    return Circle(_as_point(centre), radius) if off.max() < ROUND * radius + 0.5 else None


def _bond_length(paths: Sequence[Path], thickness: float) -> float:
    """The usual length of the longer lines: those that end at labels are shortened by them."""
    lengths = sorted(
        length
        for path in paths
        for a, b in pairwise(tracing.corners(path, thickness))
        if (length := math.dist(a, b)) > 3 * thickness
    )
    if not lengths:
        return 10 * thickness
    return lengths[int(np.searchsorted(np.cumsum(lengths), LONGER * sum(lengths)))]


def _meetings(paths: Sequence[Path]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for path in paths:
        for node in (path.start, path.end):
            counts[node] = counts.get(node, 0) + 1
    return counts


def _strokes(path: Path, meetings: dict[int, int], thickness: float, bond: float) -> Iterator[Stroke]:
    """The path's straight parts and its waves."""
    if path.points[0] == path.points[-1] and meetings[path.start] == 2:
        path = tracing.turned(path)
    points = tracing.corners(path, thickness)
    waves = [
        (first, last)
        for first, last in _runs(points, bond)
        if last - first >= WAVES and math.dist(points[first], points[last]) > WAVE_LENGTH[0] * bond
    ]
    ends = sorted({0, len(points) - 1, *(k for wave in waves for k in wave)})
    closed = path.start == path.end
    for first, last in pairwise(ends):
        met_first = first > 0 or closed or meetings[path.start] > 1
        met_last = last < len(points) - 1 or closed or meetings[path.end] > 1
        if (first, last) in waves:
            yield Stroke(points[first], points[last], met_first, met_last, "wave")
            continue
        part = tracing.straightened(points[first : last + 1], max(STRAIGHT * bond, tracing.BENT * thickness))
        part = _sharpened(part, bond)
        for k, (a, b) in enumerate(pairwise(part)):
            yield Stroke(a, b, k > 0 or met_first, k < len(part) - 2 or met_last)


def _sharpened(points: list[Point], bond: float) -> list[Point]:
    """Where thinning or a coarse grid has cut off a corner, the corner."""
    kept = list(points)
    k = 1
    while k < len(kept) - 2:
        before, one, other, after = kept[k - 1 : k + 3]
        side = math.dist(one, other)
        if side < SHARP * bond and side < 0.6 * min(math.dist(before, one), math.dist(other, after)):
            corner = _crossing(before, one, after, other)
            if corner and max(math.dist(corner, one), math.dist(corner, other)) < SHARP * bond:
                kept[k : k + 2] = [corner]
        k += 1
    return kept


def _crossing(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    """Where the endless lines through a, b and through c, d meet."""
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    cross = ux * vy - uy * vx
    if abs(cross) < 1e-6:
        return None
    t = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / cross
    return a[0] + t * ux, a[1] + t * uy


def _runs(points: Sequence[Point], bond: float) -> Iterator[tuple[int, int]]:
    """Strokes one by one, but the short ones of a wave, which turn to and fro, together."""
    first = 0
    while first < len(points) - 1:
        last = first + 1
        while last < len(points) - 1 and _is_wavy(points[first : last + 2], bond):
            last += 1
        if last - first < WAVES:
            last = first + 1
        yield first, last
        first = last


def _is_wavy(points: Sequence[Point], bond: float) -> bool:
    lengths = [math.dist(a, b) for a, b in pairwise(points)]
    if max(lengths) > SHORT * bond:
        return False
    headings = [_heading(a, b) for a, b in pairwise(points)]
    turns = [math.remainder(b - a, 2 * math.pi) for a, b in pairwise(headings)]
    same = sum(a * b > 0 for a, b in pairwise(turns))
    chord = math.dist(points[0], points[-1])
    return same <= len(turns) / 2 and 0.5 * sum(lengths) < chord < STEADY * sum(lengths)


def _heading(a: Point, b: Point) -> float:
    return math.atan2(b[1] - a[1], b[0] - a[0])


def distance(point: Point, stroke: Stroke) -> float:
    """From the point to the nearest one of the stroke."""
    at = min(1.0, max(0.0, along(point, stroke)))
    x = stroke.a[0] + at * (stroke.b[0] - stroke.a[0])
    y = stroke.a[1] + at * (stroke.b[1] - stroke.a[1])
    return math.dist(point, (x, y))


def along(point: Point, stroke: Stroke) -> float:
    """Where beside the stroke the point lies: 0 at its beginning, 1 at its end."""
    dx, dy = stroke.b[0] - stroke.a[0], stroke.b[1] - stroke.a[1]
    square = dx * dx + dy * dy
    return ((point[0] - stroke.a[0]) * dx + (point[1] - stroke.a[1]) * dy) / square if square else 0.0
