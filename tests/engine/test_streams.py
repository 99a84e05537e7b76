from __future__ import annotations

import pytest
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import LIT

from mathpixweb.engine.errors import PageFailed
from mathpixweb.engine.readers.streams import content_of

LZW = bytes.fromhex("800b6050220c0c8501")  # the example of the PDF reference


def stream(raw, *filters, **entries):
    return PDFStream({"Filter": [LIT(name) for name in filters], **entries}, raw)


@pytest.mark.parametrize(
    ("read", "content"),
    [
        (stream(LZW, "LZWDecode"), b"-----A---B"),
        (stream(LZW.hex().encode() + b">", "ASCIIHexDecode", "LZWDecode"), b"-----A---B"),
        (stream(b"\x02ab!\xffc\x80", "RunLengthDecode"), b"ab!cc"),
        (stream(b"as is"), b"as is"),
    ],
)
def test_streams_with_the_filters_of_old_files_are_read(read, content):
    assert content_of(read) == content


def test_bits_that_fill_the_last_byte_are_no_content():
    assert content_of(stream(bytes.fromhex("80800d0a"), "LZWDecode")) == b""


def test_content_beyond_the_limit_is_refused():
    with pytest.raises(PageFailed):
        content_of(stream(LZW, "LZWDecode"), limit=5)
