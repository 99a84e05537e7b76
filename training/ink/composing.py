"""A formula drawn by hand: single drawings set in two dimensions, as unevenly as people do.

Every symbol knows the one it hangs on and how, which is what the recognizer has to find out.
"""

from __future__ import annotations

import numpy as np

from mathpixweb.engine.ocr.ink_alphabet import AXIS, CLASSES, INDEX, InkClass
from mathpixweb.engine.ocr.ink_relations import Relation
from training.ink import grids
from training.ink.formulas import NAMES, STACKED, Node, Tree
from training.ink.hands import Hand
from training.ink.setting import Piece, Stroke, Symbol, beside

NOBODY = Symbol("", [])
SIGNS = ("bin", "rel", "punct")


def compose(tree: Tree, hand: Hand) -> list[Symbol]:
    """The symbols in the order of writing; the line may climb or fall, the letters lean."""
    symbols = _set(tree, hand, 1.0).symbols
    for symbol in symbols:
        symbol.strokes = [hand.leaning(stroke) for stroke in symbol.strokes]
    return symbols


def _set(tree: Tree, hand: Hand, size: float) -> Piece:
    if isinstance(tree, str):
        return _row(list(tree), hand, size, tight=True) if tree in NAMES else _symbol(tree, hand, size)
    if tree.kind == "row":
        return _row([part for part in tree.parts if part is not None], hand, size)
    if tree.kind == "lines":
        return grids.lines([_set(line, hand, size) for line in tree.parts if line], hand, size)
    return {
        "frac": _fraction,
        "sqrt": _root,
        "scripts": _scripts,
        "accent": _accented,
        "stack": _limits,
        "grid": _grid,
    }[tree.kind](tree, hand, size)


def _symbol(latex: str, hand: Hand, size: float, inner: tuple[float, float] | None = None) -> Piece:
    """One symbol on the baseline. `inner` is how far up and down what it encloses reaches."""
    rng, known = hand.rng, CLASSES[INDEX[latex]]
    strokes = hand.drawing(latex)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = (float(v) for v in high - low)
    uneven = hand.height_of(known)
    top, bottom = known.top * size, known.bottom * size
    if known.tall and inner is not None:
        top = max(top * rng.uniform(0.6, 0.9), inner[0] + rng.uniform(-0.08, 0.2) * size)
        bottom = min(bottom * rng.uniform(0.5, 1.0), -inner[1] - rng.uniform(-0.08, 0.15) * size)
    elif known.tall:
        top, bottom = top * rng.uniform(0.75, 1.05), bottom * rng.uniform(0.3, 1.1)
    if known.flat:
        zoom_x = zoom_y = known.flat * size * uneven / max(width, height, 1e-3)
    else:
        zoom_y = (top - bottom) * uneven / max(height, 1e-3)
        zoom_x = min(zoom_y, 1.25 * size / max(width, 1e-3))
        if known.tall:
            zoom_x = _tall_width(known, width, zoom_y, size)
    middle = (top + bottom) / 2 + rng.gauss(0, 0.35 * hand.uneven) * size
    drawn = [
        np.stack(
            [(s[:, 0] - low[0]) * zoom_x, (s[:, 1] - (low[1] + high[1]) / 2) * zoom_y - middle], axis=1
        ).astype(np.float32)
        for s in strokes
    ]
    up, down = middle + height * zoom_y / 2, height * zoom_y / 2 - middle
    return Piece.of(Symbol(latex, drawn), width * zoom_x, up, down)


def _tall_width(known: InkClass, width: float, zoom: float, size: float) -> float:
    """Tall brackets do not grow wide."""
    most = {"op": 1.2, "int": 0.7}.get(known.kind, 0.4) * size
    return min(zoom, most / max(width, 1e-3))


def _row(parts: list[Tree], hand: Hand, size: float, *, tight: bool = False) -> Piece:
    pieces = [None if _is_bracket(part) else _set(part, hand, size) for part in parts]
    whole, after = Piece([], 0.0, 0.0, 0.0, NOBODY, NOBODY), 1.0
    for position, (part, known) in enumerate(zip(parts, pieces, strict=True)):
        piece = known or _symbol(str(part), hand, size, _enclosed(pieces, position))
        gap = hand.any_gap() * size * _airiness(part) * after * (0.6 if tight else 1.0)
        after = 1.5 if _is_sign(part) else 1.0
        piece = piece.moved(0.0, hand.rng.gauss(0, 0.4 * hand.uneven) * size)
        if not whole.symbols:
            whole = piece
            continue
        piece = piece.moved(beside(whole, piece, gap, by_ink=hand.kerns), 0.0)
        piece.head.hang_on(whole.tail, Relation.RIGHT)
        whole = whole.with_(piece, tail=piece.tail)
    return whole


