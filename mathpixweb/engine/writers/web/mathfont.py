"""The mathematics font cut down to the characters of one document, so that the document can carry it."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from mathpixweb.engine.writers.formulas.letters import styled

PACKAGE = "node_modules/@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff"
FONT = Path(__file__).parents[4] / PACKAGE
FACE = '@font-face {{ font-family: "STIX Two Math"; src: url("{}") format("woff"); }}'
RADICAL = "√"
# As TeX has them, in thousandths of an em: room below a radical's bar, and superscripts in one height.
CONSTANTS = {"RadicalVerticalGap": 160, "SuperscriptBaselineDropMax": 386}


def face(text: str) -> str:
    """A CSS rule with the font for the characters of `text`; empty where the font is not installed."""
    if not FONT.exists():
        return ""
    font = TTFont(FONT)
    subsetter = subset.Subsetter(subset.Options())
    # browsers draw a variable's plain letter with the italic one of the mathematical alphabets
    subsetter.populate(unicodes={ord(char) for char in text + styled(text, "italic")})
    subsetter.subset(font)
    if "MATH" in font:
        _mend(font)
    font.flavor = "woff"
    target = io.BytesIO()
    font.save(target)
    return FACE.format(f"data:font/woff;base64,{base64.b64encode(target.getvalue()).decode()}")


def _mend(font: TTFont) -> None:
    """What Chromium makes of the font: it keeps room for the widest radical beside the one that it draws."""
    mathematics = font["MATH"].table
    for name, value in CONSTANTS.items():
        getattr(mathematics.MathConstants, name).Value = value
    plain = (font.getBestCmap() or {}).get(ord(RADICAL))
    variants = mathematics.MathVariants
    upright = variants.VertGlyphCoverage.glyphs if variants and variants.VertGlyphCoverage else []
    if plain in upright:
        _narrow(font, _forms(variants.VertGlyphConstruction[upright.index(plain)]), font["hmtx"][plain][0])


def _forms(construction: Any) -> set[str]:
    assembly = construction.GlyphAssembly
    return {form.VariantGlyph for form in construction.MathGlyphVariantRecord} | {
        part.glyph for part in (assembly.PartRecords if assembly else ())
    }


def _narrow(font: TTFont, names: set[str], width: int) -> None:
    """Glyphs no wider than `width`."""
    outlines, metrics = font.getGlyphSet(), font["hmtx"]
    narrowed = {}
    for name in names:
        share = width / max(metrics[name][0], 1)
        if share < 1:
            pen = TTGlyphPen(None)
            outlines[name].draw(TransformPen(pen, (share, 0, 0, 1, 0, 0)))
            narrowed[name] = (pen.glyph(), round(metrics[name][1] * share))
    for name, (glyph, left) in narrowed.items():
        font["glyf"][name] = glyph
        metrics[name] = (width, left)
