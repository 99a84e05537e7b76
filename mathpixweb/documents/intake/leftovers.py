"""What a server that was killed has left: half uploads, and files of documents that never came to be."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

from mathpixweb.documents import storage
from mathpixweb.documents.bucket import NotStored
from mathpixweb.documents.models import Document

UNTOUCHED = 3600.0  # seconds: an upload that still arrives is written to more often


def sweep() -> int:
    """Removes what nobody writes any more; how many uploads and documents that was."""
    uploads = sum(_remove(path) for path in _left(Path(settings.FILE_UPLOAD_TEMP_DIR)))
    return uploads + sum(_forget(note) for note in _left(storage.arrivals()))


def _left(folder: Path) -> list[Path]:
    """Files untouched for so long that whoever was writing them is gone."""
    if not folder.is_dir():
        return []
    limit = time.time() - UNTOUCHED
    return [path for path in folder.iterdir() if path.is_file() and _touched(path) < limit]


def _touched(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # taken in or removed a moment ago
        return time.time()


def _remove(path: Path) -> bool:
    path.unlink(missing_ok=True)
    return True


def _forget(note: Path) -> bool:
    """Erases the files of a document that was never stored; whether it was not."""
    orphaned = not Document.objects.filter(public_id=note.name).exists()
    if orphaned:
        try:
            storage.erase(Document(public_id=note.name))
        except NotStored:
            return False
    note.unlink(missing_ok=True)
    return orphaned
