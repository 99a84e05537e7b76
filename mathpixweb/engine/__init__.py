"""The verbs: survey a document, read a page. What they need is loaded when they are first used."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.deferred import load as load_deferred
from mathpixweb.engine.model import Options, Page, Survey

_survey: Final = Deferred("mathpixweb.engine.verbs:survey")
_explain: Final = Deferred("mathpixweb.engine.explaining:explain")
_read_page: Final = Deferred("mathpixweb.engine.verbs:read_page")
_page_count: Final = Deferred("mathpixweb.engine.readers.pdf:page_count")
_load_networks: Final = Deferred("mathpixweb.engine.ocr.loading:load")


def load() -> None:
    """Loads what surveys and reads: processes that are forked later share it, and nobody waits for it."""
    load_deferred((_survey, _read_page))


def load_networks() -> None:
    """Loads what pictures and scans are read by, as `load` does."""
    _load_networks()


def page_count(path: Path) -> int:
    """How many pages the PDF has. Raises EncryptedDocument or UnreadableDocument."""
    count: int = _page_count(path)
    return count


def survey(path: Path) -> Survey:
    """What reading single pages of the document at `path` needs to know of the whole.

    Raises EmptyDocument, EncryptedDocument or UnreadableDocument.
    """
    found: Survey = _survey(path)
    return found


def read_page(path: Path, number: int, survey: Survey, options: Options, *, scans: bool = True) -> Page:
    """Page `number`, from 1, of the document at `path`.

    Raises PageFailed and what `survey` raises; without `scans` ScannedPage for a page that is one.
    """
    page: Page = _read_page(path, number, survey, options, scans=scans)
    return page


def explain(path: Path, number: int, survey: Survey, options: Options) -> str:
    """A web page that shows why page `number`, from 1, reads as it does. Raises what `read_page` raises."""
    shown: str = _explain(path, number, survey, options)
    return shown
