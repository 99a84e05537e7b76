"""PDF files set by XeLaTeX of the source in `tex.zip`, where that can neither read files nor run programs."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.latex import tex
from mathpixweb.engine.writers.latex.inert_latex import shown
from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.programs import bounded
from mathpixweb.engine.writers.programs.programs import XELATEX
from mathpixweb.engine.writers.programs.renderer import Renderer

SECONDS = 60  # of each run
MEMORY = 1 << 30
RUNS = 2  # the second one knows the places that references point to
# what web2c reads from the environment: files within the folder only, and fewer resources than usual
ENVIRONMENT = {"openin_any": "p", "openout_any": "p", "shell_escape": "f", "max_print_line": "1000"}
SWITCHES = ("-no-shell-escape", "-interaction=nonstopmode", "-file-line-error")
UNSETTLED = re.compile(r"Rerun to get|Rerun LaTeX|There were undefined references")
COMPLAINT = re.compile(r"^(?:!|\./document\.tex:(\d+):) ?(.*)$", re.MULTILINE)
BEGINNING = "\\begin{document}"
MOST_SHOWN = 4  # paragraphs that are given up before the document is


def make(mmd: str, options: Mapping[str, Any], images: Images, name: str, renderer: Renderer) -> bytes:
    """A PDF file; raises RenderFailed."""
    program = XELATEX.required()
    kept = {
        key: value for key, value in options.items() if key not in ("imagesFolder", "load_external_fonts")
    }
    source, album = tex.made(mmd, kept, images, renderer)
    with tempfile.TemporaryDirectory(prefix="latex-") as place:
        folder = Path(place)
        (folder / album.folder).mkdir()
        for path, picture in album.files():
            (folder / path).write_bytes(picture)
        (folder / "document.tex").write_bytes(source)
        return _set(program, folder)


def _set(program: str, folder: Path) -> bytes:
    """A paragraph that ends all is shown as its source: the rest of the document is not to suffer from it."""
    source, made = folder / "document.tex", folder / "document.pdf"
    complaint = ""
    for _ in range(MOST_SHOWN + 1):
        found = COMPLAINT.search(_run(program, folder))
        if made.exists():
            return made.read_bytes()
        complaint = found[2] if found else "it stopped early"
        mended = _shown(source.read_text(), int(found[1])) if found and found[1] else ""
        if not mended:
            break
        source.write_text(mended)
    raise RenderFailed(f"XeLaTeX made no PDF file: {complaint}")


def _run(program: str, folder: Path) -> str:
    """What XeLaTeX says of the document."""
    log = ""
    for _ in range(RUNS):
        command = [program, *SWITCHES, "document.tex"]
        bounded.attempt(command, b"", folder, SECONDS, environment=ENVIRONMENT, memory=MEMORY)
        log = _read(folder / "document.log")
        if not UNSETTLED.search(log):
            break
    return log


def _shown(source: str, line: int) -> str:
    """The source with the paragraph at that line as it is written; empty if it is none of the text."""
    lines = source.split("\n")
    first = lines.index(BEGINNING) + 1 if BEGINNING in lines else len(lines)
    start = end = line - 1
    if not first <= start < len(lines):
        return ""
    while start > first and lines[start - 1].strip():
        start -= 1
    while end < len(lines) and lines[end].strip() and not lines[end].startswith(r"\end{document}"):
        end += 1
    if start == end:
        return ""
    said = shown("\n".join(lines[start:end]))
    return "\n".join([*lines[:start], f"{{\\raggedright {said}\\par}}", "", *lines[end:]])


def _read(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""
