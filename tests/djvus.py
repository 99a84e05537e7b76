"""DjVu documents, made by DjVuLibre's own programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

from PIL import Image


def with_text(folder: Path, words: str) -> bytes:
    """One page, grey, with a line of text in its layer."""
    Image.new("RGB", (600, 800), (250, 250, 250)).save(folder / "page.ppm")
    subprocess.run(["c44", "page.ppm", "page.djvu"], cwd=folder, check=True, capture_output=True)
    layer = " ".join(
        f'(word {60 + 90 * index} 600 {140 + 90 * index} 640 "{word}")'
        for index, word in enumerate(words.split())
    )
    (folder / "layer").write_text(f"(page 0 0 600 800 (line 60 600 500 640 {layer}))")
    command = ["djvused", "page.djvu", "-e", "select 1; set-txt layer", "-s"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "page.djvu").read_bytes()
