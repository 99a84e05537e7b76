"""Blocks as pieces: what becomes one element each of lines.json.

Joined, the displays of all pieces are the page's Mathpix Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from mathpixweb.engine.flow import numerals, tables
from mathpixweb.engine.flow.inlines import ROWS, FigureUrl, Writer, formula, numberless
from mathpixweb.engine.flow.model import CLOSES, OPENS, Node
from mathpixweb.engine.model import Options
from mathpixweb.engine.writers.mmd import escaping, markup

GAP: Final = "\n\n"
SECTIONS: Final = ("section", "subsection", "subsubsection")
DEEPEST: Final = 40  # lists and quotations within each other; deeper ones are left out
_LABEL = re.compile(f"{OPENS}([^{CLOSES}]*){CLOSES}")
_NUMBERED = re.compile(r"^(\d+(\.\d+)*\.?|[A-Z](\.\d+)+\.?|[IVX]+\.)\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Piece:
    """`type` is the contract's word; `display` its share of the Mathpix Markdown with what parts it."""

    type: str
    text: str
    display: str
    subtype: str | None = None


def pieces(block: Node, options: Options, figure: FigureUrl) -> Iterator[Piece]:
    """The pieces of a block; none for one that says nothing."""
    yield from _Blocks(Writer(options, figure), options).of(block)


@dataclass(frozen=True, slots=True)
class _Blocks:
    writer: Writer
    options: Options
    depth: int = 0
    enumerated: int = 0  # numbered lists around

    def of(self, block: Node) -> Iterator[Piece]:
        writer = _KINDS.get(block["t"])
        if writer is not None and self.depth < DEEPEST:
            yield from writer(self, block.get("c"))

    def within(self, blocks: list[Node]) -> str:
        """Blocks inside of another, as text."""
        inner = replace(self, depth=self.depth + 1)
        return "".join(piece.display for block in blocks for piece in inner.of(block)).strip("\n")

    def paragraph(self, inlines: list[Node]) -> Iterator[Piece]:
        """The text, parted where displayed formulas and pictures stand in it."""
        running: list[Node] = []
        for inline in inlines:
            if inline["t"] == "Math" and inline["c"][0]["t"] == "DisplayMath":
                yield from self._text(running)
                yield from self._equation(inline["c"][1])
                running = []
            else:
                running.append(inline)
        yield from self._text(running)

    def _text(self, inlines: list[Node]) -> Iterator[Piece]:
        written = self.writer.write(inlines).strip()
        if not written:
            return
        said = [inline for inline in inlines if inline["t"] not in ("Space", "SoftBreak", "LineBreak")]
        if all(inline["t"] == "Image" for inline in said):
            yield Piece("diagram", "", GAP + written)
        else:
            yield Piece("text", written, GAP + escaping.paragraph_start(written))

    def _equation(self, latex: str) -> Iterator[Piece]:
        found = formula(latex)
        if not found.latex:
            return
        body = markup.latex(found, self.options)
        if ROWS.fullmatch(body):
            shown = body if self.options.include_equation_tags else numberless(body)
            yield Piece("equation", body, GAP + shown)
            return
        tag = rf" \tag{{{found.tag}}}" if found.tag and self.options.include_equation_tags else ""
        yield Piece("equation", body, GAP + markup.display(body + tag, self.options))

    def heading(self, content: Any) -> Iterator[Piece]:
        written = _one_line(self.writer.write(content[2]))
        if not written:
            return
        unnumbered = _NUMBERED.sub("", written)
        star = "*"
        if self.options.remove_section_numbering:
            written = unnumbered
        elif self.options.auto_number_sections and unnumbered != written:
            star, written = "", unnumbered
        command = SECTIONS[min(max(content[0], 1), len(SECTIONS)) - 1]
        yield Piece("section_header", written, f"{GAP}\\{command}{star}{{{written}}}")

    def title(self, inlines: list[Node]) -> Iterator[Piece]:
        if written := _one_line(self.writer.write(inlines)):
            yield Piece("title", written, f"{GAP}\\title{{\n{written}\n}}")

    def authors(self, authors: list[list[Node]]) -> Iterator[Piece]:
        names = [name for author in authors if (name := _one_line(self.writer.write(author)))]
        if names:
            joined = r" \\ ".join(names)
            yield Piece("authors", ", ".join(names), f"{GAP}\\author{{\n{joined}\n}}")

    def bullets(self, items: list[list[Node]]) -> Iterator[Piece]:
        yield from self._list("itemize", [(item, "-", "") for item in items])

    def numbers(self, content: Any) -> Iterator[Piece]:
        (start, style, delimiter), items = content
        usual = numerals.labels(
            1, numerals.USUAL[self.enumerated % len(numerals.USUAL)], "Period", len(items)
        )
        counted = numerals.labels(start, style["t"], delimiter["t"], len(items))
        named = [_take_label(item) for item in items]
        labels = [label or own for (label, _), own in zip(named, counted, strict=True)]
        shown = [
            (item, label, "" if label == expected else f"[{label}]")
            for (_, item), label, expected in zip(named, labels, usual, strict=True)
        ]
        yield from replace(self, enumerated=self.enumerated + 1)._list("enumerate", shown)

    def _list(self, environment: str, items: list[tuple[list[Node], str, str]]) -> Iterator[Piece]:
        texts = [(self.within(item), label, shown) for item, label, shown in items]
        if self.options.disable_itemize:
            for number, (text, label, _) in enumerate(texts):
                gap = GAP if number == 0 else "\n"
                yield Piece("text", text, f"{gap}{label} {text}", "list_item")
            return
        for number, (text, _, shown) in enumerate(texts):
            opening = f"{GAP}\\begin{{{environment}}}" if number == 0 else ""
            closing = f"\n\\end{{{environment}}}" if number == len(texts) - 1 else ""
            yield Piece("text", text, f"{opening}\n\\item{shown} {text}{closing}", "list_item")

    def definitions(self, content: Any) -> Iterator[Piece]:
        for term, definitions in content:
            name = self.writer.emphasised(term, "**", "textbf").strip()
            said = "\n\n".join(self.within(blocks) for blocks in definitions)
            yield Piece("text", f"{name} {said}".strip(), f"{GAP}{name} {said}".rstrip())

    def code(self, content: Any) -> Iterator[Piece]:
        listing = content[1].rstrip("\n")
        if self.options.disable_lstlisting or r"\end{lstlisting}" in listing:
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", listing)), default=0))
            yield Piece("code", listing, f"{GAP}{fence}\n{listing}\n{fence}")
        else:
            yield Piece("code", listing, f"{GAP}\\begin{{lstlisting}}\n{listing}\n\\end{{lstlisting}}")

    def quotation(self, blocks: list[Node]) -> Iterator[Piece]:
        if text := self.within(blocks):
            quoted = "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
            yield Piece("text", text, GAP + quoted)

    def verses(self, lines: list[list[Node]]) -> Iterator[Piece]:
        written = "  \n".join(self.writer.write(line).strip() for line in lines)
        if written.strip():
            yield Piece("text", written, GAP + written)

    def rule(self, _: Any) -> Iterator[Piece]:
        yield Piece("text", "", f"{GAP}---")

    def table(self, content: Any) -> Iterator[Piece]:
        cells = replace(self, writer=replace(self.writer, in_cell=True), depth=self.depth + 1)
        body = tables.tabular(content, cells.cell)
        yield Piece("table", "", GAP + _captioned("table", body, self._caption(content[1])))

    def cell(self, blocks: list[Node]) -> str:
        """A cell's blocks in one line; a table or a list in it loses its form, not its words."""
        return " ".join(filter(None, (_one_line(self._in_cell(block)) for block in blocks)))

    def _in_cell(self, block: Node) -> str:
        kind: str = block["t"]
        content: Any = block.get("c")
        if kind in ("Para", "Plain"):
            return self.writer.write(content)
        if kind == "CodeBlock":
            return self.writer.code(content)
        inner = [each for each in _inner_blocks(content) if isinstance(each, dict)]
        return self.cell(inner) if self.depth < DEEPEST else ""

    def figure(self, content: Any) -> Iterator[Piece]:
        body = self.within(content[2])
        caption = self._caption(content[1])
        if not body:
            yield from ((Piece("text", caption, GAP + caption),) if caption else ())
        elif "\\begin{tabular}" in body:
            yield Piece("table", caption, GAP + _captioned("table", body, caption))
        elif caption:
            shown = re.sub(
                r"!\[[^\]]*\]\(([^()\s]+)\)", r"\\includegraphics[max width=\\textwidth]{\1}", body
            )
            yield Piece("diagram", caption, GAP + _captioned("figure", shown, caption))
        else:
            yield Piece("diagram", "", GAP + body)

    def _caption(self, caption: Any) -> str:
        return _one_line(self.within(caption[1])) if caption and caption[1] else ""

    def division(self, content: Any) -> Iterator[Piece]:
        inner = replace(self, depth=self.depth + 1)
        for block in content[1]:
            yield from inner.of(block)


