"""Web pages in one file: structure, MathML, and pictures that are part of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from lxml import etree

from mathpixweb.engine.errors import UnreadableDocument
from mathpixweb.engine.flow import raw_latex
from mathpixweb.engine.flow.model import PAGE_BREAK, Flow, Node
from mathpixweb.engine.math.texmath import barless
from mathpixweb.engine.readers import markup_trees, pandoc_trees

READER: Final = f"html{raw_latex.EXTENSIONS}-native_divs-native_spans"
LARGEST: Final = 64 << 20  # bytes
BREAK: Final = "\ue000"  # a paragraph of its own where a page begins
SILENT: Final = ("script", "style", "template", "noscript", "iframe", "object", "embed", "form", "svg", "nav")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([\w-]{1,40})""")
_PAGE_START = re.compile(r"(?:page-)?break-before\s*:\s*(?:always|page|left|right)", re.IGNORECASE)


def read_path(path: Path) -> Flow:
    """Raises UnreadableDocument."""
    if path.stat().st_size > LARGEST:
        raise UnreadableDocument("It is larger than web pages are.")
    return read(decoded(path.read_bytes()))


def read(page: str) -> Flow:
    """Pictures are data of the page, or names that the caller knows. Raises UnreadableDocument."""
    root = markup_trees.html(barless(page))
    _clean(root)
    content = etree.tostring(root, encoding="utf-8", method="html")
    flow = pandoc_trees.read(content, READER)
    blocks = raw_latex.resolved(list(flow.blocks))
    return Flow(tuple(_breaks(block) for block in blocks), flow.pictures)


def decoded(content: bytes) -> str:
    """The page's characters by its mark or by what it says itself; UTF-8 and Windows' Latin otherwise."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    said = _CHARSET.search(content[:4096]) or _XML_CHARSET.search(content[:200])
    for encoding in ((said[1].decode(),) if said else ()) + ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1252", errors="replace")


def _clean(root: Any) -> None:
    """Takes out what no reader sees, and marks where pages begin."""
    etree.strip_elements(root, *SILENT, with_tail=False)
    for element in list(root.iter("pagebreak", "{*}pagebreak", "mbp:pagebreak")):
        element.tag, element.text = "p", BREAK
    for element in [each for each in root.iter() if _PAGE_START.search(each.get("style") or "")]:
        if (parent := element.getparent()) is not None:
            mark = etree.Element("p")
            mark.text = BREAK
            parent.insert(parent.index(element), mark)


def _breaks(block: Node) -> Node:
    said = block.get("c")
    is_break = block["t"] in ("Para", "Plain") and said and said[0] == {"t": "Str", "c": BREAK}
    return PAGE_BREAK if is_break else block
