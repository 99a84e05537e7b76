"""The first look at a document: fetched if it came as an address, surveyed, laid out as waiting pages."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mathpixweb.accounts.remote_accounts import MATHPIX
from mathpixweb.documents import provider, storage
from mathpixweb.documents.fetching import origins
from mathpixweb.documents.intake import page_quota, sniffing
from mathpixweb.documents.models import Document, Page, Status
from mathpixweb.documents.remote import handing_in
from mathpixweb.documents.telling import events
from mathpixweb.documents.work import claims, fetch_slots, queues
from mathpixweb.documents.work.memory import bounded_memory
from mathpixweb.providers import options as request_options
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.results import SurveyResult

logger = logging.getLogger(__name__)

SURVEY_SECONDS = 300  # LibreOffice may need two minutes for a long document, and opens it twice
SYSTEM_ERROR = ProviderError(
    "sys_exception", "Something went wrong on this server. The operator's log tells more."
)
POISON = ProviderError(
    "sys_exception", "Opening this file stopped the reader three times, so it was given up."
)


def prepare(document: Document) -> bool:
    """Fetches and surveys the document and lays out its pages; whether this worker did so.

    What is read elsewhere is handed in there instead.
    """
    rows = Document.objects.unfinished().filter(pk=document.pk).exclude(status=Status.SPLIT)
    token = claims.take(rows)
    if token is None:
        return False
    document.refresh_from_db()
    try:
        if document.attempts > claims.MAX_ATTEMPTS:
            raise POISON
        with claims.held(Document, token, settings.FETCH_SECONDS + SURVEY_SECONDS):
            if not document.source:
                _load(document)
            if document.provider == MATHPIX:
                handing_in.hand_in(document, token)
                return False
            numbers, survey = _survey(document)
        _split(document, token, numbers, survey)
    except fetch_slots.NoneFree:
        fetch_slots.put_back(document, token)
        return False
    except ProviderError as error:
        _fail(document, token, error)
    except claims.Interrupted as interrupted:
        if not interrupted.lost:
            _fail(document, token, ProviderError("sys_exception", "Opening this file took too long."))
    except Exception:
        logger.exception("document %s could not be prepared", document.public_id)
        _fail(document, token, SYSTEM_ERROR)
    document.refresh_from_db()
    return document.status == Status.SPLIT


def _load(document: Document) -> None:
    """Downloads what came as an address. Raises fetch_slots.NoneFree."""
    target = storage.source_path(document)
    with fetch_slots.SLOTS.one():
        size = origins.fetch(document, target)
    sniffing.check_file(target, document.name)
    storage.share(target)
    document.source.name = storage.source_name(document)
    document.source_size = size
    Document.objects.filter(pk=document.pk, claim=document.claim).change(
        status=Status.LOADED, source=document.source.name, source_size=size
    )


def _survey(document: Document) -> tuple[list[int], SurveyResult]:
    worker = provider.named(document.provider)
    with bounded_memory():
        survey = worker.survey(storage.source(document), document.options)
    ranges = str(document.options.get("page_ranges") or "")
    numbers = request_options.page_numbers(ranges, survey.page_count)
    if len(numbers) > settings.MAX_PAGES:
        raise ProviderError(
            "pdf_page_limit_exceeded",
            f"These are {len(numbers)} pages, and this server takes {settings.MAX_PAGES} at once. "
            f"Send the document in parts, with page ranges such as 1-{settings.MAX_PAGES}.",
            limit_value=settings.MAX_PAGES,
            count=len(numbers),
        )
    return numbers, survey


def _split(document: Document, token: str, numbers: list[int], survey: SurveyResult) -> None:
    """Lays out one row a page and calls the other workers."""
    pages = [Page(document=document, index=index, number=number) for index, number in enumerate(numbers, 1)]
    with transaction.atomic():
        page_quota.check(document, len(pages))
        mine = Document.objects.unfinished().filter(pk=document.pk, claim=token)
        if not mine.change(
            status=Status.SPLIT,
            survey=survey.detail,
            num_pages=len(numbers),
            version=provider.named(document.provider).version,
            claim="",
            lease_until=None,
            attempts=0,
        ):
            return
        Page.objects.filter(document=document).delete()
        Page.objects.bulk_create(pages, batch_size=500)
        for _ in range(min(settings.WORKERS, len(pages)) - 1):
            queues.convert(document.pk)


def _fail(document: Document, token: str, error: ProviderError) -> None:
    mine = Document.objects.unfinished().filter(pk=document.pk, claim=token)
    with transaction.atomic():
        mine.change(
            status=Status.ERROR,
            error_id=error.error_id,
            error_detail=error.as_detail(),
            completed_at=timezone.now(),
            claim="",
            lease_until=None,
        )
        events.settled(document.pk)
