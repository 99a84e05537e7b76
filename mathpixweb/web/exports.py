"""The export menu: every format, what it is for, and whether its file is there."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mathpixweb.documents.models import Document, Rendition
from mathpixweb.engine.writers.formats import FORMATS, OVERLAY
from mathpixweb.web import reasons

# made from the stored pages at the moment of the download, so never waited for
DIRECT = {"mmd": "text/markdown; charset=utf-8", "lines.json": "application/json"}

NAMES: dict[str, tuple[Promise, Promise]] = {
    "mmd": (_("Mathpix Markdown"), _("Text with LaTeX formulas")),
    "docx": (_("Word"), _("With formulas that can be edited")),
    "tex.zip": (_("LaTeX"), _("Source and pictures")),
    "latex": (_("LaTeX file"), _("Source without pictures")),
    "md": (_("Markdown"), _("For GitHub, Obsidian and others")),
    "html": (_("Web page"), _("One file, works offline")),
    "pdf": (_("PDF"), _("Typeset from the web page")),
    "latex.pdf": (_("PDF by LaTeX"), _("Typeset from the LaTeX source")),
    "pptx": (_("PowerPoint"), _("Slides")),
    "xlsx": (_("Excel"), _("The tables")),
    "epub": (_("EPUB"), _("For e-readers and phones")),
    "typst": (_("Typst"), _("Source in one file")),
    "mmd.overlay.pdf": (_("Searchable original"), _("The pages with their text and formulas to search")),
    "lines.json": (_("Lines"), _("JSON with position and confidence of each line")),
    "md.zip": (_("Markdown and pictures"), _("Zip archive")),
    "mmd.zip": (_("Mathpix Markdown and pictures"), _("Zip archive")),
    "html.zip": (_("Web page and pictures"), _("Zip archive")),
}


@dataclass(frozen=True, slots=True)
class Export:
    """One line of the menu. `status` is empty as long as nobody has asked for the format.

    `missing` tells what the server lacks to make it.
    """

    format: str
    name: str | Promise
    purpose: str | Promise
    status: str
    message: str = ""
    missing: str = ""


def offered(document: Document) -> list[Export]:
    made = {rendition.format: rendition for rendition in document.renditions.all()}
    known = [name for name in NAMES if name in direct(document) or _fits(name, document)]
    return [_export(name, made.get(name)) for name in known]


def direct(document: Document) -> dict[str, str]:
    """Content types of what needs not be made; a text that was given has no lines on any page."""
    return {name: kind for name, kind in DIRECT.items() if name != "lines.json" or not document.given}


def _fits(format_name: str, document: Document) -> bool:
    """What was never on paper has no pages to lay anything over."""
    return format_name in FORMATS and (format_name != OVERLAY or document.is_drawn)


def one(document: Document, format_name: str) -> Export:
    """Raises KeyError for a format that is not offered."""
    return {export.format: export for export in offered(document)}[format_name]


def _export(format_name: str, rendition: Rendition | None) -> Export:
    name, purpose = NAMES[format_name]
    if format_name in DIRECT:
        return Export(format_name, name, purpose, "completed")
    missing = reasons.said(FORMATS[format_name].missing())
    if rendition is None:
        return Export(format_name, name, purpose, "", missing=missing)
    message = reasons.said(str(rendition.error_detail.get("message", "")))
    return Export(format_name, name, purpose, rendition.status, message, missing)
