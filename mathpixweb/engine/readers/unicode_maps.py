"""ToUnicode maps: what a font's codes mean, as the file says.

They are most of what is to be parsed before the first page of a short document can be read, and few of them
are asked in one that TeX has made: hence their own reader, which runs when a map is first needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pdfminer.encodingdb import name2unicode
from pdfminer.pdftypes import PDFStream, resolve1

from mathpixweb.engine.readers.streams import content_of

LARGEST_MAP = 4 * 1024 * 1024
MOST_CODES = 1 << 16  # a range may claim to have four thousand million
_BLOCK = re.compile(rb"begin(bfchar|bfrange|cidrange)\b(.*?)end(?:bf|cid)(?:char|range)\b", re.DOTALL)
_COMMENT = re.compile(rb"%[^\r\n]*")
_HEX = rb"<([0-9A-Fa-f\s]*)>\s*"
_PAIR = re.compile(_HEX + _HEX)
_RANGE = re.compile(_HEX + _HEX + rb"(?:" + _HEX + rb"|\[([^\]]*)\])")
_CID_RANGE = re.compile(_HEX + _HEX + rb"(\d+)")
_MEMBER = re.compile(rb"<([0-9A-Fa-f\s]*)>|/([^\s/<>\[\]()%]+)")
_EMPTY = PDFStream({}, b"")


def stated(spec: Mapping[str, Any]) -> PDFStream | None:
    """The map of the font, if it brings one along; names of maps are left to whoever knows them."""
    found = resolve1(spec.get("ToUnicode"))
    return found if isinstance(found, PDFStream) else None


def without(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The font's dictionary, with an empty map if it brings one along."""
    return {**spec, "ToUnicode": _EMPTY} if stated(spec) is not None else dict(spec)


def read(stream: PDFStream) -> dict[int, str]:
    """The text of each code; empty if the map is broken."""
    try:
        return parsed(content_of(stream, LARGEST_MAP))
    except Exception:  # noqa: BLE001  a map can be broken in any way; glyphs have names, too
        return {}


def parsed(content: bytes) -> dict[int, str]:
    """The text of each code in a map's program; the last one counts."""
    found: dict[int, str] = {}
    for code, text in islice(_entries(content), MOST_CODES):
        if not (text == "\u00a0" and found.get(code) == " "):  # the same glyph, and nothing is known of it
            found[code] = text
    return found


def _entries(content: bytes) -> Iterator[tuple[int, str]]:
    for kind, block in _BLOCK.findall(content):
        said = _COMMENT.sub(b"", block)
        if kind == b"bfchar":
            for code, text in _PAIR.findall(said):
                yield _number(code), _text(_bytes(text))
        elif kind == b"bfrange":
            for first, last, start, members in _RANGE.findall(said):
                codes = range(_number(first), _number(last) + 1)
                yield from zip(codes, _members(members) if members else _counted(start), strict=False)
        else:
            for first, last, cid in _CID_RANGE.findall(said):
                codes = range(int(cid), int(cid) + _number(last) - _number(first) + 1)
                yield from zip(codes, _counted(first), strict=False)


def _counted(start: bytes) -> Iterator[str]:
    """The texts that follow each other from the given one: its last characters count up."""
    first = _bytes(start)
    prefix, rest = first[:-4], first[-4:]
    base, length = int.from_bytes(rest, "big"), len(rest)
    for value in range(base, 1 << (8 * length)):
        yield _text(prefix + value.to_bytes(length, "big"))


def _members(said: bytes) -> Iterator[str]:
    for text, name in _MEMBER.findall(said):
        yield name2unicode(name.decode("latin-1")) if name else _text(_bytes(text))


def _number(digits: bytes) -> int:
    return int.from_bytes(_bytes(digits), "big")


def _bytes(digits: bytes) -> bytes:
    """The bytes that the digits write; a last one without its second half is one that is small."""
    dense = b"".join(digits.split()).decode("ascii")
    return bytes.fromhex(dense if len(dense) % 2 == 0 else f"{dense[:-1]}0{dense[-1]}")


def _text(encoded: bytes) -> str:
    return encoded.decode("utf-16-be", "ignore")
