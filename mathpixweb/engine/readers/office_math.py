"""Office mathematics (OMML) as LaTeX: pandoc knows it in Word documents, so it is given one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any, Final

from lxml import etree

from mathpixweb.engine.readers import word
from mathpixweb.engine.writers.programs import pandoc_tree

WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATH: Final = "http://schemas.openxmlformats.org/officeDocument/2006/math"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
TYPES: Final = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONSHIPS: Final = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
    f'Type="{OFFICE}/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
MOST: Final = 5_000  # formulas


def latex(formulas: Sequence[Any]) -> list[str]:
    """The LaTeX of each `m:oMath`, without delimiters; empty for one that cannot be read."""
    if not formulas:
        return []
    blocks = word.read(_document(formulas[:MOST])).blocks
    found = [
        " ".join(node["c"][1] for node in pandoc_tree.nodes(block, "Math")).strip()
        for block in blocks
        if block["t"] == "Para"
    ]
    return (found + [""] * len(formulas))[: len(formulas)]


def _document(formulas: Sequence[Any]) -> bytes:
    """A Word document with a paragraph for each formula, each behind a word so that none is left out."""
    body = etree.Element(f"{{{WORD}}}document", nsmap={"w": WORD, "m": MATH})
    content = etree.SubElement(body, f"{{{WORD}}}body")
    for formula in formulas:
        paragraph = etree.SubElement(content, f"{{{WORD}}}p")
        run = etree.SubElement(paragraph, f"{{{WORD}}}r")
        etree.SubElement(run, f"{{{WORD}}}t").text = "="
        paragraph.append(etree.fromstring(etree.tostring(formula, with_tail=False)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONSHIPS)
        archive.writestr("word/document.xml", etree.tostring(body))
    return packed.getvalue()
