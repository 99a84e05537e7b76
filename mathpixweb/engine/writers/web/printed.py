"""PDF files of the web page: printed by Chromium, or set by Typst where there is none."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers import typst
from mathpixweb.engine.writers.chosen import flag, within
from mathpixweb.engine.writers.colours import hexadecimal
from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.programs import bounded, confined
from mathpixweb.engine.writers.programs.programs import CHROMIUM
from mathpixweb.engine.writers.programs.renderer import Renderer
from mathpixweb.engine.writers.web import webpage

SECONDS = 60
MOST_SECONDS = 60  # that a caller may give a page
MEMORY = 3 << 30  # of each of Chromium's processes
SIZES = (4, 200)
MARGINS = (40, 200)
TEXT_COLOUR = "#1E2029"
# Scripts cannot run, and everything that a page shows is in it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'"
SWITCHES = [
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--no-pdf-header-footer",
    "--user-data-dir=profile",
    "--proxy-server=127.0.0.1:9",
    "--print-to-pdf=page.pdf",
]
TEXT_FACE = "node_modules/@fontsource-variable/stix-two-text/files/stix-two-text-latin-wght-{}.woff2"
FACE = """@font-face {{
  font-family: "STIX Two Text"; font-style: {}; font-weight: 400 700;
  src: url("data:font/woff2;base64,{}") format("woff2");
}}"""
STYLES = """
:root {{ --ink: #{ink}; --paper: {paper}; --muted: #667085; --accent: #1f55c4; --line: #d9dde5; }}
@page {{ size: A4; margin: {margin}px; background: {paper}; {footer} }}
html, body {{ margin: 0; background: {paper}; }}
main.mmd {{ font-size: {size}px; line-height: 1.5; }}
.mmd :is(h1, h2, h3, h4, h5, h6) {{ break-after: avoid; }}
.mmd :is(tr, img, pre, .math-block, .figure, .smiles) {{ break-inside: avoid; }}
.mmd .caption_table {{ break-after: avoid; }}
.mmd .caption_figure {{ break-before: avoid; }}
.mmd .math-block {{ overflow: visible; }}
.mmd pre {{ white-space: pre-wrap; }}
.mmd .page-break {{ display: block !important; break-after: page; }}
.mmd .page-break > * {{ display: none; }}
"""
FOOTER = '@bottom-center {{ content: counter(page); color: #{ink}; font: 12px "STIX Two Text", serif; }}'


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A PDF file; raises RenderFailed."""
    styles = _styles(options)
    seconds = within(options, "resource_load_timeout_sec", MOST_SECONDS, 0, MOST_SECONDS)
    if CHROMIUM.path() is None:
        return _without_chromium(mmd, options, images, name, renderer)
    body = webpage.body_of(mmd, options, webpage.embedded(images), renderer, page_breaks=True)
    body = body.replace("<details>", "<details open>")  # nobody opens it on paper
    sheets = [webpage.STYLES.read_text(), *_faces(), styles, _own_styles(options)]
    page = webpage.assembled(webpage.title_of(mmd) or name, body, sheets, POLICY)
    return _print(page, min(SECONDS, seconds or SECONDS))


def _print(page: bytes, seconds: int) -> bytes:
    with tempfile.TemporaryDirectory(prefix="print-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "page.html").write_bytes(page)
        command = [CHROMIUM.required(), *SWITCHES, *_unsandboxed(), "page.html"]
        ended = bounded.attempt(command, b"", folder, seconds, memory=MEMORY)
        made = folder / "page.pdf"
        if not made.exists():
            raise RenderFailed(f"Chromium could not print the page (it ended with {ended.status}).")
        return made.read_bytes()


def _unsandboxed() -> list[str]:
    """Chromium's own sandbox works neither for root nor within ours."""
    return ["--no-sandbox"] if os.geteuid() == 0 or confined.landlock_version() else []


def _styles(options: Mapping[str, Any]) -> str:
    ink = hexadecimal(options.get("text_color") or TEXT_COLOUR, "text_color")
    paper = options.get("background_color")
    return STYLES.format(
        ink=ink,
        paper=f"#{hexadecimal(paper, 'background_color')}" if paper else "#FFFFFF",
        margin=within(options, "margin", 70, *MARGINS),
        size=within(options, "fontSize", 17, *SIZES),
        footer="" if flag(options, "disable_footer", False) else FOOTER.format(ink=ink),
    )


def _own_styles(options: Mapping[str, Any]) -> str:
    """The caller's rules, which cannot end the element that they stand in."""
    return str(options.get("custom_css") or "").replace("<", r"\3C ")


def _faces() -> list[str]:
    root = Path(__file__).parents[4]
    files = {style: root / TEXT_FACE.format(style) for style in ("normal", "italic")}
    return [
        FACE.format(style, base64.b64encode(file.read_bytes()).decode())
        for style, file in files.items()
        if file.exists()
    ]


def _without_chromium(
    mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer
) -> bytes:
    if options.get("custom_css"):
        raise RenderFailed(f"custom_css needs Chromium. {CHROMIUM.missing()}")
    return typst.make_pdf(mmd, options, images, name, renderer)
