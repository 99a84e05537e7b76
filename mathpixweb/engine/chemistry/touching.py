"""Letters that touch a bond: one ink with it, in which their lines are a heap of short strokes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from mathpixweb.engine.chemistry import letters, strokes
from mathpixweb.engine.chemistry.letters import Guess
from mathpixweb.engine.chemistry.linework import Linework
from mathpixweb.engine.chemistry.marks import Mark
from mathpixweb.engine.chemistry.strokes import Mask, Stroke
from mathpixweb.engine.geometry import Box

SURE: Final = 0.7  # probability of being that character
SHORT: Final = 1.15  # of the usual height: longer strokes are bonds
FEWEST: Final = 3  # strokes, of which most letters are made
HEIGHT: Final = (0.75, 1.3)  # of the usual one
WIDTH: Final = (0.4, 1.4)
ROUND: Final = (0.7, 1.25)  # width by height of an O
RING: Final = (Guess("O", 0.6),)


def find(work: Linework, mask: Mask, found: Sequence[Stroke], usual: float) -> list[Mark]:
    """The letters among the strokes of `mask`, where labels are of the usual height."""
    short = [stroke for stroke in found if stroke.kind == "plain" and stroke.length < SHORT * usual]
    touching = strokes.touching(short, work.thickness)
    heaps = [[short[k] for k in heap] for heap in touching if len(heap) >= FEWEST]
    boxed = [(heap, _box(heap, work.thickness)) for heap in heaps]
    boxed = [(heap, box) for heap, box in boxed if _is_as_large_as_a_letter(box, usual)]
    if not boxed:
        return []
    close = [box for _, box in boxed]
    wider = [box.grown(work.thickness / 4) for box in close]  # of bold letters
    named = _named(work, mask, [*close, *wider])
    marks = []
    for (heap, box), *both in zip(boxed, named[: len(boxed)], named[len(boxed) :], strict=True):
        best = max(both, key=lambda mark: mark.guesses[0].probability if mark.guesses[0].char else 0.0)
        if best.guesses[0].char.isalnum() and best.guesses[0].probability > SURE:
            marks.append(best)
        elif ROUND[0] < box.width / box.height < ROUND[1] and _is_closed(heap, work.thickness):
            marks.append(Mark(box, RING, ()))
    return marks


def _named(work: Linework, mask: Mask, boxes: Sequence[Box]) -> list[Mark]:
    named = letters.name([np.where(mask[_inside(box)], work.ink[_inside(box)], 0) for box in boxes])
    return [Mark(box, guesses, ()) for box, guesses in zip(boxes, named, strict=True)]


def _is_closed(heap: Sequence[Stroke], reach: float) -> bool:
    """Whether the strokes are a ring: each goes on at either end in one other."""
    ends = [(k, end) for k, stroke in enumerate(heap) for end in (stroke.a, stroke.b)]
    return all(
        sum(other != k and math.dist(end, place) < reach for other, place in ends) == 1 for k, end in ends
    )


def without(mask: Mask, marks: Sequence[Mark], thickness: float) -> Mask:
    """What is left of the ink when these are taken away, whose lines may be thicker than bonds."""
    rest = mask.copy()
    for mark in marks:
        rest[_inside(mark.box.grown(thickness / 2))] = False
    return rest


def _box(heap: Sequence[Stroke], thickness: float) -> Box:
    points = np.array([point for stroke in heap for point in (stroke.a, stroke.b)])
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return Box(float(x0), float(y0), float(x1), float(y1)).grown(thickness / 2)


def _is_as_large_as_a_letter(box: Box, usual: float) -> bool:
    high = HEIGHT[0] * usual < box.height < HEIGHT[1] * usual
    return high and WIDTH[0] * usual < box.width < WIDTH[1] * usual


def _inside(box: Box) -> tuple[slice, slice]:
    return slice(max(0, round(box.y0)), round(box.y1) + 1), slice(max(0, round(box.x0)), round(box.x1) + 1)
