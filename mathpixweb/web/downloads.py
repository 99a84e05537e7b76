"""Files to the browser: read in chunks, private to the person, never taken for something to run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from mathpixweb.engine.readers import image_kinds

CHUNK = 64 * 1024
R = TypeVar("R", bound=HttpResponseBase)

PRIVATE = "private, no-cache"
SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"  # should it be shown after all
PRIVATE_FOR_A_DAY = "private, max-age=86400"


def picture(path: Path, etag: str) -> HttpResponse:
    """A PNG, JPEG or WebP that changes only together with `etag`. Raises FileNotFoundError."""
    content = path.read_bytes()
    response = HttpResponse(content, content_type=_media_type(content))
    response["Cache-Control"] = PRIVATE_FOR_A_DAY
    response["ETag"] = f'"{etag}"'
    return _plain(response)


def _media_type(content: bytes) -> str:
    """Of a picture that was made here, whose name does not tell."""
    kind = image_kinds.kind_of(content)
    return f"image/{kind}" if kind in ("png", "jpeg") else "image/webp"


def text(content: str, content_type: str, name: str) -> HttpResponseBase:
    return attachment(HttpResponse(content, content_type=content_type), name)


def file(path: Path, content_type: str, name: str) -> HttpResponseBase:
    """A file of any size. Raises FileNotFoundError."""
    size = path.stat().st_size
    response = StreamingHttpResponse(_chunks(path), content_type=content_type)
    response["Content-Length"] = str(size)
    return attachment(response, name)


def opened(content: IO[bytes], content_type: str, name: str) -> HttpResponseBase:
    """A file that has no name on the disk; it is closed when it was sent."""
    response = StreamingHttpResponse(_chunks_of(content), content_type=content_type)
    return attachment(response, name)


async def _chunks_of(content: IO[bytes]) -> AsyncIterator[bytes]:
    with content:
        while chunk := await asyncio.to_thread(content.read, CHUNK):
            yield chunk


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    # Django would read a plain file object whole into memory before it sends the first byte
    with path.open("rb") as opened:
        while chunk := await asyncio.to_thread(opened.read, CHUNK):
            yield chunk


def attachment(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = PRIVATE
    return _plain(response)


def _plain(response: R) -> R:
    response["X-Content-Type-Options"] = "nosniff"
    return response
