"""Small PDFs made by hand: valid ones with text, and broken ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

FILES = Path(__file__).parent / "files"
JPEG_START = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


def with_pages(*pages: Sequence[str]) -> bytes:
    """A valid PDF; each page is a sequence of lines in Helvetica, without parentheses or backslashes."""
    numbers = [4 + 2 * index for index in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        3: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    }
    for number, lines in zip(numbers, pages, strict=True):
        objects[number] = (
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {number + 1} 0 R>>"
        )
        drawn = "BT /F1 12 Tf 72 720 Td " + " ".join(f"({line}) Tj 0 -18 Td" for line in lines) + " ET"
        objects[number + 1] = f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream"
    return _file(objects)


def with_numbered_pages(count: int) -> bytes:
    return with_pages(*[(f"This is page {number}.", "It has two lines.") for number in range(1, count + 1)])


def encrypted() -> bytes:
    """`with_numbered_pages(1)` that needs the password `secret` to be opened; made by qpdf."""
    return (FILES / "encrypted.pdf").read_bytes()


def truncated() -> bytes:
    whole = with_numbered_pages(3)
    return whole[: len(whole) // 3]


def renamed_jpeg() -> bytes:
    """What a picture is that someone has named `scan.pdf`."""
    return JPEG_START + bytes(200)


def _file(objects: dict[int, str]) -> bytes:
    content = b"%PDF-1.4\n"
    offsets = []
    for number in sorted(objects):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{objects[number]}\nendobj\n".encode("latin-1")
    table = len(content)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    content += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, entries)
    return content + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, table)
