"""EPUB books: chapters at the headings, formulas as MathML, pictures inside."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.programs.pandoc_tree import plain
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.structure import nodes
from mathpixweb.engine.writers.structure.conversion import converted, portable_in
from mathpixweb.engine.writers.structure.documents import Shape, Special, document
from mathpixweb.engine.writers.structure.sources import embedded
from mathpixweb.engine.writers.web import book_formulas

STYLES = """
body { line-height: 1.5; }
h1, h2, h3, h4 { line-height: 1.25; break-after: avoid; }
table { border-collapse: collapse; margin: 1em auto; }
th, td { padding: 0.25em 0.6em; }
table.grid th, table.grid td { border: 1px solid #999; }
table.default th, table.ruled th { border-bottom: 1px solid #999; }
table.ruled { border-top: 1px solid #999; border-bottom: 1px solid #999; }
figure, figcaption, caption, .center { margin: 1em 0; text-align: center; }
.to-the-right { text-align: right; }
.marked-item { margin-left: 2em; text-indent: -1em; }
img { max-width: 100%; }
pre { white-space: pre-wrap; }
"""


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """An .epub of version 3; raises RenderFailed."""
    found = embedded(mmd, options, images, renderer)
    contents: Mapping[str, Special] = {"contents": lambda _: []}  # a book has its own
    drawn = replace(
        found,
        blocks=book_formulas.drawn(found.blocks, renderer),
        abstract=book_formulas.drawn(found.abstract, renderer),
    )
    tree = document(drawn, Shape(contents, portable_in(found, renderer)))
    tree["meta"] |= {
        "pagetitle": _text(plain(found.title, _source) or name),
        "lang": _text("en"),
        "identifier": _text(name),
    }
    tree["meta"].setdefault("title", _text(name))
    if found.authors:
        people = [_text(plain(lines[0], _source)) for lines in found.authors]
        tree["meta"]["author"] = {"t": "MetaList", "c": people}
        tree["blocks"] = [*_affiliations(found.authors), *tree["blocks"]]
    made = converted(
        tree,
        "epub3",
        renderer,
        options=["--mathml", "--toc", "--split-level=1", "--syntax-highlighting=none"],
    )
    return _styled(made)


def _styled(book: bytes) -> bytes:
    """The book with our rules; in its sandbox pandoc takes no style sheet."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = (
                (STYLES + book_formulas.styles()).encode()
                if entry.filename.endswith("stylesheet1.css")
                else old.read(entry)
            )
            if entry.filename.endswith("content.opf") and b"<math" in old.read("EPUB/nav.xhtml"):
                content = content.replace(b'properties="nav"', b'properties="nav mathml"')
            new.writestr(entry, content, compress_type=entry.compress_type)
    return target.getvalue()


def _affiliations(authors: list[list[list[nodes.Node]]]) -> list[nodes.Node]:
    """What is told of the authors beside their names, for which a book's title page has no place."""
    told = [
        nodes.paragraph([inline for line in lines for inline in (*line, nodes.LINE_BREAK)][:-1])
        for lines in authors
        if lines[1:]
    ]
    return [nodes.division(told, classes=["center"])] if told else []


def _text(text: str) -> nodes.Node:
    return {"t": "MetaString", "c": text}


def _source(latex: str) -> str:
    return latex
