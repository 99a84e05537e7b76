"""Signs of long division, which the networks know as roots, or as a bracket with a line after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.ocr.ink import Ink, Trace
from mathpixweb.engine.ocr.ink_alphabet import MINUS, RADICAL, InkClass
from mathpixweb.engine.ocr.ink_groups import Group
from mathpixweb.engine.ocr.ink_relations import Relation, Tree

# Of 150 roots that people drew, one is without its hook by these.
HOOK: Final = (0.1, 0.17, 0.25, 0.33)  # of the height over its foot, where a root has two arms
UPRIGHT: Final = 0.22  # of its height by which the foot may stand beside the upper corner, at most
FOOT: Final = 0.15  # of the height is the foot, as much the corner
MEETS: Final = 0.3  # of its height by which the end of a line may miss the top of a bracket


def signs(ink: Ink, groups: Sequence[Group], classes: Sequence[InkClass], tree: Tree) -> frozenset[int]:
    """The places of roots without a hook, and of brackets on whose top the line that follows begins."""
    traces = [[ink.traces[index] for index in group] for group in groups]
    roots = {k for k, known in enumerate(classes) if known.latex == RADICAL and _is_hookless(traces[k])}
    boxes = [union(trace.box for trace in each) for each in traces]
    pairs = zip(tree.parents, tree.relations, strict=True)
    brackets = {
        parent
        for line, (parent, how) in enumerate(pairs)
        if how is Relation.RIGHT and parent >= 0
        if classes[line].latex == MINUS and classes[parent].kind is Kind.CLOSE
        if _meets(boxes[line], boxes[parent])
    }
    return frozenset(roots | brackets)


def _is_hookless(traces: Sequence[Trace]) -> bool:
    points = np.concatenate([trace.points for trace in traces])
    top, bottom = points[:, 1].min(), points[:, 1].max()
    height = bottom - top
    if any(_crossings(traces, bottom - share * height) > 1 for share in HOOK):
        return False
    corner = points[points[:, 1] < top + FOOT * height, 0].min()
    foot = points[points[:, 1] > bottom - FOOT * height, 0].mean()
    return bool(abs(corner - foot) < UPRIGHT * height)


def _crossings(traces: Sequence[Trace], y: float) -> int:
    return sum(int(np.count_nonzero(np.diff(trace.points[:, 1] > y))) for trace in traces)


def _meets(line: Box, bracket: Box) -> bool:
    near = MEETS * bracket.height
    return bracket.x0 - near < line.x0 < bracket.x1 + near and abs(line.cy - bracket.y0) < near
