"""Documents kept open between two pages, so that reading page after page opens a file once."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import RLock

from mathpixweb.engine.model import Sheet
from mathpixweb.engine.readers.pdf import PdfDocument, open_pdf

MOST_OPEN = 4
MOST_KEPT = 8  # sheets

_Key = tuple[str, int, int]
_open: OrderedDict[_Key, PdfDocument] = OrderedDict()
_kept: OrderedDict[tuple[_Key, int], Sheet] = OrderedDict()
# Held while a page is read, too: an opened document must not be used by two threads.
LOCK = RLock()


def document(path: Path) -> PdfDocument:
    """The opened document at `path`, the same one until the file changes. Call it with LOCK held."""
    key = _key(path)
    found = _open.pop(key, None) or open_pdf(path)
    _open[key] = found
    while len(_open) > MOST_OPEN:
        _, oldest = _open.popitem(last=False)
        oldest.close()
    return found


def forget(path: Path) -> None:
    """Closes the document, in which something may have been left half done."""
    with LOCK:
        if found := _open.pop(_key(path), None):
            found.close()


def keep(path: Path, sheet: Sheet) -> None:
    """Keeps the sheet for the first that asks for it. Call it with LOCK held."""
    _kept[_key(path), sheet.number] = sheet
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)


def sheet(path: Path, number: int) -> Sheet:
    """Page `number`: the sheet that was kept, handed out once, or else read anew. Call it with LOCK held.

    Raises PageFailed.
    """
    return _kept.pop((_key(path), number), None) or document(path).sheet(number)


def _key(path: Path) -> _Key:
    status = path.stat()
    return str(path), status.st_mtime_ns, status.st_size
