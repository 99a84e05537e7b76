"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import BinaryIO

from mathpixweb.engine import kinds
from mathpixweb.engine.errors import EncryptedDocument, EngineError, UnreadableDocument
from mathpixweb.engine.kinds import HEAD_BYTES as HEAD_BYTES
from mathpixweb.engine.kinds import Kind
from mathpixweb.providers.base import ProviderError

OTHER_KINDS = {
    b"\xff\xd8\xff": "a JPEG image",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"PK\x03\x04": "a zip archive",
    b"<!DOCTYPE html": "a web page",
    b"<html": "a web page",
}


WEB_PAGES = (".html", ".htm", ".xhtml")

IMAGE_TYPES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"BM": "image/bmp",
    b"\x00\x00\x00\x0cjP  ": "image/jp2",
    b"P4\n": "image/x-portable-bitmap",
    b"P5\n": "image/x-portable-graymap",
    b"P6\n": "image/x-portable-pixmap",
}


def image_type(head: bytes) -> str:
    """The MIME type of a picture by its first bytes; empty for anything else."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in IMAGE_TYPES.items() if head.startswith(mark)), "")


def type_of(path: Path) -> str:
    """The MIME type of a stored picture; empty for anything else."""
    with path.open("rb") as file:
        return image_type(file.read(HEAD_BYTES))


def check(file: BinaryIO, name: str) -> Kind:
    """What kind of document the opened file is. Raises ProviderError for an empty one, and for any other.

    A web page must be called one: under another name it is a site's way of saying that there is no such file.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not head:
        raise ProviderError("pdf_missing", "The file is empty.")
    try:
        kind = kinds.of_file(file)
    except EncryptedDocument as error:
        raise ProviderError("pdf_encrypted", str(error)) from error
    except UnreadableDocument as error:
        raise ProviderError("pdf_missing", f"The file cannot be read. {error}") from error
    finally:
        file.seek(0)
    if kind is None or (kind == kinds.HTML and PurePath(name).suffix.lower() not in WEB_PAGES):
        raise ProviderError("pdf_missing", f"The file is not a PDF, nor another document. {_guess(head)}")
    return kind


def _guess(head: bytes) -> str:
    start = head.lstrip().lower()
    other = next((kind for mark, kind in OTHER_KINDS.items() if start.startswith(mark.lower())), "")
    return f"It looks like {other}." if other else "It does not begin like one."


def check_file(path: Path, name: str) -> None:
    """Raises ProviderError for a stored file that is empty or no document."""
    with path.open("rb") as file:
        check(file, name)


def kind_of(path: Path) -> Kind:
    """What a stored file is; a PDF where that cannot be told."""
    try:
        return kinds.of_path(path) or kinds.PDF
    except EngineError:
        return kinds.PDF
