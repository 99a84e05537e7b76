"""Type 1 font programs: the container only.

A PostScript interpreter for the header would cost more time than reading the pages that use the font, and
would run what strangers wrote. All that is wanted has a fixed form, so regular expressions pick it out;
outlines are decrypted when they are asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mathpixweb.engine.readers.charstrings1 import Type1Bounds
from mathpixweb.engine.readers.encodings import STANDARD, Encoding
from mathpixweb.engine.readers.outlines import Bounds

EEXEC_KEY, CHARSTRING_KEY = 55665, 4330
MULTIPLIER, ADDEND = 52845, 22719
FEWEST_AT_ONCE = 200  # bytes; fewer are deciphered faster one by one
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

    def bounds(self, name: str) -> Bounds | None:
        """The outline's box in glyph units. Raises BrokenOutline."""
        code = self._charstrings.glyphs.get(name)
        if code is None:
            return None
        drawn = Type1Bounds(self._subroutines)
        box = drawn.run(_decrypted(code, CHARSTRING_KEY, self._charstrings.skip))
        return box if drawn.accent is None else self._accented(drawn.accent, drawn.side)

    def _accented(self, accent: tuple[float, ...], side: float) -> Bounds | None:
        """The box of a letter and the accent over it, which are glyphs of their own."""
        its_side, dx, dy, *codes = accent
        letter, mark = (self.bounds(STANDARD.get(int(code), "")) for code in codes)
        if letter is None or mark is None:
            return letter or mark
        dx += side - its_side
        return (
            min(letter[0], mark[0] + dx),
            min(letter[1], mark[1] + dy),
            max(letter[2], mark[2] + dx),
            max(letter[3], mark[3] + dy),
        )


class _Subroutines:
    """Decrypted when they are called: a subset of five glyphs may come with thousands of them."""

    def __init__(self, charstrings: Charstrings) -> None:
        self._encrypted = charstrings
        self._plain: dict[int, bytes] = {}

    def __getitem__(self, index: int) -> bytes:
        if index not in self._plain:
            encrypted = self._encrypted.subroutines[index]
            self._plain[index] = _decrypted(encrypted, CHARSTRING_KEY, self._encrypted.skip)
        return self._plain[index]


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
    if len(data) > FEWEST_AT_ONCE:
        return _decrypted_at_once(data, key)[skip:]
    plain = bytearray(len(data))
    for position, byte in enumerate(data):
        plain[position] = byte ^ (key >> 8)
        key = ((byte + key) * MULTIPLIER + ADDEND) & 0xFFFF
    return bytes(plain[skip:])


def _decrypted_at_once(data: bytes, key: int) -> bytes:
    """The same for many bytes.

    The key after n bytes is M^n (key + sum of (byte_k M + A) / M^(k+1)) modulo 2^16, M being odd.
    """
    cipher = np.frombuffer(data, dtype=np.uint8).astype(np.uint16)
    powers, inverses = _powers(len(data))
    steps = (cipher[:-1] * np.uint16(MULTIPLIER) + np.uint16(ADDEND)) * inverses[1:]
    keys = np.empty(len(data), dtype=np.uint16)
    keys[0] = key
    keys[1:] = (np.cumsum(steps, dtype=np.uint16) + np.uint16(key)) * powers[1:]
    return bytes((cipher ^ (keys >> 8)).astype(np.uint8).tobytes())


def _powers(count: int) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """M^0, M^1 … and their inverses modulo 2^16, which repeat after 2^14."""
    powers = np.full(count, MULTIPLIER, dtype=np.uint16)
    inverses = np.full(count, pow(MULTIPLIER, -1, 1 << 16), dtype=np.uint16)
    powers[0] = inverses[0] = 1
    return np.cumprod(powers, dtype=np.uint16), np.cumprod(inverses, dtype=np.uint16)


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
