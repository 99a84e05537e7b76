"""What is known of a PDF before it is sent, and the one page of it that is sent when one is asked for."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium

from mathpixweb.engine.readers.pdfium import PDFIUM_LOCK


def page_count(source: Path) -> int | None:
    """None for what cannot be opened here; the other end may still be able to."""
    with PDFIUM_LOCK:
        try:
            document = pdfium.PdfDocument(source)
        except (pdfium.PdfiumError, OSError):
            return None
        try:
            return len(document) or None
        finally:
            document.close()


def single_page(source: Path, number: int) -> bytes | None:
    """A PDF of that page alone; None where it cannot be taken out."""
    with PDFIUM_LOCK:
        try:
            document = pdfium.PdfDocument(source)
        except (pdfium.PdfiumError, OSError):
            return None
        made = pdfium.PdfDocument.new()
        try:
            made.import_pages(document, [number - 1])
            content = io.BytesIO()
            made.save(content)
            return content.getvalue()
        except (pdfium.PdfiumError, ValueError, IndexError):
            return None
        finally:
            made.close()
            document.close()
