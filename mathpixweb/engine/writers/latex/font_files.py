"""Files of the typefaces that LaTeX documents can ask for, where this machine has them."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

from mathpixweb.engine.errors import RenderFailed

FONTS = ("CMU Serif", "Open Sans", "Crimson Text", "Arimo", "Noto Sans", "Noto Serif")
SIZES = ("8pt", "9pt", "10pt", "11pt", "12pt", "14pt", "17pt", "20pt")
PACKAGES = {
    "CMU Serif": "fonts-cmu",
    "Open Sans": "fonts-open-sans",
    "Arimo": "fonts-croscore",
    "Noto Sans": "fonts-noto-core",
    "Noto Serif": "fonts-noto-core",
}
STYLES = {
    "Regular": "Regular|Roman",
    "Bold": "Bold",
    "Italic": "Italic",
    "BoldItalic": "Bold Italic|BoldItalic",
}
SECONDS = 20


@cache
def external_fonts(font: str) -> dict[str, Path]:
    """The files of a typeface by style, the regular one at least; raises RenderFailed."""
    found: dict[str, Path] = {}
    for line in _listed(font):
        file, _, styles = line.partition("|")
        for style, names in STYLES.items():
            if style not in found and not {*names.split("|")}.isdisjoint(styles.split(",")):
                found[style] = Path(file)
    if "Regular" not in found:
        package = PACKAGES.get(font)
        how = f" Its administrator adds it with: apt-get install {package}" if package else ""
        raise RenderFailed(f"The font {font} is not installed on this server, so it cannot be packed.{how}")
    return found


def _listed(font: str) -> list[str]:
    program = shutil.which("fc-list")
    if program is None:
        return []
    command = [program, "--format", "%{file}|%{style}\n", f"{font}:fontformat=TrueType"]
    other = [program, "--format", "%{file}|%{style}\n", f"{font}:fontformat=CFF"]
    answers = [
        subprocess.run(one, capture_output=True, text=True, timeout=SECONDS, check=False).stdout
        for one in (command, other)
    ]
    return sorted("".join(answers).split("\n"))
