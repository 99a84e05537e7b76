"""A document's original with what its pages say as a layer of text."""

from __future__ import annotations

from mathpixweb.documents import storage
from mathpixweb.documents.models import Document
from mathpixweb.documents.output import results
from mathpixweb.engine import drawings
from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers import overlay


def made(document: Document) -> bytes:
    """Raises RenderFailed."""
    pages = [
        overlay.OriginalPage(page.number, page.width, page.height, page.lines)
        for page in results.completed_pages(document)
    ]
    drawing = drawings.drawing(storage.source(document))
    if drawing is None:
        raise RenderFailed(overlay.NOT_ON_PAPER)
    return overlay.lay_over(drawing, pages)
