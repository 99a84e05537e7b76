"""PDF files: pages of glyphs, rules, pictures and links.

pdfium decides whether a file can be opened and how many pages it has, since it repairs what others give
up on; pdfminer finds the objects; the content of the pages is read by `interpreter`.
"""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import pypdfium2 as pdfium
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1

from mathpixweb.engine.errors import (
    EmptyDocument,
    EncryptedDocument,
    EngineError,
    PageFailed,
    UnreadableDocument,
)
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Enclosed, Glyph, Link, Sheet
from mathpixweb.engine.readers import enclosing, tagged_formulas, unicode_maps, vertical_text
from mathpixweb.engine.readers.canvas import MOST_STROKES, PageCanvas
from mathpixweb.engine.readers.drawings import pictures_of
from mathpixweb.engine.readers.fonts import Face
from mathpixweb.engine.readers.interpreter import Interpreter, reference_of
from mathpixweb.engine.readers.objects import Document, ObjectParser
from mathpixweb.engine.readers.pagebox import PageBox, page_box
from mathpixweb.engine.readers.pdfium import PDFIUM_LOCK, SIDEWAYS
from mathpixweb.engine.readers.programs import ProgramCache
from mathpixweb.engine.readers.streams import LARGEST_CONTENT, content_of
from mathpixweb.engine.readers.structure_tree import StructureTree

logging.getLogger("pdfminer").setLevel(
    logging.CRITICAL
)  # it warns of every oddity, which is none of our users' business

IN_MEMORY = 8 << 20  # bytes of a file that is not looked up on the disk
HEAD, END = 1024, 2048  # bytes in which a file says that it is a PDF
BLANKS = b"\x00\t\n\x0c\r "
MOST_PAGES = 100_000
MOST_LINKS = 5_000
SCAN = 0.6  # of the page

T = TypeVar("T")


def open_pdf(path: Path, cache_directory: Path | None = None) -> PdfDocument:
    """Open the PDF at `path`; what is learnt of its fonts is kept in `cache_directory`, if given.

    Raises EmptyDocument, EncryptedDocument or UnreadableDocument.
    """
    file = _opened(path)
    try:
        _check_kind(file)
        count = page_count(path)
        if count < 1:
            raise EmptyDocument("The PDF has no pages.")
        return PdfDocument(path, file, _structure(file), count, ProgramCache(cache_directory))
    except EngineError:
        file.close()
        raise


def _opened(path: Path) -> BinaryIO:
    """In memory, where reading is quicker, unless it is as large as scans are."""
    return path.open("rb") if path.stat().st_size > IN_MEMORY else io.BytesIO(path.read_bytes())


def _check_kind(file: BinaryIO) -> None:
    head = file.read(HEAD)
    file.seek(max(0, file.seek(0, io.SEEK_END) - END))
    end = file.read()
    if b"%PDF-" not in head and b"startxref" not in end:
        if not (head + end).strip(BLANKS):
            raise EmptyDocument("The file is empty.")
        raise UnreadableDocument("The file is not a PDF.")


def page_count(path: Path) -> int:
    """How many pages the PDF has. Raises EncryptedDocument or UnreadableDocument."""
    with PDFIUM_LOCK:
        return _count_pages(path)


def _structure(file: BinaryIO) -> PDFDocument | None:
    """The file's objects, None if pdfminer cannot find its way in it."""
    try:
        return Document(ObjectParser(file))
    except PDFPasswordIncorrect as error:
        raise EncryptedDocument("The PDF needs a password.") from error
    except Exception:  # noqa: BLE001  pdfium could open it: its repaired copy is tried when a page is read
        return None


def _count_pages(path: Path) -> int:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.raw.FPDF_ERR_PASSWORD:
            raise EncryptedDocument("The PDF needs a password.") from error
        if getattr(error, "err_code", None) == pdfium.raw.FPDF_ERR_SECURITY:
            raise EncryptedDocument("The PDF is encrypted in a way that cannot be opened.") from error
        raise UnreadableDocument("The PDF is damaged beyond repair.") from error
    try:
        return _believable_count(document)
    finally:
        document.close()


def _believable_count(document: pdfium.PdfDocument) -> int:
    """pdfium repeats what /Count claims; a page that cannot be loaded is not there."""
    claimed = min(len(document), MOST_PAGES)
    if claimed == 0 or _has_page(document, claimed - 1):
        return claimed
    present, missing = 0, claimed  # every page before `present` loads, as far as asked
    while present < missing:
        middle = (present + missing) // 2
        if _has_page(document, middle):
            present = middle + 1
        else:
            missing = middle
    return present


