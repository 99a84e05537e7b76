"""Palm databases, the records that Kindle books are kept in, and how their text is packed."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mathpixweb.engine.errors import UnreadableDocument

LARGEST_FILE: Final = 512 << 20  # bytes
LARGEST_TEXT: Final = 64 << 20  # bytes, unpacked
HEADER, ENTRY = 78, 8
DEEPEST: Final = 32  # phrases within phrases


def records(path: Path) -> list[bytes]:
    """All records of the database. Raises UnreadableDocument."""
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableDocument("It is larger than books are.")
    content = path.read_bytes()
    if len(content) < HEADER:
        raise UnreadableDocument("It ends before it begins.")
    (count,) = struct.unpack_from(">H", content, HEADER - 2)
    if len(content) < HEADER + ENTRY * count or not count:
        raise UnreadableDocument("Its list of records is cut off.")
    starts = [struct.unpack_from(">L", content, HEADER + ENTRY * index)[0] for index in range(count)]
    ends = [*starts[1:], len(content)]
    if any(not 0 < start <= end <= len(content) for start, end in zip(starts, ends, strict=True)):
        raise UnreadableDocument("Its list of records leads astray.")
    return [content[start:end] for start, end in zip(starts, ends, strict=True)]


def unpack_palmdoc(packed: bytes) -> bytes:
    """The text of a record: bytes as they are, blanks before letters, and repetitions."""
    out = bytearray()
    index = 0
    while index < len(packed):
        byte = packed[index]
        index += 1
        if 1 <= byte <= 8:
            out += packed[index : index + byte]
            index += byte
        elif byte < 0x80:
            out.append(byte)
        elif byte >= 0xC0:
            out += bytes((0x20, byte ^ 0x80))
        elif index < len(packed):
            pair = (byte << 8 | packed[index]) & 0x3FFF
            index += 1
            distance, length = pair >> 3, (pair & 7) + 3
            if not 0 < distance <= len(out):
                raise UnreadableDocument("Its packed text is damaged.")
            for _ in range(length):
                out.append(out[-distance])
    return bytes(out)


def huffman(head: bytes, dictionaries: list[bytes]) -> Callable[[bytes], bytes]:
    """What unpacks records that are packed by a dictionary of phrases. Raises UnreadableDocument."""
    try:
        return _Huffman(head, dictionaries).unpack
    except (struct.error, IndexError) as error:
        raise UnreadableDocument("Its dictionary is damaged.") from error


class _Huffman:
    def __init__(self, head: bytes, dictionaries: list[bytes]) -> None:
        if head[:4] != b"HUFF":
            raise UnreadableDocument("Its dictionary is missing.")
        cache, base = struct.unpack_from(">LL", head, 8)
        self._short = struct.unpack_from(">256L", head, cache)
        bounds = struct.unpack_from(">64L", head, base)
        self._least = [0] + [bound << (32 - length) for length, bound in enumerate(bounds[0::2], 1)]
        self._most = [0] + [(bound + 1 << (32 - length)) - 1 for length, bound in enumerate(bounds[1::2], 1)]
        self._phrases: list[tuple[bytes, bool]] = []
        for dictionary in dictionaries:
            self._load(dictionary)

    def _load(self, dictionary: bytes) -> None:
        if dictionary[:4] != b"CDIC":
            raise UnreadableDocument("Its dictionary is damaged.")
        total, bits = struct.unpack_from(">LL", dictionary, 8)
        count = max(0, min(1 << min(bits, 16), total - len(self._phrases), len(dictionary) // 2))
        for (offset,) in struct.iter_unpack(">H", dictionary[16 : 16 + 2 * count]):
            (length,) = struct.unpack_from(">H", dictionary, 16 + offset)
            phrase = dictionary[18 + offset : 18 + offset + (length & 0x7FFF)]
            self._phrases.append((phrase, bool(length & 0x8000)))

    def unpack(self, packed: bytes, depth: int = 0) -> bytes:
        """The text; a phrase that is packed itself is unpacked once and kept."""
        if depth > DEEPEST:
            raise UnreadableDocument("Its dictionary goes round in circles.")
        bits = int.from_bytes(packed + bytes(8))
        left, size, out = 8 * len(packed), 8 * len(packed) + 64, bytearray()
        position = 0
        while left > 0:
            code = bits >> (size - position - 32) & 0xFFFFFFFF
            length, place = self._code(code)
            position, left = position + length, left - length
            if left < 0:
                break
            out += self._phrase(place, depth)
            if len(out) > LARGEST_TEXT:
                raise UnreadableDocument("Unpacked it would be too large.")
        return bytes(out)

    def _code(self, code: int) -> tuple[int, int]:
        """How many bits the next code has, and the number of its phrase."""
        entry = self._short[code >> 24]
        length, most = entry & 0x1F, ((entry >> 8) + 1 << (32 - (entry & 0x1F))) - 1
        if not length:
            raise UnreadableDocument("Its dictionary is damaged.")
        if not entry & 0x80:
            while length < 32 and code < self._least[length]:
                length += 1
            most = self._most[length]
        return length, most - code >> (32 - length)

    def _phrase(self, place: int, depth: int) -> bytes:
        if not 0 <= place < len(self._phrases):
            raise UnreadableDocument("Its packed text is damaged.")
        phrase, plain = self._phrases[place]
        if not plain:
            self._phrases[place] = (b"", True)  # what would lead back here
            phrase = self.unpack(phrase, depth + 1)
            self._phrases[place] = (phrase, True)
        return phrase
