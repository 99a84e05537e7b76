"""Blocks as entries: what becomes one element each of lines.json.

`display` is the entry's share of the Mathpix Markdown, with the blank lines or blanks that part it from what
is before; joining the displays of all entries that are output gives the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import CHARTS, Block, Formula, Line, Options, Text
from mathpixweb.engine.writers import structures
from mathpixweb.engine.writers.formulas.displays import display_rows
from mathpixweb.engine.writers.mmd import escaping, markup
from mathpixweb.engine.writers.mmd.tabular import tabular

FigureUrl = Callable[[Box], str]
GAP = "\n\n"
_SECTION_NUMBER = re.compile(r"^(\d+(\.\d+)*\.?|[A-Z](\.\d+)+\.?|[IVX]+\.)\s+(?=\S)")
_SECTIONS = ("section", "subsection", "subsubsection")
LONGEST_CHOICE = 2  # lines
CHOICES = ("ABC", "ABCD", "ABCDE", "ABCDEF")
_COUNTED = re.compile(r"\d+\.")  # as LaTeX labels the items of the outermost list


@dataclass(frozen=True, slots=True)
class Entry:
    """One line, or a container of the entries whose positions are in `children`."""

    type: str
    box: Box
    size: float
    text: str = ""
    display: str = ""
    output: bool = True
    subtype: str | None = None
    column: int = 0
    confidence: float = 1.0
    spans: int = 1
    children: tuple[Entry, ...] = ()
    labels: tuple[Entry, ...] = ()
    container: bool = False


def entries_of(block: Block, options: Options, figure_url: FigureUrl) -> Iterator[Entry]:
    """The entries of a block in reading order, containers before what they contain."""
    writer = _WRITERS.get(block.type)
    if writer is not None:
        yield from writer(block, options)
    elif block.type == "diagram":
        yield from _figure(block, options, figure_url)
    elif block.type == "abstract":
        yield from _abstract(block, options, figure_url)
    else:
        yield from _paragraph(block, options)


def _entry(block: Block, line: Line, options: Options, blank: str | None = None) -> Entry:
    """The line on its own, displayed after `blank`; without one, the callers say how it is displayed."""
    text = markup.line(line, options)
    confidence = prod(span.confidence for span in line.spans)
    return Entry(
        type=block.type,
        box=line.box,
        size=line.size,
        text=text,
        display="" if blank is None else blank + text,
        subtype=block.subtype,
        column=block.column,
        confidence=confidence,
        spans=max(1, len(line.spans)),
    )


def _whole(block: Block, options: Options) -> Entry:
    """All lines of the block as one."""
    entries = [_entry(block, line, options) for line in block.lines]
    blanks = ["" if line.hyphenated else " " for line in block.lines]
    text = "".join(entry.text + blank for entry, blank in zip(entries, blanks, strict=True))
    return replace(
        entries[0],
        box=block.box,
        text=text.rstrip(" "),
        confidence=prod(entry.confidence for entry in entries),
        spans=sum(entry.spans for entry in entries),
    )


def _running(block: Block, options: Options) -> list[Entry]:
    """The lines one after the other, with a blank where no word is broken."""
    entries = []
    blank = ""
    for line in block.lines:
        entries.append(_entry(block, line, options, blank))
        blank = "" if line.hyphenated else " "
    return entries


def _wrapped(entries: list[Entry], before: str, after: str) -> list[Entry]:
    """The entries with markup before the first and after the last."""
    if entries:
        entries[0] = _led(entries[0], before)
        entries[-1] = _closed(entries[-1], after)
    return entries


def _led(entry: Entry, before: str) -> Entry:
    """The entry with markup before it, or before the first that it contains."""
    if entry.container and entry.children:
        return replace(entry, children=(_led(entry.children[0], before), *entry.children[1:]))
    return replace(entry, display=before + entry.display)


def _closed(entry: Entry, after: str) -> Entry:
    """The entry with markup after it, or after the last that it contains."""
    if entry.container and entry.children:
        return replace(entry, children=(*entry.children[:-1], _closed(entry.children[-1], after)))
    return replace(entry, display=entry.display + after)


def _starting(entries: list[Entry]) -> list[Entry]:
    """The entries, of which the first opens no heading, list or the like."""
    if entries:
        entries[0] = replace(entries[0], display=escaping.paragraph_start(entries[0].display))
    return entries


def _paragraph(block: Block, options: Options) -> Iterator[Entry]:
    yield from _wrapped(_starting(_running(block, options)), GAP, "")


def _heading(block: Block, options: Options) -> Iterator[Entry]:
    command = _SECTIONS[min(max(block.level, 1), len(_SECTIONS)) - 1]
    unnumbered = _unnumbered(block)
    if options.remove_section_numbering:
        star, block = "*", unnumbered
    elif options.auto_number_sections and unnumbered is not block:
        star, block = "", unnumbered
    else:
        star = "*"
    yield from _wrapped(_running(block, options), f"{GAP}\\{command}{star}{{", "}")


def _unnumbered(block: Block) -> Block:
    """The heading without its number; the same block if it has none."""
    line = block.lines[0] if block.lines else None
    if line is None or not isinstance(line.spans[0], Text):
        return block
    text = _SECTION_NUMBER.sub("", line.spans[0].text)
    if text == line.spans[0].text:
        return block
    first = replace(line.spans[0], text=text)
    return replace(block, lines=(replace(line, spans=(first, *line.spans[1:])), *block.lines[1:]))


def _title(block: Block, options: Options) -> Iterator[Entry]:
    yield from _contained(block, _wrapped(_running(block, options), GAP + "\\title{\n", "\n}"))


def _authors(block: Block, options: Options) -> Iterator[Entry]:
    entries = [_entry(block, line, options) for line in block.lines]
    broken = [replace(e, display=e.text if k == 0 else rf" \\ {e.text}") for k, e in enumerate(entries)]
    yield from _contained(block, _wrapped(_starting(broken), GAP + "\\author{\n", "\n}"))


def _abstract(block: Block, options: Options, figure_url: FigureUrl) -> Iterator[Entry]:
    entries = [entry for child in block.children for entry in entries_of(child, options, figure_url)]
    if entries:
        entries[0] = replace(entries[0], display=entries[0].display.removeprefix(GAP))
    yield from _contained(block, _wrapped(entries, GAP + "\\begin{abstract}\n", "\n\\end{abstract}"))


def _contained(block: Block, entries: list[Entry]) -> Iterator[Entry]:
    """A container that says nothing itself, and its lines as plain text."""
    lines = tuple(
        replace(entry, type="text" if entry.type == block.type else entry.type) for entry in entries
    )
    yield _container(block.type, block, lines)


def _container(kind: str, block: Block, entries: Sequence[Entry]) -> Entry:
    """What says nothing itself and holds the entries of the block."""
    size = max((entry.size for entry in entries), default=0.0)
    return Entry(
        kind, block.box, size, output=False, column=block.column, children=tuple(entries), container=True
    )


def _footnote(block: Block, options: Options) -> Iterator[Entry]:
    yield from _wrapped(_starting(_running(block, options)), GAP + "\\footnotetext{\n", "\n}")


def _page_info(block: Block, options: Options) -> Iterator[Entry]:
    for entry in _running(block, options):
        yield replace(
            entry,
            output=options.include_page_info,
            display=GAP + entry.text if options.include_page_info else "",
        )


def _heading_of_abstract(block: Block, options: Options) -> Iterator[Entry]:
    for entry in _running(block, options):
        yield replace(entry, output=False, display="")


def _math(block: Block, options: Options) -> Iterator[Entry]:
    displays = display_rows(block, options)
    for line, shown in zip(block.lines, displays, strict=True):
        formulas = [span for span in line.spans if isinstance(span, Formula)]
        text = " ".join(markup.latex(formula, options) for formula in formulas if formula.latex)
        entry = _entry(block, line, options)
        yield replace(entry, text=text, display=shown)
    for number in block.children:
        for entry in _running(number, options):
            yield replace(entry, output=False, display="")


def _table(block: Block, options: Options) -> Iterator[Entry]:
    cells = [cell for row in block.children if row.type == "table_row" for cell in row.children]
    children = tuple(
        replace(_whole(cell, options), column=block.column, output=False) for cell in cells if cell.lines
    )
    labels = _labels(block, options)
    size = max((child.size for child in children), default=0.0)
    display = GAP + _captioned("table", tabular(block, options), labels)
    confidence = prod(child.confidence for child in children)
    yield Entry(
        "table",
        block.box,
        size,
        display=display,
        column=block.column,
        confidence=confidence,
        spans=max(1, len(children)),
        children=children,
        labels=_hidden(labels),
    )


def _figure(block: Block, options: Options, figure_url: FigureUrl) -> Iterator[Entry]:
    """A picture of it, or its structure if it is a molecule; nothing where pictures have no address."""
    labels = _labels(block, options)
    structure = structures.written(block.molecule, options) if block.molecule else ""
    url = figure_url(block.box)
    if structure and not options.include_chemistry_as_image:
        shown = _captioned("figure", structure, labels)
    else:
        picture = rf"\includegraphics[max width=\textwidth]{{{url}}}"
        shown = _captioned("figure", picture, labels) if labels else f"![{structure}]({url})"
    lettering = tuple(
        replace(entry, output=False, display="")
        for child in block.children
        if child.type != "figure_label"
        for entry in _running(child, options)
    )
    output = bool(url or structure)
    if not output:
        labels = tuple(_wrapped([replace(label, output=True) for label in labels], GAP, ""))
    kind = None if block.subtype == "chart" else block.subtype
    yield Entry(
        "chart" if block.subtype == "chart" or kind in CHARTS else "diagram",
        block.box,
        0.0,
        display=GAP + shown if output else "",
        output=output,
        subtype=kind,
        column=block.column,
        confidence=block.molecule.confidence if block.molecule else 1.0,
        spans=structures.size(block.molecule) if block.molecule else 1,
        children=lettering,
        labels=_hidden(labels) if output else labels,
    )


def _labels(block: Block, options: Options) -> tuple[Entry, ...]:
    """The lines of the captions: they have text, but are shown by their figure."""
    captions = [child for child in block.children if child.type == "figure_label"]
    lines = [entry for caption in captions for entry in _running(caption, options)]
    return tuple(replace(line, type="figure_label", output=False) for line in lines)


def _hidden(labels: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(replace(label, display="") for label in labels)


def _captioned(environment: str, body: str, labels: tuple[Entry, ...]) -> str:
    if not labels:
        return body
    caption = "".join(label.display for label in labels)
    head = f"\\captionsetup{{labelformat=empty}}\n\\caption{{{caption}}}"
    inside = f"{head}\n{body}" if environment == "table" else f"{body}\n{head}"
    return f"\\begin{{{environment}}}\n{inside}\n\\end{{{environment}}}"


def _list(block: Block, options: Options) -> Iterator[Entry]:
    if options.disable_itemize:
        yield from _plain_list(block, options)
        return
    kind = block.subtype or "itemize"
    choices = _offers_choices(block)
    entries: list[Entry] = []
    for number, item in enumerate(block.children):
        if item.type == "list_item":
            running = _running(_as_text(item), options)
            option = (
                [replace(entry, type="multiple_choice_option") for entry in running] if choices else running
            )
            entries += _wrapped(option, _item(block, number), "")
        else:
            entries += [_joined(entry) for entry in _inside(item, options)]
    _wrapped(entries, f"{GAP}\\begin{{{kind}}}", f"\n\\end{{{kind}}}")
    if not choices:
        yield from entries
        return
    yield _container("multiple_choice_block", block, entries)


def _offers_choices(block: Block) -> bool:
    """Whether the list is that of the answers to a question: a few short ones under capital letters."""
    labels = [(item.subtype or "").strip("().") for item in block.children if item.type == "list_item"]
    brief = all(len(item.lines) <= LONGEST_CHOICE for item in block.children)
    return brief and len(labels) == len(block.children) and "".join(labels) in CHOICES


def _item(block: Block, number: int) -> str:
    """The command that opens the item, with its label where LaTeX would not count the same."""
    item = block.children[number]
    label = item.subtype or ""
    bracketed = _begins_with_bracket(item)
    if block.subtype != "enumerate":
        return f"\n\\item[{label or '•'}] " if bracketed else "\n\\item "
    counted = not bracketed and block.children[0].subtype == "1." and _COUNTED.fullmatch(label)
    return "\n\\item " if counted else f"\n\\item[{label}] "


def _begins_with_bracket(item: Block) -> bool:
    """Whether the item's text would be taken for the label that `\\item` may have."""
    first = item.lines[0].spans[0] if item.lines and item.lines[0].spans else None
    return isinstance(first, Text) and first.text.lstrip().startswith("[")


