"""Delimiters in a row: which one closes which."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mathpixweb.engine.math.bars import matches
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import QUADS, Atom, Fence, Grid, Node, Row, Scripts, Stack, Word, row


def paired(node: Node) -> Node:
    """The row with what stands between matching delimiters as `Fence`s with the closing one's scripts."""
    if not isinstance(node, Row):
        return node
    return row(_paired(node.children))


def _paired(children: Sequence[Node]) -> list[Node]:
    stack: list[tuple[str, list[Node]]] = [("", [])]
    for child in children:
        symbol = _delimiter(child)
        if symbol is None:
            stack[-1][1].append(child)
        elif symbol.kind is Kind.OPEN and not isinstance(child, Scripts):
            stack.append((symbol.latex, []))
        elif symbol.kind is Kind.CLOSE and any(matches(left, symbol.latex) for left, _ in stack[1:]):
            _close(stack, symbol.latex, child)
        elif symbol.latex == "|" and isinstance(child, Scripts):
            stack[-1] = (stack[-1][0], _evaluated(stack[-1][1], child))
        else:
            stack[-1][1].append(child)
    while len(stack) > 1:
        _give_up(stack)
    return stack[0][1]


def _delimiter(node: Node) -> Atom | None:
    base = node.base if isinstance(node, Scripts) else node
    return base if isinstance(base, Atom) and base.kind in (Kind.OPEN, Kind.CLOSE) else None


def _close(stack: list[tuple[str, list[Node]]], right: str, closing: Node) -> None:
    while not matches(stack[-1][0], right):
        _give_up(stack)
    left, body = stack.pop()
    fence: Node = Fence(left, right, _row_matrix(left, right, body) or row(body))
    if isinstance(closing, Scripts):
        fence = Scripts(fence, closing.sub, closing.sup, closing.primes)
    stack[-1][1].append(fence)


def _row_matrix(left: str, right: str, body: Sequence[Node]) -> Grid | None:
    """What brackets hold with wide space and no punctuation between is a matrix of one row."""
    gaps = [k for k, node in enumerate(body) if node in QUADS]
    if not gaps or (left, right) not in (("(", ")"), ("[", "]"), ("|", "|")):
        return None
    others = [node for node in body if node not in QUADS]
    if any(_is_one_of(node, (Kind.PUNCT, Kind.REL)) or _is_text(node) for node in others):
        return None
    cells = [row(list(body[a + 1 : b])) for a, b in pairwise([-1, *gaps, len(body)])]
    return Grid((tuple(cells),), "c" * len(cells))


def _is_text(node: Node) -> bool:
    return isinstance(node, Word) and " " in node.text


def _give_up(stack: list[tuple[str, list[Node]]]) -> None:
    """An opening delimiter without partner stays a symbol."""
    left, body = stack.pop()
    stack[-1][1].extend([Atom(left, Kind.OPEN), *body])


def _evaluated(before: Sequence[Node], bar: Scripts) -> list[Node]:
    """The last term before a bar with scripts becomes what it closes."""
    ends = (Kind.REL, Kind.PUNCT) if bar.sub and bar.sup else (Kind.REL, Kind.PUNCT, Kind.BIN)
    first = len(before)
    while first and not _is_one_of(before[first - 1], ends):
        first -= 1
    if first == len(before):
        return [*before, bar]
    fence = Fence("", "|", row(list(before[first:])))
    return [*before[:first], Scripts(fence, bar.sub, bar.sup, bar.primes)]


def _is_one_of(node: Node, kinds: Sequence[Kind]) -> bool:
    return isinstance(node, Stack) or (isinstance(node, Atom) and node.kind in kinds)
