"""Type 1 font programs: the container only.

A PostScript interpreter for the header would cost more time than reading the pages that use the font, and
would run what strangers wrote. All that is wanted has a fixed form, so regular expressions pick it out;
outlines are decrypted when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

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
MOST_TRACED = 8192  # outlines, of 500 bytes each


@dataclass(frozen=True, slots=True)
class Charstrings:
    """Encrypted outlines by glyph name."""

    glyphs: dict[str, bytes]
    skip: int


@dataclass(frozen=True, slots=True)
class _Traced:
    """What an outline has told, and the subroutines, encrypted, that it has called for that."""

    box: Bounds | None
    accent: tuple[float, ...] | None
    side: float
    called: tuple[tuple[int, bytes], ...]


# By the encrypted outline and the length of its random start: documents have the same few fonts of TeX, each
# in a subset of its own, and running an outline costs more than all that is done with its box.
_traced: dict[tuple[bytes, int], _Traced] = {}


class Type1Program:
    """`scale` is the length of a glyph unit in em."""

    def __init__(self, content: bytes) -> None:
        clear, private = _halves(_without_segments(content))
        matrix = _MATRIX.search(clear)
        self.scale = float(matrix[1]) if matrix else 0.001
        self.encoding: Encoding = _encoding(clear)
        self._charstrings = _charstrings(private)
        self._subroutines = _Subroutines(private, self._charstrings.skip)
        self.names = list(self._charstrings.glyphs)

    def bounds(self, name: str) -> Bounds | None:
        """The outline's box in glyph units. Raises BrokenOutline."""
        code = self._charstrings.glyphs.get(name)
        if code is None:
            return None
        traced = _traced.get((code, self._charstrings.skip))
        if traced is None or not self._subroutines.hold(traced.called):
            traced = self._trace(code)
        return traced.box if traced.accent is None else self._accented(traced.accent, traced.side)

    def _trace(self, code: bytes) -> _Traced:
        """What running the outline tells, kept for other subsets of the font. Raises BrokenOutline."""
        self._subroutines.called.clear()
        drawn = Type1Bounds(self._subroutines)
        box = drawn.run(_decrypted(code, CHARSTRING_KEY, self._charstrings.skip))
        called = {index: self._subroutines.encrypted[index] for index in self._subroutines.called}
        traced = _Traced(box, drawn.accent, drawn.side, tuple(called.items()))
        while len(_traced) >= MOST_TRACED:
            _traced.pop(next(iter(_traced)))
        _traced[code, self._charstrings.skip] = traced
        return traced

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
    """Found and decrypted when they are called: a subset of five glyphs may come with thousands of them."""

    def __init__(self, private: bytes, skip: int) -> None:
        start, glyphs_at = private.find(b"/Subrs"), private.find(b"/CharStrings")
        end = glyphs_at if glyphs_at > start else len(private)
        self._listed = private[start:end] if start >= 0 else b""
        self._skip = skip
        self._plain: dict[int, bytes] = {}
        self.called: set[int] = set()

    def hold(self, known: Iterable[tuple[int, bytes]]) -> bool:
        """Whether these are the same as those that another subset of the font had."""
        return all(self.encrypted.get(index) == code for index, code in known)

    @cached_property
    def encrypted(self) -> dict[int, bytes]:
        """By their number."""
        listed, self._listed = self._listed, b""
        return {int(name): code for name, code in _entries(_SUBR, listed, 0, len(listed))}

    def __getitem__(self, index: int) -> bytes:
        self.called.add(index)
        if index not in self._plain:
            self._plain[index] = _decrypted(self.encrypted[index], CHARSTRING_KEY, self._skip)
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
    powers, inverses = (np.resize(cycle, len(data)) for cycle in _powers())
    steps = (cipher[:-1] * np.uint16(MULTIPLIER) + np.uint16(ADDEND)) * inverses[1:]
    keys = np.empty(len(data), dtype=np.uint16)
    keys[0] = key
    keys[1:] = (np.cumsum(steps, dtype=np.uint16) + np.uint16(key)) * powers[1:]
    return bytes((cipher ^ (keys >> 8)).astype(np.uint8).tobytes())


@cache
def _powers() -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """M^0, M^1 … and their inverses modulo 2^16, up to where they repeat."""
    count = 1 << 14
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
    glyphs = dict(_entries(_GLYPH, private, glyphs_at + 12, len(private))) if glyphs_at >= 0 else {}
    named = {name.decode("latin1"): code for name, code in glyphs.items()}
    return Charstrings(named, int(skip[1]) if skip else 4)


def _entries(form: re.Pattern[bytes], data: bytes, start: int, end: int) -> list[tuple[bytes, bytes]]:
    """Name and binary string of each entry; the strings are skipped by their stated length."""
    entries: list[tuple[bytes, bytes]] = []
    while len(entries) < MOST_ENTRIES and (found := form.search(data, start, min(end, start + 4000))):
        start = found.end() + int(found[2])
        entries.append((found[1], data[found.end() : start]))
    return entries