def _as_text(item: Block) -> Block:
    return replace(item, type="text", subtype=None)


def _inside(block: Block, options: Options) -> Iterator[Entry]:
    """What stands in a list besides items: displays, further paragraphs, lists."""
    return {"math": _math, "list": _list}.get(block.type, _paragraph)(block, options)


def _joined(entry: Entry) -> Entry:
    """The entry after a line's end instead of a blank line."""
    if entry.container and entry.children:
        return replace(entry, children=(_joined(entry.children[0]), *entry.children[1:]))
    return replace(entry, display="\n" + entry.display.removeprefix(GAP) if _opens(entry) else entry.display)


def _opens(entry: Entry) -> bool:
    return entry.display.startswith(f"{GAP}\\begin{{")


def _plain_list(block: Block, options: Options) -> Iterator[Entry]:
    """The items as paragraphs with the bullets and labels that they have on the page."""
    for item in block.children:
        if item.type == "list_item":
            yield from _wrapped(_running(_as_text(item), options), f"{GAP}{item.subtype or '•'} ", "")
        else:
            yield from _inside(item, options)


def _code(block: Block, options: Options) -> Iterator[Entry]:
    if options.disable_lstlisting:
        yield from _paragraph(block, options)
        return
    entries: list[Entry] = []
    for line in block.lines:
        text = "".join(span.text for span in line.spans if isinstance(span, Text))
        entries.append(
            replace(_entry(block, line, options), text=text, display=("\n" if entries else "") + text)
        )
    yield from _wrapped(entries, GAP + "\\begin{lstlisting}\n", "\n\\end{lstlisting}")


def _pseudocode(block: Block, options: Options) -> Iterator[Entry]:
    """Each line as a paragraph, since lines of an algorithm do not run on."""
    for line in block.lines:
        entry = _entry(block, line, options)
        yield replace(entry, display=GAP + escaping.paragraph_start(entry.text))


def _contents(block: Block, options: Options) -> Iterator[Entry]:
    """Each title with the number of its page as a paragraph."""
    rows: list[Entry] = []
    for row in block.children:
        item, *numbers = row.children
        shown = _wrapped(_starting(_running(item, options)), GAP, "")
        shown += (replace(entry, display=f" {entry.text}") for n in numbers for entry in _running(n, options))
        rows.append(_container(row.type, row, shown))
    yield _container(block.type, block, rows)


_WRITERS: dict[str, Callable[[Block, Options], Iterator[Entry]]] = {
    "section_header": _heading,
    "pseudocode": _pseudocode,
    "table_of_contents_container": _contents,
    "title": _title,
    "authors": _authors,
    "footnote": _footnote,
    "code": _code,
    "list": _list,
    "page_info": _page_info,
    "abstract_heading": _heading_of_abstract,
    "math": _math,
    "table": _table,
}
