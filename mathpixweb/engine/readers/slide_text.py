"""The paragraphs of a slide: runs, formulas and bullets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mathpixweb.engine.flow.inlines import web_address
from mathpixweb.engine.flow.model import Node, text
from mathpixweb.engine.flow.model import paragraph as paragraph_node

DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DEEPEST: Final = 8  # levels of a list

Formula = tuple[Any, Node]  # an `m:oMath`, and the inline that waits for its LaTeX


@dataclass(slots=True)
class Paragraph:
    """`list_kind` is "bullet", "number", "none" where the paragraph says so, or empty."""

    level: int = 0
    list_kind: str = ""
    inlines: list[Node] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)


def paragraph(element: Any, part: Any) -> Paragraph:
    """An `a:p`; `part` knows where its links lead."""
    found = Paragraph()
    properties = element.find(f"{DRAWING}pPr")
    if properties is not None:
        level = properties.get("lvl", "0")
        found.level = min(int(level), DEEPEST) if level.isdecimal() else 0
        found.list_kind = _list_kind(properties)
    for child in element:
        if child.tag in (f"{DRAWING}r", f"{DRAWING}fld"):
            found.inlines += _run(child, part)
        elif child.tag == f"{DRAWING}br":
            found.inlines.append({"t": "LineBreak"})
        else:
            _take_formulas(child, found)
    return found


def fill(formulas: Sequence[Formula], latex: Sequence[str]) -> None:
    """Gives the formulas their LaTeX."""
    for (_, node), written in zip(formulas, latex, strict=True):
        node["c"][1] = written


def blocks(paragraphs: Sequence[Paragraph], *, bulleted: bool) -> Iterator[Node]:
    """Paragraphs, and lists of those that have bullets; in a `bulleted` frame several have them unsaid."""
    said = [each for each in paragraphs if _says(each)]
    listed = bulleted and len(said) > 1
    run: list[Paragraph] = []
    for each in said:
        kind = each.list_kind or ("bullet" if listed else "none")
        if kind != "none":
            each.list_kind = kind
            run.append(each)
            continue
        yield from _lists(run)
        run = []
        yield paragraph_node(each.inlines)
    yield from _lists(run)


def _lists(items: Sequence[Paragraph]) -> Iterator[Node]:
    """Lists of the items, deeper levels within the item before them."""
    index = 0
    while index < len(items):
        level, kind = items[index].level, items[index].list_kind
        entries: list[list[Node]] = []
        while index < len(items) and (
            items[index].level > level or (items[index].level == level and items[index].list_kind == kind)
        ):
            deeper = index
            while deeper < len(items) and items[deeper].level > level:
                deeper += 1
            if deeper > index:
                entries[-1] += _lists(items[index:deeper])
                index = deeper
            else:
                entries.append([paragraph_node(items[index].inlines)])
                index += 1
        yield _list(kind, entries)


def _list(kind: str, entries: list[list[Node]]) -> Node:
    if kind == "number":
        return {"t": "OrderedList", "c": [[1, {"t": "Decimal"}, {"t": "Period"}], entries]}
    return {"t": "BulletList", "c": entries}


def _says(each: Paragraph) -> bool:
    return any(inline["t"] == "Math" or _words(inline).strip() for inline in each.inlines)


def _words(inline: Node) -> str:
    content: Any = inline.get("c")
    if inline["t"] == "Str":
        return str(content)
    inner = content[1] if inline["t"] == "Link" else content if isinstance(content, list) else []
    return "".join(_words(each) for each in inner if isinstance(each, dict))


def _list_kind(properties: Any) -> str:
    for name, kind in (
        ("buNone", "none"),
        ("buAutoNum", "number"),
        ("buChar", "bullet"),
        ("buBlip", "bullet"),
    ):
        if properties.find(f"{DRAWING}{name}") is not None:
            return kind
    return ""


def _run(run: Any, part: Any) -> list[Node]:
    words = run.findtext(f"{DRAWING}t") or ""
    inlines: list[Node] = []
    for index, line in enumerate(words.replace("\v", "\n").split("\n")):
        inlines += ([{"t": "LineBreak"}] if index else []) + (text(line) if line else [])
    properties = run.find(f"{DRAWING}rPr")
    if properties is None or not words.strip():
        return inlines
    if properties.get("b") in ("1", "true"):
        inlines = [{"t": "Strong", "c": inlines}]
    if properties.get("i") in ("1", "true"):
        inlines = [{"t": "Emph", "c": inlines}]
    if address := _address(properties, part):
        return [{"t": "Link", "c": [["", [], []], inlines, [address, ""]]}]
    raised = int(properties.get("baseline", "0").rstrip("%") or 0)
    if raised:
        return [{"t": "Superscript" if raised > 0 else "Subscript", "c": inlines}]
    return inlines


def _address(properties: Any, part: Any) -> str:
    link = properties.find(f"{DRAWING}hlinkClick")
    if link is None or not (relation := link.get(f"{RELATION}id")) or relation not in part.rels:
        return ""
    found = part.rels[relation]
    return web_address(found.target_ref) if found.is_external else ""


def _take_formulas(element: Any, found: Paragraph) -> None:
    shown = element.find(f".//{MATH}oMathPara") is not None
    for formula in element.iter(f"{MATH}oMath"):
        kind = {"t": "DisplayMath" if shown else "InlineMath"}
        node: Node = {"t": "Math", "c": [kind, ""]}
        found.inlines.append(node)
        found.formulas.append((formula, node))
