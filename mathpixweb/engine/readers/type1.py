"""Type 1 font programs: the container only.

A PostScript interpreter for the header would cost more time than reading the pages that use the font, and
would run what strangers wrote. All that is wanted has a fixed form, so regular expressions pick it out;
outlines are decrypted when they are asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fontTools.misc.psCharStrings import T1CharString
from fontTools.pens.boundsPen import BoundsPen

from mathpixweb.engine.readers.encodings import STANDARD, Encoding

EEXEC_KEY, CHARSTRING_KEY = 55665, 4330
_ENCODED = re.compile(rb"dup\s+(?:(\d+)#)?(\w+)\s*/([^\s/{}\[\]()<>%]+)\s+put")
_LEN_IV = re.compile(rb"/lenIV\s+(-?\d+)")
_MATRIX = re.compile(rb"/FontMatrix\s*\[\s*([-+.\deE]+)")
_SUBR = re.compile(rb"dup\s+(\d+)\s+(\d+)\s+\S+ ")
_GLYPH = re.compile(rb"/([^\s/{}\[\]()<>%]+)\s+(\d+)\s+\S+ ")
_HEX = frozenset(b"0123456789abcdefABCDEF \t\r\n")
MOST_ENTRIES = 65536


@dataclass(frozen=True, slots=True)
class Charstrings:
    """Encrypted outlines by glyph name, and the subroutines they call."""

    glyphs: dict[str, bytes]
    subroutines: dict[int, bytes]
    skip: int


class Type1Program:
    """`scale` is the length of a glyph unit in em."""

    def __init__(self, content: bytes) -> None:
        clear, private = _halves(_without_segments(content))
        matrix = _MATRIX.search(clear)
        self.scale = float(matrix[1]) if matrix else 0.001
        self.encoding: Encoding = _encoding(clear)
        self._charstrings = _charstrings(private)
        self._subroutines = _Subroutines(self._charstrings)
        self.names = list(self._charstrings.glyphs)

    def bounds(self, name: str) -> tuple[float, float, float, float] | None:
        """The outline's box in glyph units."""
        if name not in self._charstrings.glyphs:
            return None
        pen = BoundsPen(_Outlines(self))
        self.outline(name).draw(pen)
        return pen.bounds  # type: ignore[no-any-return]

    def outline(self, name: str) -> Any:
        code = _decrypted(self._charstrings.glyphs[name], CHARSTRING_KEY, self._charstrings.skip)
        return T1CharString(code, subrs=self._subroutines)


class _Subroutines:
    """Decrypted when they are called: a subset of five glyphs may come with thousands of them."""

    def __init__(self, charstrings: Charstrings) -> None:
        self._encrypted = charstrings
        self._plain: dict[int, Any] = {}

    def __getitem__(self, index: int) -> Any:
        if index not in self._plain:
            code = _decrypted(self._encrypted.subroutines[index], CHARSTRING_KEY, self._encrypted.skip)
            self._plain[index] = T1CharString(code, subrs=self)
        return self._plain[index]


class _Outlines:
    """What a pen needs to draw accented letters made of two outlines."""

    def __init__(self, program: Type1Program) -> None:
        self._program = program

    def __getitem__(self, name: str) -> Any:
        return self._program.outline(name)

    def __contains__(self, name: str) -> bool:
        return name in self._program.names


def _without_segments(content: bytes) -> bytes:
    """The program without the segment headers of a PFB file."""
    pieces: list[bytes] = []
    while content[:1] == b"\x80" and content[1:2] in (b"\x01", b"\x02"):
        length = int.from_bytes(content[2:6], "little")
        pieces.append(content[6 : 6 + length])
        content = content[6 + length :]
    return b"".join(pieces) or content


def _halves(content: bytes) -> tuple[bytes, bytes]:
    clear, _, rest = content.partition(b"eexec")
    rest = rest.lstrip(b" \t\r\n") if rest[:4].strip(b" \t\r\n") else rest[1:]
    if len(rest) > 4 and all(byte in _HEX for byte in rest[:8]):
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", rest)
        rest = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    return clear, _decrypted(rest, EEXEC_KEY, 4)


def _decrypted(data: bytes, key: int, skip: int) -> bytes:
    """Adobe's cipher undone, without the `skip` random bytes in front; a negative `skip` means plain text."""
    if skip < 0:
        return data
    plain = bytearray(len(data))
    for position, byte in enumerate(data):
        plain[position] = byte ^ (key >> 8)
        key = ((byte + key) * 52845 + 22719) & 0xFFFF
    return bytes(plain[skip:])


def _encoding(clear: bytes) -> Encoding:
    start = clear.find(b"/Encoding")
    if start < 0 or re.match(rb"/Encoding\s+StandardEncoding", clear[start : start + 40]):
        return STANDARD
    found = _ENCODED.finditer(clear, start)
    codes = {int(m[2], int(m[1] or 10)): m[3].decode("latin1") for m in found}
    return {code: name for code, name in codes.items() if name != ".notdef"}


def _charstrings(private: bytes) -> Charstrings:
    skip = _LEN_IV.search(private)
    glyphs_at = private.find(b"/CharStrings")
    subroutines_at = private.find(b"/Subrs")
    subroutines: dict[int, bytes] = {}
    if subroutines_at >= 0:
        end = glyphs_at if glyphs_at > subroutines_at else len(private)
        subroutines = {int(name): code for name, code in _entries(_SUBR, private, subroutines_at, end)}
    glyphs = dict(_entries(_GLYPH, private, glyphs_at + 12, len(private))) if glyphs_at >= 0 else {}
    named = {name.decode("latin1"): code for name, code in glyphs.items()}
    return Charstrings(named, subroutines, int(skip[1]) if skip else 4)


def _entries(form: re.Pattern[bytes], data: bytes, start: int, end: int) -> list[tuple[bytes, bytes]]:
    """Name and binary string of each entry; the strings are skipped by their stated length."""
    entries: list[tuple[bytes, bytes]] = []
    while len(entries) < MOST_ENTRIES and (found := form.search(data, start, min(end, start + 4000))):
        start = found.end() + int(found[2])
        entries.append((found[1], data[found.end() : start]))
    return entries
