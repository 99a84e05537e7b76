"""A formula as a tree.

Every reader of formulas (glyphs of a PDF, symbols found in a picture, strokes) builds these nodes;
`latex.write` and the other writers turn them into text.
"""

from __future__ import annotations

from dataclasses import dataclass

from mathpixweb.engine.math.symbols import Kind


@dataclass(frozen=True, slots=True)
class Atom:
    """One symbol."""

    latex: str
    kind: Kind = Kind.ORD


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that belong together: a function's name or text. `face` is "rm", "bf", "it" …"""

    text: str
    face: str = "rm"


@dataclass(frozen=True, slots=True)
class Row:
    """Nodes next to each other on one baseline."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Frac:
    """A fraction, or without `bar` the inside of a binomial coefficient."""

    num: Node
    den: Node
    bar: bool = True


@dataclass(frozen=True, slots=True)
class Sqrt:
    body: Node
    index: Node | None = None


@dataclass(frozen=True, slots=True)
class Scripts:
    """A base with a subscript, a superscript, primes."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """A large operator or the name of one, with what stands under and over it."""

    base: Node
    below: Node | None = None
    above: Node | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """A relation or arrow with something small above or below it."""

    base: Node
    below: Node | None = None
    above: Node | None = None


@dataclass(frozen=True, slots=True)
class Accent:
    """A command of one argument that draws something over, under or into it."""

    command: str
    body: Node


@dataclass(frozen=True, slots=True)
class Brace:
    """A horizontal brace over or under the body, with its label."""

    body: Node
    label: Node | None
    over: bool


@dataclass(frozen=True, slots=True)
class Fence:
    """Delimiters around a body; an empty string is a delimiter that is not drawn."""

    left: str
    right: str
    body: Node
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells. `alignment` has one letter for each column, and | for a vertical rule.

    `lined` are the numbers of the rows, from 1, with a line above them.
    """

    rows: tuple[tuple[Node, ...], ...]
    alignment: str
    lined: tuple[int, ...] = ()


Node = Atom | Word | Row | Frac | Sqrt | Scripts | Limits | Stack | Accent | Brace | Fence | Grid

EMPTY = Row(())
QUAD = Atom(r"\quad", Kind.PUNCT)
QQUAD = Atom(r"\qquad", Kind.PUNCT)
QUADS = (QUAD, QQUAD)  # the wide spaces that part statements


def row(children: tuple[Node, ...] | list[Node]) -> Node:
    """The nodes as one: the only child itself, else a row without rows in it."""
    flat: list[Node] = []
    for child in children:
        flat.extend(child.children if isinstance(child, Row) else (child,))
    return flat[0] if len(flat) == 1 else Row(tuple(flat))
