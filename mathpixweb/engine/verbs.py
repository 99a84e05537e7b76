"""What the verbs of the engine do: survey a document, read a page."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from mathpixweb.engine import layout, opened, patience, scanned
from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.errors import PageFailed, ScannedPage
from mathpixweb.engine.layout import surveying
from mathpixweb.engine.model import Options, Page, Sheet, Survey
from mathpixweb.engine.readers import pdf, plain_text
from mathpixweb.engine.readers.pdf import PdfDocument

_read_scan: Final = Deferred("mathpixweb.engine.scans:read")  # with all that reads pictures
MOST_SECONDS = 10.0  # of the processor for understanding a page, and for surveying a document


def survey(path: Path) -> Survey:
    """What reading single pages of the document at `path` needs to know of the whole.

    Of a document that takes too long only the number of its pages is known.
    Raises EmptyDocument, EncryptedDocument or UnreadableDocument.
    """
    try:
        with patience.at_most(MOST_SECONDS):
            return _surveyed(path)
    except patience.TooSlow:
        opened.forget(path)
        return Survey(pdf.page_count(path))


def _surveyed(path: Path) -> Survey:
    with _no_collection():
        with opened.LOCK:
            document = opened.document(path)
            count = document.page_count
            sheets = _sample(document, count)
            for sheet in sheets:
                opened.keep(path, sheet)
        return surveying.survey_of(sheets, count)


def _sample(document: PdfDocument, count: int) -> list[Sheet]:
    """Some pages of the document, in their order; drawings only where there is too little else."""
    weights = {number: document.weight(number) for number in surveying.in_order(count)}
    light = [number for number, weight in weights.items() if weight < surveying.HEAVY]
    if len(light) < surveying.FEWEST_LIGHT:
        light = sorted(weights, key=weights.__getitem__)[: surveying.FEWEST]
    sheets: list[Sheet] = []
    for sheet in _readable_sheets(document, light):
        sheets.append(sheet)
        if surveying.is_enough(sheets):
            break
    return sorted(sheets, key=lambda sheet: sheet.number)


def _readable_sheets(document: PdfDocument, numbers: Iterable[int]) -> Iterator[Sheet]:
    """A page that cannot be read says so when its turn comes; the others can be surveyed without it."""
    for number in numbers:
        with suppress(PageFailed):
            yield document.sheet(number)


def read_page(path: Path, number: int, survey: Survey, options: Options, *, scans: bool = True) -> Page:
    """Page `number`, from 1, of the document at `path`, as plain text if more would take too long.

    Raises PageFailed and what `survey` raises; without `scans` ScannedPage for one.
    """
    try:
        # the page's marks are gone when collecting goes on
        with patience.at_most(MOST_SECONDS), _no_collection():
            found = _understood(path, number, survey, options)
    except patience.TooSlow:
        opened.forget(path)
        return plain_text.read(path, number)
    if isinstance(found, Page):
        return found
    if not scans:
        raise ScannedPage
    page: Page = _read_scan(path, found, survey, options)
    return page


def _understood(path: Path, number: int, survey: Survey, options: Options) -> Page | Sheet:
    """What the page means; of a scan its sheet."""
    with opened.LOCK:
        sheet = opened.sheet(path, number)
    return sheet if scanned.is_scan(sheet) else layout.understand(sheet, survey, options)


@contextmanager
def _no_collection() -> Iterator[None]:
    """What a page is made of has no cycles: looking for some takes a twentieth of the time and finds none.

    Whoever came first turns the collector on again; another thread then goes on with it.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
