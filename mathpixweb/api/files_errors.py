"""Errors of the Files API: real HTTP codes, and the id where other answers have the sentence."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse

from mathpixweb.api import errors
from mathpixweb.providers.base import ProviderError

STATUSES = {
    "http_unauthorized": 401,
    "unauthorized_token_request": 403,
    "not_found": 404,
    "format_not_ready": 404,
    "http_method_not_allowed": 405,
    "conflict": 409,
    "sys_request_too_large": 413,
    "unsupported_format": 415,
    "http_max_requests": 429,
    "sys_exception": 500,
}
PENDING = "format_not_ready"


def body(error: ProviderError) -> dict[str, Any]:
    status = {"status": error.detail["status"]} if error.error_id == PENDING else {}
    return {**status, "error": error.error_id, "error_info": errors.info(error)}


def answer(error: ProviderError) -> JsonResponse:
    """The files endpoints' `refusal`."""
    missing = isinstance(error, errors.NotFoundError)
    response = JsonResponse(body(error), status=404 if missing else STATUSES.get(error.error_id, 400))
    if error.error_id == PENDING:
        response["Retry-After"] = str(errors.RETRY_SECONDS)
    errors.advise(response, error)
    return response
