"""Thinned lines as straight strokes between corners, ends and forks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.chemistry.thinning import codes

BENT: Final = 0.45  # of the lines' thickness, by which a straight stroke may deviate
SPUR: Final = 1.3  # times the thickness; a shorter end that hangs at a fork is an artefact of thinning
FORK: Final = 2.2  # times the distance of a fork from the ground: as long are the corners of a wedge's end
_COUNT: Final = np.array([code.bit_count() for code in range(256)], np.uint8)
_AROUND: Final = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))

Mask = NDArray[np.bool_]
Point = tuple[float, float]
Pixel = tuple[int, int]  # row and column


@dataclass(frozen=True, slots=True)
class Path:
    """A line from one end or fork to the next; `start` and `end` number them, equal for a closed one."""

    points: tuple[Point, ...]
    start: int
    end: int

    @property
    def length(self) -> float:
        return sum(math.dist(a, b) for a, b in zip(self.points, self.points[1:], strict=False))


def paths(
    skeleton: Mask, distance: NDArray[np.float32], thickness: float, *, crosses: bool = False
) -> list[Path]:
    """All lines of the skeleton, without the spurs that thinning leaves at corners and thick ends.

    `distance` is that of each pixel from the ground. With `crosses`, what is nothing but spurs is a cross.
    """
    found = _walked(skeleton)
    counts: dict[int, int] = {}
    for path in found:
        for node in (path.start, path.end):
            counts[node] = counts.get(node, 0) + 1
    kept = [path for path in found if not _is_spur(path, counts, distance, thickness)]
    if crosses:
        reached = {node for path in kept for node in (path.start, path.end)}
        kept += [path for path in found if not {path.start, path.end} & reached]
    return _joined(kept)


def corners(path: Path, thickness: float) -> list[Point]:
    """The path's ends and the corners between them."""
    return straightened(path.points, BENT * thickness)


def straightened(points: Sequence[Point], slack: float) -> list[Point]:
    """The fewest of the points from whose straight connections none is farther than the slack."""
    if points[0] != points[-1]:
        return _simplified(points, slack)
    farthest = _farthest(points)
    first, second = points[: farthest + 1], points[farthest:]
    return [*_simplified(first, slack), *_simplified(second, slack)[1:]]


def turned(path: Path) -> Path:
    """A closed path that meets nothing, begun at a corner."""
    open_ = path.points[:-1]
    x, y = sum(x for x, _ in open_) / len(open_), sum(y for _, y in open_) / len(open_)
    corner = max(range(len(open_)), key=lambda k: math.dist((x, y), open_[k]))
    return Path((*open_[corner:], *open_[: corner + 1]), path.start, path.end)


def _farthest(points: Sequence[Point]) -> int:
    return max(range(len(points)), key=lambda k: math.dist(points[0], points[k]))


def _simplified(points: Sequence[Point], slack: float) -> list[Point]:
    """After Ramer, Douglas and Peucker."""
    kept = cv2.approxPolyDP(np.array(points, np.float32)[:, None], slack, False)[:, 0]
    return [(float(x), float(y)) for x, y in kept]


def _is_spur(path: Path, counts: dict[int, int], distance: NDArray[np.float32], thickness: float) -> bool:
    """Whether it is a free end at a fork, hardly longer than the line is wide there."""
    free = counts[path.start] == 1, counts[path.end] == 1
    if sum(free) != 1 or counts[path.end if free[0] else path.start] < 3:
        return False
    x, y = path.points[-1 if free[0] else 0]
    return path.length < max(SPUR * thickness, FORK * float(distance[round(y), round(x)]))


def _joined(found: Sequence[Path]) -> list[Path]:
    """Paths that meet where no third one does, as one."""
    at: dict[int, list[int]] = {}
    for k, path in enumerate(found):
        if path.start != path.end:
            at.setdefault(path.start, []).append(k)
            at.setdefault(path.end, []).append(k)
    merged: dict[int, Path] = dict(enumerate(found))
    owner = list(range(len(found)))

    def now(k: int) -> int:
        while owner[k] != k:
            owner[k] = owner[owner[k]]
            k = owner[k]
        return k

    for node, pair in at.items():
        if len(pair) != 2:
            continue
        one, other = now(pair[0]), now(pair[1])
        if one != other:
            merged[one] = _together(merged[one], merged.pop(other), node)
            owner[other] = one
    return list(merged.values())


def _together(one: Path, other: Path, node: int) -> Path:
    first = one if one.end == node else Path(one.points[::-1], one.end, one.start)
    second = other if other.start == node else Path(other.points[::-1], other.end, other.start)
    return Path(first.points + second.points[1:], first.start, second.end)


def _walked(skeleton: Mask) -> list[Path]:
    pixels = np.pad(skeleton, 1).astype(np.uint8)
    special = (pixels > 0) & (_COUNT[codes(pixels)] != 2)
    _, labels = cv2.connectedComponents(special.astype(np.uint8), connectivity=8)
    plain = {_pixel(place) for place in np.argwhere((pixels > 0) & ~special)}
    found: list[Path] = []
    nodes = _nodes(labels)
    for member in [member for members in nodes.values() for member in members]:
        steps = (step for step in _neighbours(member) if step in plain)
        found.extend(_walk(member, step, nodes, labels, plain) for step in steps)
    while plain:  # closed lines without a fork
        found.append(_loop(plain.pop(), plain, len(nodes) + len(found) + 1))
    return [path for path in found if len(path.points) > 2]


def _nodes(labels: NDArray[np.int32]) -> dict[int, list[Pixel]]:
    members: dict[int, list[Pixel]] = {}
    for place in np.argwhere(labels):
        members.setdefault(int(labels[tuple(place)]), []).append(_pixel(place))
    return members


def _pixel(place: NDArray[np.intp]) -> Pixel:
    return int(place[0]), int(place[1])


def _walk(
    member: Pixel,
    step: Pixel,
    nodes: dict[int, list[Pixel]],
    labels: NDArray[np.int32],
    plain: set[Pixel],
) -> Path:
    """From a node along pixels with two neighbours to the next node."""
    start = int(labels[member])
    before, at, walked = member, step, [_centre(nodes[start])]
    while at in plain:
        plain.discard(at)
        walked.append(_point(at))
        onward = [p for p in _neighbours(at) if p != before and (p in plain or labels[p])]
        if not onward:
            return Path(tuple(walked), start, start)
        before, at = at, onward[0]
    end = int(labels[at])
    return Path((*walked, _centre(nodes[end])), start, end)


def _loop(start: Pixel, plain: set[Pixel], number: int) -> Path:
    walked = [start]
    while onward := [pixel for pixel in _neighbours(walked[-1]) if pixel in plain]:
        plain.discard(onward[0])
        walked.append(onward[0])
    return Path((*map(_point, walked), _point(start)), number, number)


def _neighbours(pixel: Pixel) -> Iterator[Pixel]:
    return ((pixel[0] + down, pixel[1] + right) for down, right in _AROUND)


def _point(pixel: Pixel) -> Point:
    return float(pixel[1] - 1), float(pixel[0] - 1)


def _centre(members: Sequence[Pixel]) -> Point:
    count = len(members)
    return sum(c for _, c in members) / count - 1, sum(r for r, _ in members) / count - 1
