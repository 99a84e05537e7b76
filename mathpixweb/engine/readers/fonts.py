"""A font as one PDF uses it: character code in, identity, width and ink box out.

TeX fonts are identified by glyph name, since ToUnicode maps written for them are mostly wrong. For all others
ToUnicode comes first, since producers give their subsets misleading glyph names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pdfminer.pdffont import PDFCIDFont, PDFFont, PDFType3Font
from pdfminer.pdftypes import PDFStream, resolve1, stream_value
from pdfminer.psparser import PSLiteral, literal_name

from mathpixweb.engine.readers import (
    bitmap_fonts,
    compatible_characters,
    halved_characters,
    private_characters,
    unicode_maps,
)
from mathpixweb.engine.readers.encodings import (
    STANDARD,
    WIN_ANSI,
    Encoding,
    base_encoding,
    is_meaningless,
    unicode_of,
)
from mathpixweb.engine.readers.families import coded_like, family_of, is_mixed, is_tex
from mathpixweb.engine.readers.programs import EMPTY_PROGRAM, EmBox, FontProgram, ProgramCache
from mathpixweb.engine.readers.scaled_glyphs import Scale, ScaledGlyphs

_SUBSET_TAG = re.compile(r"^[A-Z]{6}\+")
_TYPE3_BOX = re.compile(rb"((?:[-+.\d]+\s+){6})d1\b")
_TEX_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")

# Height of a character above and depth below its baseline, where the font program is missing, in em.
_SHAPES: tuple[tuple[str, float, float], ...] = (
    ("acemnorsuvwxzαεικνοπστυω", 0.0, 0.46),
    ("gpqyηγμρχ", -0.21, 0.46),
    ("jQβζλξφψ", -0.21, 0.69),
    (".", 0.0, 0.11),
    (",;", -0.14, 0.43),
    (":", 0.0, 0.43),
    ("-−–—=+<>±×·∼~→←", 0.05, 0.5),
    ("()[]{}|/\\", -0.22, 0.74),
    ("'\"`’‘“”^*", 0.43, 0.69),
    ("_", -0.2, -0.1),
)
_SPACES = ("space", "nbspace", "nonbreakingspace")
_LIGATED = "flt"  # letters that have a ligature with themselves
# MathDesign gives the two epsilons each other's names.
_SWAPPED = {"epsilon": "epsilon1", "epsilon1": "epsilon"}
# The symbols of LaTeX's first package of them are only numbered.
_NUMBERED = {
    "a1": "lhd",
    "a2": "triangleleftequal",
    "a3": "rhd",
    "a4": "trianglerightequal",
    "a48": "mho",
    "a49": "bowtie",
    "a50": "square",
    "a51": "lozenge",
    "a59": "leadsto",
    "a60": "squareimage",
    "a61": "squareoriginal",
}
_DEFAULT_SHAPE = (0.0, 0.69)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One character code of one font: its identity, pen advance and ink box in em (None: draws nothing).

    `shows` tells whether there is ink.
    """

    name: str
    char: str
    advance: float
    box: EmBox | None
    shows: bool


MOST_TELLING = 0.5  # of the names of bitmaps are those of characters; some are so by chance, as "AE"


