"""What all that use PDFium share."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

from mathpixweb.engine.errors import PageFailed

SIDEWAYS = 0.8  # of the characters; the page number may stay upright
MOST_CHARACTERS = 2_000  # are asked which way they stand
# pdfium keeps global state and must never be entered by two threads.
PDFIUM_LOCK = threading.Lock()


@contextmanager
def upright_page(path: Path, number: int) -> Iterator[pdfium.PdfPage]:
    """Page `number`, from 1, turned as it is read if its text runs sideways; others wait meanwhile.

    Raises PageFailed if there is no such page, and PdfiumError and OSError.
    """
    with PDFIUM_LOCK, closing(pdfium.PdfDocument(path)) as document:
        if not 1 <= number <= len(document):
            raise PageFailed(f"There is no page {number}.")
        page = document[number - 1]
        page.set_rotation((page.get_rotation() + 90 * _turns(page)) % 360)
        yield page


def _turns(page: pdfium.PdfPage) -> int:
    """The quarter turns clockwise that make the page's text upright, by the same rule as in `readers.pdf`."""
    text = page.get_textpage()
    try:
        angles = (raw.FPDFText_GetCharAngle(text, k) for k in range(min(text.count_chars(), MOST_CHARACTERS)))
        counted = Counter(-round(2 * angle / math.pi) % 4 for angle in angles if angle >= 0)
    finally:
        text.close()
    if not counted:
        return 0
    turns, count = counted.most_common(1)[0]
    return (turns - page.get_rotation() // 90) % 4 if count > SIDEWAYS * counted.total() else 0
