"""Word documents: native equations, tables and notes by pandoc, then page and type as asked for."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Twips

from mathpixweb.engine.writers import pandoc
from mathpixweb.engine.writers.chosen import number
from mathpixweb.engine.writers.languages import LANGUAGES
from mathpixweb.engine.writers.molecules import draw_structures
from mathpixweb.engine.writers.pandoc_source import for_pandoc, metadata
from mathpixweb.engine.writers.pictures import Images, embed
from mathpixweb.engine.writers.renderer import Renderer

FONT = "Georgia"
HALF_POINTS = 22
MARGINS = {"top": 1440, "right": 1800, "bottom": 1440, "left": 1800, "gutter": 0}
THEMED = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A .docx; raises RenderFailed."""
    front, text = for_pandoc(embed(*draw_structures(mmd, images)))
    made = pandoc.convert(
        text, pandoc.reader_of(options), "docx", filters=["mmd.lua"], metadata=metadata(front)
    )
    document = docx.Document(io.BytesIO(made))
    _set_type(document, str(options.get("font") or FONT), number(options, "fontSize", HALF_POINTS))
    _set_language(document, str(options.get("language") or "auto"))
    _set_page(document, options)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


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
