"""The objects of a PDF file, read as forgivingly as other viewers read them."""

from __future__ import annotations

from pdfminer.pdfparser import PDFParser
from pdfminer.psparser import PSKeyword


class ObjectParser(PDFParser):
    """pdfminer's parser, which besides takes `endstreamendobj` for the end that it means."""

    def do_keyword(self, pos: int, token: PSKeyword) -> None:
        joined = token.name == b"endstreamendobj"
        super().do_keyword(pos, self.KEYWORD_ENDOBJ if joined else token)
