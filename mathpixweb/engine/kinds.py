"""What a file is by its bytes, whatever its name says."""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from mathpixweb.engine.errors import EncryptedDocument, UnreadableDocument
from mathpixweb.engine.readers.archives import Archive

HEAD_BYTES: Final = 1024  # a PDF's mark may stand anywhere in its first kilobyte


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document; `title` is how a sentence calls one, `extension` without its dot."""

    name: str
    title: str
    extension: str
    mime: str


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
PDF = Kind("pdf", "a PDF", "pdf", "application/pdf")
DOCX = Kind("docx", "a Word document", "docx", f"{_OOXML}wordprocessingml.document")
PPTX = Kind("pptx", "a PowerPoint presentation", "pptx", f"{_OOXML}presentationml.presentation")
XLSX = Kind("xlsx", "an Excel workbook", "xlsx", f"{_OOXML}spreadsheetml.sheet")
ODT = Kind("odt", "an OpenDocument text", "odt", f"{_ODF}text")
ODP = Kind("odp", "an OpenDocument presentation", "odp", f"{_ODF}presentation")
EPUB = Kind("epub", "an EPUB book", "epub", "application/epub+zip")
DOC = Kind("doc", "an old Word document", "doc", "application/msword")
PPT = Kind("ppt", "an old PowerPoint presentation", "ppt", "application/vnd.ms-powerpoint")
RTF = Kind("rtf", "a rich text document", "rtf", "application/rtf")
WPD = Kind("wpd", "a WordPerfect document", "wpd", "application/vnd.wordperfect")
MOBI = Kind("mobi", "a Kindle book", "mobi", "application/x-mobipocket-ebook")
KFX = Kind("kfx", "a Kindle book in the KFX format", "kfx", "application/vnd.amazon.kfx")
DJVU = Kind("djvu", "a DjVu document", "djvu", "image/vnd.djvu")
HTML = Kind("html", "a web page", "html", "text/html")

KINDS: Final = (PDF, DOCX, PPTX, XLSX, ODT, ODP, EPUB, DOC, PPT, RTF, WPD, MOBI, KFX, DJVU, HTML)
OTHER_EXTENSIONS: Final = ("azw", "azw3", "prc", "djv", "htm", "xhtml")  # of kinds that go by several
EXTENSIONS: Final = (*(kind.extension for kind in KINDS), *OTHER_EXTENSIONS)

_MARKS: Final = (
    (b"{\\rtf", RTF),
    (b"\xffWPC", WPD),
    (b"AT&TFORM", DJVU),
    (b"CONT\x02\x00", KFX),
    (b"\xeaDRMION\xee", KFX),
)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PALM_TYPE = slice(60, 68)  # where a Palm database says what it is
_WEB_PAGE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_PARTS: Final = (("word/", DOCX), ("ppt/", PPTX), ("xl/", XLSX))
_STREAMS: Final = (("WordDocument", DOC), ("PowerPoint Document", PPT))
_MEDIA_TYPES: Final = {kind.mime: kind for kind in (ODT, ODP, EPUB)}
_OTHER_OFFICE: Final = "It is an office document, but of a kind that is not read here."


def of_head(head: bytes) -> Kind | None:
    """The kind by the first bytes, where these tell; archives and old office documents need a closer look."""
    if b"%PDF-" in head:
        return PDF
    if head[_PALM_TYPE] in (b"BOOKMOBI", b"TEXtREAd"):
        return MOBI
    marked = next((kind for mark, kind in _MARKS if head.startswith(mark)), None)
    return marked or (HTML if _WEB_PAGE.match(head) else None)


def of_file(file: BinaryIO) -> Kind | None:
    """The kind of an opened file; None for what is no document. Raises UnreadableDocument, EncryptedDocument.

    An old office document is taken to be Word's until `of_path` has looked through it.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if head.startswith(_ZIP):
        with Archive(file) as archive:
            return _of_archive(archive)
    return DOC if head.startswith(_OLE) else of_head(head)


def of_path(path: Path) -> Kind | None:
    """The kind of a stored file. Raises UnreadableDocument, EncryptedDocument."""
    with path.open("rb") as file:
        found = of_file(file)
        return _of_streams(file) if found is DOC else found


def _of_archive(archive: Archive) -> Kind | None:
    if "[Content_Types].xml" in archive.names:
        return next((kind for start, kind in _PARTS if _has(archive, start)), None)
    if "mimetype" in archive.names:
        media_type = archive.read("mimetype")[:200].decode("ascii", errors="replace").strip()
        return _MEDIA_TYPES.get(media_type)
    return EPUB if "META-INF/container.xml" in archive.names else None


def _has(archive: Archive, start: str) -> bool:
    return any(name.startswith(start) for name in archive.names)


def _of_streams(file: BinaryIO) -> Kind:
    """An old office document's kind by the names of its streams, which are in UTF-16 wherever they stand."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise EncryptedDocument("The document is protected by a password.")
        for name, kind in _STREAMS:
            if content.find(name.encode("utf-16-le")) >= 0:
                return kind
    raise UnreadableDocument(_OTHER_OFFICE)
