"""Lines of text on an even ground, found by their letters: ink of one height beside each other.

It takes a twentieth of the network's time, finds small letters on large pages, and parts what a gap parts:
columns, cells of tables, prices. It sees no text in photographs and on dark panels; those are the network's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.disjoint_sets import DisjointSets
from mathpixweb.engine.ocr import leaders
from mathpixweb.engine.ocr.components import rectangles_of
from mathpixweb.engine.ocr.ground import INK, Gray
from mathpixweb.engine.ocr.text_regions import Region

SPECK: Final = 0.14  # of the letters' height, in both directions: dirt
TALLEST, WIDEST = 3.2, 8.0  # of the letters' height; larger ink is no letter
TIED: Final = (3.0, 2.4)  # letters' heights: letters on one underline are broader, and not so high
TITLE, HIGHEST = 2.0, 14.0  # letters' heights of the letters of a title, at least and at most …
TITLE_LETTERS: Final = 4  # … of which so many stand beside each other …
SOLID: Final = 0.85  # … and do not fill so much of their boxes, as the bars of a chart do
LOW: Final = 0.45  # of the letters' height: a dot, an accent, a comma
LETTER_GAP: Final = 1.15  # of the letters' height between neighbours of one line
NEIGHBOURS: Final = 4  # to its right that a letter may have
LEVEL: Final = 0.35  # of the lower letter's height that neighbours share
LIKE: Final = 2.6  # times its neighbour's height a letter may be high
FEWEST: Final = 12  # letters in a picture that is read in this way
MARGIN: Final = 0.22  # of a line's height added above and below
STEEP: Final = 0.12  # slope of a line's letters; more is an accident

DASH: Final = (0.4, 2.2)  # letters' heights that a dash is long
POINT_GAP: Final = 0.8  # letters' heights on either side of a point within a number, as typewriters leave
SHORTEST: Final = 3  # pixels of a letter
SMALL: Final = 11.0  # pixels of letters that are looked for in an enlarged picture …
CLEAR: Final = 20.0  # … in which they are so high
MOST_ENLARGED: Final = 3.0
PALE_INK: Final = 200  # grey levels of ink in that
BULLET, BULLET_LETTERS = 2.2, 3  # letters' heights, and letters, of a bullet or a number before a line
BULLET_INK: Final = 0.3  # letters' heights that it is large
BULLET_GAP: Final = 3.2  # letters' heights to the line
WORD_GAP: Final = 2.4  # letters' heights between words of justified text
SAME_LINE: Final = 0.5  # of the lower one's height that parts of a line share
NEXT_LINE: Final = 4.0  # letters' heights from the middle of a line to that of the next, at most
LINE_LETTERS, FRAGMENTS = 4, 2  # of a line, and of a broken letter's pieces within one
ASKED: Final = 300  # letters that are looked at to tell whether the page lies on its side
SIDEWAYS: Final = 2.5  # times as much white beside letters as above them: lines run upwards
FAR: Final = 3.0  # letters' heights; more white is as good as nothing beside it
LINE: Final = 5.0  # letters' heights that the line is long at least

_Boxes = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """Left, top, width and height of each, and the usual height of those without tails.

    `leaders` are points that only lead the eye over gaps, `tied` pieces as high as letters but much broader,
    of the same form.
    """

    boxes: _Boxes
    height: float
    leaders: _Boxes = field(default_factory=lambda: np.zeros((0, 4)))
    tied: _Boxes = field(default_factory=lambda: np.zeros((0, 4)))


def letters_of(gray: Gray) -> Letters | None:
    """None if too little ink is of letters' size to say what that is."""
    return _letters_of(gray, INK) or _letters_of(gray, PALE_INK)


def _letters_of(gray: Gray, ink: int) -> Letters | None:
    inked = gray < ink
    boxes = rectangles_of(inked).astype(np.float64)
    widths, heights = boxes[:, 2], boxes[:, 3]
    likely = (heights >= SHORTEST) & (widths >= 2) & (heights < 8 * widths + 40) & (widths < 6 * heights)
    dots = leaders.of(boxes, likely)
    likely[dots] = False
    if likely.sum() < FEWEST:
        return None
    height = float(np.percentile(heights[likely], 60))
    specks = np.maximum(widths, heights) < SPECK * height
    large = (heights > TALLEST * height) | (widths > WIDEST * height)
    large[_of_titles(boxes, inked, height)] = False
    specks[dots] = True
    tied = (widths > TIED[0] * height) & (heights > LOW * height) & (heights < TIED[1] * height)
    return Letters(boxes[~specks & ~large], height, boxes[dots], boxes[tied])


