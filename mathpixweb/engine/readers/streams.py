"""Stream contents with a limit, so that a few kilobytes of zeros cannot fill the memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from pdfminer.pdftypes import LITERALS_FLATE_DECODE, PDFStream, resolve1
from pdfminer.psparser import literal_name

from mathpixweb.engine.deferred import Deferred
from mathpixweb.engine.errors import PageFailed

# The largest real page contents (maps, scatter plots) are about a tenth of this.
LARGEST_CONTENT = 64 * 1024 * 1024
# What other filters may be given: LZW and run lengths grow at most some hundred times.
LARGEST_RAW = 4 * 1024 * 1024

_qpdf_decoded = Deferred("mathpixweb.engine.readers.qpdf_filters:decoded")


def content_of(stream: PDFStream, limit: int = LARGEST_CONTENT) -> bytes:
    """The decoded stream. PageFailed if it is larger than `limit` bytes."""
    if stream.data is not None:
        return _checked(stream.data, limit)
    raw = stream.rawdata or b""
    filters = stream.get_filters()
    if stream.decipher and stream.objid is not None and stream.genno is not None:
        raw = stream.decipher(stream.objid, stream.genno, raw, stream.attrs)
    if all(name in LITERALS_FLATE_DECODE and not params for name, params in filters):
        for _ in filters:
            raw = _inflated(raw, limit)
        return _checked(raw, limit)
    return _checked(_decoded(stream, raw, filters) if len(raw) <= LARGEST_RAW else b"", limit)


def _decoded(stream: PDFStream, raw: bytes, filters: Iterable[tuple[Any, Any]]) -> bytes:
    names = [(literal_name(name), _numbers(params)) for name, params in filters]
    content: bytes | None = _qpdf_decoded(raw, names)
    return stream.get_data() if content is None else content


def _numbers(parameters: Any) -> dict[str, int]:
    """What the parameters of a filter say in numbers, which is all that filters of contents have."""
    if not isinstance(parameters, dict):
        return {}
    found = {key: resolve1(value) for key, value in parameters.items()}
    return {key: value for key, value in found.items() if isinstance(value, int)}


def _inflated(data: bytes, limit: int) -> bytes:
    """As much of the data as can be inflated: a broken checksum at the end is common."""
    inflater = zlib.decompressobj()
    pieces: list[bytes] = []
    size, rest = 0, data
    try:
        while rest and not inflater.eof:
            piece = inflater.decompress(rest, 1 << 20)
            pieces.append(piece)
            size += len(piece)
            rest = inflater.unconsumed_tail
            if size > limit:
                raise PageFailed("The page's content is larger than any real page's.")
    except zlib.error:
        return b"".join(pieces)
    return b"".join(pieces)


def _checked(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise PageFailed("The page's content is larger than any real page's.")
    return data
