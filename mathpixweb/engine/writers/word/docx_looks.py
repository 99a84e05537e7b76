"""Type, page and styles of a Word document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, Twips
from docx.styles.style import ParagraphStyle

from mathpixweb.engine.writers.chosen import number
from mathpixweb.engine.writers.word.languages import LANGUAGES

FONT = "Georgia"
HALF_POINTS = 22
MARGINS = {"top": 1440, "right": 1800, "bottom": 1440, "left": 1800, "gutter": 0}
THEMED = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
CENTRED: Final = "Centred"
RIGHT: Final = "To the Right"
MARKED: Final = "Marked Item"
CAPTIONS: Final = ("Image Caption", "Table Caption", "Captioned Figure", "Figure")
CODE: Final = "Source Code"
SHADE: Final = "F3F4F6"


def dress(document: Document, options: Mapping[str, Any]) -> None:
    """Raises RenderFailed for options that mean nothing."""
    _set_type(document, str(options.get("font") or FONT), number(options, "fontSize", HALF_POINTS))
    _set_language(document, str(options.get("language") or "auto"))
    _set_page(document, options)
    _set_styles(document)


def _set_type(document: Document, font: str, half_points: int) -> None:
    """The default for everything that has no face or size of its own; formulas and code have theirs."""
    defaults = _defaults(document)
    fonts = _child(defaults, "w:rFonts")
    for name in THEMED:
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), font)
    for tag in ("w:sz", "w:szCs"):
        _child(defaults, tag).set(qn("w:val"), str(half_points))
    for style in document.styles.element.iter(qn("w:rFonts")):
        if any(qn(f"w:{name}") in style.attrib for name in THEMED):
            style.attrib.clear()
            style.set(qn("w:ascii"), font)
            style.set(qn("w:hAnsi"), font)


def _set_language(document: Document, language: str) -> None:
    tag = LANGUAGES.get(language)
    if tag:
        element = _child(_defaults(document), "w:lang")
        for name in ("val", "eastAsia", "bidi"):
            element.set(qn(f"w:{name}"), tag)


def _set_page(document: Document, options: Mapping[str, Any]) -> None:
    margins = MARGINS | dict(options.get("margins") or {})
    landscape = options.get("orientation") == "landscape"
    for section in document.sections:
        width, height = section.page_width or Twips(12240), section.page_height or Twips(15840)
        short, long = min(width, height), max(width, height)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (long, short) if landscape else (short, long)
        section.top_margin = Twips(number(margins, "top", MARGINS["top"]))
        section.right_margin = Twips(number(margins, "right", MARGINS["right"]))
        section.bottom_margin = Twips(number(margins, "bottom", MARGINS["bottom"]))
        section.left_margin = Twips(number(margins, "left", MARGINS["left"]))
        section.gutter = Twips(number(margins, "gutter", MARGINS["gutter"]))


def _set_styles(document: Document) -> None:
    for name in CAPTIONS:
        if (style := _style(document, name)) is not None:
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, alignment in ((CENTRED, WD_ALIGN_PARAGRAPH.CENTER), (RIGHT, WD_ALIGN_PARAGRAPH.RIGHT)):
        if (style := _style(document, name)) is not None:
            style.paragraph_format.alignment = alignment
    if (style := _style(document, MARKED)) is not None:
        style.paragraph_format.left_indent, style.paragraph_format.first_line_indent = Cm(1.27), Cm(-0.63)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)
    for level in range(1, 4):
        if (style := _style(document, f"toc {level}")) is not None:
            style.paragraph_format.left_indent = Cm(0.6 * (level - 1))
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1)
    if (style := _style(document, CODE)) is not None:
        _shade(style)
        style.paragraph_format.space_after = Pt(8)
    for style in document.styles.element.iter(qn("w:style")):
        if style.get(qn("w:styleId")) == "Table":
            _embolden_heads(style)


def _embolden_heads(style: Any) -> None:
    for part in style.findall(qn("w:tblStylePr")):
        if part.get(qn("w:type")) == "firstRow" and part.find(qn("w:rPr")) is None:
            runs = OxmlElement("w:rPr")
            runs.append(OxmlElement("w:b"))
            before = part.find(qn("w:pPr"))
            part.insert(0 if before is None else list(part).index(before) + 1, runs)


def _style(document: Document, name: str) -> ParagraphStyle | None:
    wanted = name.lower()
    styles = (each for each in document.styles if each.type == WD_STYLE_TYPE.PARAGRAPH)
    return next(
        (each for each in styles if (each.name or "").lower() == wanted and isinstance(each, ParagraphStyle)),
        None,
    )


def _shade(style: ParagraphStyle) -> None:
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:shd")):
        properties.remove(old)
    shade = OxmlElement("w:shd")
    for attribute, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
        shade.set(qn(f"w:{attribute}"), value)
    properties.insert(0, shade)


def _defaults(document: Document) -> Any:
    styles = document.styles.element
    for tag in ("w:docDefaults", "w:rPrDefault", "w:rPr"):
        styles = _child(styles, tag)
    return styles


def _child(parent: Any, tag: str) -> Any:
    found = parent.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        parent.append(found)
    return found
