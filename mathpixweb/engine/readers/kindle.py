"""Kindle books before KFX: MOBI, AZW and AZW3 (KF8), as the HTML that they hold.

The layout of the records is described at https://wiki.mobileread.com/wiki/MOBI.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mathpixweb.engine.errors import EncryptedDocument, UnreadableDocument
from mathpixweb.engine.flow.model import Flow
from mathpixweb.engine.readers import palm, web
from mathpixweb.engine.readers.books import LOCKED

PLAIN, PALMDOC, HUFFMAN = 1, 2, 17480
NOT_THERE: Final = 0xFFFFFFFF
UTF8: Final = 65001
KF8_AT: Final = 121  # the item of the book's properties that tells where its newer form begins
PICTURE_MARKS: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM")
_PICTURE = re.compile(
    r"""<img\b[^>]*?\b(?:recindex|src)\s*=\s*["']?(?:kindle:embed:)?0*([0-9A-V]+)[^>]*>""", re.IGNORECASE
)
_INDEXED = re.compile(r"recindex", re.IGNORECASE)
_BREAK = re.compile(r"<\s*mbp:pagebreak[^>]*/?>", re.IGNORECASE)
_PARTS = re.compile(r"</html>", re.IGNORECASE)
_OUTSIDE = re.compile(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """The first record of a book: how its text is packed, and where its records are."""

    packing: int
    text_records: int
    locked: bool
    encoding: str
    first_picture: int
    huffman: tuple[int, int]
    trailers: int
    kf8: bool
    newer: int


def read_path(path: Path) -> Flow:
    """Raises EncryptedDocument for a locked book, UnreadableDocument."""
    records = palm.records(path)
    try:
        start, head = _chosen(records)
        if head.locked:
            raise EncryptedDocument(LOCKED)
        text = _text(records, start, head)
    except (struct.error, IndexError) as error:
        raise UnreadableDocument("Its records are damaged.") from error
    pictures = _pictures(records, head.first_picture)
    flow = web.read(_page(text, head.kf8, pictures))
    return Flow(flow.blocks, {**flow.pictures, **pictures})


def _chosen(records: Sequence[bytes]) -> tuple[int, Head]:
    """Where the newest form of the book begins: files for old and new readers hold it twice."""
    first = _head(records[0])
    if not first.kf8 and 0 < first.newer < len(records) and records[first.newer - 1][:8] == b"BOUNDARY":
        newer = _head(records[first.newer])
        pictures = first.first_picture
        return first.newer, Head(
            newer.packing, newer.text_records, newer.locked, newer.encoding, pictures,
            newer.huffman, newer.trailers, True, 0,
        )  # fmt: skip
    return 0, first


def _head(record: bytes) -> Head:
    packing, _, _, count, _, locked = struct.unpack_from(">HHLHHH", record)
    if record[16:20] != b"MOBI":
        return Head(packing, count, bool(locked), "cp1252", NOT_THERE, (0, 0), 0, False, 0)
    length, _, codepage, _, version = struct.unpack_from(">LLLLL", record, 20)
    (picture,) = struct.unpack_from(">L", record, 108)
    huffman = struct.unpack_from(">LL", record, 112)
    trailers = struct.unpack_from(">H", record, 242)[0] if length >= 228 and len(record) >= 244 else 0
    return Head(
        packing,
        count,
        bool(locked),
        "utf-8" if codepage == UTF8 else "cp1252",
        picture,
        (huffman[0], huffman[1]),
        trailers,
        version == 8,
        _newer(record, 16 + length),
    )


def _newer(record: bytes, at: int) -> int:
    """The number of the record with which the book's newer form begins; 0 when there is none."""
    if record[at : at + 4] != b"EXTH":
        return 0
    (count,) = struct.unpack_from(">L", record, at + 8)
    at += 12
    for _ in range(min(count, 1000)):
        kind, size = struct.unpack_from(">LL", record, at)
        if kind == KF8_AT and size == 12:
            (found,) = struct.unpack_from(">L", record, at + 8)
            return 0 if found == NOT_THERE else int(found)
        at += max(size, 8)
    return 0


def _text(records: Sequence[bytes], start: int, head: Head) -> str:
    unpack = _unpacking(records, start, head)
    out = bytearray()
    for record in records[start + 1 : start + 1 + head.text_records]:
        out += unpack(_without_trailers(record, head.trailers))
        if len(out) > palm.LARGEST_TEXT:
            raise UnreadableDocument("Unpacked it would be too large.")
    words = bytes(out[: _first_flow(records[start:])]) if head.kf8 else bytes(out)
    return words.decode(head.encoding, errors="replace").replace("\0", "")


def _first_flow(records: Sequence[bytes]) -> int | None:
    """Where the words end and what gives them their looks begins; None when nothing tells."""
    for record in records:
        if record[:4] == b"FDST" and len(record) >= 20:
            return int(struct.unpack_from(">L", record, 16)[0])
    return None


def _unpacking(records: Sequence[bytes], start: int, head: Head) -> Callable[[bytes], bytes]:
    if head.packing == PLAIN:
        return bytes
    if head.packing == PALMDOC:
        return palm.unpack_palmdoc
    if head.packing == HUFFMAN:
        first, count = start + head.huffman[0], head.huffman[1]
        return palm.huffman(records[first], list(records[first + 1 : first + count]))
    raise UnreadableDocument("Its text is packed in a way that is not known here.")


def _without_trailers(record: bytes, flags: int) -> bytes:
    """The record's text: what stands behind it counts its own size backwards, in seven bits a byte."""
    for _ in range((flags >> 1).bit_count()):
        size = 0
        for byte in record[-4:]:
            size = 0 if byte & 0x80 else size
            size = size << 7 | byte & 0x7F
        record = record[: max(0, len(record) - size)]
    if flags & 1 and record:
        record = record[: -((record[-1] & 3) + 1)]
    return record


def _pictures(records: Sequence[bytes], first: int) -> dict[str, bytes]:
    """The pictures by the names that `_page` gives them; they are counted from 1, whatever stands between."""
    return {
        f"picture-{number}": record
        for number, record in enumerate(records[first:] if first < len(records) else (), 1)
        if record.startswith(PICTURE_MARKS)
    }


def _page(text: str, kf8: bool, pictures: dict[str, bytes]) -> str:
    """The book as one page of HTML, pictures by name, with marks where its pages begin."""

    def picture(found: re.Match[str]) -> str:
        digits = found[1].upper()
        try:
            number = int(digits, 10 if _INDEXED.search(found[0]) else 32)
        except ValueError:
            return ""
        return f'<img src="picture-{number}">' if f"picture-{number}" in pictures else ""

    mark = f"<p>{web.BREAK}</p>"
    text = _PICTURE.sub(picture, _BREAK.sub(mark, text))
    if kf8:  # several pages of HTML in a row, each before what fills it
        text = _PARTS.sub(mark, _OUTSIDE.sub("", text))
        text = re.sub(
            r"<(/?)(?:html|body)\b[^>]*>|<head\b.*?</head>", "", text, flags=re.IGNORECASE | re.DOTALL
        )
    return text