class Face:
    """A font of the document with everything needed to place its glyphs. `number` is that of its object,
    `scales` the sizes in which it has been drawn.

    `em` is what its size is to be multiplied by; `pictures` says that each glyph is drawn like a picture, and
    `upside_down` that it is so in text that is not mirrored.
    """

    def __init__(
        self, font: PDFFont, spec: Mapping[str, Any], programs: ProgramCache, number: int = 0
    ) -> None:
        self._font = font
        self.number = number
        self.name = _SUBSET_TAG.sub("", _name_of(spec))
        self.family = family_of(self.name)
        self.mixed = is_mixed(self.name)
        self.vertical = bool(font.is_vertical())
        self.multibyte = bool(font.is_multibyte())
        self._composite = isinstance(font, PDFCIDFont)
        self._type3 = isinstance(font, PDFType3Font)
        self._tex = is_tex(self.name) and not self._composite
        self._program = _program_of(font, programs)
        self._encoding: Encoding = {} if self._composite else _encoding_of(spec, self._program, self._type3)
        self._procs = resolve1(spec.get("CharProcs")) if self._type3 else None
        self.em, self.pictures, self.upside_down = 1.0, self._type3, False
        self._drawings = self._encoding  # the names by which a Type 3 font calls the pictures of its glyphs
        if isinstance(font, PDFType3Font):
            self.em = _em_of_type3(font)
            self.upside_down = font.matrix[3] < 0
            self._recognize(font)
        self._gids = _cid_to_gid(spec) if self._composite else None
        self._stated = unicode_maps.stated(spec)
        self.scales: dict[Scale, ScaledGlyphs] = {}
        self._known: dict[int, Drawn] = {}

    def _recognize(self, font: PDFType3Font) -> None:
        """Takes name and encoding of the font of TeX of which this one has bitmaps, if it is one."""
        telling = sum(bool(unicode_of(name)) for name in self._encoding.values())
        if telling > MOST_TELLING * len(self._encoding):
            return
        unit, rise = font.matrix[0] or 1.0, abs(font.matrix[3]) or 1.0
        measures: dict[int, bitmap_fonts.Measures] = {}
        for code in self._encoding:
            box = self._box(code, "")
            if box is not None:
                x0, y0, x1, y1 = box[0] / unit, box[1] / rise, box[2] / unit, box[3] / rise
                measures[code] = (_advance(font, code) / unit, x0, y0, x1, y1)
        found = bitmap_fonts.identified(measures)
        if found is not None:
            self.name, self.family, self._tex = found.name, family_of(found.name), True
            self._encoding, self.em = found.encoding, found.em * rise

    def codes(self, text: bytes) -> Iterable[int]:
        """The character codes (CIDs of a composite font) in a string of the content stream."""
        return text if not self.multibyte else self._font.decode(text)

    def drawn(self, code: int) -> Drawn:
        found = self._known.get(code)
        if found is None:
            found = self._known[code] = self._look_up(code)
        return found

    def _look_up(self, code: int) -> Drawn:
        advance = _advance(self._font, code)
        name = self._name(code)
        char = self._char(code, name)
        space = not char.strip() if char else name in _SPACES  # subsets may number their glyphs through
        box = self._box(code, name)
        if box is None and not space and (char.strip() or not self._has_outlines()):
            box = _guessed_box(char, advance)
        if self.name.startswith("LASY"):
            name = _NUMBERED.get(name, name)
        if self._type3 and is_meaningless(name):
            name = ""
        if self.family == "umath":
            char = halved_characters.whole(char, box)
        if not self._composite and (meant := self._meant_by(code, name)):
            name, char = meant, unicode_of(meant)
        if box is not None and box[2] - box[0] < 1e-6 and box[3] - box[1] < 1e-6:
            box = None
        return Drawn(name, char, advance, box, box is not None and not space)

    def _meant_by(self, code: int, name: str) -> str:
        """The name that the code has in the font of TeX's that this one is like."""
        like = coded_like(self.name, name == WIN_ANSI.get(code))
        return bitmap_fonts.encoding_of(like).get(code, "") if like else ""

    def _has_outlines(self) -> bool:
        return bool(self._program.order) or self._procs is not None

    def _name(self, code: int) -> str:
        if not self._composite:
            name = self._encoding.get(code, "")
            return _SWAPPED.get(name, name) if self.name.startswith("MathDesign") else name
        name = "" if self._program.cid_keyed else self._program.name_of_cid(self._gid(code))
        return "" if is_meaningless(name) else name

    def _char(self, code: int, name: str) -> str:
        named = unicode_of(name)
        if named and (self._tex or (self.family == "umath" and not self._composite)):
            return named
        mapped = _TEX_CONTROL.sub("", _undoubled(self._mapped(code)))
        public = private_characters.public(self.name, unicodedata.normalize("NFC", mapped))
        return compatible_characters.plain(public) or named

    def _mapped(self, code: int) -> str:
        """What the document says that the code means."""
        if self._stated is not None:
            return self._meanings.get(code, "")
        mapping = getattr(self._font, "unicode_map", None)
        try:
            text = mapping.get_unichr(code) if mapping is not None else ""
        except KeyError:
            return ""
        return text if isinstance(text, str) else ""

    @cached_property
    def _meanings(self) -> Mapping[int, str]:
        return unicode_maps.read(self._stated) if self._stated is not None else {}

    def _gid(self, cid: int) -> int:
        if self._gids is not None and 2 * cid + 1 < len(self._gids):
            return self._gids[2 * cid] * 256 + self._gids[2 * cid + 1]
        return cid

    def _box(self, code: int, name: str) -> EmBox | None:
        if self._type3:
            return self._type3_box(self._drawings.get(code, ""))
        if self._composite:
            return self._program.box(self._program.name_of_cid(self._gid(code)))
        return self._program.box(self._outline_name(code, name))

    def _outline_name(self, code: int, name: str) -> str:
        """In a TrueType program the glyph is found through the character map, names may be missing."""
        program = self._program
        if not program.unicode_to_name and not program.symbolic_codes:
            return name
        char = unicode_of(name)
        found = program.unicode_to_name.get(ord(char)) if len(char) == 1 else None
        return found or program.symbolic_codes.get(code) or program.unicode_to_name.get(code) or name

    def _type3_box(self, name: str) -> EmBox | None:
        procs = self._procs
        if not isinstance(procs, dict) or name not in procs or not isinstance(self._font, PDFType3Font):
            return None
        proc = resolve1(procs[name])
        found = _TYPE3_BOX.search(proc.get_data()[:400]) if isinstance(proc, PDFStream) else None
        if not found:
            return None
        _wx, _wy, x0, y0, x1, y1 = (float(number) for number in found.group(1).split())
        a, _b, _c, d, e, f = self._font.matrix
        return (x0 * a + e, y0 * abs(d) + f, x1 * a + e, y1 * abs(d) + f)