def _has_page(document: pdfium.PdfDocument, index: int) -> bool:
    try:
        document.get_page_size(index)
    except pdfium.PdfiumError:
        return False
    return True


class PdfDocument:
    """An open PDF. Pages are numbered from 1. Not to be shared between threads."""

    def __init__(
        self,
        path: Path,
        file: BinaryIO,
        structure: PDFDocument | None,
        page_count: int,
        programs: ProgramCache,
    ) -> None:
        self.page_count = page_count
        self._path, self._file = path, file
        self._structure = structure
        self._programs = programs
        self._resource_manager = PDFResourceManager()
        self._faces: dict[int, Face | None] = {}
        self._pages: list[PDFPage] = []
        self._walk: Iterator[PDFPage] | None = None

    def close(self) -> None:
        """Lets go of everything. Objects know the document, scaled glyphs their font: what is not taken apart
        would stay until a full collection, which pages give no cause for.
        """
        if self._structure is not None:
            vars(self._structure).clear()
        for face in self._faces.values():
            if face is not None:
                face.scales.clear()
        self._file.close()
        self._structure = None
        self._pages.clear()
        self._faces.clear()
        self._walk = None

    def __enter__(self) -> PdfDocument:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def sheet(self, number: int) -> Sheet:
        """The marks of page `number`. Raises PageFailed."""
        if not 1 <= number <= self.page_count:
            raise PageFailed(f"There is no page {number}.")
        return _as_page_failure(number, lambda: self._read(number))

    def weight(self, number: int) -> int:
        """How many bytes the content of page `number` is stored in; 0 if there is no such page."""
        try:
            return sum(len(stream.rawdata or b"") for stream in _streams(self._page(number)))
        except Exception:  # noqa: BLE001  whatever the libraries throw at a broken page; reading it will say so
            return 0

    def _read(self, number: int) -> Sheet:
        page = self._page(number)
        canvas = self._drawn(page, page_box(page))
        turns = _turns(canvas)
        if turns:
            canvas = self._drawn(page, page_box(page, turns))
        box = canvas.page
        width, height = box.width, box.height
        inside = tuple(
            [
                glyph
                for glyph in _readable(canvas, box)
                if 0 <= ((ink := glyph.ink).x0 + ink.x1) / 2 <= width and 0 <= (ink.y0 + ink.y1) / 2 <= height
            ]
        )
        downwards = vertical_text.reads_downwards(inside)
        drawings = pictures_of(canvas.drawn, canvas.framed, canvas.rules, box.width * box.height)
        return Sheet(
            number=number,
            width=box.width,
            height=box.height,
            glyphs=inside,
            rules=tuple(canvas.rules),
            pictures=tuple(canvas.pictures + drawings),
            links=tuple(_links(page, box)),
            turns=turns,
            downwards=downwards,
            sideways=tuple(canvas.sideways) if downwards else (),
            enclosed=enclosing.apart([*canvas.sources.found, *self._tagged(page, canvas, inside)]),
            strokes=tuple(canvas.strokes) if len(canvas.strokes) <= MOST_STROKES else (),
            dots=tuple(canvas.dots) if len(canvas.dots) <= MOST_STROKES else (),
        )

    def _tagged(self, page: PDFPage, canvas: PageCanvas, glyphs: tuple[Glyph, ...]) -> list[Enclosed]:
        """The formulas that the file's structure or its marked content tells."""
        marked = canvas.content.found
        if not marked:
            return []
        try:
            return list(tagged_formulas.found(glyphs, marked, self._tree, page.attrs.get("StructParents")))
        except Exception:  # noqa: BLE001  a structure can be broken in any way; a page can be read without it
            return []

    @cached_property
    def _tree(self) -> StructureTree | None:
        known = self._structure is not None and tagged_formulas.may_have(self._file)
        return StructureTree.of(self._structure.catalog) if known and self._structure else None

    def _drawn(self, page: PDFPage, box: PageBox) -> PageCanvas:
        canvas = PageCanvas(box)
        Interpreter(canvas, self._face).run(_contents(page), page.resources, box.matrix)
        return canvas

    def _page(self, number: int) -> PDFPage:
        if self._walk is None:
            self._walk = _pages(self._structure, self._path)
        while len(self._pages) < number:
            page = next(self._walk, None)
            if page is None:
                raise PageFailed(f"Page {number} is not in the file.")
            self._pages.append(page)
        return self._pages[number - 1]

    def _face(self, resource: Any) -> Face | None:
        """The font behind a resource, made once; None if it is too broken to know even its codes."""
        reference = reference_of(resource) or 0
        key = reference or id(resource)
        if key not in self._faces:
            spec = resolve1(resource)
            self._faces[key] = self._make_face(key, reference, spec) if isinstance(spec, dict) else None
        return self._faces[key]

    def _make_face(self, key: int, reference: int, spec: dict[str, Any]) -> Face | None:
        try:
            font = self._resource_manager.get_font(key, unicode_maps.without(spec))
            return Face(font, spec, self._programs, reference)
        except Exception:  # noqa: BLE001  a font can be broken in any way; its text is then left out
            return None


