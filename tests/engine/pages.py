"""One-page PDFs with given content, for the tests of the reader."""

from __future__ import annotations

import zlib
from pathlib import Path

HELVETICA = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def page(
    content: str | bytes, entries: str = "/MediaBox[0 0 200 300]", objects: dict[int, bytes] | None = None
) -> bytes:
    """A PDF with one page; `entries` go into its dictionary, `objects` (from number 10) into the file."""
    stream = content.encode("latin-1") if isinstance(content, str) else content
    whole = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        3: HELVETICA.encode(),
        4: b"<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 3 0 R>>/XObject<</X1 10 0 R>>>>/Contents 5 0 R"
        + entries.encode()
        + b">>",
        5: b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    }
    return assembled(whole | (objects or {}))


def assembled(objects: dict[int, bytes]) -> bytes:
    content = b"%PDF-1.4\n"
    offsets = {}
    for number in sorted(objects):
        offsets[number] = len(content)
        content += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    size = max(objects) + 1
    entries = (offsets.get(number) for number in range(1, size))
    rows = b"".join(b"0000000000 00000 f \n" if at is None else b"%010d 00000 n \n" % at for at in entries)
    start = len(content)
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (size, rows, size, start)
    )


def form(content: str, entries: str = "") -> bytes:
    head = f"<</Type/XObject/Subtype/Form/BBox[0 0 500 500]/Length {len(content)}{entries}>>"
    return f"{head}stream\n{content}\nendstream".encode()


def deflated(content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "file.pdf"
    path.write_bytes(content)
    return path
