"""Small documents of other kinds than PDF, made here: whole ones, and some that mean harm."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

import docx
import pptx
from docx.oxml import parse_xml
from lxml import etree
from PIL import Image
from pptx.util import Inches

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FRACTION = (
    f'<m:oMath xmlns:m="{M}"><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num>'
    "<m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>"
)
MATHML = '<math xmlns="http://www.w3.org/1998/Math/MathML"><msup><mi>x</mi><mn>2</mn></msup></math>'
CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)


def png(color: str = "red") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(made, "PNG")
    return made.getvalue()


def word(*, formula: bool = True) -> bytes:
    """A heading, a sentence with a formula, a list, a table with a span, a picture and a link."""
    document = docx.Document()
    document.add_heading("Small numbers", 1)
    paragraph = document.add_paragraph("The ratio is ")
    if formula:
        paragraph._p.append(parse_xml(FRACTION))
    paragraph.add_run(" and costs 5 $.").bold = True
    document.add_paragraph("first item", style="List Bullet")
    document.add_paragraph("second item", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(1, 0).text, table.cell(1, 1).text = "left", "right & more"
    document.add_picture(io.BytesIO(png()))
    return _saved(document)


def word_counting() -> bytes:
    """A Word document whose headings and items Word counts: `1.1`, `Article I`; one row begins late."""
    document = docx.Document()
    levels = _level(0, "decimal", "%1", '<w:pStyle w:val="Heading1"/>')
    levels += _level(1, "decimal", "%1.%2", '<w:pStyle w:val="Heading2"/>')
    articles = _level(0, "upperRoman", "Article %1") + _level(1, "decimal", "%1.%2", "<w:isLgl/>")
    numbering = document.part.numbering_part.element
    for number, content in ((91, levels), (92, articles)):
        xml = f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="{number}">{content}</w:abstractNum>'
        numbering.insert(0, parse_xml(xml))
        numbering.append(
            parse_xml(f'<w:num xmlns:w="{W}" w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )
    for name, level in (("Heading 1", 0), ("Heading 2", 1)):
        properties = document.styles[name].element.get_or_add_pPr()
        properties.append(_number_of(91, level))
    for level, text in ((1, "Aims"), (2, "First aim"), (2, "Second aim"), (1, "Means")):
        document.add_heading(text, level)
    for level, text in ((0, "Parties"), (1, "The seller"), (1, "The buyer"), (0, "Price")):
        document.add_paragraph(text)._p.get_or_add_pPr().append(_number_of(92, level))
    document.add_paragraph("A table:")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text, table.cell(1, 1).text = "head", "other", "late"
    row = table.rows[1]._tr
    row.remove(row.findall(f"{{{W}}}tc")[0])
    row.insert(0, parse_xml(f'<w:trPr xmlns:w="{W}"><w:gridBefore w:val="1"/></w:trPr>'))
    return _saved(document)


def _level(level: int, form: str, text: str, more: str = "") -> str:
    start = f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
    return f'{start}{more}<w:lvlText w:val="{text}"/></w:lvl>'


def _number_of(number: int, level: int) -> Any:
    return parse_xml(f'<w:numPr xmlns:w="{W}"><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def word_linking(address: str) -> bytes:
    """A Word document whose picture lies elsewhere, and whose template too."""
    with zipfile.ZipFile(io.BytesIO(word())) as packed:
        relations = packed.read("word/_rels/document.xml.rels").decode()
        body = packed.read("word/document.xml").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="far{name}" Type="{kind}/{name}" Target="{address}" TargetMode="External"/>'
        for name in ("image", "attachedTemplate")
    )
    return word_with(
        {
            "word/_rels/document.xml.rels": relations.replace("</Relationships>", f"{links}</Relationships>"),
            "word/document.xml": body.replace("r:embed=", 'r:link="farimage" unlinked='),
        }
    )


def slides() -> bytes:
    """A slide with bullets and a formula, and one with a table and a picture."""
    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "First slide"
    frame = first.placeholders[1].text_frame
    frame.text = "one"
    frame.add_paragraph().text = "two"
    inner = frame.add_paragraph()
    inner.text, inner.level = "deeper", 1
    box = first.shapes.add_textbox(Inches(1), Inches(5), Inches(3), Inches(1))
    box.text_frame.text = "ratio "
    alternative = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" Requires="a14">'
        f"<a14:m>{FRACTION}</a14:m></mc:Choice></mc:AlternateContent>"
    )
    box.text_frame.paragraphs[0]._p.append(etree.fromstring(alternative))
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Second slide"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(0, 0).text, table.cell(1, 0).text, table.cell(1, 1).text = "wide", "left", "right"
    second.shapes.add_picture(io.BytesIO(png("blue")), Inches(1), Inches(4))
    return _saved(deck)


def book(extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """Two chapters, the first with MathML, LaTeX for a script, and a picture."""
    first = f'<h1>One</h1><p>Area {MATHML} and \\(y_1\\).</p><p><img src="red.png" alt="red"/></p>'
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "book.opf": (
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Little book</dc:title></metadata>'
            "<manifest>"
            '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="r" href="red.png" media-type="image/png"/></manifest>'
            '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
        ),
        "a.xhtml": _xhtml(first),
        "b.xhtml": _xhtml("<h1>Two</h1><p>The end.</p>"),
        "red.png": png(),
    }
    return archive({**parts, **(extra or {})})


def kindle(text: str = "", *, locked: bool = False, version: int = 6) -> bytes:
    """A MOBI book whose text is not packed, with a picture."""
    html = text or (
        "<html><body><h1>One</h1><p>Words.</p><img recindex='00001'><mbp:pagebreak/>"
        "<h1>Two</h1></body></html>"
    )
    words = html.encode()
    head = bytearray(16 + 232)
    struct.pack_into(">HHLHHHH", head, 0, 1, 0, len(words), 1, 4096, 2 if locked else 0, 0)
    head[16:20] = b"MOBI"
    struct.pack_into(">LLLLL", head, 20, 232, 2, 65001, 1, version)
    struct.pack_into(">L", head, 108, 2)
    return palm([bytes(head), words, png()])


def palm(records: list[bytes]) -> bytes:
    """A Palm database."""
    start = 78 + 8 * len(records) + 2
    listed, at = b"", start
    for number, record in enumerate(records):
        listed += struct.pack(">LL", at, number)
        at += len(record)
    name = b"Little book".ljust(32, b"\0") + bytes(28) + b"BOOKMOBI" + bytes(8)
    return name + struct.pack(">H", len(records)) + listed + b"\0\0" + b"".join(records)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


def word_with(extra: Mapping[str, str | bytes]) -> bytes:
    """A Word document in which parts are replaced or added."""
    with zipfile.ZipFile(io.BytesIO(word())) as packed:
        parts: dict[str, str | bytes] = {name: packed.read(name) for name in packed.namelist()}
    return archive({**parts, **extra})


def _xhtml(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title>t</title></head><body>{body}</body></html>"
    )


def _saved(document: Any) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()