def _em_of_type3(font: PDFType3Font) -> float:
    """The em of a font that draws its glyphs in units of its own, in text space.

    Bitmaps are often measured in the pixels of a printer, which a text matrix makes small.
    """
    _a, _b, _c, d, _e, _f = font.matrix
    tall = abs(float(font.bbox[3]) - float(font.bbox[1])) * abs(d)
    usual = 0.5 < 1000 * abs(d) < 2 or not tall
    return 1.0 if usual else tall


def _name_of(spec: Mapping[str, Any]) -> str:
    """The BaseFont, which may be stored elsewhere in the file."""
    name = resolve1(spec.get("BaseFont"))
    return str(literal_name(name)) if isinstance(name, PSLiteral) else ""


def _advance(font: PDFFont, code: int) -> float:
    try:
        return float(font.char_width(code))
    except (TypeError, ValueError, KeyError):
        return 0.5


def _undoubled(text: str) -> str:
    """The text, with the doubled letters of some Word add-ins undone ("KK" for "K")."""
    if len(text) == 2 and text[0] == text[1] and text[0].isalpha() and text[0] not in _LIGATED:
        return text[0]
    return text


def _program_of(font: PDFFont, programs: ProgramCache) -> FontProgram:
    descriptor = getattr(font, "descriptor", None) or {}
    for kind in ("FontFile", "FontFile3", "FontFile2"):
        if kind in descriptor:
            content = stream_value(descriptor[kind]).get_data()
            return programs.program(_actual_kind(kind, content), content)
    return EMPTY_PROGRAM


def _actual_kind(kind: str, content: bytes) -> str:
    """What the bytes are, since producers put OpenType and Type 1 programs under each other's keys."""
    if content[:4] in (b"\x00\x01\x00\x00", b"true", b"ttcf"):
        return "FontFile2"
    if content[:4] == b"OTTO" or content[:2] == b"\x01\x00":
        return "FontFile3"
    if content[:2] == b"%!" or content[:1] == b"\x80":
        return "FontFile"
    return kind


def _encoding_of(spec: Mapping[str, Any], program: FontProgram, type3: bool) -> dict[int, str]:
    given = resolve1(spec.get("Encoding"))
    builtin = program.encoding or ({} if type3 else STANDARD)
    if isinstance(given, PSLiteral):
        return dict(base_encoding(str(literal_name(given))) or builtin)
    if not isinstance(given, dict):
        return dict(program.encoding or ({} if type3 else _default_encoding(spec)))
    base = (
        base_encoding(str(literal_name(resolve1(given["BaseEncoding"])))) if "BaseEncoding" in given else None
    )
    names = dict(base or builtin)
    code = 0
    for item in resolve1(given.get("Differences")) or []:
        item = resolve1(item)
        if isinstance(item, (int, float)):
            code = int(item)
        elif isinstance(item, PSLiteral):
            names[code] = str(literal_name(item))
            code += 1
    return names


def _default_encoding(spec: Mapping[str, Any]) -> Mapping[int, str]:
    subtype = resolve1(spec.get("Subtype"))
    truetype = isinstance(subtype, PSLiteral) and literal_name(subtype) == "TrueType"
    return WIN_ANSI if truetype else STANDARD


def _cid_to_gid(spec: Mapping[str, Any]) -> bytes | None:
    descendants = resolve1(spec.get("DescendantFonts"))
    descendant = resolve1(descendants[0]) if isinstance(descendants, list) and descendants else spec
    mapping = resolve1(descendant.get("CIDToGIDMap")) if isinstance(descendant, dict) else None
    return mapping.get_data() if isinstance(mapping, PDFStream) else None


def _guessed_box(char: str, advance: float) -> EmBox:
    base = unicodedata.normalize("NFD", char)[:1]
    low, high = next(((y0, y1) for chars, y0, y1 in _SHAPES if base and base in chars), _DEFAULT_SHAPE)
    return (0.05 * advance, low, 0.95 * advance, high)
