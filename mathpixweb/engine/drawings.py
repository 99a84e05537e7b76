"""Where the drawing of a file lies that is no PDF itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

DRAWING: Final = "drawing.pdf"


def folder(path: Path) -> Path:
    """What the file at `path` is unfolded into."""
    return path.with_name(f"{path.name}.unfolded")


def drawing(path: Path) -> Path | None:
    """The PDF that shows the file's pages: itself when it was never unfolded; None when there is none."""
    unfolded = folder(path)
    if not unfolded.is_dir():
        return path
    found = unfolded / DRAWING
    return found if found.is_file() else None
