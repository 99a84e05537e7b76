"""Request bodies: JSON of any content type, or multipart with a file and `options_json`."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from mathpixweb.api.errors import ApiError

QUOTES = '"'
NUL, NUL_ESCAPED = "\0", "\\u0000"
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")  # halves of pairs, escaped or not


@dataclass(frozen=True, slots=True)
class Body:
    args: dict[str, Any] = field(default_factory=dict)
    upload: UploadedFile[Any] | None = None


def read(request: HttpRequest, json_limit: int, in_memory: bool = False) -> Body:
    """What was sent; at most `json_limit` bytes of JSON. Raises ApiError."""
    if request.method in ("GET", "HEAD", "DELETE"):
        return Body()
    try:
        if request.content_type == "multipart/form-data":
            if in_memory:  # larger ones are refused before they are read
                request.upload_handlers = [MemoryFileUploadHandler(request)]
            return _read_multipart(request, json_limit)
        return Body(_read_json(request, json_limit))
    except RequestDataTooBig as error:
        raise ApiError("sys_request_too_large") from error
    except MultiPartParserError as error:
        raise ApiError("json_syntax", f"The multipart body cannot be read: {error}") from error
    except (SuspiciousOperation, UnreadablePostError) as error:
        raise ApiError("json_syntax", "The request body cannot be read") from error


def _read_multipart(request: HttpRequest, json_limit: int) -> Body:
    return Body(parse_options(_options_json(request, json_limit)), request.FILES.get("file"))


def _options_json(request: HttpRequest, json_limit: int) -> str:
    """The field of that name, which is a file when curl sends it with `--form options_json=@options.json`."""
    as_file = request.FILES.get("options_json")
    if as_file is None:
        options = request.POST.get("options_json", "")
        if not isinstance(options, str) or len(options) > json_limit:
            raise _too_large(json_limit)
        return options
    if (as_file.size or 0) > json_limit:
        raise _too_large(json_limit)
    return _decoded(as_file.read())


def _read_json(request: HttpRequest, json_limit: int) -> dict[str, Any]:
    text = _text(request, json_limit)
    return _as_object(parse_json(text)) if text.strip() else {}


def _text(request: HttpRequest, limit: int) -> str:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > limit:
        raise _too_large(limit)
    # Django's own limit for bodies in memory is lower than that of a job
    big = limit > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    content = request.read(limit + 1) if big else request.body
    if len(content) > limit:
        raise _too_large(limit)
    return _decoded(content)


def _decoded(content: bytes) -> str:
    try:
        return content.decode(json.detect_encoding(content))
    except ValueError as error:
        raise ApiError("json_syntax") from error


def _too_large(limit: int) -> ApiError:
    return ApiError(
        "sys_request_too_large", f"JSON is taken up to {limit // (1024 * 1024)} MB", limit_value=limit
    )


def parse_options(text: str) -> dict[str, Any]:
    """`options_json`, also when the quotes of the documented curl line have arrived with it."""
    if not text.strip():
        return {}
    try:
        options = parse_json(text)
    except ApiError:
        stripped = text.strip()
        if not (len(stripped) > 1 and stripped[0] == stripped[-1] == QUOTES):
            raise
        options = parse_json(stripped[1:-1].replace('\\"', QUOTES))
    return _as_object(parse_json(options) if isinstance(options, str) else options)


def parse_json(text: str) -> Any:
    """JSON that can be stored: no NaN, no half surrogate pairs, no bottomless nesting. Raises ApiError.

    Texts are without NUL, which PostgreSQL does not take and nobody can have meant.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
        if not (text.isascii() and "\\u" not in text) and SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
        if NUL_ESCAPED in text:
            value = _without_nul(value)
    except (ValueError, RecursionError) as error:
        raise ApiError("json_syntax") from error
    return value


def without_nul(text: str) -> str:
    return text.replace(NUL, "")


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return without_nul(value)
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {without_nul(name): _without_nul(each) for name, each in value.items()}
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    """1e999 is infinite too."""
    if math.isfinite(number := float(text)):
        return number
    raise ValueError(text)


def _as_object(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise ApiError("json_syntax", "The JSON must be an object")
