"""The door: checks, stores, creates the document, and queues the work on commit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from mathpixweb.accounts import rows, usage
from mathpixweb.accounts.models import ApiKey, Team, User
from mathpixweb.documents import provider, storage
from mathpixweb.documents.fetching import origins
from mathpixweb.documents.ids import new_public_id
from mathpixweb.documents.intake import batches, naming, page_quota, sniffing
from mathpixweb.documents.intake.batches import Handle
from mathpixweb.documents.intake.privacy import is_private
from mathpixweb.documents.models import Document, Kind, Page, PageStatus, Status
from mathpixweb.documents.output import renditions
from mathpixweb.documents.search import contents, search
from mathpixweb.documents.telling import events
from mathpixweb.documents.work import conversion
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.callback_options import CallbackOrder


class Refused(ProviderError):
    """What was sent is not taken in, and why."""


def submit_file(
    team: Team,
    upload: UploadedFile[Any],
    *,
    endpoint: str,
    options: Mapping[str, object],
    name: str = "",
    user: User | None = None,
    api_key: ApiKey | None = None,
    handle: Handle | None = None,
    callback: CallbackOrder | None = None,
    reader: str = "",
) -> Document:
    """Stores the file and queues its conversion, once for each handle. Raises ProviderError.

    `reader` names the provider where it is not the team's usual one.
    """
    events.check(team, callback)
    origins.check_destination(team, options)
    check(upload, name)
    page_quota.welcome(team, user)
    document = Document(
        public_id=new_public_id(),
        user=user,
        api_key=api_key,
        endpoint=endpoint,
        source_size=upload.size or 0,
        source_hash=storage.fingerprint_of(upload),
        **_to_be_read(team, name or upload.name or "", options, handle, reader),
    )
    if before := _sent_before(document):
        return before
    with storage.arriving(document):
        storage.store_source(document, upload)
        return _accept(document, callback)


def submit_url(
    team: Team,
    url: str,
    *,
    endpoint: str,
    options: Mapping[str, object],
    name: str = "",
    user: User | None = None,
    api_key: ApiKey | None = None,
    handle: Handle | None = None,
    callback: CallbackOrder | None = None,
    reader: str = "",
) -> Document:
    """Notes the address and queues its download and conversion, once for each handle.

    Raises ProviderError for a forbidden address.
    """
    events.check(team, callback)
    origins.check_destination(team, options)
    page_quota.welcome(team, user)
    try:
        origins.check(team, url)
    except ProviderError as error:
        raise Refused(error.error_id, error.message, **error.detail) from error
    document = Document(
        user=user,
        api_key=api_key,
        endpoint=endpoint,
        source_url=url,
        **_to_be_read(team, name or PurePath(url.split("?")[0]).name, options, handle, reader),
    )
    return _sent_before(document) or _accept(document, callback)


def submit_mmd(
    team: Team,
    mmd: str,
    *,
    endpoint: str,
    options: Mapping[str, object],
    name: str = "",
    user: User | None = None,
    api_key: ApiKey | None = None,
) -> Document:
    """Stores the text as the one page of a document, complete at once, and queues the formats asked for."""
    text = mmd.replace("\0", "")  # no format can hold it
    document = Document(
        team=team,
        user=user,
        api_key=api_key,
        kind=Kind.CONVERTER,
        endpoint=endpoint,
        name=clean_name(name) or naming.of_mmd(text),
        source_size=len(text.encode()),
        options=dict(options),
        private=is_private(team, options),
        status=Status.COMPLETED,
        num_pages=1,
        completed_at=timezone.now(),
    )
    page = Page(
        document=document,
        index=1,
        number=1,
        status=PageStatus.COMPLETED,
        mmd=text,
        search_text=search.stored("", text),
        **contents.of(text, ()),
        completed_at=document.completed_at,
    )
    with transaction.atomic():
        document.save()
        page.save()
        usage.record(team, "converter", options, api_key=api_key, user=user)
        renditions.request_ordered(document)
    return document


def _to_be_read(
    team: Team, name: str, options: Mapping[str, object], handle: Handle | None, reader: str
) -> dict[str, Any]:
    """What a document has that a provider will read, wherever it comes from."""
    return {
        "team": team,
        "kind": Kind.PDF,
        "name": clean_name(name) or "document.pdf",
        "options": dict(options),
        "private": is_private(team, options),
        "provider": reader or provider.chosen(team),
        **batches.fields(handle),
    }


def _accept(document: Document, callback: CallbackOrder | None) -> Document:
    try:
        with transaction.atomic():
            rows.add(document)
            events.subscribe(callback, document.team, document=document, batch=document.batch)
            conversion.queue(document)
    except IntegrityError:
        if before := _sent_before(document):  # by another request, a moment ago
            storage.erase(document)
            return before
        raise
    return document


def _sent_before(document: Document) -> Document | None:
    """What the same handle was given before. Raises Refused when an idempotency key is used for two files."""
    before = batches.sent_before(document)
    if before is not None and document.idempotency_key is not None and not batches.alike(before, document):
        raise Refused("conflict", "This Idempotency-Key was used for another file or other options.")
    return before


def check(upload: UploadedFile[Any], name: str) -> None:
    """Raises ProviderError for what is empty, too large or no document."""
    size = upload.size or 0
    if size == 0:
        raise Refused(
            "pdf_missing", "The file is empty. Choose the file again; it may not have been saved yet."
        )
    if size > settings.MAX_UPLOAD_BYTES:
        limit = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
        raise Refused(
            "sys_request_too_large", f"The file is larger than {limit} MB, the most this server takes."
        )
    try:
        sniffing.check(cast(BinaryIO, upload.file), name or upload.name or "")
    except ProviderError as error:
        raise Refused(error.error_id, error.message) from error


def clean_name(name: str) -> str:
    """A file name fit to show: no folders, no control characters, at most 255 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    if not base.isprintable():
        base = "".join(character for character in base if character.isprintable())
    return base.strip()[:255]
