"""The contract's errors: ids, sentences, statuses, and the one shape in which all of them are answered.

Nearly every error is HTTP 200; clients look for the key `error`, which no other answer carries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse

from mathpixweb.providers.base import ProviderError

SENTENCES = {
    "http_bad_request": "The request cannot be understood",
    "bad_request": "An option cannot be used",
    "http_unauthorized": "Invalid credentials",
    "unauthorized_token_request": "App tokens are not taken at this address",
    "http_max_requests": "Too many requests",
    "http_not_found": "There is nothing at this address",
    "http_method_not_allowed": "This address does not take that method",
    "json_syntax": "JSON syntax error",
    "image_missing": "Missing URL in request body",
    "image_download_error": "Error downloading image",
    "image_decode_error": "Cannot decode the image data",
    "image_no_content": "Content not found",
    "image_not_supported": "Image is not math or text",
    "image_max_size": "Image is too large to process",
    "strokes_missing": "Missing strokes in request body",
    "strokes_syntax_error": "Incorrect JSON or strokes format",
    "strokes_no_content": "No content found in strokes",
    "opts_bad_callback": "Bad callback field(s)",
    "opts_unknown_ocr": "Unknown ocr option(s)",
    "opts_unknown_format": "Unknown format option(s)",
    "opts_number_required": "Option must be a number",
    "opts_value_out_of_range": "Value not in accepted range",
    "opts_conflict": "Options exclude each other",
    "pdf_encrypted": "PDF is encrypted and not readable",
    "pdf_unknown_id": "PDF ID expired or isn't known",
    "pdf_missing": "Request sent without url field or file",
    "pdf_page_limit_exceeded": "PDF exceeds maximum page limit",
    "math_confidence": "Low confidence",
    "math_syntax": "Unrecognized math",
    "batch_unknown_id": "Unknown batch id",
    "cnv_unknown_id": "Conversion ID expired or isn't known",
    "conversion_error": "The conversion failed",
    "format_not_ready": "This format is not ready yet",
    "format_not_requested": "This format was not requested",
    "not_found": "There is no such file or job",
    "conflict": "The file is still being processed",
    "unsupported_format": "This format was not requested or cannot be made",
    "data_source_not_found": "No data source is registered for this bucket",
    "token_unknown": "Unknown app token",
    "sys_exception": "Server error",
    "sys_request_too_large": "The request is larger than this server takes",
}

STATUSES = {
    "http_bad_request": 400,
    "http_unauthorized": 401,
    "http_not_found": 404,
    "http_method_not_allowed": 405,
    "http_max_requests": 429,
}

UNTAKEN = {"unauthorized_token_request": 401}

RETRY_SECONDS = 2


class ApiError(ProviderError):
    """An error of the contract; says its default sentence when none is given."""

    def __init__(self, error_id: str, message: str = "", **detail: object) -> None:
        super().__init__(error_id, message or SENTENCES[error_id], **detail)


class NotFoundError(ApiError):
    """Answered with HTTP 404: a file that is not there, or `pending`, not there yet."""

    def __init__(self, error_id: str, message: str = "", pending: bool = False) -> None:
        super().__init__(error_id, message)
        self.pending = pending


def info(error: ProviderError) -> dict[str, Any]:
    """`error_info`: details stand both under `detail`, as the reference says, and beside it, as served."""
    nested = {"detail": error.detail} if error.detail else {}
    return {**error.detail, **nested, "id": error.error_id, "message": error.message}


def body(error: ProviderError) -> dict[str, Any]:
    return {"error": error.message, "error_info": info(error)}


def stored(error_id: str, detail: Mapping[str, object]) -> ProviderError:
    """The error that a document or page keeps."""
    rest = {str(name): value for name, value in detail.items() if name not in ("message", "error_id")}
    message = str(detail.get("message", "")) or SENTENCES.get(error_id, SENTENCES["sys_exception"])
    return ProviderError(error_id, message, **rest)


def answer(error: ProviderError, **beside: str) -> JsonResponse:
    """The error, and `beside` it what else the body is to hold."""
    status = 404 if isinstance(error, NotFoundError) else STATUSES.get(error.error_id, 200)
    response = JsonResponse({**beside, **body(error)}, status=status)
    if isinstance(error, NotFoundError) and error.pending:
        response["Retry-After"] = str(RETRY_SECONDS)
    advise(response, error)
    return response


def never_ok(error: ProviderError) -> JsonResponse:
    """The `refusal` of downloads and streams: what comes with HTTP 200 is taken for the file."""
    response = answer(error)
    if response.status_code == 200:
        response.status_code = UNTAKEN.get(error.error_id, 500)
    return response


def advise(response: JsonResponse, error: ProviderError) -> None:
    """Headers that say what to do instead, or when."""
    if isinstance(allowed := error.detail.get("allowed"), list):
        response["Allow"] = ", ".join(allowed)
    if isinstance(seconds := error.detail.get("retry_after"), int):
        response["Retry-After"] = str(seconds)
