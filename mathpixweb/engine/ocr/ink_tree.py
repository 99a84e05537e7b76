"""Symbols that hang on each other as a tree of a formula: fractions, roots, scripts, limits and rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mathpixweb.engine.math import divisions, fences
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import (
    EMPTY,
    Accent,
    Atom,
    Fence,
    Frac,
    Grid,
    Limits,
    Node,
    Row,
    Scripts,
    Sqrt,
    Stack,
    Word,
    row,
)
from mathpixweb.engine.ocr import ink_names
from mathpixweb.engine.ocr.ink_alphabet import MINUS, RADICAL, InkClass
from mathpixweb.engine.ocr.ink_names import Sign
from mathpixweb.engine.ocr.ink_relations import Relation, Tree

DEEPEST: Final = 24
_ACCENTS: Final = {
    MINUS: r"\bar",
    r"\wedge": r"\hat",
    r"\sim": r"\tilde",
    r"\rightarrow": r"\vec",
    ".": r"\dot",
    r"\cdot": r"\dot",
}
_WIDE: Final = {
    r"\bar": r"\overline",
    r"\vec": r"\overrightarrow",
    r"\hat": r"\widehat",
    r"\tilde": r"\widetilde",
}
_DOTS: Final = {".": r"\ldots", r"\cdot": r"\cdots"}
_HANGERS: Final = frozenset({Relation.LINE, Relation.CELL})


def of(
    classes: Sequence[InkClass],
    tree: Tree,
    likely: Sequence[frozenset[str]],
    divides: frozenset[int] = frozenset(),
) -> Node:
    """The formula; `likely` are for each symbol the classes that it may be as well.

    `divides` are the signs of long division, and the brackets that make one with the line after them.
    """
    hooks: list[dict[Relation, int]] = [{} for _ in classes]
    first = 0
    for child, (parent, relation) in enumerate(zip(tree.parents, tree.relations, strict=True)):
        if parent < 0:
            first = child
        else:
            hooks[parent][relation] = child
    return _Builder(classes, hooks, likely, divides).region(first)


@dataclass(slots=True)
class _Builder:
    classes: Sequence[InkClass]
    hooks: Sequence[dict[Relation, int]]
    likely: Sequence[frozenset[str]]
    divides: frozenset[int]
    depth: int = 0
    built: dict[int, Node] = field(default_factory=dict)

    def region(self, first: int | None) -> Node:
        """What begins with a symbol: a line, or lines and cells."""
        if first is None or self.depth > DEEPEST:
            return EMPTY
        if first not in self.built:
            self.built[first] = self.new_region(first)
        return self.built[first]

    def new_region(self, first: int) -> Node:
        self.depth += 1
        try:
            if not _HANGERS & self.hooks[first].keys():
                return self.line(first)
            rows = [
                tuple(self.line(cell) for cell in self.along(start, Relation.CELL))
                for start in self.along(first, Relation.LINE)
            ]
        finally:
            self.depth -= 1
        widest = max(len(cells) for cells in rows)
        return Grid(tuple(cells + (EMPTY,) * (widest - len(cells)) for cells in rows), "l" * widest)

    def along(self, first: int, relation: Relation) -> list[int]:
        """A symbol, the one that hangs on it in this way, and so on."""
        found = [first]
        while (following := self.hooks[found[-1]].get(relation)) is not None:
            found.append(following)
        return found

    def line(self, first: int) -> Node:
        places = self.along(first, Relation.RIGHT)
        signs = [
            Sign(self.classes[k].latex, self.likely[k], self.is_plain(k), self.hooks[k].keys())
            for k in places
        ]
        children: list[Node] = []
        quotient: Node | None = None
        position = 0
        while position < len(places):
            name = ink_names.at(signs, position)
            taken = len(name) or 1
            last = places[position + taken - 1]
            if last in self.divides and not self.closes(places[: position + taken]):
                bar = last if self.classes[last].latex == RADICAL else places[position + 1]
                children.append(Accent(divisions.COMMAND, self.dividend(bar)))
                quotient = self.part(self.hooks[bar], Relation.ABOVE) or quotient
                taken = 1 if bar == last else 2
            elif name:
                children.append(self.hung(Word(name, "rm"), last))
            elif self.is_matrix(last):
                closing = places[position + 1] if position + 1 < len(places) else None
                fence, used = self.matrix(last, closing)
                children.append(fence)
                taken += used
            else:
                children.append(self.symbol(last))
                if Relation.INSIDE in self.hooks[last] and not self.classes[last].encloses:
                    children.append(self.region(self.hooks[last][Relation.INSIDE]))
            position += taken
        whole = fences.paired(row(_barred(_dotted(_primed(children)))))
        return whole if quotient is None else Grid(((quotient,), (whole,)), "r")

    def closes(self, places: Sequence[int]) -> bool:
        """Whether the last of these places closes a bracket that one of them has opened."""
        kinds = [self.classes[place].kind for place in places]
        return kinds[-1] is Kind.CLOSE and kinds.count(Kind.OPEN) >= kinds.count(Kind.CLOSE)

    def dividend(self, bar: int) -> Node:
        """What is under the line of a long division."""
        hooks = self.hooks[bar]
        return self.region(hooks.get(Relation.INSIDE, hooks.get(Relation.BELOW)))

    def is_matrix(self, place: int) -> bool:
        known = self.classes[place]
        return Relation.INSIDE in self.hooks[place] and known.encloses and known.latex != RADICAL

    def is_plain(self, place: int) -> bool:
        """Whether nothing hangs on the symbol but what follows it."""
        return not self.hooks[place].keys() - {Relation.RIGHT, Relation.LINE, Relation.CELL}

    def matrix(self, opening: int, closing: int | None) -> tuple[Node, int]:
        """Cells behind a bracket, and up to the closing one if there is one."""
        left = self.classes[opening].latex
        body = self.region(self.hooks[opening][Relation.INSIDE])
        closes = closing is not None and self.classes[closing].kind in (Kind.CLOSE, Kind.VERT)
        if closing is None or not closes:
            return self.scripted(Fence(left, "", body, tall=True), opening), 0
        right = self.classes[closing].latex
        if isinstance(body, Grid) and left != r"\{":
            body = replace(body, alignment="c" * len(body.alignment))
        return self.scripted(Fence(left, right, body, tall=True), closing), 1

    def symbol(self, place: int) -> Node:
        known, hooks = self.classes[place], self.hooks[place]
        above, below = (self.part(hooks, relation) for relation in (Relation.ABOVE, Relation.BELOW))
        if known.latex == RADICAL:
            return self.scripted(Sqrt(self.region(hooks.get(Relation.INSIDE)), above), place)
        if known.latex == MINUS and above is not None and below is not None:
            return self.scripted(Frac(above, below), place)
        if known.latex == MINUS and above is not None:
            return self.scripted(Accent(r"\underline", above), place)
        if known.latex in _ACCENTS and below is not None and above is None:
            command = _ACCENTS[known.latex]
            single = isinstance(below, Atom)
            return self.scripted(Accent(command if single else _WIDE.get(command, command), below), place)
        return self.hung(Atom(known.latex, known.kind), place)

    def hung(self, base: Node, place: int) -> Node:
        """A symbol or name with its limits and scripts."""
        known, hooks = self.classes[place], self.hooks[place]
        above, below = (self.part(hooks, relation) for relation in (Relation.ABOVE, Relation.BELOW))
        if above is None and below is None:
            return self.scripted(base, place)
        if known.kind is Kind.INT:
            return Scripts(
                base, below or self.part(hooks, Relation.SUB), above or self.part(hooks, Relation.SUP)
            )
        if known.kind is Kind.OP or isinstance(base, Word):
            return Limits(
                base, below or self.part(hooks, Relation.SUB), above or self.part(hooks, Relation.SUP)
            )
        if known.kind is Kind.REL:
            return self.scripted(Stack(base, below, above), place)
        return Scripts(base, self.part(hooks, Relation.SUB) or below, self.part(hooks, Relation.SUP) or above)

    def part(self, hooks: dict[Relation, int], relation: Relation) -> Node | None:
        return self.region(hooks[relation]) if relation in hooks else None

    def scripted(self, base: Node, place: int) -> Node:
        sub, sup = (self.part(self.hooks[place], relation) for relation in (Relation.SUB, Relation.SUP))
        primes = _primes(sup) if sup is not None else 0
        if primes:
            sup = None
        return Scripts(base, sub, sup, primes) if sub or sup or primes else base


def _primes(node: Node) -> int:
    """How many primes a superscript is, 0 if it is anything else."""
    parts = node.children if isinstance(node, Row) else (node,)
    prime = [isinstance(part, Atom) and part.kind is Kind.PRIME for part in parts]
    return len(prime) if all(prime) else 0


def _primed(children: Sequence[Node]) -> list[Node]:
    """A prime that was read on the line belongs to what stands before it, with the prime's own scripts."""
    out: list[Node] = []
    for child in children:
        base = child.base if isinstance(child, Scripts) else child
        if not (isinstance(base, Atom) and base.kind is Kind.PRIME and out):
            out.append(child)
            continue
        before = out.pop()
        whole = before if isinstance(before, Scripts) and before.sup is None else Scripts(before)
        whole = replace(whole, primes=whole.primes + 1)
        if isinstance(child, Scripts):
            whole = replace(whole, sub=whole.sub or child.sub, sup=child.sup)
        out.append(whole)
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


def _barred(children: Sequence[Node]) -> list[Node]:
    """Two bars next to each other are one double bar."""
    out: list[Node] = []
    for child in children:
        base = child.base if isinstance(child, Scripts) else child
        if base == _BAR and out and out[-1] == _BAR:
            double = Atom(r"\|", Kind.VERT)
            out[-1] = replace(child, base=double) if isinstance(child, Scripts) else double
        else:
            out.append(child)
    return out


_BAR: Final = Atom("|", Kind.VERT)
