"""PDF files set by XeLaTeX of the source in `tex.zip`, where that can neither read files nor run programs."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers import bounded, tex
from mathpixweb.engine.writers.pictures import Images
from mathpixweb.engine.writers.programs import XELATEX
from mathpixweb.engine.writers.renderer import Renderer

SECONDS = 60  # of each run
MEMORY = 1 << 30
RUNS = 2  # the second one knows the places that references point to
# what web2c reads from the environment: files within the folder only, and fewer resources than usual
ENVIRONMENT = {"openin_any": "p", "openout_any": "p", "shell_escape": "f", "max_print_line": "1000"}
SWITCHES = ("-no-shell-escape", "-interaction=nonstopmode", "-file-line-error")
UNSETTLED = re.compile(r"Rerun to get|Rerun LaTeX|There were undefined references")
COMPLAINT = re.compile(r"^(?:!|\./document\.tex:\d+:) ?(.*)$", re.MULTILINE)


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
    log = ""
    for _ in range(RUNS):
        command = [program, *SWITCHES, "document.tex"]
        bounded.attempt(command, b"", folder, SECONDS, environment=ENVIRONMENT, memory=MEMORY)
        log = _read(folder / "document.log")
        if not UNSETTLED.search(log):
            break
    made = folder / "document.pdf"
    if not made.exists():
        complaint = COMPLAINT.search(log)
        raise RenderFailed(f"XeLaTeX made no PDF file: {complaint[1] if complaint else 'it stopped early'}")
    return made.read_bytes()


def _read(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""
