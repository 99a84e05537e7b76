"""Drawn glyphs: bitmaps, names and characters of the glyphs of TeX's and of OpenType fonts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import freetype
import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray

from mathpixweb.engine.readers.encodings import unicode_of
from training.printed.dvi import Font, find

DENSITY = 6.0  # pixels in a TeX point of the bitmaps
_POINT = 72 / 72.27  # DTP points in a TeX point
# Parts of extensible symbols and other forms of a glyph, which have no character of their own.
_FORM_OF = re.compile(
    r"^(?P<base>[^.]+)\.(?:ssty\d?|sst|sts?\d?|size\d+|[shv]\d+|dsp|disp\w*|big\w*|alt\d?|script\w*)$"
)


# Fonts that give two forms of a Greek letter each other's names, or both the same; their places are TeX's.
_MISNAMED = ("md-", "mi-iwona")
_ITALIC = ("i7m", "ri", "bi")  # end the names of those with Greek letters
_FORMS = {15: "epsilon1", 34: "epsilon", 35: "theta1", 36: "pi1", 37: "rho1", 38: "sigma1", 39: "phi1"}


@dataclass(frozen=True, slots=True)
class Outline:
    """A glyph at a size: ink from 0 to 255 with the place of its upper left pixel relative to the origin."""

    ink: NDArray[np.uint8]
    left: int
    top: int  # pixels above the baseline
    advance: float  # points
    name: str
    char: str
    base_font: str


class NoOutline(Exception):
    """The font has no outlines here (a bitmap font) or the glyph is not in it."""


@dataclass(frozen=True, slots=True)
class _Program:
    face: freetype.Face
    base_font: str
    encoding: tuple[str, ...] | None
    extend: float
    slant: float
    characters: dict[int, str]  # of an OpenType font by glyph index


@cache
def _map() -> dict[str, str]:
    lines = Path(find("pdftex.map")).read_text(encoding="latin-1").splitlines()
    return {line.split()[0]: line for line in lines if line.strip() and not line.startswith("%")}


@cache
def _program(name: str, native: bool) -> _Program:
    if native:
        face = freetype.Face(name)
        return _Program(
            face, (face.postscript_name or b"").decode(), None, 1.0, 0.0, _with_forms(name, _characters(face))
        )
    line = _map().get(name)
    files = re.findall(r"<\[?\s*(\S+)", line or "")
    program = next((file for file in files if file.endswith((".pfb", ".pfa"))), None)
    if line is None or program is None:
        raise NoOutline(name)
    effects = " ".join(re.findall(r'"([^"]*)"', line))
    extend = re.search(r"([\d.]+)\s+ExtendFont", effects)
    slant = re.search(r"([-\d.]+)\s+SlantFont", effects)
    encoding = next((file for file in files if file.endswith(".enc")), None)
    face = freetype.Face(find(program))
    return _Program(
        face,
        (face.postscript_name or b"").decode(),
        _encoding(encoding) if encoding else None,
        float(extend[1]) if extend else 1.0,
        float(slant[1]) if slant else 0.0,
        {},
    )


def _encoding(file: str) -> tuple[str, ...]:
    text = re.sub(r"%.*", "", Path(find(file)).read_text(encoding="latin-1"))
    return tuple(re.findall(r"/(\S+)", text[text.index("[") : text.rindex("]")]))


def _characters(face: freetype.Face) -> dict[int, str]:
    """The last character of several is the mathematical one: they come in the order of Unicode."""
    return {index: chr(code) for code, index in face.get_chars() if not 0xE000 <= code <= 0xF8FF}


def _with_forms(path: str, characters: dict[int, str]) -> dict[int, str]:
    """With the smaller and larger forms of glyphs, as the font's own tables tell; their names need not."""
    font = TTFont(path, lazy=True)
    number = font.getReverseGlyphMap()
    whole = dict(characters)
    for base, form in (*_smaller(font), *_larger(font)):
        char = characters.get(number[base], "")
        if char and number[form] not in characters:
            whole[number[form]] = char
    return whole