def _is_bracket(part: Tree) -> bool:
    return (
        isinstance(part, str)
        and part in INDEX
        and CLASSES[INDEX[part]].tall
        and part[0] in r"([{|)]}\\"
        and (CLASSES[INDEX[part]].kind in ("open", "close", "vert"))
    )


def _is_sign(part: Tree) -> bool:
    return isinstance(part, str) and part in INDEX and CLASSES[INDEX[part]].kind in SIGNS


def _enclosed(pieces: list[Piece | None], position: int) -> tuple[float, float] | None:
    """How far what stands next to a bracket reaches, so that it may grow."""
    near = [piece for piece in pieces[max(0, position - 3) : position + 4] if piece is not None]
    return (max(p.up for p in near), max(p.down for p in near)) if near else None


def _airiness(part: Tree) -> float:
    known = CLASSES[INDEX[part]].kind if isinstance(part, str) and part in INDEX else ""
    return {"bin": 1.5, "rel": 1.7, "punct": 0.7}.get(known, 1.0)


def _stroke_across(latex: str, width: float, hand: Hand) -> Piece:
    """A flat symbol stretched to a width: fraction bar, line over."""
    strokes = hand.drawing(latex)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    zoom = width / max(float((high - low)[0]), 1e-3)
    rise = min(zoom, 0.5)
    drawn = [
        np.stack([(s[:, 0] - low[0]) * zoom, (s[:, 1] - (low[1] + high[1]) / 2) * rise], axis=1).astype(
            np.float32
        )
        for s in strokes
    ]
    half = float((high - low)[1]) * rise / 2
    return Piece.of(Symbol(latex, drawn), width, half, half)


def _fraction(node: Node, hand: Hand, size: float) -> Piece:
    rng = hand.rng
    small = size * rng.choice([1.0, 1.0, 0.85, 0.7])
    above, below = _set(node.part(0), hand, small), _set(node.part(1), hand, small)
    beyond = rng.choice([rng.uniform(0.0, 0.4), rng.uniform(0.0, 0.4), rng.uniform(-0.15, 1.0)])
    width = max(above.width, below.width, 0.3 * size) + beyond * size
    bar = _stroke_across("-", width, hand)
    axis = AXIS * size + rng.gauss(0, 0.06) * size
    gap_up, gap_down = (size * max(0.0, rng.gauss(0.16, 0.10)) for _ in range(2))

    def shift(piece: Piece) -> float:
        return (width - piece.width) * min(1.1, max(-0.1, rng.gauss(0.5, 0.2)))

    above = above.moved(shift(above), -(axis + gap_up + above.down))
    below = below.moved(shift(below), -axis + gap_down + below.up)
    bar = bar.moved(0, -axis)
    above.head.hang_on(bar.head, Relation.ABOVE)
    below.head.hang_on(bar.head, Relation.BELOW)
    order = (above, bar, below) if rng.random() < 0.75 else (bar, above, below)
    return Piece(
        [s for piece in order for s in piece.symbols], width, above.up, below.down, bar.head, bar.head
    )


def _root(node: Node, hand: Hand, size: float) -> Piece:
    rng = hand.rng
    body = _set(node.part(0), hand, size)
    strokes = hand.drawing(r"\sqrt")
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    x, hook = (points[:, 0] - low[0]) / max(float((high - low)[0]), 1e-3), rng.uniform(0.3, 0.65) * size
    bend = _hook_end(points, x)
    up, down = body.up + rng.uniform(0.02, 0.25) * size, body.down + rng.uniform(-0.1, 0.12) * size
    width = hook + body.width + rng.uniform(-0.15, 0.3) * size
    drawn = []
    for stroke in strokes:
        share = (stroke[:, 0] - low[0]) / max(float((high - low)[0]), 1e-3)
        across = np.where(
            share < bend, share / bend * hook, hook + (share - bend) / max(1 - bend, 1e-3) * (width - hook)
        )
        along = (stroke[:, 1] - low[1]) / max(float((high - low)[1]), 1e-3) * (up + down) - up
        drawn.append(np.stack([across, along], axis=1).astype(np.float32))
    sign = Symbol(r"\sqrt", drawn)
    body = body.moved(hook + rng.uniform(-0.05, 0.1) * size, 0)
    body.head.hang_on(sign, Relation.INSIDE)
    whole = Piece([sign, *body.symbols], width, up, down, sign, sign)
    return _with_index(whole, node.parts[1], hand, size, hook) if len(node.parts) > 1 else whole


def _with_index(whole: Piece, tree: Tree | None, hand: Hand, size: float, hook: float) -> Piece:
    if tree is None:
        return whole
    index = _set(tree, hand, size * hand.rng.uniform(0.4, 0.6))
    rise = whole.up * hand.rng.uniform(0.35, 0.7) + index.down
    index = index.moved(max(-0.2 * size, hook * hand.rng.uniform(0.5, 0.8) - index.width), -rise)
    index.head.hang_on(whole.head, Relation.ABOVE)
    return whole.with_(index, tail=whole.tail)


