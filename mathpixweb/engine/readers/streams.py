"""Stream contents with a limit, so that a few kilobytes of zeros cannot fill the memory."""

from __future__ import annotations

import zlib

from pdfminer.pdftypes import LITERALS_FLATE_DECODE, PDFStream

from mathpixweb.engine.errors import PageFailed

# The largest real page contents (maps, scatter plots) are about a tenth of this.
LARGEST_CONTENT = 64 * 1024 * 1024
# What other filters may be given: LZW and run lengths grow at most some hundred times.
LARGEST_RAW = 4 * 1024 * 1024


def content_of(stream: PDFStream, limit: int = LARGEST_CONTENT) -> bytes:
    """The decoded stream. PageFailed if it is larger than `limit` bytes."""
    if stream.data is not None:
        return _checked(stream.data, limit)
    raw = stream.rawdata or b""
    filters = stream.get_filters()
    if not filters or any(name not in LITERALS_FLATE_DECODE or params for name, params in filters):
        return _checked(stream.get_data() if len(raw) <= LARGEST_RAW or not filters else b"", limit)
    if stream.decipher and stream.objid is not None and stream.genno is not None:
        raw = stream.decipher(stream.objid, stream.genno, raw, stream.attrs)
    for _ in filters:
        raw = _inflated(raw, limit)
    return raw


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
