"""Pictures of pages, images and drawings for people; what no worker has made is made at the first look."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Lock
from weakref import WeakValueDictionary

from mathpixweb.accounts.remote_accounts import LOCAL, MATHPIX
from mathpixweb.documents import provider, storage
from mathpixweb.documents.bucket import NotStored
from mathpixweb.documents.images import readers
from mathpixweb.documents.models import Document, Kind, PageStatus
from mathpixweb.engine import previews
from mathpixweb.providers.base import ProviderError

WIDTH = 1240  # pixels

_drawing: WeakValueDictionary[Path, Lock] = WeakValueDictionary()
_one_lock = Lock()


def page_image(document: Document, number: int) -> Path:
    """Where the page's picture lies. Raises FileNotFoundError when there is none and none can be made."""
    path = storage.page_image(document, number)
    try:
        if document.source and not _is_there(path):
            with _only_one(path):
                if not _is_there(path) and _may_be_made(document, number):
                    storage.write(path, _made(document, number))
    except NotStored as error:
        raise FileNotFoundError(error.message) from error
    return path


def _only_one(path: Path) -> Lock:
    """A browser asks for a page's picture and for its small one at once: the second waits for the first."""
    with _one_lock:
        return _drawing.setdefault(path, Lock())


def _is_there(path: Path) -> bool:
    """Where the power went while it was written, it is there and empty."""
    try:
        return storage.present(path).stat().st_size > 0
    except FileNotFoundError:
        return False


def forget(document: Document) -> None:
    """Of a drawing that has changed."""
    storage.remove_folder(storage.page_image(document, 1).parent)


def _may_be_made(document: Document, number: int) -> bool:
    """A page that stopped its reader is shown without a picture, and the others when they have been read."""
    return document.is_image or document.pages.filter(number=number, status=PageStatus.COMPLETED).exists()


def _made(document: Document, number: int) -> bytes:
    source = storage.source(document)
    if document.kind == Kind.STROKES:
        return previews.of_strokes(json.loads(source.read_bytes()), WIDTH)
    try:
        if document.is_image:
            return readers.preview(source.read_bytes(), WIDTH)
        worker = provider.named(LOCAL if document.provider == MATHPIX else document.provider)
        return readers.page_image(worker, source, number, WIDTH)
    except ProviderError as error:
        raise FileNotFoundError(error.message) from error
