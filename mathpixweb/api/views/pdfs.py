"""`/v3/pdf`: send documents, ask how far they are, follow, fetch and delete them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse

from mathpixweb.api import answers, delivery, errors, lookup, streaming
from mathpixweb.api.endpoint import ApiRequest, endpoint
from mathpixweb.api.errors import ApiError, NotFoundError
from mathpixweb.api.views import file_batches
from mathpixweb.documents.intake import intake
from mathpixweb.documents.intake.batches import Handle
from mathpixweb.documents.library import retention
from mathpixweb.documents.models import Document
from mathpixweb.providers import callback_options, options
from mathpixweb.providers.callback_options import CallbackOrder

UNKNOWN = lookup.UNKNOWN_PDF
ENDPOINT = "/v3/pdf"


@endpoint("POST")
def submit(request: ApiRequest) -> dict[str, Any]:
    callback = callback_options.parse(request.args, callback_options.OF_A_FILE)
    # headers of callbacks may hold secrets: they are no options, which are shown
    asked = {name: value for name, value in request.args.items() if name not in callback_options.NAMES}
    return {"pdf_id": _take_in(request, options.parse(asked), callback).public_id}


def _take_in(request: ApiRequest, asked: dict[str, Any], callback: CallbackOrder | None) -> Document:
    url = str(asked.pop("url", "")).strip()
    batch_id = asked.get("file_batch_id")
    handle = Handle(batch=file_batches.found(request.team, str(batch_id))) if batch_id else None
    if request.upload is not None:
        return intake.submit_file(
            request.team,
            request.upload,
            endpoint=ENDPOINT,
            options=asked,
            api_key=request.api_key,
            handle=handle,
            callback=callback,
        )
    if url:
        return intake.submit_url(
            request.team,
            url,
            endpoint=ENDPOINT,
            options=asked,
            api_key=request.api_key,
            handle=handle,
            callback=callback,
        )
    raise ApiError("pdf_missing")


@endpoint("GET", "DELETE")
def status_or_delete(request: ApiRequest, pdf_id: str) -> dict[str, Any]:
    if request.http.method == "DELETE":
        return _delete(lookup.document_or_404(request.team, pdf_id, UNKNOWN))
    return answers.pdf_status(lookup.document_or_error(request.team, pdf_id, UNKNOWN))


def _delete(document: Document) -> dict[str, Any]:
    if not document.finished:
        raise NotFoundError("format_not_ready", "The document is still being processed", pending=True)
    retention.delete(document)
    document.refresh_from_db()
    return answers.pdf_deletion(document)


@endpoint("GET", crash_status=500, refusal=errors.never_ok)
async def download(request: ApiRequest, pdf_id: str, extension: str) -> HttpResponseBase:
    return await delivery.deliver(request, pdf_id, extension, UNKNOWN)


@endpoint("GET", crash_status=500, refusal=errors.never_ok)
def stream(request: ApiRequest, pdf_id: str) -> HttpResponseBase:
    """The pages as they are read; a client that comes back with Last-Event-ID gets those after it."""
    document = lookup.document_or_404(request.team, pdf_id, UNKNOWN)
    if document.deleted_at:
        raise NotFoundError(UNKNOWN, "The results of this document have been deleted")
    how = streaming.framing(request.http.headers.get("accept", ""))
    told = streaming.told(document.pk, request.api_key, request.base_url, how, _last_seen(request))
    response = StreamingHttpResponse(told, content_type=how.content_type)
    response["X-Accel-Buffering"] = "no"
    response["Cache-Control"] = "no-store"
    return response


def _last_seen(request: ApiRequest) -> int:
    text = request.http.headers.get("last-event-id", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
