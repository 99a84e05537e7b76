"""Zip archives from strangers: measured before anything is unpacked, and read by exact names only."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Final, Self

from mathpixweb.engine.errors import EncryptedDocument, UnreadableDocument

LARGEST_DIRECTORY: Final = 4 << 20  # bytes; Python reads the whole list of contents into memory
MOST_ENTRIES: Final = 20_000
LARGEST_WHOLE: Final = 512 << 20  # bytes, unpacked
LARGEST_PART: Final = 64 << 20
MOST_INFLATION: Final = 200  # text packs to about a tenth; a bomb to a thousandth
INFLATION_COUNTS: Final = 8 << 20  # bytes: smaller parts may be as repetitive as they like
END, END_64 = b"PK\x05\x06", b"PK\x06\x07"
END_SIZE, LONGEST_COMMENT = 22, 65_535

DAMAGES: Final = (
    KeyError,
    RuntimeError,
    OSError,
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    zlib.error,
)


class Archive(AbstractContextManager["Archive"]):
    """An archive whose sizes have been checked. Raises UnreadableDocument, EncryptedDocument."""

    def __init__(self, source: Path | BinaryIO) -> None:
        try:
            _check_directory(source)
            self._zip = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            raise UnreadableDocument("Its archive is damaged.") from error
        try:
            _check(self._zip.infolist())
        except BaseException:
            self._zip.close()
            raise
        self.names: Final = frozenset(self._zip.namelist())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def read(self, name: str) -> bytes:
        """The part of exactly that name; never more than its checked size. Raises UnreadableDocument."""
        try:
            with self._zip.open(name) as part:
                content = part.read(LARGEST_PART + 1)
        except DAMAGES as error:
            raise UnreadableDocument(f"Its part {name[:80]} is missing or damaged.") from error
        if len(content) > LARGEST_PART:
            raise UnreadableDocument("Unpacked it would be too large.")
        return content


def repacked(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The archive with these parts in the place of its own, and without damaged ones; itself without any."""
    if not parts:
        return content
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            with contextlib.suppress(*DAMAGES):
                kept = parts.get(entry.filename) or old.read(entry)
                new.writestr(entry, kept, entry.compress_type)
    return target.getvalue()


def _check_directory(source: Path | BinaryIO) -> None:
    """Looks at the length of the list of contents before it is read."""
    if isinstance(source, Path):
        with source.open("rb") as file:
            _check_end(file)
    else:
        _check_end(source)
        source.seek(0)


def _check_end(file: BinaryIO) -> None:
    size = file.seek(0, 2)
    file.seek(max(0, size - END_SIZE - LONGEST_COMMENT - 20))
    tail = file.read()
    start = tail.rfind(END)
    if start < 0 or len(tail) < start + END_SIZE:
        raise UnreadableDocument("Its archive is damaged.")
    if END_64 in tail[max(0, start - 20) : start]:
        raise UnreadableDocument("Its archive is of the kind for more than 4 GB.")
    entries, directory = struct.unpack_from("<HL", tail, start + 10)
    if directory > LARGEST_DIRECTORY or entries > MOST_ENTRIES:
        raise UnreadableDocument("Its archive has too many parts.")


def _check(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_ENTRIES:
        raise UnreadableDocument("Its archive has too many parts.")
    if any(part.flag_bits & 1 for part in parts):
        raise EncryptedDocument("Its archive is protected by a password.")
    if sum(part.file_size for part in parts) > LARGEST_WHOLE:
        raise UnreadableDocument("Unpacked it would be too large.")
    if any(_is_bomb(part) for part in parts):
        raise UnreadableDocument("A part of it would be far too large unpacked.")


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    if part.file_size > LARGEST_PART:
        return True
    packed = max(part.compress_size, 1)
    return part.file_size > INFLATION_COUNTS and part.file_size > MOST_INFLATION * packed
