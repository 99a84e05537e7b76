"""Word documents: pandoc knows their structure and formulas (OMML); what it does not know is mended."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lxml import etree

from mathpixweb.engine.errors import UnreadableDocument
from mathpixweb.engine.flow import equation_rows
from mathpixweb.engine.flow.model import Flow
from mathpixweb.engine.readers import (
    formula_sources,
    markup_trees,
    pandoc_trees,
    upright_math,
    word_numbering,
    word_rows,
)
from mathpixweb.engine.readers.archives import Archive, repacked
from mathpixweb.engine.readers.word_numbering import W
from mathpixweb.engine.writers.word import docx_sources

BODY: Final = "word/document.xml"
NOTES: Final = "word/footnotes.xml"
CUSTOM: Final = re.compile(r"customXml/[\w.-]+\.xml")
MOST_CUSTOM: Final = 20
MOST_CELLS: Final = 63  # columns that Word allows


def read(content: bytes) -> Flow:
    """Raises UnreadableDocument, EncryptedDocument."""
    with Archive(io.BytesIO(content)) as archive:
        parts, latex = _mended(archive)
    flow = pandoc_trees.read(repacked(content, parts), "docx")
    blocks = formula_sources.restored(flow.blocks, latex) if latex else flow.blocks
    return Flow(tuple(equation_rows.formulas(blocks)), flow.pictures)


def read_path(path: Path) -> Flow:
    """Raises UnreadableDocument, EncryptedDocument."""
    with Archive(path):  # measured before it is read
        return read(path.read_bytes())


def _mended(archive: Archive) -> tuple[dict[str, bytes], list[str]]:
    """Parts with the numbers and cells that Word leaves unsaid, and the LaTeX that formulas brought along."""
    try:
        body = markup_trees.xml(archive.read(BODY))
        notes = _part(archive, NOTES)
        lists = word_numbering.numbering(_part(archive, "word/numbering.xml"))
        known = word_numbering.styles(_part(archive, "word/styles.xml"), lists)
        sources = _sources(archive)
    except UnreadableDocument:
        return {}, []  # pandoc will say what is wrong, or find the text under another name
    joined = word_rows.join(body)
    latex = formula_sources.stand_in([each for each in (body, notes) if each is not None], sources)
    written = [
        joined,
        word_numbering.write_labels(body, lists, known),
        _fill_rows(body),
        upright_math.mark(body),
    ]
    parts = {BODY: body} if any(written) or latex else {}
    if notes is not None and (upright_math.mark(notes) or latex):
        parts[NOTES] = notes
    return {name: _as_bytes(root) for name, root in parts.items()}, latex


def _sources(archive: Archive) -> Mapping[str, list[str]]:
    names = sorted(name for name in archive.names if CUSTOM.fullmatch(name))[:MOST_CUSTOM]
    found: dict[str, list[str]] = {}
    for name in names:
        found |= docx_sources.sources(markup_trees.xml(archive.read(name)))
    return found


def _as_bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _part(archive: Archive, name: str) -> Any | None:
    return markup_trees.xml(archive.read(name)) if name in archive.names else None


def _fill_rows(body: Any) -> bool:
    """Puts empty cells where rows begin late or end early: pandoc would move the others."""
    filled = False
    for row in body.iter(W + "tr"):
        properties = row.find(W + "trPr")
        if properties is None:
            continue
        cells = row.findall(W + "tc")
        if not cells:
            continue
        for name, place in (("gridBefore", row.index(cells[0])), ("gridAfter", row.index(cells[-1]) + 1)):
            told = properties.find(W + name)
            count = (told.get(W + "val") or "") if told is not None else ""
            if count.isdigit() and 0 < int(count) <= MOST_CELLS:
                row.insert(place, _empty_cell(row, count))
                filled = True
    return filled


def _empty_cell(row: Any, columns: str) -> Any:
    cell = row.makeelement(W + "tc")
    properties = etree.SubElement(cell, W + "tcPr")
    etree.SubElement(properties, W + "gridSpan").set(W + "val", columns)
    etree.SubElement(cell, W + "p")
    return cell
