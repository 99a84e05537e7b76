"""An arranged line as a tree: names of functions, primes, ellipses and pairs of brackets are put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mathpixweb.engine.math import fences
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import Atom, Limits, Node, Row, Scripts, Word, row
from mathpixweb.engine.ocr import ink_names
from mathpixweb.engine.ocr.ink_lines import Element, Line

_DOTS: Final = {".": r"\ldots", r"\cdot": r"\cdots"}


def of(line: Line) -> Node:
    """The line's elements with their scripts, names and dots put together, brackets paired."""
    children: list[Node] = []
    for name, elements in ink_names.found(line.elements):
        base: Node = Word(name, "rm") if name else elements[-1].reading.node
        children.append(_scripted(base, elements[-1]))
    return fences.paired(row(_dotted(_primed(children))))


def _scripted(base: Node, element: Element) -> Node:
    sub = of(element.sub) if element.sub else None
    sup = of(element.sup) if element.sup else None
    primes = _primes(sup) if sup is not None else 0
    if primes:
        sup = None
    if isinstance(base, Limits) and (sub or sup or primes):
        return Limits(base.base, base.below or sub, base.above or sup)
    return Scripts(base, sub, sup, primes) if sub or sup or primes else base


def _primes(node: Node) -> int:
    """How many primes a superscript is, 0 if it is anything else."""
    parts = node.children if isinstance(node, Row) else (node,)
    prime = [isinstance(part, Atom) and part.kind is Kind.PRIME for part in parts]
    return len(prime) if all(prime) else 0


def _primed(children: Sequence[Node]) -> list[Node]:
    """A prime that was read on the line belongs to what stands before it."""
    out: list[Node] = []
    for child in children:
        if isinstance(child, Atom) and child.kind is Kind.PRIME and out:
            before = out.pop()
            if isinstance(before, Scripts) and before.sup is None:
                out.append(replace(before, primes=before.primes + 1))
            else:
                out.append(Scripts(before, None, None, 1))
        else:
            out.append(child)
    return out


def _dotted(children: Sequence[Node]) -> list[Node]:
    """Three dots in a row are an ellipsis."""
    out = list(children)
    for at in range(len(out) - 3, -1, -1):
        three = out[at : at + 3]
        if all(isinstance(node, Atom) and node.latex in _DOTS for node in three):
            low = any(node == Atom(".", Kind.ORD) for node in three)
            out[at : at + 3] = [Atom(_DOTS["." if low else r"\cdot"], Kind.ORD)]
    return out