def _turns(canvas: PageCanvas) -> int:
    """The quarter turns after which nearly all text of the page stands upright."""
    if not canvas.turned:
        return 0
    turns, count = canvas.turned.most_common(1)[0]
    return turns if count > SIDEWAYS * canvas.turned.total() else 0


def _readable(canvas: PageCanvas, box: PageBox) -> list[Glyph]:
    """What is drawn; and what only lies under a scan, where there is a scan that fills the page."""
    page = box.width * box.height
    scanned = any(p.raster and p.box.width * p.box.height > SCAN * page for p in canvas.pictures)
    if not (canvas.unseen and scanned):
        return canvas.glyphs
    return sorted([*canvas.glyphs, *canvas.unseen], key=lambda glyph: glyph.index)


def _as_page_failure(number: int, read: Callable[[], T]) -> T:
    try:
        return read()
    except EngineError:
        raise
    except RecursionError as error:
        raise PageFailed(f"Page {number} is nested too deeply.") from error
    except Exception as error:  # whatever the libraries throw at a broken page
        raise PageFailed(f"Page {number} is damaged.") from error


def _pages(structure: PDFDocument | None, path: Path) -> Iterator[PDFPage]:
    """The pages as pdfminer finds them; or if it finds none, after pdfium has repaired the file."""
    found = 0
    try:
        for page in PDFPage.create_pages(structure) if structure is not None else ():
            yield page
            found += 1
    except Exception:
        if found:
            raise
    if not found:
        yield from PDFPage.create_pages(Document(ObjectParser(_repaired(path))))


def _repaired(path: Path) -> BinaryIO:
    target = io.BytesIO()
    with PDFIUM_LOCK:
        document = pdfium.PdfDocument(path)
        try:
            document.save(target)
        finally:
            document.close()
    return target


def _contents(page: PDFPage) -> bytes:
    """All content streams of the page, which count as one."""
    pieces: list[bytes] = []
    left = LARGEST_CONTENT
    for stream in _streams(page):
        pieces.append(content_of(stream, left))
        left -= len(pieces[-1])
    return b"\n".join(pieces)


def _streams(page: PDFPage) -> Iterator[PDFStream]:
    return (stream for stream in map(resolve1, page.contents) if isinstance(stream, PDFStream))


def _links(page: PDFPage, box: PageBox) -> Iterator[Link]:
    for item in (resolve1(page.annots) or [])[:MOST_LINKS]:
        annotation = resolve1(item)
        action = resolve1(annotation.get("A")) if isinstance(annotation, dict) else None
        address = resolve1(action.get("URI")) if isinstance(action, dict) else None
        corners = [resolve1(value) for value in resolve1(annotation.get("Rect")) or []] if address else []
        if isinstance(address, bytes) and len(corners) == 4:
            yield Link(_placed(corners, box), address.decode("utf-8", errors="replace"))


def _placed(corners: list[Any], box: PageBox) -> Box:
    a, b, c, d, e, f = box.matrix
    xs = [a * x + c * y + e for x, y in ((corners[0], corners[1]), (corners[2], corners[3]))]
    ys = [b * x + d * y + f for x, y in ((corners[0], corners[1]), (corners[2], corners[3]))]
    if not all(map(math.isfinite, xs + ys)):
        raise PageFailed("A link of the page is nowhere.")
    return Box(min(xs), min(ys), max(xs), max(ys))
