"""Formulas as data: a page of a PDF in one line of JSON, and back.

    python -m tests.engine.recording formula.pdf 1 >> tests/engine/cases/math/fractions.jsonl

writes the marks of page 1 with what the parser makes of them; correct the `latex` if it is wrong, and the
case is complete. Only record pages set in fonts under a free licence: names and boxes of their glyphs are
kept here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math import latex, structure
from mathpixweb.engine.model import Glyph, Rule
from mathpixweb.engine.readers.families import family_in_mixed, family_of, is_mixed
from mathpixweb.engine.readers.pdf import open_pdf


def record(path: Path, number: int) -> dict[str, Any]:
    with open_pdf(path) as document:
        sheet = document.sheet(number)
    left = min(glyph.ink.x0 for glyph in sheet.glyphs)
    low = min(glyph.ink.y0 for glyph in sheet.glyphs)
    return {
        "latex": latex.write(structure.parse(sheet.glyphs, sheet.rules)),
        "glyphs": [_packed(glyph, left, low) for glyph in sheet.glyphs],
        "rules": [_moved(rule.box, left, low) for rule in sheet.rules],
    }


def glyphs_of(case: dict[str, Any]) -> list[Glyph]:
    return [
        Glyph(index, name, char, font, _family(font, name, char), size, x, y, advance, Box(*ink))
        for index, (name, char, font, size, x, y, advance, *ink) in enumerate(case["glyphs"])
    ]


def _family(font: str, name: str, char: str) -> str:
    family = family_of(font)
    return family_in_mixed(family, name, char) if is_mixed(font) else family


def rules_of(case: dict[str, Any]) -> list[Rule]:
    boxes = [Box(*box) for box in case["rules"]]
    return [Rule(10_000 + index, box, vertical=box.height > box.width) for index, box in enumerate(boxes)]


def _packed(glyph: Glyph, left: float, low: float) -> list[Any]:
    place = [glyph.size, glyph.x - left, glyph.y - low, glyph.advance]
    numbers = [round(value, 2) for value in place] + _moved(glyph.ink, left, low)
    return [glyph.name, glyph.char, glyph.font, *numbers]


def _moved(box: Box, left: float, low: float) -> list[float]:
    return [round(value, 2) for value in (box.x0 - left, box.y0 - low, box.x1 - left, box.y1 - low)]


if __name__ == "__main__":
    line = record(Path(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
