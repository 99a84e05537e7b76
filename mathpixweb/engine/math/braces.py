"""Horizontal braces over and under parts of a formula."""

from __future__ import annotations

from mathpixweb.engine.geometry import Box, union
from mathpixweb.engine.math.items import Item, Region, group, main_size, row_size
from mathpixweb.engine.math.limits import chains
from mathpixweb.engine.math.rules import baseline_of
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import EMPTY, Brace

TIPS = 4  # TeX draws a brace of four tips with rules between


def resolve(region: Region) -> None:
    """Replace each brace with its body and label by one item."""
    while True:
        tips = sorted(
            (item for item in region.items if item.role == Kind.HBRACE), key=lambda item: item.box.x0
        )
        if not tips:
            return
        _resolve_one(region, _one_brace(tips))


def _one_brace(tips: list[Item]) -> list[Item]:
    first = tips[0]
    size = first.size or 10.0
    if first.latex in ("over", "under"):
        return _touching([tip for tip in tips if tip.latex in ("over", "under")], size)
    return [tip for tip in tips if abs((tip.y or 0.0) - (first.y or 0.0)) < 0.1 * size][:TIPS]


def _touching(pieces: list[Item], size: float) -> list[Item]:
    """The first piece and those that continue it: OpenType fonts make wide braces of many.

    What lengthens a brace is the same piece in braces over and under a formula; the first tells which it is.
    """
    brace = pieces[:1]
    for piece in pieces[1:]:
        level = abs(piece.box.y1 - brace[-1].box.y1) < 0.3 * size
        if level and piece.box.x0 - max(part.box.x1 for part in brace) < 0.05 * size:
            brace.append(piece)
    return brace


def _resolve_one(region: Region, tips: list[Item]) -> None:
    over = tips[0].latex in ("downleft", "over")
    brace = union(tip.box for tip in tips)
    size = tips[0].size or 10.0
    bars = [r for r in region.rules if _spans(brace, r.box, 1) and abs(r.y - brace.cy) < 0.4 * size]
    region.take(tips, bars)
    inside = [item for item in region.items if brace.x0 - 1 <= item.box.cx <= brace.x1 + 1]
    body = [item for item in inside if (item.box.cy < brace.cy) == over]
    if not body:
        return
    rules = [r for r in region.rules if _spans(brace, r.box, 1) and (r.y < brace.cy) == over]
    label = _label(region, brace, body, over)
    text_size = row_size(body, region.profile)
    baseline = baseline_of(region, body, rules)
    label_rules = [
        r for r in region.rules if label and _spans(union(i.box for i in label), r.box, 1) and r not in rules
    ]
    node = Brace(region.read(body, rules), region.read(label, label_rules) if label else None, over)
    region.take([*body, *label], [*rules, *label_rules])
    y = body[0].y if baseline is None else baseline
    region.put(group(node if body else EMPTY, body, size=text_size, y=y))


def _label(region: Region, brace: Box, body: list[Item], over: bool) -> list[Item]:
    """What stands beyond the brace, small and centred."""
    size = main_size(body)
    near = [
        item
        for item in region.items
        if item not in body
        and (item.box.cy > brace.cy) == over
        and abs(item.box.cy - brace.cy) < 2.2 * size
        and (item.size or item.inner) < region.profile.limit_size * size
    ]
    for chain in chains(near, size):
        box = union(item.box for item in chain)
        if abs(box.cx - brace.cx) < 0.5 * size:
            return chain
    return []


def _spans(outer: Box, inner: Box, slack: float) -> bool:
    return outer.x0 - slack <= inner.x0 and inner.x1 <= outer.x1 + slack
