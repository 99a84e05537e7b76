"""Every kind of file but PDF and pictures: who reads it, and what it needs for that.

The readers are loaded with their libraries when a file of their kind comes; most processes only see pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mathpixweb.engine import kinds
from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.errors import EncryptedDocument, UnsupportedDocument
from mathpixweb.engine.flow.model import Flow, Slides
from mathpixweb.engine.kinds import Kind
from mathpixweb.engine.readers import soffice
from mathpixweb.engine.readers.archives import Archive

MANIFEST: Final = "META-INF/manifest.xml"  # of an OpenDocument
NO_KFX: Final = (
    "This is a Kindle book in the KFX format, which is not documented, so nothing here can read it. "
    "Send the book as EPUB, AZW3 or PDF; Calibre with its KFX plug-in converts those that are not locked."
)

Reader = Callable[[Path], Flow | Slides]


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind is read; `office` says that LibreOffice can draw its pages."""

    read: Reader
    office: bool = False


def way(kind: Kind) -> Way:
    """Raises UnsupportedDocument."""
    if kind == kinds.KFX:
        raise UnsupportedDocument(NO_KFX)
    return WAYS[kind.name]


def _of(reader: str) -> Deferred:
    return Deferred(f"mathpixweb.engine.readers.{reader}")


_document: Callable[[bytes], Flow] = _of("word:read")
_slides: Callable[[bytes], Slides] = _of("slides:read")
_tree: Callable[[bytes, str], Flow] = _of("pandoc_trees:read")


def _rich_text(path: Path) -> Flow:
    return _tree(path.read_bytes(), "rtf")


def _through_word(kind: Kind) -> Reader:
    """As the Word document that LibreOffice makes of it: formulas and tables survive that best."""

    def read(path: Path) -> Flow:
        _check_lock(path, kind)
        return _document(soffice.converted(path, kind.extension, "docx"))

    return read


def _through_powerpoint(kind: Kind) -> Reader:
    def read(path: Path) -> Slides:
        _check_lock(path, kind)
        return _slides(soffice.converted(path, kind.extension, "pptx"))

    return read


def _check_lock(path: Path, kind: Kind) -> None:
    """An OpenDocument says of its parts which are encrypted. Raises EncryptedDocument, UnreadableDocument."""
    if kind not in (kinds.ODT, kinds.ODP):
        return
    with Archive(path) as archive:
        if MANIFEST in archive.names and b":encryption-data" in archive.read(MANIFEST):
            raise EncryptedDocument("It is protected by a password.")


WAYS: Final = {
    "docx": Way(_of("word:read_path"), office=True),
    "pptx": Way(_of("slides:read_path"), office=True),
    "xlsx": Way(_of("workbooks:read_path")),
    "epub": Way(_of("books:read_path")),
    "html": Way(_of("web:read_path")),
    "mobi": Way(_of("kindle:read_path")),
    "rtf": Way(_rich_text, office=True),
    "odt": Way(_through_word(kinds.ODT), office=True),
    "doc": Way(_through_word(kinds.DOC), office=True),
    "wpd": Way(_through_word(kinds.WPD), office=True),
    "odp": Way(_through_powerpoint(kinds.ODP), office=True),
    "ppt": Way(_through_powerpoint(kinds.PPT), office=True),
}
