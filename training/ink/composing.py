"""A formula drawn by hand: single drawings set in two dimensions, as unevenly as people do."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.ocr.ink_alphabet import AXIS, CLASSES, INDEX, InkClass
from training.ink.distortion import distorted
from training.ink.formulas import NAMES, STACKED, Node, Tree
from training.ink.samples import Bank

Stroke = NDArray[np.float32]


@dataclass(slots=True)
class Symbol:
    """One symbol as it was drawn, in em; y grows downwards, the first baseline is at 0."""

    latex: str
    strokes: list[Stroke]

    def moved(self, dx: float, dy: float) -> None:
        self.strokes = [stroke + np.array([dx, dy], np.float32) for stroke in self.strokes]


@dataclass(slots=True)
class Piece:
    """Symbols set together; their ink reaches from 0 to `width`, from `-up` to `down`."""

    symbols: list[Symbol] = field(default_factory=list)
    width: float = 0.0
    up: float = 0.0
    down: float = 0.0

    def moved(self, dx: float, dy: float) -> Piece:
        for symbol in self.symbols:
            symbol.moved(dx, dy)
        return Piece(self.symbols, self.width, self.up - dy, self.down + dy)


@dataclass(slots=True)
class Hand:
    """How unevenly one person writes."""

    bank: Bank
    rng: random.Random
    gap: float = 0.12
    script: float = 0.65
    uneven: float = 0.08
    bend: float = 1.0
    drift: float = 0.0
    templates: float = 0.25  # share of fonts among drawings of classes that have both

    @classmethod
    def any(cls, bank: Bank, rng: random.Random) -> Hand:
        return cls(
            bank,
            rng,
            gap=rng.choice([0.06, 0.1, 0.16, 0.24, 0.34]) * math.exp(rng.gauss(0, 0.2)),
            script=rng.uniform(0.48, 0.88),
            uneven=rng.choice([0.04, 0.08, 0.12, 0.16]),
            bend=rng.choice([0.6, 1.0, 1.3]),
            drift=rng.gauss(0, 0.03),
        )


def compose(tree: Tree, hand: Hand) -> list[Symbol]:
    """The symbols in the order of writing; the line may climb or fall."""
    symbols = _set(tree, hand, 1.0).symbols
    for symbol in symbols:
        symbol.strokes = [s + np.stack([0 * s[:, 0], hand.drift * s[:, 0]], axis=1) for s in symbol.strokes]
    return symbols


def _set(tree: Tree | None, hand: Hand, size: float) -> Piece:
    if tree is None:
        return Piece()
    if isinstance(tree, str):
        return _row(list(tree), hand, size) if tree in NAMES else _symbol(tree, hand, size)
    if tree.kind == "row":
        return _row(list(tree.parts), hand, size)
    return {"frac": _fraction, "sqrt": _root, "scripts": _scripts, "accent": _accented}[tree.kind](
        tree, hand, size
    )


def _drawing(latex: str, hand: Hand) -> list[Stroke]:
    hands, fonts = hand.bank.hands.get(latex, []), hand.bank.fonts.get(latex, [])
    if hands and (not fonts or hand.rng.random() > hand.templates):
        return distorted(hand.rng.choice(hands), hand.rng, hand.bend)
    return distorted(hand.rng.choice(fonts), hand.rng, 2.2 * hand.bend)


def _symbol(latex: str, hand: Hand, size: float, inner: tuple[float, float] | None = None) -> Piece:
    """One symbol on the baseline. `inner` is how far up and down what it encloses reaches."""
    rng, known = hand.rng, CLASSES[INDEX[latex]]
    strokes = _drawing(latex, hand)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = (float(v) for v in high - low)
    uneven = math.exp(rng.gauss(0, hand.uneven))
    top, bottom = known.top * size, known.bottom * size
    if known.tall and inner is not None:
        top, bottom = max(top * 0.8, inner[0] + 0.08 * size), min(bottom * 0.8, -inner[1] - 0.05 * size)
    elif known.tall:
        top, bottom = top * rng.uniform(0.75, 1.05), bottom * rng.uniform(0.3, 1.1)
    if known.flat:
        wide = known.flat * size * math.exp(rng.gauss(0, 0.25)) * uneven
        zoom_x = zoom_y = wide / max(width, height, 1e-3)
    else:
        zoom_y = (top - bottom) * uneven / max(height, 1e-3)
        zoom_x = (
            min(zoom_y, 1.25 * size / max(width, 1e-3))
            if not known.tall
            else _tall_width(known, width, zoom_y, size)
        )
    middle = (top + bottom) / 2 + rng.gauss(0, 0.35 * hand.uneven) * size
    drawn = [
        np.stack(
            [(s[:, 0] - low[0]) * zoom_x, (s[:, 1] - (low[1] + high[1]) / 2) * zoom_y - middle], axis=1
        ).astype(np.float32)
        for s in strokes
    ]
    return Piece(
        [Symbol(latex, drawn)], width * zoom_x, middle + height * zoom_y / 2, height * zoom_y / 2 - middle
    )


def _tall_width(known: InkClass, width: float, zoom: float, size: float) -> float:
    """Tall brackets do not grow wide."""
    most = {"op": 1.2, "int": 0.7}.get(known.kind, 0.4) * size
    return min(zoom, most / max(width, 1e-3))


def _row(parts: list[Tree | None], hand: Hand, size: float) -> Piece:
    whole, cursor = Piece(), 0.0
    pieces = [None if _is_bracket(part) else _set(part, hand, size) for part in parts]
    for position, (part, known) in enumerate(zip(parts, pieces, strict=True)):
        piece = known or _symbol(str(part), hand, size, _enclosed(pieces, position))
        gap = hand.gap * size * math.exp(hand.rng.gauss(0, 0.35)) * _airiness(part)
        if position:
            cursor += max(0.02 * size, gap + hand.rng.gauss(0, 0.03) * size)
        piece = piece.moved(cursor, hand.rng.gauss(0, 0.3 * hand.uneven) * size)
        cursor += piece.width
        if isinstance(part, str) and CLASSES[INDEX.get(part, 0)].kind in ("bin", "rel", "punct"):
            cursor += gap * 0.5
        whole = Piece(
            whole.symbols + piece.symbols, cursor, max(whole.up, piece.up), max(whole.down, piece.down)
        )
    return whole


def _is_bracket(part: Tree | None) -> bool:
    return (
        isinstance(part, str)
        and part in INDEX
        and CLASSES[INDEX[part]].kind in ("open", "close", "vert")
        and part not in "!?"
    )


def _enclosed(pieces: list[Piece | None], position: int) -> tuple[float, float] | None:
    """How far what stands next to a bracket reaches, so that it may grow."""
    near = [piece for piece in pieces[max(0, position - 3) : position + 4] if piece is not None]
    return (max(p.up for p in near), max(p.down for p in near)) if near else None


def _airiness(part: Tree | None) -> float:
    if isinstance(part, str) and part in INDEX and CLASSES[INDEX[part]].kind in ("bin", "rel"):
        return 1.5
    return 1.0


def _stroke_across(latex: str, width: float, hand: Hand) -> Piece:
    """A flat symbol stretched to a width: fraction bar, line over."""
    strokes = _drawing(latex, hand)
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
    return Piece([Symbol(latex, drawn)], width, half, half)


def _fraction(node: Node, hand: Hand, size: float) -> Piece:
    rng = hand.rng
    small = size * rng.choice([1.0, 1.0, 0.85, 0.7])
    above, below = _set(node.parts[0], hand, small), _set(node.parts[1], hand, small)
    width = max(above.width, below.width) + rng.uniform(0.0, 0.4) * size
    bar = _stroke_across("-", width, hand)
    axis = AXIS * size + rng.gauss(0, 0.05) * size
    gap_up, gap_down = (size * max(0.03, rng.gauss(0.16, 0.08)) for _ in range(2))

    def shift(piece: Piece) -> float:
        return (width - piece.width) * min(1.0, max(0.0, rng.gauss(0.5, 0.15)))

    above = above.moved(shift(above), -(axis + gap_up + above.down))
    below = below.moved(shift(below), -axis + gap_down + below.up)
    bar = bar.moved(0, -axis)
    order = (above, bar, below) if rng.random() < 0.75 else (bar, above, below)
    return Piece([s for piece in order for s in piece.symbols], width, above.up, below.down)


def _root(node: Node, hand: Hand, size: float) -> Piece:
    rng = hand.rng
    body = _set(node.parts[0], hand, size)
    strokes = _drawing(r"\sqrt", hand)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    x, hook = (points[:, 0] - low[0]) / max(float((high - low)[0]), 1e-3), rng.uniform(0.35, 0.6) * size
    bend = _hook_end(points, x)
    up, down = body.up + rng.uniform(0.05, 0.2) * size, body.down + rng.uniform(-0.08, 0.08) * size
    width = hook + body.width + rng.uniform(-0.05, 0.15) * size
    drawn = []
    for stroke in strokes:
        share = (stroke[:, 0] - low[0]) / max(float((high - low)[0]), 1e-3)
        across = np.where(
            share < bend, share / bend * hook, hook + (share - bend) / max(1 - bend, 1e-3) * (width - hook)
        )
        along = (stroke[:, 1] - low[1]) / max(float((high - low)[1]), 1e-3) * (up + down) - up
        drawn.append(np.stack([across, along], axis=1).astype(np.float32))
    body = body.moved(hook + rng.uniform(0.0, 0.08) * size, 0)
    return Piece([Symbol(r"\sqrt", drawn), *body.symbols], width, up, down)


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
    whole = _set(base, hand, size)
    width, symbols, up, down = whole.width, list(whole.symbols), whole.up, whole.down
    for part, raised in ((sub, False), (sup, True)):
        if part is None:
            continue
        piece = _set(part, hand, small)
        if raised:
            dy = -(whole.up - rng.gauss(0.18, 0.10) * size) - max(0.0, piece.down)
            dy = min(dy, -0.22 * size)
        else:
            dy = (
                max(whole.down, 0.0) + rng.gauss(0.22, 0.08) * size
                if piece.up < 0.5 * size
                else max(whole.down, 0.0) + piece.up * rng.uniform(0.5, 0.9)
            )
            dy = max(dy, 0.12 * size)
        piece = piece.moved(whole.width + (rng.gauss(0.06, 0.05) + 0.3 * hand.gap) * size, dy)
        width = max(width, piece.width + whole.width + 0.05 * size)
        symbols += piece.symbols
        up, down = max(up, piece.up), max(down, piece.down)
    return Piece(symbols, width, up, down)


def _limits(node: Node, hand: Hand, size: float) -> Piece:
    rng = hand.rng
    base = _set(node.parts[0], hand, size)
    small = size * min(0.8, hand.script)
    pieces, width = [base], base.width
    placed = []
    for part, above in ((node.parts[1], False), (node.parts[2], True)):
        if part is not None:
            piece = _set(part, hand, small)
            gap = size * max(0.02, rng.gauss(0.12, 0.06))
            placed.append((piece, -(base.up + gap + piece.down) if above else base.down + gap + piece.up))
            width = max(width, piece.width)
    whole = base.moved((width - base.width) / 2, 0)
    pieces = [whole] + [p.moved((width - p.width) / 2 + rng.gauss(0, 0.06) * size, dy) for p, dy in placed]
    symbols = [s for piece in pieces for s in piece.symbols]
    return Piece(symbols, width, max(p.up for p in pieces), max(p.down for p in pieces))


def _accented(node: Node, hand: Hand, size: float) -> Piece:
    mark, body_tree = node.parts
    body = _set(body_tree, hand, size)
    width = max(0.25 * size, body.width * hand.rng.uniform(0.7, 1.1))
    accent = (
        _symbol(".", hand, size) if mark == "." else _stroke_across(str(mark), min(width, 2 * size), hand)
    )
    dx = (body.width - accent.width) / 2 + hand.rng.gauss(0, 0.05) * size
    accent = accent.moved(
        max(0.0, dx), -(body.up + max(0.03, hand.rng.gauss(0.12, 0.04)) * size + accent.down)
    )
    return Piece(
        body.symbols + accent.symbols, max(body.width, accent.width), max(body.up, accent.up), body.down
    )
