"""Sheets of marks for the tests of the layout, set like a simple typewriter would."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout import understand
from mathpixweb.engine.model import Glyph, Options, Rule, Sheet, Survey
from mathpixweb.engine.writers.mmd import lines, mmd

WIDTH = 0.5  # of the size: every character is as wide
FONTS = {
    "rm": "CMR10",
    "bf": "CMBX10",
    "it": "CMTI10",
    "bi": "CMBXTI10",
    "mi": "CMMI10",
    "sy": "CMSY10",
    "tt": "CMTT10",
}
NAMES = {"(": "parenleft", ")": "parenright", "=": "equal", "+": "plus", ",": "comma", ".": "period"}


class Setter:
    """Sets characters one after the other and counts them, as a page's content does."""

    def __init__(self) -> None:
        self._index: Iterator[int] = count()
        self.glyphs: list[Glyph] = []
        self.rules: list[Rule] = []

    def set(self, text: str, x: float, y: float, size: float = 10.0, family: str = "rm") -> float:
        """Sets the text from (x, y); a blank moves the pen. Returns where the pen stands then."""
        for char in text:
            if char != " ":
                self.glyphs.append(self._glyph(char, x, y, size, family))
            x += WIDTH * size
        return x

    def rule(self, x0: float, x1: float, y: float) -> None:
        self.rules.append(Rule(next(self._index), Box(x0, y - 0.2, x1, y + 0.2)))

    def stem(self, x: float, y0: float, y1: float) -> None:
        self.rules.append(Rule(next(self._index), Box(x - 0.2, y0, x + 0.2, y1), vertical=True))

    def paragraph(self, *lines: str, x: float = 100.0, top: float = 700.0, size: float = 10.0) -> float:
        """Sets lines under each other; returns the baseline for a next one."""
        for line in lines:
            self.set(line, x, top, size)
            top -= 1.2 * size
        return top

    def sheet(self, number: int = 1) -> Sheet:
        return Sheet(number, 612.0, 792.0, tuple(self.glyphs), tuple(self.rules))

    def _glyph(self, char: str, x: float, y: float, size: float, family: str) -> Glyph:
        low, high = (-0.2, 0.7) if char in "gjpqy()," else (0.0, 0.7 if char.isupper() else 0.5)
        ink = Box(x + 0.02 * size, y + low * size, x + 0.48 * size, y + high * size)
        name = NAMES.get(char, char)
        return Glyph(next(self._index), name, char, FONTS[family], family, size, x, y, WIDTH * size, ink)


def surveyed(**known: object) -> Survey:
    return Survey(page_count=3, body_size=10.0, body_font="CMR10", **known)


DEFAULT = Options()
TAGGED = Options(include_equation_tags=True)


def said_of(sheet: Sheet, options: Options = TAGGED) -> str:
    """The Mathpix Markdown of a sheet."""
    page = understand(sheet, surveyed(), options)
    return mmd.of(lines.write(page, options, "d-01", True, lambda *_: ""))
