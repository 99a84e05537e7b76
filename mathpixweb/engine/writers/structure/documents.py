"""A structure as a document of pandoc's, for a writer that says what it makes of each special part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mathpixweb.engine.writers.structure import nodes
from mathpixweb.engine.writers.structure.nodes import Node
from mathpixweb.engine.writers.structure.reading import Structure

API: Final = [1, 23, 1]  # of pandoc's tree that these nodes are written in

Special = Callable[[Node], list[Node]]


@dataclass(frozen=True, slots=True)
class Shape:
    """`divisions` by their class; what is not named stays, and a page's end is a line. `formula` is for each.

    Without `places` nothing leads from one place of the document to another.
    """

    divisions: Mapping[str, Special] = field(default_factory=dict)
    formula: Callable[[str, bool], str] | None = None
    places: bool = True


def document(found: Structure, shape: Shape) -> Node:
    """The whole document as pandoc's JSON has it."""
    told: dict[str, Any] = {}
    if found.title:
        told["title"] = {"t": "MetaInlines", "c": shaped(found.title, shape)}
    if found.authors:
        people = [{"t": "MetaInlines", "c": shaped(_in_lines(lines), shape)} for lines in found.authors]
        told["author"] = {"t": "MetaList", "c": people}
    if found.abstract:
        told["abstract"] = {"t": "MetaBlocks", "c": shaped(found.abstract, shape)}
    return {"pandoc-api-version": API, "meta": told, "blocks": shaped(found.blocks, shape)}


def _in_lines(lines: list[list[Node]]) -> list[Node]:
    parted = [[nodes.LINE_BREAK, *line] for line in lines]
    return [inline for line in parted for inline in line][1:]


def shaped(part: Any, shape: Shape) -> Any:
    """A part of the tree with its special parts as the writer wants them."""
    if isinstance(part, list):
        return [each for one in part for each in _shaped_one(one, shape)]
    if not isinstance(part, dict):
        return part
    if part.get("t") == "Math" and shape.formula:
        kind, latex = part["c"]
        return {"t": "Math", "c": [kind, shape.formula(latex, kind["t"] == "DisplayMath")]}
    return {name: shaped(value, shape) for name, value in part.items()}


def _shaped_one(one: Any, shape: Shape) -> list[Any]:
    if not isinstance(one, dict):
        return [shaped(one, shape)]
    if one.get("t") == "Div":
        return _shaped_division(one, shape)
    if not shape.places and one.get("t") in ("Link", "Span") and _is_place(one):
        return list(shaped(one["c"][1], shape))
    return [shaped(one, shape)]


def _is_place(inline: Node) -> bool:
    """Whether it leads to a place in the document, or is one."""
    if inline["t"] == "Link":
        return bool(inline["c"][2][0].startswith("#"))
    identifier, classes, _ = inline["c"][0]
    return bool(identifier) and not classes


def _shaped_division(one: Node, shape: Shape) -> list[Node]:
    (identifier, classes, pairs), blocks = one["c"]
    inner = nodes.division(shaped(blocks, shape), identifier if shape.places else "", classes, dict(pairs))
    for name in classes:
        if name in shape.divisions:
            return shape.divisions[name](inner)
    if nodes.PAGE_BREAK in classes:
        return [nodes.RULE]
    return [inner] if shape.places or classes or pairs else inside(inner)


def inside(division: Node) -> list[Node]:
    """The blocks of a division, which itself goes."""
    blocks: list[Node] = division["c"][1]
    return blocks


def styled(style: str) -> Special:
    """For writers of office documents: a division whose paragraphs are in a style of that name."""
    return lambda division: [_with(division, {"custom-style": style})]


def _with(division: Node, pairs: Mapping[str, str]) -> Node:
    (identifier, classes, old), blocks = division["c"]
    return nodes.division(blocks, identifier, classes, dict(old) | dict(pairs))


def raw(writer: str, text: str) -> Node:
    return {"t": "RawBlock", "c": [writer, text]}
