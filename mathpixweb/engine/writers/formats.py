"""The formats that Mathpix Markdown can be made into here, by the contract's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mathpixweb.engine.errors import UnknownFormat
from mathpixweb.engine.writers import (
    docx,
    epub,
    md,
    mmd_archive,
    overlay,
    pptx,
    printed,
    tex,
    typeset,
    typst,
    webpage,
    xlsx,
)
from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.programs import XELATEX, Needed
from mathpixweb.engine.writers.renderer import Renderer

OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OFFICE}wordprocessingml.document"
PPTX = f"{OFFICE}presentationml.presentation"
XLSX = f"{OFFICE}spreadsheetml.sheet"
PDF = "application/pdf"
ZIP = "application/zip"


class Make(Protocol):
    """How a format is made; `images` gives the JPEG for a picture's address, or None. Raises RenderFailed."""

    def __call__(
        self, mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer
    ) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    content_type: str
    extension: str
    make: Make
    needs: Needed | None = None

    def missing(self) -> str:
        """Why this machine cannot make it, and what to do; empty when it can."""
        return self.needs.missing() if self.needs else ""


FORMATS: dict[str, Format] = {
    format_.name: format_
    for format_ in (
        Format("md", "text/markdown; charset=utf-8", "md", md.make),
        Format("docx", DOCX, "docx", docx.make),
        Format("html", "text/html; charset=utf-8", "html", webpage.make),
        Format("tex.zip", ZIP, "tex.zip", tex.make_zip),
        Format("md.zip", ZIP, "md.zip", md.make_zip),
        Format("mmd.zip", ZIP, "mmd.zip", mmd_archive.make_zip),
        Format("html.zip", ZIP, "html.zip", webpage.make_zip),
        Format("pdf", PDF, "pdf", printed.make),
        Format("latex.pdf", PDF, "latex.pdf", typeset.make, XELATEX),
        Format("pptx", PPTX, "pptx", pptx.make),
        Format("xlsx", XLSX, "xlsx", xlsx.make),
        Format("epub", "application/epub+zip", "epub", epub.make),
        Format("typst", "text/vnd.typst; charset=utf-8", "typ", typst.make),
        Format(overlay.FORMAT, PDF, overlay.FORMAT, overlay.without_original),
    )
}


def make(
    format_name: str,
    mmd: str,
    options: Mapping[str, Any],
    images: Images,
    name: str,
    renderer: Renderer,
) -> bytes:
    """`mmd` in the format of that name. `name`, the document's id, is what files and folders are called."""
    if format_name not in FORMATS:
        raise UnknownFormat(f"The format {format_name} cannot be made here.")
    return FORMATS[format_name].make(mmd, options, images, name, renderer)
