"""A zip of documents, taken apart as they would have been sent one by one.

What the archive says of itself is not believed: sizes are counted while unpacking, names are only shown.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from mathpixweb.documents.intake import naming
from mathpixweb.providers.base import ProviderError

MOST_FILES = 200
MOST_ENTRIES = 5000  # folders and what nobody wants are entries, too
MOST_RATIO = 300  # unpacked to packed; text rarely passes 50
MARK = b"PK\x03\x04"
INSIDE_DOCUMENTS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/container.xml"})
CHUNK = 256 * 1024
IN_MEMORY = 1024 * 1024
IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """One file of the archive; `refusal` says why there is no `file`."""

    name: str
    file: UploadedFile[Any] | None
    refusal: str = ""


def is_archive(upload: UploadedFile[Any]) -> bool:
    """Whether it is a zip, and not one of the documents that are zips inside."""
    opened = _opened(upload)
    if opened.read(len(MARK)) != MARK:
        return False
    try:
        with zipfile.ZipFile(opened) as archive:
            return INSIDE_DOCUMENTS.isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return False  # as a document it is refused with the reason
    finally:
        opened.seek(0)


def files(upload: UploadedFile[Any]) -> Iterator[Unpacked]:
    """The archive's files in its order. Raises ProviderError for one that is a bomb, or broken."""
    try:
        with zipfile.ZipFile(_opened(upload)) as archive:
            yield from _files(archive)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError, ValueError) as error:
        raise ProviderError("pdf_missing", "The zip archive is damaged and cannot be unpacked.") from error


def _files(archive: zipfile.ZipFile) -> Iterator[Unpacked]:
    entries = [entry for entry in archive.infolist()[: MOST_ENTRIES + 1] if _wanted(entry)]
    if len(archive.filelist) > MOST_ENTRIES or len(entries) > MOST_FILES:
        message = f"The archive holds more than {MOST_FILES} files. Send it in parts."
        raise ProviderError("sys_request_too_large", message, limit_value=MOST_FILES)
    left = settings.MAX_UPLOAD_BYTES
    for entry in entries:
        name = naming.clean(entry.filename) or "document"
        if entry.flag_bits & 0x1:
            yield Unpacked(name, None, "It is locked with a password.")
            continue
        file = _unpacked(archive, entry, name, left)
        left -= file.size or 0
        yield Unpacked(name, file)


def _wanted(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    hidden = any(part in IGNORED or part.startswith("._") for part in parts)
    return not entry.is_dir() and not hidden


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, left: int) -> UploadedFile[Any]:
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the upload
    allowed = min(left, max(entry.compress_size, 1) * MOST_RATIO + IN_MEMORY)
    try:
        size = _copy(archive, entry, file, allowed)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return UploadedFile(file, name, size=size)


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: IO[bytes], allowed: int) -> int:
    size = 0
    with archive.open(entry) as packed:
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            if size > allowed:
                message = "Unpacked, the archive would be far larger than this server takes."
                raise ProviderError("sys_request_too_large", message)
            file.write(chunk)
    return size


def _opened(upload: UploadedFile[Any]) -> BinaryIO:
    upload.seek(0)
    opened: BinaryIO = upload.file  # type: ignore[assignment]
    return opened
