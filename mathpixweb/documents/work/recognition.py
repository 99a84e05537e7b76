"""Reading one page: bounded in time and memory, stored once, its failure kept with the page."""

from __future__ import annotations

import logging
import time
from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mathpixweb.accounts.remote_accounts import LOCAL, MATHPIX
from mathpixweb.documents import provider, storage
from mathpixweb.documents.images import readers
from mathpixweb.documents.models import Document, Page, PageStatus
from mathpixweb.documents.output import flagging
from mathpixweb.documents.remote import second_reading
from mathpixweb.documents.search import contents, search
from mathpixweb.documents.work import claims, patience
from mathpixweb.documents.work.memory import bounded_memory
from mathpixweb.providers.base import Provider, ProviderError
from mathpixweb.providers.results import PageResult

logger = logging.getLogger(__name__)

OUR_FAULT = ProviderError("page_failed", "Something went wrong on this server while the page was read.")
IMAGE_WIDTH = 1240  # pixels: a printed page at 150 dpi


def read(document: Document, page: Page, token: str) -> None:
    """Reads the claimed page and stores what came of it, unless the claim was lost meanwhile."""
    started = time.monotonic()
    try:
        if page.attempts > claims.MAX_ATTEMPTS:
            raise ProviderError("page_failed", "Reading this page stopped the reader three times.")
        with claims.held(Page, token, patience.for_page(document.options)), bounded_memory():
            result, reader = _result(document, page)
            _keep_figures(document, page, result)
            if page.index > 1:
                _keep_image(document, page)
    except ProviderError as error:
        _store_failure(page, token, error, time.monotonic() - started)
    except claims.Interrupted as interrupted:
        if not interrupted.lost:
            _store_failure(page, token, _too_slow(document), time.monotonic() - started)
    except MemoryError:
        _store_failure(page, token, _too_big(), time.monotonic() - started)
    except Exception:
        logger.exception("page %s of %s could not be read", page.number, document.public_id)
        _store_failure(page, token, OUR_FAULT, time.monotonic() - started)
    else:
        _store(page, token, result, reader, time.monotonic() - started)
        if page.index == 1:
            _keep_first_image(document, page)


def _result(document: Document, page: Page) -> tuple[PageResult, str]:
    """What was read, and by whom."""
    reader = page.provider or document.provider
    if reader == MATHPIX:
        return second_reading.remotely(document, page), reader
    first = _read_here(document, page, provider.named(reader))
    if not second_reading.wanted(document, reader, first):
        return first, reader
    try:
        second = second_reading.of(document, page, first)
    except claims.Interrupted as interrupted:
        if interrupted.lost:
            raise
        second = None  # what was read here is there, and the time is over
    return (second, MATHPIX) if second else (first, reader)


def _read_here(document: Document, page: Page, worker: Provider) -> PageResult:
    source, numbers = storage.source(document), (page.index, page.number)
    survey = document.survey or worker.survey(source, document.options).detail
    return readers.read_page(worker, source, document.public_id, numbers, survey, document.options)


def _keep_figures(document: Document, page: Page, result: PageResult) -> None:
    for figure in result.figures:
        region = (figure.x, figure.y, figure.width, figure.height)
        storage.write(storage.figure(document, page.number, region), figure.jpeg)


def _keep_image(document: Document, page: Page) -> None:
    """The page's picture for the viewer; a page that crashed the reader before is shown without."""
    if storage.exists(storage.page_image(document, page.number)) or page.attempts > 1:
        return
    draw(document, page.number, provider.named(LOCAL if document.provider == MATHPIX else document.provider))


def _keep_first_image(document: Document, page: Page) -> None:
    """Somebody waits for the first page, and would wait as long again for its picture.

    Whoever asks for the picture before it is there, or after this has failed, has it drawn by `previews`.
    """
    try:
        with bounded_memory():
            _keep_image(document, page)
    except MemoryError:
        logger.exception("page %s of %s has no picture", page.number, document.public_id)


def draw(document: Document, number: int, worker: Provider) -> None:
    """Stores the page's picture; a page that cannot be drawn, or for which there is no room, has none."""
    with suppress(ProviderError):
        picture = worker.page_image(storage.source(document), number, IMAGE_WIDTH)
        storage.write(storage.page_image(document, number), picture)


def _store(page: Page, token: str, result: PageResult, reader: str, seconds: float) -> None:
    _close(
        page,
        token,
        seconds,
        status=PageStatus.COMPLETED,
        provider=reader,
        mmd=result.mmd,
        plain=result.plain,
        search_text=search.stored(result.plain, result.mmd),
        lines=result.lines,
        width=result.width,
        height=result.height,
        **flagging.of(result.mmd, page.number, result.confidence),
        **contents.of(result.mmd, result.lines),
        error_id="",
        error_detail={},
    )


def _store_failure(page: Page, token: str, error: ProviderError, seconds: float) -> None:
    """A page that only should have been read again stays as it was, and says why."""
    outcome: dict[str, str] = {"status": PageStatus.ERROR}
    if second_reading.leaves_as_it_was(page):
        outcome = {"status": PageStatus.COMPLETED, "provider": page.document.provider}
    _close(page, token, seconds, **outcome, error_id=error.error_id, error_detail=error.as_detail())


def _close(page: Page, token: str, seconds: float, **fields: object) -> None:
    """Writes the outcome if the claim still holds, and tells those who follow the document."""
    with transaction.atomic():
        mine = Page.objects.filter(pk=page.pk, claim=token, status=PageStatus.READING)
        stored = mine.update(
            **{"html": "", **fields},
            edition=page.edition + 1,
            duration=seconds,
            completed_at=timezone.now(),
            claim="",
            lease_until=None,
        )
        if stored:
            Document.objects.filter(pk=page.document_id).change()


def _too_slow(document: Document) -> ProviderError:
    seconds = patience.for_page(document.options)
    return ProviderError("page_failed", f"Reading this page took longer than {seconds:g} seconds.")


def _too_big() -> ProviderError:
    return ProviderError(
        "page_failed", f"Reading this page needs more than {settings.WORKER_MEMORY_MB} MB of memory."
    )
