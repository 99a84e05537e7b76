"""`/files/v1`: one file sent in, asked for, fetched and deleted, under an id of its own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpResponseBase

from mathpixweb.api import body, delivery, downloads, files_answers, files_errors, lookup
from mathpixweb.api.endpoint import ApiRequest, endpoint
from mathpixweb.api.errors import ApiError, NotFoundError, stored
from mathpixweb.documents import storage
from mathpixweb.documents.intake import batches, intake
from mathpixweb.documents.intake.batches import Handle
from mathpixweb.documents.library import retention
from mathpixweb.documents.models import Document, Rendition, RenditionStatus, Status
from mathpixweb.documents.output import renditions, results
from mathpixweb.providers import file_options
from mathpixweb.providers.file_options import FileOrder

ENDPOINT = "/files/v1"
FORM_FIELDS = ("filename", "job_id", file_options.OLDER_JOB_ID, "custom_id")
ALIASES = {"tex": "latex"}

files_endpoint = partial(endpoint, crash_status=500, refusal=files_errors.answer)


@files_endpoint("POST")
def upload(request: ApiRequest) -> dict[str, Any]:
    given = ((name, body.without_nul(request.http.POST.get(name, ""))) for name in FORM_FIELDS)
    form = {name: value for name, value in given if value}
    order = file_options.parse({**request.args, **form})
    if request.upload is None:
        raise ApiError("pdf_missing", "The request has no file")
    document = intake.submit_file(request.team, request.upload, **_asked(request, order))
    return {"file_id": str(document.file_id)}


@files_endpoint("POST")
def from_uri(request: ApiRequest) -> dict[str, Any]:
    order = file_options.parse(request.args)
    if not order.source_uri:
        raise ApiError("pdf_missing", "The request has no source_uri")
    document = intake.submit_url(request.team, order.source_uri, **_asked(request, order))
    return {"file_id": str(document.file_id)}


def _asked(request: ApiRequest, order: FileOrder) -> dict[str, Any]:
    return {
        "endpoint": ENDPOINT,
        "options": order.options,
        "name": order.filename,
        "api_key": request.api_key,
        "handle": _handle(request, order),
        "callback": order.callback,
    }


def _handle(request: ApiRequest, order: FileOrder) -> Handle:
    if order.job_id is None:
        return Handle(idempotency_key=idempotency_key(request))
    return Handle(batch=batches.opened(request.team, order.job_id), custom_id=order.custom_id)


def idempotency_key(request: ApiRequest) -> str | None:
    """The header of that name. Raises ApiError for one that cannot be kept."""
    key = request.http.headers.get("idempotency-key", "").strip()
    if len(key) > file_options.LONGEST_LABEL:
        message = f"An Idempotency-Key has at most {file_options.LONGEST_LABEL} characters"
        raise ApiError("opts_value_out_of_range", message, name="Idempotency-Key")
    return key or None


@files_endpoint("GET", "DELETE")
def status_or_delete(request: ApiRequest, file_id: str) -> dict[str, Any]:
    if request.http.method == "DELETE":
        return _delete(lookup.file(request.team, file_id))
    return files_answers.file_status(lookup.living_file(request.team, file_id))


def _delete(document: Document) -> dict[str, Any]:
    if not document.finished:
        raise ApiError("conflict")
    if not document.deleted_at:
        retention.delete(document)
    return files_answers.file_deletion(document)


@files_endpoint("GET")
async def download(request: ApiRequest, file_id: str, extension: str) -> HttpResponseBase:
    extension = ALIASES.get(extension, extension)
    document = await sync_to_async(lookup.living_file)(request.team, file_id)
    if extension in delivery.ALWAYS:
        _check_completed(document)
        content = await sync_to_async(delivery.ALWAYS[extension])(document)
        return downloads.text(document, extension, results.absolute(content, document, request.base_url))
    try:
        path = await sync_to_async(_made)(document, extension)
        return await downloads.file(document, extension, path)
    except FileNotFoundError as error:
        raise ApiError("not_found") from error


def _check_completed(document: Document) -> None:
    if document.status == Status.ERROR:
        raise _failed(document)
    if document.status != Status.COMPLETED:
        raise ApiError("format_not_ready", status=files_answers.status_word(document))


def _failed(result: Document | Rendition) -> NotFoundError:
    error = stored(result.error_id, result.error_detail)
    return NotFoundError(error.error_id, error.message)


def _made(document: Document, extension: str) -> Path:
    """The file of a format that was asked for and is finished. Raises ProviderError."""
    rendition = document.renditions.filter(format=extension).first()
    if rendition is None and extension not in renditions.ordered(document.options):
        raise ApiError("unsupported_format")
    _check_completed(document)
    if rendition and rendition.status == RenditionStatus.ERROR:
        raise _failed(rendition)
    if rendition is None or rendition.status != RenditionStatus.COMPLETED:
        raise ApiError("format_not_ready", status=RenditionStatus.PROCESSING.value)
    return storage.rendition(rendition)


@files_endpoint("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
def unknown(request: ApiRequest, path: str = "") -> dict[str, Any]:
    raise ApiError("not_found", "There is nothing at this address")
