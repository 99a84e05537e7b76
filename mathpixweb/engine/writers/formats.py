"""The formats that Mathpix Markdown can be made into here, by the contract's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mathpixweb.engine.deferred import Deferred, load
from mathpixweb.engine.errors import UnknownFormat
from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.programs import fonts
from mathpixweb.engine.writers.programs.programs import XELATEX, Needed
from mathpixweb.engine.writers.programs.renderer import Renderer

OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OFFICE}wordprocessingml.document"
PPTX = f"{OFFICE}presentationml.presentation"
XLSX = f"{OFFICE}spreadsheetml.sheet"
PDF = "application/pdf"
ZIP = "application/zip"
OVERLAY = "mmd.overlay.pdf"


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
    typeset: bool = False  # with the fonts of this machine

    def missing(self) -> str:
        """Why this machine cannot make it, and what to do; empty when it can."""
        return self.needs.missing() if self.needs else ""

    def lost(self, mmd: str) -> str:
        """What a text will lack in this format on this machine, and what to do; empty when nothing."""
        return fonts.lost(mmd) if self.typeset else ""


def _of(function: str) -> Make:
    """The function of a writer, given as `module:name`, and loaded when it is first called."""
    return Deferred(f"mathpixweb.engine.writers.{function}")


FORMATS: dict[str, Format] = {
    format_.name: format_
    for format_ in (
        Format("md", "text/markdown; charset=utf-8", "md", _of("mmd.md:make")),
        Format("docx", DOCX, "docx", _of("word.docx:make")),
        Format("html", "text/html; charset=utf-8", "html", _of("web.webpage:make")),
        Format("latex", "text/x-tex; charset=utf-8", "tex", _of("latex.tex:make")),
        Format("tex.zip", ZIP, "tex.zip", _of("latex.tex:make_zip")),
        Format("md.zip", ZIP, "md.zip", _of("mmd.md:make_zip")),
        Format("mmd.zip", ZIP, "mmd.zip", _of("mmd.mmd_archive:make_zip")),
        Format("html.zip", ZIP, "html.zip", _of("web.webpage:make_zip")),
        Format("pdf", PDF, "pdf", _of("web.printed:make"), typeset=True),
        Format("latex.pdf", PDF, "latex.pdf", _of("latex.typeset:make"), XELATEX, True),
        Format("pptx", PPTX, "pptx", _of("slides.pptx:make")),
        Format("xlsx", XLSX, "xlsx", _of("xlsx:make")),
        Format("epub", "application/epub+zip", "epub", _of("web.epub:make")),
        Format("typst", "text/vnd.typst; charset=utf-8", "typ", _of("typst:make")),
        Format(OVERLAY, PDF, OVERLAY, _of("overlay:without_original")),
    )
}


def load_all() -> None:
    """Has every writer ready, for a process that is going to write."""
    load(format_.make for format_ in FORMATS.values())


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
