"""Streams decoded by qpdf; of the filters of old files, pdfminer reads LZW on beyond its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

import pikepdf
from pikepdf import Array, Dictionary, Name

Parameters = Mapping[str, int]


def decoded(raw: bytes, filters: Sequence[tuple[str, Parameters]]) -> bytes | None:
    """`raw` after the filters, by their names in PDF; None where qpdf cannot read it."""
    with pikepdf.new() as pdf, suppress(pikepdf.PdfError, RuntimeError):
        stream = pikepdf.Stream(pdf, raw)
        stream.Filter = Array([Name(f"/{name}") for name, _ in filters])
        stream.DecodeParms = Array(
            [Dictionary({f"/{key}": value for key, value in of.items()}) for _, of in filters]
        )
        return bytes(stream.read_bytes())
    return None
