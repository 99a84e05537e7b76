"""A page that was read here with little confidence is read again by Mathpix, where the team wants that.

Never silently: the page says who read it, and keeps what was read here.
"""

from __future__ import annotations

import logging

from mathpixweb.accounts import remote_accounts
from mathpixweb.accounts.remote_accounts import LOCAL, MATHPIX
from mathpixweb.documents import provider, storage
from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.remote import mirrored_rows, readings
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.results import PageResult

logger = logging.getLogger(__name__)


def wanted(document: Document, reader: str, first: PageResult) -> bool:
    """Whether the team's rules ask for it."""
    account = remote_accounts.of_team(document.team)
    return (
        reader == LOCAL
        and first.confidence < account.second_reading_below
        and remote_accounts.configured(account)
        and remote_accounts.may_leave(account)
    )


def of(document: Document, page: Page, first: PageResult) -> PageResult | None:
    """Mathpix's reading; None, and a line in the log, where it cannot be had."""
    try:
        result = remotely(document, page)
    except ProviderError as error:
        logger.info("page %s of %s was not read again: %s", page.number, document.public_id, error.message)
        return None
    readings.keep(page, LOCAL, first.mmd, first.confidence)
    return result


def leaves_as_it_was(page: Page) -> bool:
    """Whether the page, which Mathpix was to read, still says what was read here."""
    before = page.document.provider
    return before != page.provider == MATHPIX and page.readings.filter(provider=before, mmd=page.mmd).exists()


def remotely(document: Document, page: Page) -> PageResult:
    """The one page, read by Mathpix and paid from the budget. Raises ProviderError."""
    worker = provider.mathpix(document.team)
    options = provider.asked_there(document.team, document.options)
    source = storage.source(document)
    with provider.paid(document.team, 1):
        pdf_id = worker.submit_page(source, page.number, options)
    mirrored_rows.note_own(document.team, "pdf-results", pdf_id, part_of=document)
    return worker.page(pdf_id, document.public_id, page.index, page.number)
