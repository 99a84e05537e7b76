"""Embedded font programs: built-in encodings and the ink box of every glyph, in em.

Decoding a Type 1 program costs more than reading a page that uses it, so what is learnt from one is kept:
in this process for the last few hundred programs, and in a directory, if one is given, for the next process.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import struct
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont

from mathpixweb.engine.readers.charstrings2 import Type2Bounds
from mathpixweb.engine.readers.encodings import STANDARD, Encoding
from mathpixweb.engine.readers.type1 import Type1Program

logging.getLogger("fontTools").setLevel(logging.CRITICAL)  # it warns of every oddity of broken fonts

EmBox = tuple[float, float, float, float]

# A glyph with nested composites of a hostile font may take forever; none of ours is larger than this.
LARGEST_PROGRAM = 32 * 1024 * 1024
KEPT_IN_PROCESS = 256
_GLYPH_HEADER = struct.Struct(">5h")  # the number of contours and the box
_FORMAT = 1  # of the files in the cache directory


class FontProgram:
    """What one embedded font says of its glyphs, asked by glyph name, glyph number or CID.

    `encoding` is the built-in encoding of a simple font. Boxes are (x0, y0, x1, y1) in em, None for a glyph
    that draws nothing or is not there.
    """

    def __init__(
        self,
        encoding: Encoding,
        order: list[str],
        draw: Callable[[str], EmBox | None],
        unicode_to_name: Mapping[int, str] | None = None,
        cid_keyed: bool = False,
        symbolic_codes: Mapping[int, str] | None = None,
    ) -> None:
        self.encoding = encoding
        self.order = order
        self.cid_keyed = cid_keyed
        self.unicode_to_name = unicode_to_name or {}
        self.symbolic_codes = symbolic_codes or {}
        self._draw = draw
        self._boxes: dict[str, EmBox | None] = {}

    def box(self, name: str) -> EmBox | None:
        if name not in self._boxes:
            self._boxes[name] = self._draw(name)
        return self._boxes[name]

    def name_of_cid(self, cid: int) -> str:
        """The glyph a CID stands for when the PDF gives no CIDToGIDMap."""
        if self.cid_keyed:
            return f"cid{cid:05d}"
        return self.order[cid] if 0 <= cid < len(self.order) else ""


EMPTY_PROGRAM = FontProgram({}, [], lambda _name: None)


class ProgramCache:
    """Font programs by the SHA-1 of their bytes. `directory` may be None: nothing is kept on disk then."""

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = directory

    def program(self, kind: str, content: bytes) -> FontProgram:
        """The program in `content` of PDF's kind "FontFile", "FontFile2" or "FontFile3"; empty if broken."""
        if not content or len(content) > LARGEST_PROGRAM:
            return EMPTY_PROGRAM
        key = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        if key in _recent:
            _recent.move_to_end(key)
            return _recent[key]
        program = self._load(key) or self._parse(key, kind, content)
        _recent[key] = program
        while len(_recent) > KEPT_IN_PROCESS:
            _recent.popitem(last=False)
        return program

    def _parse(self, key: str, kind: str, content: bytes) -> FontProgram:
        try:
            program = _PARSERS[kind](content)
        except Exception:  # noqa: BLE001  a broken font is one of many ways; its text can be read all the same
            return EMPTY_PROGRAM
        if kind == "FontFile":
            self._save(key, program)
        return program

    def _path(self, key: str) -> Path | None:
        return self.directory / f"{key}.{_FORMAT}.json" if self.directory else None

    def _load(self, key: str) -> FontProgram | None:
        path = self._path(key)
        if path is None or not path.is_file():
            return None
        try:
            stored = json.loads(path.read_text())
            boxes = {name: tuple(box) for name, box in stored["boxes"].items() if len(box) == 4}
            encoding = {int(code): str(name) for code, name in stored["encoding"].items()}
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            return None
        return FontProgram(encoding, list(boxes), boxes.get)

    def _save(self, key: str, program: FontProgram) -> None:
        path = self._path(key)
        if path is None:
            return
        boxes = {name: box for name in program.order if (box := program.box(name))}
        text = json.dumps({"encoding": dict(program.encoding), "boxes": boxes})
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
                file.write(text)
            os.replace(file.name, path)  # noqa: PTH105  readers see the whole file or none
        except OSError:
            return


_recent: OrderedDict[str, FontProgram] = OrderedDict()


def forget() -> None:
    """Drop the programs kept in this process."""
    _recent.clear()


def _box_of_outline(glyphs: Any, scale: float) -> Callable[[str], EmBox | None]:
    """Boxes of the charstrings of a CFF program."""
    shared = _Biased(glyphs.globalSubrs)

    def draw(name: str) -> EmBox | None:
        if name not in glyphs:
            return None
        try:
            return _scaled(_bounds(glyphs, name, shared), scale)
        except Exception:  # noqa: BLE001  one broken outline among good ones
            return None

    return draw


def _bounds(glyphs: Any, name: str, shared: _Biased) -> EmBox | None:
    charstring = glyphs[name]
    if charstring.bytecode is None:  # fontTools has taken it apart already
        charstring.compile()
    drawn = Type2Bounds(_Biased(getattr(charstring.private, "Subrs", ())), shared)
    bounds = drawn.run(charstring.bytecode)
    if drawn.accent is None:
        return bounds
    dx, dy, *codes = drawn.accent
    letter, mark = (_bounds(glyphs, STANDARD[int(code)], shared) for code in codes)
    if letter is None or mark is None:
        return letter or mark
    return (
        min(letter[0], mark[0] + dx),
        min(letter[1], mark[1] + dy),
        max(letter[2], mark[2] + dx),
        max(letter[3], mark[3] + dy),
    )


