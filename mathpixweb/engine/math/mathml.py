"""MathML as a tree, so that it is written like every other formula.

What a formula looks like counts and what it means does not: `semantics` is its first child, invisible signs
are nothing, a bar over one letter is an accent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from mathpixweb.engine.math import fences, symbols
from mathpixweb.engine.math.symbols import WIDE_ACCENT, Kind
from mathpixweb.engine.math.tree import (
    EMPTY,
    QQUAD,
    QUAD,
    Accent,
    Atom,
    Brace,
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
from mathpixweb.engine.math.words import LIMIT_NAMES

NAMESPACE: Final = "http://www.w3.org/1998/Math/MathML"
DEEPEST: Final = 60
MOST_ELEMENTS: Final = 5_000
_INVISIBLE: Final = str.maketrans("", "", "\u2061\u2062\u2063\u2064\u200b\ufe00\ufe01\ufeff")
_ARROWS: Final = {"→": r"\vec", "⟶": r"\vec", "⃗": r"\vec", "←": r"\overleftarrow", "⃖": r"\overleftarrow"}
_OVER: Final = {"~": r"\tilde", "∼": r"\tilde", "‾": r"\bar", "―": r"\bar", "_": r"\bar", "−": r"\bar"}
_LINES: Final = frozenset("_‾¯―\u0332\u0305")
_BRACES: Final = {"⏞": True, "⏟": False}
_LENGTH: Final = re.compile(r"\s*([-+]?[\d.]+)\s*(em|ex|pt|px|mu)?")
_EM: Final = {"em": 1.0, "ex": 0.43, "pt": 0.1, "px": 0.075, "mu": 1 / 18, "": 1.0}
QUAD_WIDTH, QQUAD_WIDTH = 0.9, 1.8  # em
_VARIANTS: Final = {
    "bold": r"\mathbf",
    "bold-italic": r"\boldsymbol",
    "double-struck": r"\mathbb",
    "script": r"\mathcal",
    "bold-script": r"\mathcal",
    "fraktur": r"\mathfrak",
    "bold-fraktur": r"\mathfrak",
    "sans-serif": r"\mathsf",
    "monospace": r"\mathtt",
}
_ENCLOSURES: Final = {
    "box": r"\boxed",
    "updiagonalstrike": r"\cancel",
    "downdiagonalstrike": r"\bcancel",
    "top": r"\overline",
    "bottom": r"\underline",
    "longdiv": r"\longdiv",
}
_LABEL: Final = ":equation-label"


class TooLarge(ValueError):
    """No formula has so many parts, or parts so deep in each other."""


def read(element: Any) -> Node:
    """The formula that the `math` element shows. Raises TooLarge."""
    if sum(1 for _ in element.iter()) > MOST_ELEMENTS:
        raise TooLarge
    return _node(element, 0)


def rows_of(element: Any) -> tuple[tuple[Node, ...], ...]:
    """The cells of rows under each other, if the formula is nothing else, as in `align`; labels left out."""
    inside = [child for child in _children(element) if _name(child) != "mspace"]
    while len(inside) == 1 and _name(inside[0]) in ("mrow", "mstyle", "mpadded", "semantics"):
        inside = list(_children(inside[0])[: 1 if _name(inside[0]) == "semantics" else None])
    if len(inside) != 1 or _name(inside[0]) != "mtable":
        return ()
    return tuple(_cells(tr, 0) for tr in _children(inside[0]))


def text_of(element: Any) -> str:
    """All characters that are seen, without the numbers of equations."""
    return "".join(_seen(element))


def _seen(element: Any) -> Iterator[str]:
    if _is_label(element) or _name(element) in ("annotation", "annotation-xml", "mphantom"):
        return
    yield element.text or ""
    for child in _children(element):
        yield from _seen(child)


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: Any) -> list[Any]:
    return [child for child in element if isinstance(child.tag, str)]


def _is_label(element: Any) -> bool:
    return bool(element.get("intent") == _LABEL)


def _node(element: Any, depth: int) -> Node:
    if depth > DEEPEST:
        raise TooLarge
    return _READERS.get(_name(element), _group)(element, depth + 1)


def _group(element: Any, depth: int) -> Node:
    children = [_node(child, depth) for child in _children(element)]
    return _fenced(children)


def _fenced(children: Sequence[Node]) -> Node:
    """The nodes with fences around what they enclose; one that has no partner opens before rows."""
    made = fences.paired(row(list(children)))
    parts = list(made.children) if isinstance(made, Row) else [made]
    for position, part in enumerate(parts):
        following = parts[position + 1] if position + 1 < len(parts) else None
        if isinstance(part, Atom) and part.kind is Kind.OPEN and isinstance(following, Grid):
            return row([*parts[:position], Fence(part.latex, "", following, True), *parts[position + 2 :]])
    return made


def _bars_as_fences(element: Any, depth: int) -> Node:
    """A row between two bars, as a determinant or an absolute value is tagged."""
    children = _children(element)
    ends = [(child.text or "").strip() for child in (children[:1] + children[-1:]) if _name(child) == "mo"]
    if len(children) > 2 and len(ends) == 2 and ends[0] == ends[1] and ends[0] in ("|", "‖", "∣", "∥"):
        bar = "|" if ends[0] in "|∣" else r"\|"
        return Fence(bar, bar, _fenced([_node(child, depth) for child in children[1:-1]]))
    return _group(element, depth)


def _first(element: Any, depth: int) -> Node:
    children = _children(element)
    return _node(children[0], depth) if children else EMPTY


def _nothing(_element: Any, _depth: int) -> Node:
    return EMPTY


def _text(element: Any) -> str:
    return "".join(element.itertext()).translate(_INVISIBLE)


def _identifier(element: Any, _depth: int) -> Node:
    text = _text(element).strip()
    variant = element.get("mathvariant", "")
    if len(text) > 1 and text.isascii() and text.isalpha():
        return Word(text, {"bold": "bf", "italic": "it", "sans-serif": "sf"}.get(variant, "rm"))
    nodes = [_symbol(char) for char in _characters(text)]
    if variant == "normal":
        nodes = [Word(char, "rm") if char.isascii() and char.isalpha() else _symbol(char) for char in text]
    command = _VARIANTS.get(variant)
    return Accent(command, row(nodes)) if command and nodes else row(nodes)


def _number(element: Any, _depth: int) -> Node:
    digits: list[Node] = [
        Atom(char, Kind.DIGIT) if char.isascii() and char.isdigit() else _symbol(char)
        for char in _characters(_text(element).strip())
    ]
    command = _VARIANTS.get(element.get("mathvariant", ""))
    return Accent(command, row(digits)) if command and digits else row(digits)


def _operator(element: Any, _depth: int) -> Node:
    text = _text(element).strip()
    if len(text) > 1 and text.isalpha() and text.isascii():
        return Word(text)
    return row([_symbol(char) for char in _characters(text)])


def _characters(text: str) -> list[str]:
    """The characters, each with the marks that stand on it, where there is one for both."""
    return list(unicodedata.normalize("NFC", text))


def _symbol(char: str) -> Node:
    if char.isspace():
        return EMPTY
    if char in ("{", "}"):
        return Atom(rf"\{char}", Kind.OPEN if char == "{" else Kind.CLOSE)
    symbol = symbols.of_char(char)
    if symbol.kind is Kind.ROMAN:
        return Atom(symbol.latex, Kind.LETTER)
    if symbol.kind in (Kind.UNKNOWN, Kind.PIECE, Kind.PART, Kind.HBRACE):
        return Word(char) if char.isalpha() else EMPTY
    return Atom(symbol.latex, symbol.kind)


def _words(element: Any, _depth: int) -> Node:
    text = _text(element).replace("\u00a0", " ")
    wide = sum({"\u2003": 1.0, "\u2001": 1.0}.get(char, 0.0) for char in text)
    text = " ".join(text.split())
    if not text:
        return _space(wide)
    return Word(text)


def _white(element: Any, _depth: int) -> Node:
    found = _LENGTH.match(element.get("width", ""))
    try:
        return _space(float(found[1]) * _EM[found[2] or ""]) if found else EMPTY
    except ValueError:
        return EMPTY


def _space(width: float) -> Node:
    return QQUAD if width >= QQUAD_WIDTH else QUAD if width >= QUAD_WIDTH else EMPTY


def _parts(element: Any, depth: int, count: int) -> list[Node]:
    """So many children; those that are missing are empty."""
    found = [_node(child, depth) for child in _children(element)[:count]]
    return found + [EMPTY] * (count - len(found))


def _fraction(element: Any, depth: int) -> Node:
    numerator, denominator = _parts(element, depth, 2)
    thickness = _LENGTH.match(element.get("linethickness", ""))
    return Frac(numerator, denominator, bar=not (thickness and float(thickness[1] or 1) == 0))


def _root(element: Any, depth: int) -> Node:
    if _name(element) == "msqrt":
        return Sqrt(_group(element, depth))
    body, index = _parts(element, depth, 2)
    return Sqrt(body, index)


def _scripts(element: Any, depth: int) -> Node:
    kind = _name(element)
    base, *rest = _parts(element, depth, 3 if kind == "msubsup" else 2)
    sub = rest[0] if kind != "msup" else None
    sup = rest[-1] if kind != "msub" else None
    if _is_limited(base):
        return Limits(base, sub or None, sup or None)
    primes, sup = _primes(sup)
    if isinstance(base, Scripts) and base.sup is None and not base.primes and sub is None:
        return replace(base, sup=sup, primes=primes)  # the prime of a letter that has an index
    return Scripts(base, sub, sup, primes)


def _primes(sup: Node | None) -> tuple[int, Node | None]:
    parts = sup.children if isinstance(sup, Row) else (sup,) if sup is not None else ()
    count = 0
    for part in parts:
        if not (isinstance(part, Atom) and part.kind is Kind.PRIME):
            break
        count += 1
    return (count, row(list(parts[count:])) if len(parts) > count else None) if count else (0, sup)


def _is_limited(base: Node) -> bool:
    """Whether scripts stand under and over it in displays."""
    if isinstance(base, Word):
        return base.text in LIMIT_NAMES
    return isinstance(base, Atom) and base.kind is Kind.OP


def _under_over(element: Any, depth: int) -> Node:
    kind = _name(element)
    children = _children(element)
    base, *rest = _parts(element, depth, 3 if kind == "munderover" else 2)
    below = rest[0] if kind != "mover" else None
    above = rest[-1] if kind != "munder" else None
    if kind != "munderover" and len(children) > 1:
        made = _marked(base, _text(children[1]).strip(), over=kind == "mover", wide=_is_wide(children[0]))
        if made is not None:
            return made
    if isinstance(base, Brace) and base.label is None and (above if base.over else below) is not None:
        return replace(base, label=above if base.over else below)
    if _is_limited(base) or (isinstance(base, Atom) and base.kind is Kind.INT):
        return Limits(base, below, above)
    return Stack(base, below, above)


def _is_wide(element: Any) -> bool:
    return len(text_of(element).strip()) > 1


def _marked(base: Node, mark: str, *, over: bool, wide: bool) -> Node | None:
    """The base with an accent, a line, an arrow or a brace."""
    if len(mark) != 1:
        return None
    if mark in _BRACES:
        return Brace(base, None, _BRACES[mark])
    if not over:
        return Accent(r"\underline", base) if mark in _LINES else None
    symbol = symbols.accent_of_char(mark)
    command = _OVER.get(mark) or _ARROWS.get(mark) or (symbol.latex if symbol is not None else "")
    if not command:
        return None
    return Accent(WIDE_ACCENT.get(command, command) if wide else command, base)


def _table(element: Any, depth: int) -> Node:
    rows = [_cells(tr, depth) for tr in _children(element)]
    width = max(map(len, rows), default=0)
    if not width:
        return EMPTY
    letters = {"left": "l", "right": "r"}
    told = element.get("columnalign", "").split()
    if any(_is_label(cell) for tr in _children(element) for cell in _children(tr)):
        told = told[1:]
    alignment = "".join(letters.get(told[min(k, len(told) - 1)], "c") if told else "c" for k in range(width))
    return Grid(tuple(tuple(cells) + (EMPTY,) * (width - len(cells)) for cells in rows), alignment)


def _cells(tr: Any, depth: int) -> tuple[Node, ...]:
    cells = _children(tr)[1 if _name(tr) == "mlabeledtr" else 0 :]
    return tuple(_node(cell, depth) for cell in cells if not _is_label(cell))


def _between(element: Any, depth: int) -> Node:
    """`mfenced`, which has the delimiters as attributes."""
    left, right = element.get("open", "("), element.get("close", ")")
    separators = element.get("separators", ",").replace(" ", "")
    parts: list[Node] = []
    for position, child in enumerate(_children(element)):
        if position and separators:
            parts.append(_symbol(separators[min(position, len(separators)) - 1]))
        parts.append(_node(child, depth))
    around = [_symbol(char) for char in (left.strip(), right.strip()) if len(char) == 1]
    return _fenced([*around[:1], *parts, *around[1:]]) if len(around) == 2 else row(parts)


def _enclosed(element: Any, depth: int) -> Node:
    body = _group(element, depth)
    for notation in element.get("notation", "").split():
        if notation in _ENCLOSURES:
            body = Accent(_ENCLOSURES[notation], body)
    return body


def _prescripts(element: Any, depth: int) -> Node:
    children = _children(element)
    split = next((k for k, child in enumerate(children) if _name(child) == "mprescripts"), len(children))
    base = _node(children[0], depth) if split else EMPTY
    after = _script_pairs(children[1:split], depth)
    before = _script_pairs(children[split + 1 :], depth)
    parts: list[Node] = [Scripts(EMPTY, sub, sup) for sub, sup in before]
    for sub, sup in after:
        base = Scripts(base, sub, sup)
    return row([*parts, base])


def _script_pairs(children: Sequence[Any], depth: int) -> Iterator[tuple[Node | None, Node | None]]:
    for sub, sup in zip(children[::2], children[1::2], strict=False):
        yield _script(sub, depth), _script(sup, depth)


def _script(element: Any, depth: int) -> Node | None:
    return None if _name(element) in ("none", "mprescripts") else _node(element, depth)


_Reader = Callable[[Any, int], Node]
_READERS: Final[Mapping[str, _Reader]] = {
    "mi": _identifier,
    "mn": _number,
    "mo": _operator,
    "mtext": _words,
    "ms": _words,
    "mspace": _white,
    "mrow": _bars_as_fences,
    "semantics": _first,
    "maction": _first,
    "mphantom": _nothing,
    "annotation": _nothing,
    "annotation-xml": _nothing,
    "none": _nothing,
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": _root,
    "msub": _scripts,
    "msup": _scripts,
    "msubsup": _scripts,
    "munder": _under_over,
    "mover": _under_over,
    "munderover": _under_over,
    "mmultiscripts": _prescripts,
    "mtable": _table,
    "mfenced": _between,
    "menclose": _enclosed,
}
