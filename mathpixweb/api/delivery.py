"""A document's results as files: what is always there once it is completed, and the formats asked for."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpResponseBase

from mathpixweb.api import downloads, lookup
from mathpixweb.api.endpoint import ApiRequest
from mathpixweb.api.errors import NotFoundError, stored
from mathpixweb.documents import storage
from mathpixweb.documents.models import Document, Rendition, RenditionStatus, Status
from mathpixweb.documents.output import renditions, results

HOLD_SECONDS = (
    20.0  # the official client asks for some formats once only, as soon as the document is completed
)
LOOK_SECONDS = 0.25
ALIASES = {"tex": "tex.zip"}


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


ALWAYS: dict[str, Callable[[Document], str]] = {
    "mmd": results.mmd,
    "lines.json": lambda document: _json(results.lines_json(document)),
    "lines.mmd.json": lambda document: _json(results.lines_mmd_json(document)),
}


async def deliver(request: ApiRequest, public_id: str, extension: str, unknown_id: str) -> HttpResponseBase:
    """The result as a file. Raises NotFoundError: unknown, not ready, never asked for."""
    format_name = ALIASES.get(extension, extension)
    document = await sync_to_async(lookup.document_or_404)(request.team, public_id, unknown_id)
    _check_completed(document, unknown_id)
    if format_name in _always(document):
        content = await sync_to_async(ALWAYS[format_name])(document)
        return downloads.text(document, format_name, results.absolute(content, document, request.base_url))
    rendition = await _made(document, format_name)
    try:
        path = await sync_to_async(storage.rendition)(rendition)
        return await downloads.file(document, format_name, path)
    except FileNotFoundError as error:
        raise NotFoundError(unknown_id) from error


def _always(document: Document) -> tuple[str, ...]:
    """A text that was given has no lines on any page."""
    return ("mmd",) if document.given else tuple(ALWAYS)


def _check_completed(document: Document, unknown_id: str) -> None:
    if document.deleted_at:
        raise NotFoundError(unknown_id, "The results of this document have been deleted")
    if document.status == Status.ERROR:
        error = stored(document.error_id, document.error_detail)
        raise NotFoundError(error.error_id, error.message)
    if document.status != Status.COMPLETED:
        raise NotFoundError("format_not_ready", "The document is still being processed", pending=True)


async def _made(document: Document, format_name: str) -> Rendition:
    """The finished rendition; waits a while for one that a PDF's client will not ask for again.

    Clients of the converter ask until it is there. Raises NotFoundError.
    """
    deadline = time.monotonic() + (0 if document.given else HOLD_SECONDS)
    while True:
        rendition = await document.renditions.filter(format=format_name).afirst()
        if rendition is None and format_name not in renditions.ordered(document.options):
            raise NotFoundError("format_not_requested")
        if rendition and rendition.status == RenditionStatus.COMPLETED:
            return rendition
        if rendition and rendition.status == RenditionStatus.ERROR:
            error = stored(rendition.error_id, rendition.error_detail)
            raise NotFoundError(error.error_id, error.message)
        if time.monotonic() >= deadline:
            raise NotFoundError("format_not_ready", pending=True)
        await asyncio.sleep(LOOK_SECONDS)
