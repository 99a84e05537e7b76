"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from mathpixweb.providers.base import ProviderError

HEAD_BYTES = 1024  # a PDF's mark may stand anywhere in its first kilobyte

OTHER_KINDS = {
    b"\xff\xd8\xff": "a JPEG image",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"AT&TFORM": "a DjVu document",
    b"{\\rtf": "a rich text document",
    b"<!DOCTYPE html": "a web page",
    b"<html": "a web page",
}


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


def check_head(head: bytes) -> None:
    """Raises ProviderError for what does not begin like a PDF."""
    if b"%PDF-" in head:
        return
    start = head.lstrip().lower()
    kind = next((kind for mark, kind in OTHER_KINDS.items() if start.startswith(mark.lower())), "")
    found = f"It looks like {kind}." if kind else "It does not begin like one."
    raise ProviderError("pdf_missing", f"The file is not a PDF. {found}")


def check_file(path: Path) -> None:
    """Raises ProviderError for a stored file that is empty or no PDF."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise ProviderError("pdf_missing", "The file is empty.")
    check_head(head)
