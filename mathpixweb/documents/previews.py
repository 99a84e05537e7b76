"""Pictures of images and drawings for the browser, made when somebody first looks."""

from __future__ import annotations

import json
from pathlib import Path

from mathpixweb.documents import readers, storage
from mathpixweb.documents.models import Document, Kind
from mathpixweb.engine import previews
from mathpixweb.providers.base import ProviderError

WIDTH = 1240  # pixels


def page_image(document: Document, number: int) -> Path:
    """Where the page's picture lies. Raises FileNotFoundError when there is none and none can be made."""
    path = storage.page_image(document, number)
    if document.is_image and document.source and not path.exists():
        storage.write(path, _made(document))
    return path


def _made(document: Document) -> bytes:
    content = storage.source_path(document).read_bytes()
    if document.kind == Kind.STROKES:
        return previews.of_strokes(json.loads(content), WIDTH)
    try:
        return readers.preview(content, WIDTH)
    except ProviderError as error:
        raise FileNotFoundError(error.message) from error