class _Biased:
    """The subroutines of a CFF program as charstrings count them, from the middle."""

    def __init__(self, subroutines: Sequence[Any]) -> None:
        count = len(subroutines)
        self._subroutines = subroutines
        self._bias = 107 if count < 1240 else 1131 if count < 33900 else 32768

    def __getitem__(self, index: int) -> bytes:
        at = index + self._bias
        if not 0 <= at < len(self._subroutines):
            raise IndexError(index)
        return bytes(self._subroutines[at].bytecode)


def _scaled(bounds: EmBox | None, scale: float) -> EmBox | None:
    if bounds is None:
        return None
    x0, y0, x1, y1 = bounds
    return (x0 * scale, y0 * scale, x1 * scale, y1 * scale)


def _type1(content: bytes) -> FontProgram:
    font = Type1Program(content)

    def draw(name: str) -> EmBox | None:
        try:
            bounds = font.bounds(name)
        except Exception:  # noqa: BLE001  one broken outline among good ones
            return None
        return _scaled(bounds, font.scale)

    return FontProgram(font.encoding, font.names, draw)


def _cff(content: bytes) -> FontProgram:
    table = TTFont(io.BytesIO(content), lazy=True).getTableData("CFF ") if content[:4] == b"OTTO" else content
    cff = CFFFontSet()
    cff.decompile(io.BytesIO(table), None)
    top = cff[0]
    cid_keyed = hasattr(top, "ROS")
    listed = None if cid_keyed else getattr(top, "Encoding", None)
    encoding = STANDARD
    if isinstance(listed, list):
        encoding = {code: name for code, name in enumerate(listed) if name != ".notdef"}
        encoding |= _at_code_zero(table, top)
    matrix = getattr(top, "FontMatrix", None) or [0.001]
    scale = float(matrix[0]) or 0.001
    return FontProgram(
        encoding, list(top.charset), _box_of_outline(top.CharStrings, scale), cid_keyed=cid_keyed
    )


def _at_code_zero(table: bytes, top: Any) -> dict[int, str]:
    """The glyph with code 0, which fontTools leaves out; in TeX's symbols that is the minus."""
    at = top.rawDict.get("Encoding")
    if not isinstance(at, int) or len(table) < at + 2:
        return {}
    form, count = table[at] & 0x7F, table[at + 1]
    if form == 0:
        codes = list(table[at + 2 : at + 2 + count])
    else:
        pairs = table[at + 2 : at + 2 + 2 * count]
        codes = [
            first + k for first, more in zip(pairs[::2], pairs[1::2], strict=False) for k in range(more + 1)
        ]
    glyph = codes.index(0) + 1 if 0 in codes else 0
    return {0: top.charset[glyph]} if 0 < glyph < len(top.charset) else {}


def _truetype(content: bytes) -> FontProgram:
    font = TTFont(io.BytesIO(content), lazy=True, fontNumber=0)
    scale = 1 / (font["head"].unitsPerEm or 1000)
    unicodes: dict[int, str] = {}
    symbolic: dict[int, str] = {}
    if "cmap" in font:
        unicodes = dict(font.getBestCmap() or {})
        for table in font["cmap"].tables:
            if (table.platformID, table.platEncID) in ((3, 0), (1, 0)):
                symbolic.update({code & 0xFF: name for code, name in table.cmap.items()})
    order = font.getGlyphOrder()
    draw = _stated_boxes(font, order, scale)
    return FontProgram({}, order, draw, unicodes, symbolic_codes=symbolic)


def _stated_boxes(font: TTFont, order: Sequence[str], scale: float) -> Callable[[str], EmBox | None]:
    """Boxes as the glyphs of a TrueType program state them, in front of their outlines.

    An outline is moved so that it begins at the left side bearing, which is stated elsewhere.
    """
    places = font["loca"]
    bearings = _left_bearings(font)
    outlines = bytes(font.reader["glyf"])
    numbers = {name: number for number, name in enumerate(order)}

    def draw(name: str) -> EmBox | None:
        number = numbers.get(name)
        if number is None or number + 1 >= len(places):
            return None
        start, end = places[number], places[number + 1]
        if end - start < _GLYPH_HEADER.size or end > len(outlines):
            return None
        _contours, x0, y0, x1, y1 = _GLYPH_HEADER.unpack_from(outlines, start)
        left = bearings(number, x0)
        return _scaled((left, y0, x1 + left - x0, y1), scale)

    return draw


def _left_bearings(font: TTFont) -> Callable[[int, int], int]:
    """The left side bearing of a glyph by its number; what is given besides where none is stated."""
    if "hmtx" not in font or "hhea" not in font:
        return lambda _number, left: left
    full, metrics = font["hhea"].numberOfHMetrics, bytes(font.reader["hmtx"])

    def bearing(number: int, left: int) -> int:
        at = 4 * number + 2 if number < full else 4 * full + 2 * (number - full)
        return int.from_bytes(metrics[at : at + 2], "big", signed=True) if at + 2 <= len(metrics) else left

    return bearing


_PARSERS: dict[str, Callable[[bytes], FontProgram]] = {
    "FontFile": _type1,
    "FontFile2": _truetype,
    "FontFile3": _cff,
}
