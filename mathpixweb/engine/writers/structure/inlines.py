"""Running text of the renderer's HTML as pandoc's inlines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from mathpixweb.engine.writers.latex.legibility import TABULAR
from mathpixweb.engine.writers.structure import formulas, nodes
from mathpixweb.engine.writers.structure.nodes import Node

WRAPPERS: Final = {
    "strong": "Strong",
    "b": "Strong",
    "em": "Emph",
    "i": "Emph",
    "cite": "Emph",
    "var": "Emph",
    "dfn": "Emph",
    "s": "Strikeout",
    "del": "Strikeout",
    "strike": "Strikeout",
    "ins": "Underline",
    "u": "Underline",
    "sub": "Subscript",
    "sup": "Superscript",
}
CODE: Final = frozenset({"code", "tt", "kbd", "samp"})
SILENT: Final = frozenset(
    {"script", "style", "template", "head", "title", "iframe", "object", "embed", "svg"}
)
SCHEMES: Final = ("http://", "https://", "mailto:")
LENGTH: Final = re.compile(r"(?<!-)\bwidth:\s*(\d+(?:\.\d+)?)\s*(%|px|cm|mm|in|pt|em|ex)?")
IN_WORDS: Final = re.compile(r"\\\((.+?)\\\)|(?<![\\$\d])\$(?![\s$])([^$]+?)(?<![\s\\])\$(?!\d)")
_NOT_IN_NAMES: Final = re.compile(r"[^\w.:-]+")
PIXELS: Final = {"em": 16.0, "ex": 8.0}


@dataclass(frozen=True, slots=True)
class Picture:
    """Where the text had it, and where it is now; nowhere if it is not to be had."""

    url: str
    place: str | None


@dataclass(slots=True)
class Reading:
    """What is known while a document is read: its pictures, structures and notes, and those told already.

    `aliases` are the labels of headings by the names that the renderer gives them.
    """

    blocks: Callable[[Any, Reading, int], list[Node]]
    pictures: Mapping[str, Picture]
    structures: Mapping[str, str] = field(default_factory=dict)
    notes: dict[str, list[Node]] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)


def content(element: Any, reading: Reading) -> list[Node]:
    """The text inside of an element."""
    return list(_content(element, reading))


def _content(element: Any, reading: Reading) -> Iterator[Node]:
    yield from nodes.words(element.text or "")
    for child in element:
        yield from of(child, reading)
        yield from nodes.words(child.tail or "")


def of(element: Any, reading: Reading) -> list[Node]:
    """An element between words, without the words after it."""
    tag = element.tag
    if not isinstance(tag, str) or tag in SILENT:
        return []
    if tag in CODE:
        return [nodes.code("".join(element.itertext()))]
    if tag in WRAPPERS:
        return _wrapped(element, reading)
    special = _SPECIAL.get(tag)
    return special(element, reading) if special else content(element, reading)


def _wrapped(element: Any, reading: Reading) -> list[Node]:
    if "footnote-ref" in classes(element):
        return _note(element, reading)
    inner = content(element, reading)
    return [nodes.wrapped(WRAPPERS[element.tag], inner)] if inner else []


def _note(element: Any, reading: Reading) -> list[Node]:
    """The note at its first mark; its number, raised, at the others."""
    address = next((each.get("href", "") for each in element.iter("a")), "").removeprefix("#")
    if address in reading.told:
        return [nodes.wrapped("Superscript", [nodes.string(str(reading.told[address]))])]
    if address not in reading.notes:
        return []
    reading.told[address] = len(reading.told) + 1
    return [nodes.note(reading.notes[address])]


def _span(element: Any, reading: Reading) -> list[Node]:
    names = classes(element)
    if "math-inline" in names or "math-block" in names:
        return [formula(element, reading)]
    inner = content(element, reading)
    if not inner or "details-marker" in names:
        return []
    style = (element.get("style") or "").replace(" ", "")
    if "float:right" in style:  # the end of a proof
        return [nodes.SPACE, *inner]
    if element.get("data-underline-level") == "1":
        return [nodes.wrapped("Underline", inner)]
    if element.get("data-out-type"):
        return [nodes.wrapped("Strikeout", inner)]
    if "font-weight:bold" in style:
        return [nodes.wrapped("Strong", inner)]
    return inner


def formula(element: Any, reading: Reading) -> Node:
    """A formula, or its source where it is none."""
    found = formulas.shown(element)
    display = "math-block" in classes(element)
    if found.broken and not TABULAR.search(found.latex):
        return nodes.code(found.latex)
    return nodes.math(found.latex, display=display)


def _link(element: Any, reading: Reading) -> list[Node]:
    inner, address = content(element, reading), element.get("href") or ""
    if "footnote-backref" in classes(element):
        return []
    if address.startswith("#") and len(address) > 1:
        target = place_name(address[1:])
        return [nodes.link(inner, f"#{reading.aliases.get(target, target)}")]
    if not address.lower().startswith(SCHEMES):
        return inner
    return [nodes.link(inner or nodes.words(address), address, element.get("title") or "")]


def picture(element: Any, reading: Reading) -> list[Node]:
    """The picture, a link to where it is, or what it is called."""
    said, alternative = element.get("src") or "", element.get("alt") or ""
    found = reading.pictures.get(said, Picture(said, None))
    if found.place is not None:
        return [nodes.image(found.place, alternative, _size(element))]
    url = found.url
    if url.startswith(("https://", "http://")):
        return [nodes.link(_told(alternative) or nodes.words("Picture"), url)]
    return _told(alternative)


def _told(alternative: str) -> list[Node]:
    """What a picture is called, with the formulas in that."""
    told: list[Node] = []
    end = 0
    for found in IN_WORDS.finditer(alternative):
        told += [*nodes.words(alternative[end : found.start()]), nodes.math(found[1] or found[2])]
        end = found.end()
    return [*told, *nodes.words(alternative[end:])]


def _size(element: Any) -> dict[str, str]:
    found = LENGTH.search(element.get("style") or "") or LENGTH.search(f"width:{element.get('width') or ''}")
    if found is None:
        return {}
    unit = found[2] or "px"
    amount = float(found[1]) * PIXELS.get(unit, 1.0)
    return {"width": f"{amount:g}{'px' if unit in PIXELS else unit}"}


def _structure(element: Any, reading: Reading) -> list[Node]:
    """The drawing of a chemical structure, or its source where it is none."""
    source = "".join(element.itertext()).strip()
    place = reading.structures.get(source)
    return [nodes.image(place, source) if place else nodes.code(source)]


def _mark(element: Any, reading: Reading) -> list[Node]:
    inner = content(element, reading)
    return [nodes.span(inner, classes=["mark"])] if inner else []


def _quotation(element: Any, reading: Reading) -> list[Node]:
    return [nodes.string("“"), *content(element, reading), nodes.string("”")]


_SPECIAL: Final[dict[str, Callable[[Any, Reading], list[Node]]]] = {
    "span": _span,
    "a": _link,
    "img": picture,
    "br": lambda element, reading: [nodes.LINE_BREAK],
    "mark": _mark,
    "q": _quotation,
    "smiles": _structure,
    "wbr": lambda element, reading: [],
}


def place_name(identifier: str | None) -> str:
    """The name of a place in the document as every format takes it."""
    return _NOT_IN_NAMES.sub("-", unquote(identifier or "")).strip("-")


def classes(element: Any) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())
