"""`/v3/converter`: Mathpix Markdown, and documents that were read, in other formats."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase

from mathpixweb.api import answers, delivery, errors, lookup
from mathpixweb.api.endpoint import ApiRequest, endpoint
from mathpixweb.api.errors import ApiError, NotFoundError
from mathpixweb.documents.intake import intake
from mathpixweb.documents.library import retention
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.output import renditions
from mathpixweb.providers import options

UNKNOWN = lookup.UNKNOWN_CONVERSION
ENDPOINT = "/v3/converter"
JSON_LIMIT = 10 * 1024 * 1024


@endpoint("POST", json_limit=JSON_LIMIT)
def submit(request: ApiRequest) -> dict[str, Any]:
    asked = options.parse_conversion(request.args)
    mmd = str(asked.pop("mmd"))
    document = intake.submit_mmd(request.team, mmd, endpoint=ENDPOINT, options=asked, api_key=request.api_key)
    return {"conversion_id": document.public_id}


@endpoint("GET", "DELETE")
def status_or_delete(request: ApiRequest, conversion_id: str) -> dict[str, Any]:
    if request.http.method == "DELETE":
        return _delete(lookup.document_or_404(request.team, conversion_id, UNKNOWN))
    return _status(lookup.document_or_error(request.team, conversion_id, UNKNOWN))


def _status(document: Document) -> dict[str, Any]:
    """The state of each format; a PDF's id is unknown until its pages are read, as clients expect."""
    if document.status != Status.COMPLETED or document.deleted_at:
        raise ApiError(UNKNOWN)
    answer = answers.conversion_status(document)
    if not answer["conversion_status"]:
        raise ApiError(UNKNOWN)
    return answer


def _delete(document: Document) -> dict[str, Any]:
    """A PDF is deleted at its own address only."""
    if not document.given or document.deleted_at:
        raise NotFoundError(UNKNOWN)
    states = renditions.status(document)
    retention.delete(document)
    document.refresh_from_db()
    return answers.conversion_deletion(document, states)


@endpoint("GET", crash_status=500, refusal=errors.never_ok)
async def download(request: ApiRequest, conversion_id: str, extension: str) -> HttpResponseBase:
    return await delivery.deliver(request, conversion_id, extension, UNKNOWN)