def _hook_end(points: Stroke, x: Stroke) -> float:
    """Where along its width the radical sign has reached its upper edge."""
    low, high = float(points[:, 1].min()), float(points[:, 1].max())
    bottom = x[int(points[:, 1].argmax())]
    reached = x[(points[:, 1] < low + 0.25 * (high - low)) & (x > bottom)]
    return float(min(0.85, max(0.15, reached.min()))) if len(reached) else 0.5


def _scripts(node: Node, hand: Hand, size: float) -> Piece:
    base, sub, sup = node.parts
    if isinstance(base, str) and base in STACKED and hand.rng.random() < 0.85:
        return _limits(node, hand, size)
    rng = hand.rng
    small = size * hand.script if size > 0.6 else size * max(0.8, hand.script)
    whole = _set(node.part(0), hand, size)
    width, up, down = whole.width, whole.up, whole.down
    for part, raised in rng.sample([(sub, False), (sup, True)], 2):
        if part is None:
            continue
        piece = _set(part, hand, small)
        if raised:
            dy = -(up - rng.gauss(0.18 + hand.lift, 0.10) * size) - max(0.0, piece.down)
            dy = min(dy, -0.18 * size)
        else:
            low = piece.up < 0.5 * size
            reach = rng.gauss(0.22 - hand.lift, 0.08) * size if low else piece.up * rng.uniform(0.5, 0.9)
            dy = max(max(down, 0.0) + reach, 0.12 * size)
        gap = (rng.gauss(0.06, 0.06) + 0.3 * hand.gap) * size
        piece = piece.moved(width + max(gap, -0.05 * size), dy)
        piece.head.hang_on(whole.tail, Relation.SUP if raised else Relation.SUB)
        whole = whole.with_(piece, tail=whole.tail)
    return whole


def _limits(node: Node, hand: Hand, size: float) -> Piece:
    rng = hand.rng
    base = _set(node.part(0), hand, size)
    small = size * min(0.85, hand.script)
    width, placed = base.width, []
    for part, above in ((node.parts[1], False), (node.parts[2], True)):
        if part is not None:
            piece = _set(part, hand, small)
            gap = size * max(0.0, rng.gauss(0.12, 0.07))
            dy = -(base.up + gap + piece.down) if above else base.down + gap + piece.up
            piece.head.hang_on(base.tail, Relation.ABOVE if above else Relation.BELOW)
            placed.append((piece, dy))
            width = max(width, piece.width)
    whole = base.moved((width - base.width) / 2, 0)
    for piece, dy in placed:
        dx = (width - piece.width) / 2 + rng.gauss(0, 0.08) * size
        whole = whole.with_(piece.moved(dx, dy), tail=whole.tail)
    whole.width = max(width, whole.width)
    return whole


def _accented(node: Node, hand: Hand, size: float) -> Piece:
    mark, rng = str(node.parts[0]), hand.rng
    body = _set(node.part(1), hand, size)
    width = max(0.25 * size, body.width * rng.uniform(0.7, 1.2))
    accent = _symbol(mark, hand, size) if mark == "." else _stroke_across(mark, min(width, 2 * size), hand)
    dx = (body.width - accent.width) / 2 + rng.gauss(0, 0.05) * size
    accent = accent.moved(max(0.0, dx), -(body.up + max(0.03, rng.gauss(0.12, 0.05)) * size + accent.down))
    body.head.hang_on(accent.head, Relation.BELOW)
    whole = body.with_(accent, tail=accent.head)
    whole.head = accent.head
    return whole


def _grid(node: Node, hand: Hand, size: float) -> Piece:
    """Cells in rows and columns between brackets, or after one."""
    rng = hand.rng
    left, right, *rows = node.parts
    parts = [row.parts for row in rows if isinstance(row, Node)]
    body = grids.cells([[_set(cell, hand, size) for cell in row if cell] for row in parts], hand, size)
    axis = AXIS * size
    body = body.moved(0, (body.up - body.down) / 2 - axis)
    inner = (body.up, body.down)
    open_ = _symbol(str(left), hand, size, inner)
    gap = rng.uniform(0.05, 0.3) * size
    body = body.moved(open_.width + gap, 0)
    body.head.hang_on(open_.head, Relation.INSIDE)
    whole = open_.with_(body, tail=open_.head)
    if right is None:
        return whole
    close = _symbol(str(right), hand, size, inner)
    close = close.moved(whole.width + rng.uniform(0.05, 0.3) * size, 0)
    close.head.hang_on(open_.head, Relation.RIGHT)
    return whole.with_(close, tail=close.head)