def _of_titles(boxes: _Boxes, inked: NDArray[np.bool_], height: float) -> list[int]:
    """Which of the boxes are letters of titles, in which even the small ones are larger than the text."""
    widths, heights = boxes[:, 2], boxes[:, 3]
    large = np.flatnonzero((heights > TITLE * height) & (np.maximum(widths, heights) < HIGHEST * height))
    found: list[int] = []
    for chain in _chained(Letters(boxes[large], TITLE * height)):
        title = large[chain]
        if len(title) < TITLE_LETTERS:
            continue
        filled = [inked[y : y + tall, x : x + wide].mean() for x, y, wide, tall in boxes[title].astype(int)]
        if float(np.median(filled)) < SOLID:
            found += title.tolist()
    return found


def find(gray: Gray) -> list[Region]:
    """Regions from top to bottom, each a line or the part of one between two wide gaps."""
    return made_of(letters_of(gray), gray)


def made_of(letters: Letters | None, gray: Gray) -> list[Region]:
    """The regions of these letters, which are those of the picture."""
    if letters is None or _run_upwards(letters):
        return []
    if letters.height < SMALL:
        return _find_enlarged(gray, letters.height)
    return regions_of(letters)


def _run_upwards(letters: Letters) -> bool:
    """Whether letters are nearer to those above them than to those beside them: the page lies on its side."""
    full = letters.boxes[letters.boxes[:, 3] > LOW * letters.height]
    some = full[:: max(1, len(full) // ASKED)]
    level, upright = _gaps(some, full), _gaps(some[:, [1, 0, 3, 2]], full[:, [1, 0, 3, 2]])
    return float(np.median(level)) > SIDEWAYS * float(np.median(upright))


def _gaps(some: _Boxes, boxes: _Boxes) -> NDArray[np.float64]:
    """The white between each of some and the next box that begins right of its middle, at its height."""
    x, y, width, tall = (some[:, k, None] for k in range(4))
    middles = boxes[:, 1] + boxes[:, 3] / 2
    after = (boxes[:, 0] > x + width / 2) & (middles > y) & (middles < y + tall)
    gaps = np.where(after, np.maximum(boxes[:, 0] - (x + width), 0.0), np.inf)
    return np.asarray(np.minimum(gaps.min(axis=1), FAR * tall[:, 0]), np.float64)


def _find_enlarged(gray: Gray, height: float) -> list[Region]:
    """Where letters are so small that much of them is paler than ink."""
    zoom = min(MOST_ENLARGED, CLEAR / height)
    large = cv2.resize(gray, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
    letters = _letters_of(np.asarray(large, np.uint8), PALE_INK)
    if letters is None:
        return []
    return [Region(region.corners / np.float32(zoom), 1.0) for region in regions_of(letters)]


def regions_of(letters: Letters) -> list[Region]:
    """Regions of the lines that these letters make, from top to bottom."""
    chains = _with_small_ones(_bridged(_chained(letters), letters), letters)
    groups = _continued([letters.boxes[chain] for chain in chains], letters)
    groups = _with_fragments(groups)
    groups = _with_bullets(groups, letters.height)
    extents = np.array([_extent(group) for group in [*groups, *letters.leaders[:, None]]]).reshape(-1, 4)
    regions = [_region(group, letters.height, _room(k, extents)) for k, group in enumerate(groups)]
    return sorted(regions, key=lambda region: float(region.corners[:, 1].mean()))


def _continued(groups: list[_Boxes], letters: Letters) -> list[_Boxes]:
    """The groups, those made one that only a wide gap between words parts: the next lines run over it."""
    if not groups:
        return []
    extents = np.array([_extent(group) for group in groups])
    lines = DisjointSets(range(len(groups)))
    for k, (x0, y0, x1, y1) in enumerate(extents):
        shared = np.minimum(extents[:, 3], y1) - np.maximum(extents[:, 1], y0)
        level = shared > SAME_LINE * np.minimum(extents[:, 3] - extents[:, 1], y1 - y0)
        gaps = np.where(level & (extents[:, 0] > (x0 + x1) / 2), extents[:, 0] - x1, np.inf)
        gaps[k] = np.inf
        after = int(np.argmin(gaps))
        if gaps[after] < WORD_GAP * letters.height and _is_run_over(x1, extents[after, 0], (y0, y1), letters):
            lines.join(k, after)
    return [np.concatenate([groups[k] for k in line]) for line in lines.groups()]


def _is_run_over(left: float, right: float, rows: tuple[float, float], letters: Letters) -> bool:
    """Whether letters of the next lines stand above or below the gap."""
    boxes, middle, reach = letters.boxes, (rows[0] + rows[1]) / 2, NEXT_LINE * letters.height
    heights = boxes[:, 1] + boxes[:, 3] / 2 - middle
    beside = (np.abs(heights) > letters.height) & (np.abs(heights) < reach)
    edge = (right - left) / 4
    inside = (boxes[:, 0] < right - edge) & (boxes[:, 0] + boxes[:, 2] > left + edge)
    return bool((beside & inside).any())


def _with_fragments(groups: list[_Boxes]) -> list[_Boxes]:
    """The groups, those of one or two pieces that stand within a line made part of it: broken letters."""
    extents = np.array([_extent(group) for group in groups]).reshape(-1, 4)
    long_ = np.array([len(group) >= LINE_LETTERS for group in groups])
    whole = list(groups)
    for k, group in enumerate(groups):
        if len(group) > FRAGMENTS:
            continue
        x, y = (extents[k, 0] + extents[k, 2]) / 2, (extents[k, 1] + extents[k, 3]) / 2
        over = (extents[:, 0] < x) & (x < extents[:, 2]) & (extents[:, 1] < y) & (y < extents[:, 3])
        home = np.flatnonzero(over & long_)
        if len(home):
            whole[int(home[0])] = np.concatenate([whole[int(home[0])], group])
            whole[k] = np.zeros((0, 4))
    return [group for group in whole if len(group)]


def _with_bullets(groups: list[_Boxes], height: float) -> list[_Boxes]:
    """The groups, those of a bullet or number with the text that follows it."""
    extents = np.array([_extent(group) for group in groups]).reshape(-1, 4)
    whole = list(groups)
    for k, group in enumerate(groups):
        x0, y0, x1, y1 = extents[k]
        if len(group) > BULLET_LETTERS or x1 - x0 > BULLET * height:
            continue
        shared = np.minimum(extents[:, 3], y1) - np.maximum(extents[:, 1], y0)
        level = shared > LEVEL * min(y1 - y0, height)
        gap = extents[:, 0] - x1
        follows = np.flatnonzero(
            level & (gap > 0) & (gap < BULLET_GAP * height) & (extents[:, 2] - extents[:, 0] > LINE * height)
        )
        before = level & (extents[:, 2] <= x0) & (x0 - extents[:, 2] < 4 * BULLET_GAP * height)
        if len(follows) and not before.any():
            text = int(follows[np.argmin(gap[follows])])
            whole[text] = np.concatenate([group, whole[text]])
            whole[k] = np.zeros((0, 4))
    return [group for group in whole if len(group) and group[:, 3].max() > LOW * height]


def _room(k: int, extents: NDArray[np.float64]) -> tuple[float, float]:
    """How far left and right line `k` may be cut out without showing its neighbours."""
    x0, y0, x1, y1 = extents[k]
    shared = np.minimum(extents[:, 3], y1) - np.maximum(extents[:, 1], y0)
    beside = shared >= 0.3 * np.minimum(extents[:, 3] - extents[:, 1], y1 - y0)
    beside[k] = False
    before = beside & (extents[:, 2] <= x0 + 1)
    after = beside & ~before & (extents[:, 0] >= x1 - 1)
    left = (extents[before, 2].max(initial=-np.inf) + x0) / 2
    right = (x1 + extents[after, 0].min(initial=np.inf)) / 2
    return float(left), float(right)


def _chained(letters: Letters) -> list[list[int]]:
    """Letters that follow each other on a line."""
    boxes, height = letters.boxes, letters.height
    full = np.flatnonzero(boxes[:, 3] > LOW * height)
    order = full[np.argsort(boxes[full, 0])]
    left, top = boxes[order, 0], boxes[order, 1]
    right, bottom = left + boxes[order, 2], top + boxes[order, 3]
    tall = bottom - top
    one, other = _pairs(np.searchsorted(left, right + LETTER_GAP * np.maximum(height, tall)))
    shared = np.minimum(bottom[one], bottom[other]) - np.maximum(top[one], top[other])
    level = shared > LEVEL * np.minimum(tall[one], tall[other])
    one, other = one[level], other[level]
    lower, higher = np.minimum(tall[one], tall[other]), np.maximum(tall[one], tall[other])
    most = np.maximum(2 * height, lower)  # beside one large letter alone the text goes on as ever
    fits = left[other] - right[one] < LETTER_GAP * np.clip(higher, height, most)
    fits &= higher < LIKE * np.maximum(lower, 0.6 * height)
    one, other = one[fits], other[fits]
    nearest = np.arange(len(one)) - np.searchsorted(one, one) < NEIGHBOURS
    lines = DisjointSets(range(len(order)))
    for k, after in zip(one[nearest].tolist(), other[nearest].tolist(), strict=True):
        lines.join(k, after)
    return [[int(order[k]) for k in line] for line in lines.groups()]


def _pairs(ends: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each number with each that follows it before its end."""
    numbers = np.arange(len(ends))
    many = np.maximum(ends - numbers - 1, 0)
    one = np.repeat(numbers, many)
    return one, one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(many) - many, many)


def _bridged(groups: list[list[int]], letters: Letters) -> list[list[int]]:
    """The groups, those joined that a dash, a tilde, a level stroke or a point between them joins."""
    boxes, height = letters.boxes, letters.height
    low = (boxes[:, 3] <= LOW * height) & (boxes[:, 2] < DASH[1] * height)
    joined = [list(group) for group in groups]
    extents = np.array([_extent(boxes[group]) for group in joined]).reshape(-1, 4)
    for k in _between(np.flatnonzero(low), boxes, extents):
        x, y, width, tall = boxes[k]
        reach = (LETTER_GAP if width > DASH[0] * height else POINT_GAP) * height
        beside = (extents[:, 1] < y + tall / 2) & (y + tall / 2 < extents[:, 3])
        left, right = x - extents[:, 2], extents[:, 0] - (x + width)
        before = np.flatnonzero(beside & (left > -2) & (left < reach))
        after = np.flatnonzero(beside & (right > -2) & (right < reach))
        if len(before) and len(after):
            one, other = int(before[np.argmin(left[before])]), int(after[np.argmin(right[after])])
            joined[one] += [*joined[other], int(k)]
            extents[one] = _extent(boxes[joined[one]])
            extents = np.delete(extents, other, axis=0)
            del joined[other]
    return joined


def _between(marks: NDArray[np.intp], boxes: _Boxes, extents: _Boxes) -> list[int]:
    """The marks that stand in no group."""
    x = (boxes[marks, 0] + boxes[marks, 2] / 2)[:, None]
    y = (boxes[marks, 1] + boxes[marks, 3] / 2)[:, None]
    within = (extents[:, 0] < x) & (x < extents[:, 2]) & (extents[:, 1] < y) & (y < extents[:, 3])
    return [int(mark) for mark in marks[~within.any(axis=1)]]


def _with_small_ones(groups: list[list[int]], letters: Letters) -> list[list[int]]:
    """Dots, accents and commas with the line they stand in or right above; what is far from any, alone."""
    boxes, height = letters.boxes, letters.height
    small = np.flatnonzero(boxes[:, 3] <= LOW * height)
    if not groups:
        return []
    ends = np.array([_extent(boxes[group]) for group in groups])
    taken: list[list[int]] = [list(group) for group in groups]
    for k in small:
        x, y, width, tall = boxes[k]
        cx, cy = x + width / 2, y + tall / 2
        near_x = np.maximum(np.maximum(ends[:, 0] - cx, cx - ends[:, 2]), 0)
        near_y = np.maximum(np.maximum(ends[:, 1] - cy, cy - ends[:, 3]), 0)
        away = near_x + 1.5 * near_y
        best = int(np.argmin(away))
        if away[best] < 0.9 * height:
            taken[best].append(int(k))
        elif max(width, tall) > BULLET_INK * height:
            taken.append([int(k)])
    return taken


def _extent(boxes: NDArray[np.float64]) -> tuple[float, float, float, float]:
    return (
        float(boxes[:, 0].min()),
        float(boxes[:, 1].min()),
        float((boxes[:, 0] + boxes[:, 2]).max()),
        float((boxes[:, 1] + boxes[:, 3]).max()),
    )


def _region(boxes: _Boxes, height: float, room: tuple[float, float]) -> Region:
    """Around the letters, along the line on which most of them stand."""
    x0, _, x1, _ = _extent(boxes)
    slope = _slope(boxes)
    middle = (x0 + x1) / 2
    tops = boxes[:, 1] - slope * (boxes[:, 0] + boxes[:, 2] / 2 - middle)
    bottoms = boxes[:, 1] + boxes[:, 3] - slope * (boxes[:, 0] + boxes[:, 2] / 2 - middle)
    top, bottom = float(tops.min()), float(bottoms.max())
    margin = MARGIN * min(bottom - top, 2 * height)
    top, bottom = top - margin, bottom + margin
    x0, x1 = max(x0 - 1.5 * margin, room[0]), min(x1 + 1.5 * margin, room[1])
    rise = slope * (x1 - x0) / 2
    corners = [[x0, top - rise], [x1, top + rise], [x1, bottom + rise], [x0, bottom - rise]]
    return Region(np.array(corners, np.float32), 1.0)


def _slope(boxes: NDArray[np.float64]) -> float:
    """By which the line falls to the right, where it is long enough to tell."""
    if len(boxes) < 8:
        return 0.0
    centres, feet = boxes[:, 0] + boxes[:, 2] / 2, boxes[:, 1] + boxes[:, 3]
    found = float(np.polyfit(centres, feet, 1)[0])
    off = np.abs(feet - np.polyval(np.polyfit(centres, feet, 1), centres))
    kept = off <= np.percentile(off, 70)
    if kept.sum() > 4:
        found = float(np.polyfit(centres[kept], feet[kept], 1)[0])
    return found if abs(found) < STEEP else 0.0
