"""Word documents: pandoc knows their structure and formulas (OMML); what it does not know is mended."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any, Final

from lxml import etree

from mathpixweb.engine.errors import UnreadableDocument
from mathpixweb.engine.flow import equation_rows
from mathpixweb.engine.flow.model import Flow
from mathpixweb.engine.readers import markup_trees, pandoc_trees, word_numbering
from mathpixweb.engine.readers.archives import Archive
from mathpixweb.engine.readers.word_numbering import W

BODY: Final = "word/document.xml"
MOST_CELLS: Final = 63  # columns that Word allows


def read(content: bytes) -> Flow:
    """Raises UnreadableDocument, EncryptedDocument."""
    with Archive(io.BytesIO(content)) as archive:
        body = _mended(archive)
    flow = pandoc_trees.read(content if body is None else _with_body(content, body), "docx")
    return Flow(tuple(equation_rows.formulas(flow.blocks)), flow.pictures)


def read_path(path: Path) -> Flow:
    """Raises UnreadableDocument, EncryptedDocument."""
    with Archive(path):  # measured before it is read
        return read(path.read_bytes())


def _mended(archive: Archive) -> bytes | None:
    """The text with the numbers and cells that Word leaves unsaid; None where nothing is to be mended."""
    try:
        body = markup_trees.xml(archive.read(BODY))
        lists = word_numbering.numbering(_part(archive, "word/numbering.xml"))
        known = word_numbering.styles(_part(archive, "word/styles.xml"), lists)
    except UnreadableDocument:
        return None  # pandoc will say what is wrong, or find the text under another name
    written = word_numbering.write_labels(body, lists, known)
    filled = _fill_rows(body)
    return bytes(etree.tostring(body, xml_declaration=True, encoding="UTF-8")) if written or filled else None


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


def _with_body(content: bytes, body: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            new.writestr(entry, body if entry.filename == BODY else old.read(entry))
    return target.getvalue()