def _smaller(font: TTFont) -> Iterator[tuple[str, str]]:
    """Glyphs and their forms in scripts."""
    table = font["GSUB"].table if "GSUB" in font else None
    features = table.FeatureList.FeatureRecord if table else []
    lookups = {
        k for record in features if record.FeatureTag == "ssty" for k in record.Feature.LookupListIndex
    }
    for k in sorted(lookups):
        for subtable in table.LookupList.Lookup[k].SubTable:
            plain = getattr(subtable, "ExtSubTable", subtable)
            for base, forms in getattr(plain, "alternates", {}).items():
                yield from ((base, form) for form in forms)
            yield from getattr(plain, "mapping", {}).items()


def _larger(font: TTFont) -> Iterator[tuple[str, str]]:
    """Glyphs and their taller and wider forms."""
    variants = font["MATH"].table.MathVariants if "MATH" in font else None
    for direction in ("Vert", "Horiz"):
        coverage = getattr(variants, f"{direction}GlyphCoverage", None)
        if coverage is None:
            continue
        built = getattr(variants, f"{direction}GlyphConstruction")
        for base, construction in zip(coverage.glyphs, built, strict=True):
            for record in construction.MathGlyphVariantRecord:
                yield base, record.VariantGlyph


@lru_cache(maxsize=60000)
def outline(font: Font, code: int) -> Outline:
    """Raises NoOutline."""
    program = _program(font.name, font.native)
    face = program.face
    index, name, char = _glyph(program, code, font.native)
    if (
        font.name.startswith(_MISNAMED)
        and font.name.rstrip("0123456789").endswith(_ITALIC)
        and code in _FORMS
    ):
        name, char = _FORMS[code], unicode_of(_FORMS[code])
    face.set_char_size(int(font.size * _POINT * DENSITY * 64), 0, 72, 72)
    stretch, lean = int(program.extend * 65536), int(program.slant * 65536)
    face.set_transform(freetype.Matrix(stretch, lean, 0, 65536), freetype.Vector(0, 0))
    face.load_glyph(index, freetype.FT_LOAD_RENDER | freetype.FT_LOAD_NO_HINTING)
    slot = face.glyph
    bitmap = slot.bitmap
    ink = np.zeros((0, 0), np.uint8)
    if bitmap.rows and bitmap.width:
        ink = np.array(bitmap.buffer, np.uint8).reshape(bitmap.rows, bitmap.pitch)[:, : bitmap.width].copy()
    advance = slot.linearHoriAdvance / 65536 / DENSITY
    return Outline(ink, slot.bitmap_left, slot.bitmap_top, advance, name, char, program.base_font)


def _glyph(program: _Program, code: int, native: bool) -> tuple[int, str, str]:
    face = program.face
    if native:
        name = face.get_glyph_name(code).decode() if face.has_glyph_names else ""
        char = program.characters.get(code, "")
        form = _FORM_OF.match(name)
        if not char and form:
            base = face.get_name_index(form["base"].encode())
            char = program.characters.get(base, "") if base else ""
        return code, name, char
    if program.encoding is not None:
        name = program.encoding[code] if code < len(program.encoding) else ".notdef"
        index = face.get_name_index(name.encode())
    else:
        _select_own_encoding(face)
        index = face.get_char_index(code)
        name = face.get_glyph_name(index).decode()
    if not index or name == ".notdef":
        raise NoOutline(name)
    return index, name, unicode_of(name)


def _select_own_encoding(face: freetype.Face) -> None:
    for kind in (freetype.FT_ENCODING_ADOBE_CUSTOM, freetype.FT_ENCODING_ADOBE_STANDARD):
        if any(charmap.encoding == kind for charmap in face.charmaps):
            face.select_charmap(kind)
            return