def _take_label(item: list[Node]) -> tuple[str, list[Node]]:
    """What Word numbers an item by, where that is more than a number, and the item without it."""
    if not item or item[0]["t"] not in ("Para", "Plain") or not item[0]["c"]:
        return "", item
    first, *others = item[0]["c"]
    found = _LABEL.match(first["c"]) if first["t"] == "Str" else None
    if found is None:
        return "", item
    rest = first["c"][found.end() :]
    inlines = [{"t": "Str", "c": rest}, *others] if rest else others
    return found[1].replace("]", "").replace("\xa0", " "), [{"t": item[0]["t"], "c": inlines}, *item[1:]]


def _captioned(environment: str, body: str, caption: str) -> str:
    if not caption:
        return body
    head = f"\\captionsetup{{labelformat=empty}}\n\\caption{{{caption}}}"
    inside = f"{head}\n{body}" if environment == "table" else f"{body}\n{head}"
    return f"\\begin{{{environment}}}\n{inside}\n\\end{{{environment}}}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _inner_blocks(content: Any) -> Iterator[Any]:
    """All blocks right inside of a list, a quotation, a division or a table's parts."""
    if isinstance(content, dict):
        if "t" in content and content["t"] in _KINDS:
            yield content
    elif isinstance(content, list):
        for each in content:
            yield from _inner_blocks(each)


_KINDS: Final[dict[str, Callable[[_Blocks, Any], Iterator[Piece]]]] = {
    "Para": _Blocks.paragraph,
    "Plain": _Blocks.paragraph,
    "Header": _Blocks.heading,
    "Title": _Blocks.title,
    "Authors": _Blocks.authors,
    "BulletList": _Blocks.bullets,
    "OrderedList": _Blocks.numbers,
    "DefinitionList": _Blocks.definitions,
    "CodeBlock": _Blocks.code,
    "BlockQuote": _Blocks.quotation,
    "LineBlock": _Blocks.verses,
    "HorizontalRule": _Blocks.rule,
    "Table": _Blocks.table,
    "Figure": _Blocks.figure,
    "Div": _Blocks.division,
}
