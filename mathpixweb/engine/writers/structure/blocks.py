"""Blocks of the renderer's HTML as pandoc's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from mathpixweb.engine.writers.structure import inlines, lists, nodes, statements, tables
from mathpixweb.engine.writers.structure.inlines import Reading, classes
from mathpixweb.engine.writers.structure.nodes import Node

DEEPEST: Final = 60  # elements within each other; what is deeper is read as text
HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
SECTIONS: Final = {"section": 1, "subsection": 2, "subsubsection": 3}
HIDDEN: Final = frozenset({"author", "abstract"})  # told apart from the text
BLOCKS: Final = frozenset(
    {
        "div",
        "p",
        "blockquote",
        "hr",
        "ul",
        "ol",
        "dl",
        "pre",
        "table",
        "figure",
        "figcaption",
        "details",
        "summary",
    }
    | {
        "section",
        "article",
        "aside",
        "header",
        "footer",
        "main",
        "nav",
        "center",
        "address",
        "fieldset",
        "form",
    }
    | {*HEADINGS}
)


def of_children(element: Any, reading: Reading, depth: int = 0) -> list[Node]:
    """Everything inside of an element; text between blocks makes paragraphs."""
    return list(_blocks(element, reading, depth))


def _blocks(element: Any, reading: Reading, depth: int) -> Iterator[Node]:
    running = nodes.words(element.text or "")
    for child in element:
        if _is_block(child) and depth < DEEPEST:
            yield from _paragraph(running)
            yield from of(child, reading, depth + 1)
            running = []
        else:
            running += inlines.of(child, reading)
        running += nodes.words(child.tail or "")
    yield from _paragraph(running)


def _is_block(element: Any) -> bool:
    if not isinstance(element.tag, str):
        return False
    if element.tag == "span":
        return "math-block" in classes(element)
    if element.tag == "div":
        return not classes(element) & {"smiles-inline"}
    return element.tag in BLOCKS


def _paragraph(running: list[Node]) -> Iterator[Node]:
    kept = nodes.trimmed(running)
    if kept:
        yield nodes.paragraph(kept)


def of(element: Any, reading: Reading, depth: int) -> list[Node]:
    """A block, as one or several."""
    if element.tag in inlines.SILENT:
        return []
    if element.tag in HEADINGS:
        return _heading(element, reading)
    known = _KINDS.get(element.tag)
    return known(element, reading, depth) if known else of_children(element, reading, depth)


def _heading(element: Any, reading: Reading) -> list[Node]:
    if "main-title" in classes(element):
        return []
    content = _numbered_heading(element, reading)
    name = inlines.place_name(element.get("id"))
    identifier = reading.aliases.get(name, name)
    level = SECTIONS.get(element.get("type") or "")
    if not content:
        return []
    if level is None:
        return [nodes.header(int(element.tag[1]), content, identifier)]
    return [nodes.header(level, content, identifier, [nodes.SECTION])]


def _numbered_heading(element: Any, reading: Reading) -> list[Node]:
    """The heading, its number as LaTeX writes it: `1.2 Words`, which the renderer has as `1. 2. Words`."""
    number = ""
    for child in list(element):
        if any(name.endswith("section-number") for name in classes(child)):
            number += "".join(child.itertext()).strip()
            _take_out(child)
    content = nodes.trimmed(inlines.content(element, reading))
    shown = [nodes.string(number.rstrip(".")), nodes.SPACE] if number else []
    return [*shown, *content] if content else shown[:1]


def _take_out(element: Any) -> None:
    """Removes an element and leaves what stands after it."""
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _division(element: Any, reading: Reading, depth: int) -> list[Node]:
    names = classes(element)
    if names & HIDDEN:
        return []
    for name, known in _DIVISIONS.items():
        if name in names:
            return known(element, reading, depth)
    return _labelled(element, of_children(element, reading, depth))


def _labelled(element: Any, blocks: list[Node]) -> list[Node]:
    """The blocks, as one with the name that references have for it."""
    identifier = inlines.place_name(element.get("id"))
    style = (element.get("style") or "").replace(" ", "")
    placed = next((side for side in ("center", "right") if f"text-align:{side}" in style), "")
    if blocks and (identifier or ("center" in classes(element) and placed)):
        return [
            nodes.division(
                blocks, identifier, [f"to-the-{placed}"] if placed == "right" else [placed][: bool(placed)]
            )
        ]
    return blocks


def _display(element: Any, reading: Reading, depth: int) -> list[Node]:
    """A displayed formula."""
    shown = nodes.paragraph([inlines.formula(element, reading)])
    identifier = inlines.place_name(element.get("id"))
    return [nodes.division([shown], identifier)] if identifier else [shown]


def _quotation(element: Any, reading: Reading, depth: int) -> list[Node]:
    content = of_children(element, reading, depth)
    return [{"t": "BlockQuote", "c": content}] if content else []


def _code(element: Any, reading: Reading, depth: int) -> list[Node]:
    named = [name for each in element.iter("code") for name in classes(each) if name.startswith("language-")]
    language = named[0].removeprefix("language-").lower() if named else ""
    attributes = nodes.attributes(classes=[language] if language.isidentifier() else [])
    return [{"t": "CodeBlock", "c": [attributes, "".join(element.itertext()).strip("\n")]}]


def _details(element: Any, reading: Reading, depth: int) -> list[Node]:
    """What opens in a browser stands open on paper, below its title."""
    summary = element.find("summary")
    title: list[Node] = []
    if summary is not None:
        title = nodes.trimmed(inlines.content(summary, reading))
        _take_out(summary)
    head = [nodes.paragraph([nodes.wrapped("Strong", title)])] if title else []
    return [*head, *of_children(element, reading, depth)]


def _figure(element: Any, reading: Reading, depth: int) -> list[Node]:
    """Pictures with their caption."""
    caption: list[Node] = []
    for child in list(element.iter("div", "figcaption")):
        if classes(child) & {"caption_figure", "caption_table"} or child.tag == "figcaption":
            caption += nodes.trimmed(inlines.content(child, reading))
            _take_out(child)
    content = of_children(element, reading, depth)
    if not content:
        return [nodes.paragraph(caption)] if caption else []
    identifier = inlines.place_name(element.get("id"))
    if not caption and not identifier:
        return [nodes.division(content, classes=["center"])]
    told = [{"t": "Plain", "c": caption}] if caption else []
    plain = [{"t": "Plain", "c": each["c"]} if each["t"] == "Para" else each for each in content]
    return [{"t": "Figure", "c": [nodes.attributes(identifier), [None, told], plain]}]


def _table_division(element: Any, reading: Reading, depth: int) -> list[Node]:
    """A table with its caption; the renderer calls some figures so, too."""
    found = [each for each in element.iter("table") if not _is_nested(each, element)]
    if len(found) != 1:
        return _figure(element, reading, depth)
    caption: list[Node] = []
    for child in list(element.iter("div")):
        if "caption_table" in classes(child) and child.getparent() is element:
            caption += nodes.trimmed(inlines.content(child, reading))
            _take_out(child)
    identifier = inlines.place_name(element.get("id"))
    table = tables.of(found[0], reading, caption, identifier, depth)
    _take_out(found[0])
    return [*table, *of_children(element, reading, depth)]


def _is_nested(table: Any, within: Any) -> bool:
    parent = table.getparent()
    while parent is not None and parent is not within:
        if parent.tag == "table":
            return True
        parent = parent.getparent()
    return False


def _table(element: Any, reading: Reading, depth: int) -> list[Node]:
    return tables.of(element, reading, [], "", depth)


def _page_break(element: Any, reading: Reading, depth: int) -> list[Node]:
    return [nodes.page_break()]


def _structure(element: Any, reading: Reading, depth: int) -> list[Node]:
    return list(_paragraph(inlines.content(element, reading)))


def _contents(element: Any, reading: Reading, depth: int) -> list[Node]:
    """The table of contents, as links to the headings, by level."""
    entries = []
    for item in element.iter("li"):
        entry = item.find("a")
        if entry is not None and "toc-title-1" not in classes(item):
            level = next((name[-1] for name in classes(item) if name.startswith("toc-title-")), "2")
            inner = inlines.of(entry, reading)
            entries.append(nodes.division([nodes.paragraph(inner)], pairs={"level": str(int(level) - 1)}))
    return [nodes.division(entries, classes=["contents"])] if entries else []


Read = Callable[[Any, Reading, int], list[Node]]

_DIVISIONS: Final[dict[str, Read]] = {
    "figure": _figure,
    "table": _table_division,
    "theorem": statements.statement,
    "proof": statements.proof,
    "page-break": _page_break,
    "smiles": _structure,
    "table-of-contents": _contents,
}
_KINDS: Final[dict[str, Read]] = {
    "div": _division,
    "span": _display,
    "p": _division,
    "blockquote": _quotation,
    "hr": lambda element, reading, depth: [] if "footnotes-sep" in classes(element) else [nodes.RULE],
    "ul": lists.of,
    "ol": lists.of,
    "dl": lists.definitions,
    "pre": _code,
    "table": _table,
    "figure": _figure,
    "details": _details,
    "section": lambda element, reading, depth: (
        [] if "footnotes" in classes(element) else of_children(element, reading, depth)
    ),
    "center": lambda element, reading, depth: [
        nodes.division(of_children(element, reading, depth), classes=["center"])
    ],
}
