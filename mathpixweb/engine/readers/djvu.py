"""DjVu: pages of pixels, drawn into a PDF, with the text that they may have as an invisible layer.

From there on they are read like any scan: the layer where there is one, the pixels where there is none.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from mathpixweb.engine.errors import MissingProgram, RenderFailed, UnreadableDocument
from mathpixweb.engine.writers import overlay
from mathpixweb.engine.writers.programs import bounded
from mathpixweb.engine.writers.programs.programs import DJVULIBRE

SECONDS: Final = 240.0  # a thousand pages
MEMORY: Final = 2 << 30
_SIZE = re.compile(r"width=(\d+) height=(\d+)")
_PART = re.compile(r'\((line|word) (-?\d+) (-?\d+) (-?\d+) (-?\d+)(?: "((?:[^"\\]|\\.)*)"\))?')
_ESCAPE = re.compile(r"\\([0-7]{3}|.)", re.DOTALL)


def as_pdf(path: Path) -> bytes:
    """Raises MissingProgram, UnreadableDocument."""
    if DJVULIBRE.path() is None:
        raise MissingProgram(DJVULIBRE.missing())
    with tempfile.TemporaryDirectory(prefix="djvu-") as name:
        folder = Path(name)
        given, drawn = folder / "source.djvu", folder / "drawn.pdf"
        shutil.copyfile(path, given)
        try:
            command = ["ddjvu", "-format=pdf", "-quality=85", given.name, drawn.name]
            bounded.attempt(command, b"", folder, SECONDS, memory=MEMORY)
            if not drawn.is_file():
                raise UnreadableDocument("Its pages cannot be drawn. The file may be damaged.")
            layers = list(_layers(folder, given.name))
        except RenderFailed as failed:
            raise UnreadableDocument(f"Its pages cannot be drawn. {failed}") from failed
        return overlay.lay_over(drawn, layers) if any(layer.lines for layer in layers) else drawn.read_bytes()


def _layers(folder: Path, name: str) -> Iterator[overlay.OriginalPage]:
    """What the pages say, line by line, in their own pixels."""
    sizes = _SIZE.findall(_asked(folder, ["djvused", "-u", "-e", "size", name]))
    for number, (width, height) in enumerate(sizes, 1):
        said = _asked(folder, ["djvutxt", "--detail=word", f"--page={number}", name])
        yield overlay.OriginalPage(number, int(width), int(height), list(_lines(said, int(height))))


def _asked(folder: Path, command: list[str]) -> str:
    return bounded.attempt(command, b"", folder, SECONDS, memory=MEMORY).output.decode(errors="replace")


def _lines(said: str, height: int) -> Iterator[dict[str, Any]]:
    """The text as lines of lines.json, y downwards; words belong to the line before them."""
    line: dict[str, Any] = {}
    for kind, *sides, words in _PART.findall(said):
        text = _unescaped(words).strip()
        if kind == "line" or not line:
            if line.get("text"):
                yield line
            x0, y0, x1, y1 = map(int, sides)
            region = {"top_left_x": x0, "top_left_y": height - y1, "width": x1 - x0, "height": y1 - y0}
            line = {"text": text, "region": region, "conversion_output": True}
        elif text:
            line["text"] = f"{line['text']} {text}".strip()
    if line.get("text"):
        yield line


def _unescaped(text: str) -> str:
    """The text of a quoted string, in which bytes may be octal numbers."""
    if "\\" not in text:
        return text
    spelled = _ESCAPE.sub(lambda found: chr(int(found[1], 8)) if found[1].isdigit() else found[1], text)
    try:
        return spelled.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return spelled
