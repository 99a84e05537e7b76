"""Files on their way out: whole texts, and big files in chunks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path, PurePath

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from mathpixweb.documents.models import Document

CHUNK_BYTES = 256 * 1024
SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"  # should it be shown after all

CONTENT_TYPES = {
    "mmd": "text/markdown; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "lines.json": "application/json; charset=utf-8",
    "lines.mmd.json": "application/json; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "latex.pdf": "application/pdf",
    "mmd.overlay.pdf": "application/pdf",
    "epub": "application/epub+zip",
    "latex": "text/x-tex; charset=utf-8",
    "typst": "text/vnd.typst; charset=utf-8",
    "tex.zip": "application/zip",
    "md.zip": "application/zip",
    "mmd.zip": "application/zip",
    "html.zip": "application/zip",
}


def text(document: Document, extension: str, content: str) -> HttpResponse:
    response = HttpResponse(content.encode())
    _label(response, document, extension)
    return response


async def file(document: Document, extension: str, path: Path) -> HttpResponseBase:
    """The file in chunks, so that a large one is never whole in memory. Raises FileNotFoundError."""
    size = (await asyncio.to_thread(path.stat)).st_size
    response = StreamingHttpResponse(_chunks(path))
    response["Content-Length"] = str(size)
    _label(response, document, extension)
    return response


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as opened:
        while chunk := await asyncio.to_thread(opened.read, CHUNK_BYTES):
            yield chunk


def _label(response: HttpResponseBase, document: Document, extension: str) -> None:
    response["Content-Type"] = CONTENT_TYPES[extension]
    response["Content-Disposition"] = disposition(document.name, extension)
    response["Content-Security-Policy"] = SANDBOX


def disposition(name: str, extension: str) -> str:
    """Names the download after the document; a browser saves it and never shows it as a page of this site."""
    stem = "".join(character for character in PurePath(name).stem if character.isprintable()) or "document"
    return content_disposition_header(as_attachment=True, filename=f"{stem}.{extension}") or "attachment"
