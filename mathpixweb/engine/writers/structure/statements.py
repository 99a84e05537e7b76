"""Theorems and their kind, and proofs: the name runs into the text."""

from __future__ import annotations

from typing import Any

from mathpixweb.engine.writers.structure import inlines, nodes
from mathpixweb.engine.writers.structure.inlines import Reading
from mathpixweb.engine.writers.structure.nodes import Node


def statement(element: Any, reading: Reading, depth: int) -> list[Node]:
    """`Theorem 1.2 (Pythagoras). In a right triangle …`"""
    name, *further = _take_label(element, reading)
    blocks = reading.blocks(element, reading, depth)
    if "font-style:italic" in (element.get("style") or "").replace(" ", ""):
        blocks = [_emphasised(block) for block in blocks]
    return _labelled(element, _run_in(_label(name.rstrip("."), further), blocks), "statement")


def _label(name: str, further: list[str]) -> list[Node]:
    if not further:
        return [nodes.wrapped("Strong", nodes.words(f"{name}."))]
    title = [part for each in further for part in (nodes.SPACE, *nodes.words(each))]
    end = nodes.wrapped("Strong", [nodes.string(".")])
    return [nodes.wrapped("Strong", nodes.words(name)), *title, end]


def proof(element: Any, reading: Reading, depth: int) -> list[Node]:
    """`Proof. By the theorem. ∎`"""
    name = " ".join(_take_label(element, reading)) or "Proof."
    blocks = reading.blocks(element, reading, depth)
    return _labelled(element, _run_in([nodes.wrapped("Emph", nodes.words(name))], blocks), "proof")


def _labelled(element: Any, blocks: list[Node], kind: str) -> list[Node]:
    return [nodes.division(blocks, inlines.place_name(element.get("id")), [kind])]


def _take_label(element: Any, reading: Reading) -> list[str]:
    """What the spans before the text say."""
    said = []
    for child in list(element):
        if child.tag != "span":
            break
        text = "".join(_spoken(child)).strip()
        if text:
            said.append(" ".join(text.split()))
        element.remove(child)
    return said or [""]


def _spoken(element: Any) -> list[str]:
    """The words of an element; of a formula its LaTeX."""
    return [
        f"\\({text}\\)" if text and each.tag == "latex" else text or ""
        for each in element.iter()
        for text in (each.text,)
    ]


def _run_in(label: list[Node], blocks: list[Node]) -> list[Node]:
    if blocks and blocks[0]["t"] in ("Para", "Plain"):
        return [nodes.paragraph([*label, nodes.SPACE, *blocks[0]["c"]]), *blocks[1:]]
    return [nodes.paragraph(label), *blocks]


def _emphasised(block: Node) -> Node:
    return nodes.paragraph([nodes.wrapped("Emph", block["c"])]) if block["t"] == "Para" else block
