"""The mathematics font cut down to the characters of one document, so that the document can carry it."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from mathpixweb.engine.writers.letters import styled

PACKAGE = "node_modules/@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff"
FONT = Path(__file__).parents[3] / PACKAGE
FACE = '@font-face {{ font-family: "STIX Two Math"; src: url("{}") format("woff"); }}'


def face(text: str) -> str:
    """A CSS rule with the font for the characters of `text`; empty where the font is not installed."""
    if not FONT.exists():
        return ""
    font = TTFont(FONT)
    subsetter = subset.Subsetter(subset.Options())
    # browsers draw a variable's plain letter with the italic one of the mathematical alphabets
    subsetter.populate(unicodes={ord(char) for char in text + styled(text, "italic")})
    subsetter.subset(font)
    font.flavor = "woff"
    target = io.BytesIO()
    font.save(target)
    return FACE.format(f"data:font/woff;base64,{base64.b64encode(target.getvalue()).decode()}")
