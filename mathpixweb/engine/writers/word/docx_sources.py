"""The LaTeX of a Word document's formulas, which travels with it: read again, they come back as they were.

A formula is known by its structure and characters, which stay the same when Word saves the document; one that
has been edited is another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

from mathpixweb.engine.writers.structure.nodes import Node

M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
NAMESPACE: Final = "urn:mathpixweb:latex"
PART: Final = "/customXml/latex.xml"
RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
MOST: Final = 20_000  # formulas
STYLE: Final = {M + "sty": "i", M + "scr": "roman"}  # of letters, and what they are when nothing is said


def attach(document: Document, tree: Node, shown: Node, lost: Collection[str]) -> None:
    """Writes the LaTeX of the formulas of `tree` into the document that was made of `shown`, the same tree in
    the words of pandoc; `lost` are formulas of that which stand there as their source.
    """
    known = [*_pairs(document.element.body, tree, shown, lost, in_notes=False)]
    for notes in _notes(document):
        known += _pairs(notes, tree, shown, lost, in_notes=True)
    if not known:
        return
    root = etree.Element(f"{{{NAMESPACE}}}latex", nsmap={None: NAMESPACE})
    for key, latex in known:
        etree.SubElement(root, f"{{{NAMESPACE}}}formula", key=key).text = latex
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI(PART), "application/xml", content, document.part.package)
    document.part.relate_to(part, RELATION)


def _pairs(
    part: Any, tree: Node, shown: Node, lost: Collection[str], *, in_notes: bool
) -> Iterator[tuple[str, str]]:
    formulas = list(part.iter(M + "oMath"))
    told = zip(_all(tree, in_notes=in_notes), _all(shown, in_notes=in_notes), strict=True)
    latex = [source for source, portable in told if portable.strip() and portable not in lost]
    if len(formulas) == len(latex) <= MOST:
        yield from zip(map(key_of, formulas), latex, strict=True)


def _all(tree: Node, *, in_notes: bool) -> Iterator[str]:
    """The formulas of a document in order, title and abstract first."""
    for part in (*(tree["meta"].get(name) for name in ("title", "author", "abstract")), tree["blocks"]):
        yield from _formulas(part, within_notes=in_notes)


def _formulas(part: Any, *, within_notes: bool, inside: bool = False) -> Iterator[str]:
    """The LaTeX of formulas in notes, or of those that are not."""
    if isinstance(part, list):
        for each in part:
            yield from _formulas(each, within_notes=within_notes, inside=inside)
    elif isinstance(part, dict):
        if part.get("t") == "Math":
            if inside == within_notes:
                yield part["c"][1]
            return
        now_inside = inside or part.get("t") == "Note"
        yield from _formulas(part.get("c"), within_notes=within_notes, inside=now_inside)


def _notes(document: Document) -> Iterator[Any]:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes") and not relation.is_external:
            yield etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False))


def key_of(formula: Any) -> str:
    """What tells a formula from others: its structure and its characters."""
    return hashlib.sha256("".join(_shape(formula)).encode()).hexdigest()[:24]


def _shape(part: Any) -> Iterator[str]:
    if not isinstance(part.tag, str) or not part.tag.startswith(M) or part.tag == M + "ctrlPr":
        return
    if part.tag == M + "rPr":
        yield from (f"{style.get(M + 'val')} " for style in part if _tells(style))
        return
    yield part.tag.rpartition("}")[2]
    yield "".join(value for name, value in sorted(part.attrib.items()) if name.startswith(M))
    if part.tag == M + "t":
        yield part.text or ""
    yield "("
    for child in part:
        yield from _shape(child)
    yield ")"


def _tells(style: Any) -> bool:
    return style.tag in STYLE and style.get(M + "val") != STYLE[style.tag]


def sources(part: Any) -> Mapping[str, list[str]]:
    """The LaTeX of formulas by their keys, in order; `part` is the root of what `attach` has written."""
    found: dict[str, list[str]] = {}
    if part.tag == f"{{{NAMESPACE}}}latex":
        for each in part.iter(f"{{{NAMESPACE}}}formula"):
            found.setdefault(each.get("key") or "", []).append(each.text or "")
    return found
