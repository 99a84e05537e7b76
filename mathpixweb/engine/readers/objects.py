"""The objects of a PDF file, read as forgivingly as other viewers read them, and in half of pdfminer's time.

pdfminer takes a token apart in several steps, each of which may be where its buffer ends. Nearly all tokens
stand in the buffer as a whole; these are recognized at once, and all others are left to pdfminer.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, Final

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser, PDFStreamParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import (
    KEYWORD_ARRAY_BEGIN,
    KEYWORD_ARRAY_END,
    KEYWORD_DICT_BEGIN,
    KEYWORD_DICT_END,
    KWD,
    LIT,
    PSEOF,
    PSKeyword,
    PSLiteral,
    PSStackParser,
    PSSyntaxError,
    literal_name,
)

# Each token with the character after it, by which it is known to be whole.
KEPT: Final = 256 << 10  # bytes of a picture
_IMAGE: Final = LIT("Image")
_TOKEN: Final = re.compile(
    rb"[\s\x00]*+(?:"
    rb"([+-]?\d{1,15})(?![\d.])(?=.)"  # 1 whole number
    rb"|/([^#/%\[\]()<>{}\s]++)(?=[/%\[\]()<>{}\s])"  # 2 name
    rb"|(<<)|(>>)|(\[)|(\])"  # 3 to 6 dictionary, array
    rb"|([A-Za-z][^#/%\[\]()<>{}\s]*+)(?=[#/%\[\]()<>{}\s])"  # 7 keyword
    rb")",
    re.DOTALL,
)
_BRACKETS: Final = (KEYWORD_DICT_BEGIN, KEYWORD_DICT_END, KEYWORD_ARRAY_BEGIN, KEYWORD_ARRAY_END)
_VALUES: Final = (int, float, str, bytes, PSLiteral)
_CONSTANTS: Final = {b"true": True, b"false": False}


class _QuickTokens(PSStackParser[Any]):
    """A parser of pdfminer's that recognizes whole tokens."""

    def nexttoken(self) -> tuple[int, Any]:
        if self._tokens or self.eof or self._parse1 != self._parse_main:
            return super().nexttoken()
        found = _TOKEN.match(self.buf, self.charpos)
        if found is None:
            return super().nexttoken()
        kind = found.lastindex or 0
        text = found[kind]
        if kind == 1:
            token: Any = int(text)
        elif kind == 2:
            try:
                token = LIT(text.decode())
            except UnicodeDecodeError:
                token = LIT(text)
        elif kind == 7:
            token = _CONSTANTS.get(text)
            if token is None:
                token = KWD(text)
        else:
            token = _BRACKETS[kind - 3]
        self.charpos = found.end()
        # as pdfminer counts: a name from its slash on
        return self.bufpos + found.start(kind) - (kind == 2), token

    def nextobject(self) -> Any:
        """The same as pdfminer's, which besides writes into a log what it does."""
        while not self.results:
            position, token = self.nexttoken()
            if isinstance(token, _VALUES):
                self.curstack.append((position, token))
            elif token is KEYWORD_DICT_BEGIN or token is KEYWORD_ARRAY_BEGIN:
                self.context.append((position, self.curtype, self.curstack))
                self.curtype, self.curstack = ("d" if token is KEYWORD_DICT_BEGIN else "a"), []
            elif token is KEYWORD_ARRAY_END or token is KEYWORD_DICT_END:
                self._close("d" if token is KEYWORD_DICT_END else "a")
            elif isinstance(token, PSKeyword) and token.name not in (b"{", b"}"):
                self.do_keyword(position, token)
            else:
                self._tokens.insert(0, (position, token))
                return super().nextobject()
            if not self.context:
                self.flush()
        return self.results.pop(0)

    def _close(self, kind: str) -> None:
        """Makes one object of what stands since the opening bracket; one that closes nothing is left out."""
        if self.curtype != kind:
            return
        objects = [item for _, item in self.curstack]
        position, self.curtype, self.curstack = self.context.pop()
        made: Any = objects
        if kind == "d":
            if len(objects) % 2:
                raise PSSyntaxError("A dictionary has a key without a value.")
            pairs = zip(objects[::2], objects[1::2], strict=True)
            made = {literal_name(key): value for key, value in pairs if value is not None}
        self.curstack.append((position, made))


class ObjectParser(_QuickTokens, PDFParser):
    """The parser of a file, which besides takes `endstreamendobj` for the end that it means."""

    def do_keyword(self, pos: int, token: PSKeyword) -> None:
        joined = token.name == b"endstreamendobj"
        super().do_keyword(pos, self.KEYWORD_ENDOBJ if joined else token)


class _PackedParser(_QuickTokens, PDFStreamParser):
    """The parser of a stream that objects are packed in."""


class Document(PDFDocument):
    """The objects of a file. Large pictures are not kept, or those of all pages would stay in memory."""

    def getobj(self, objid: int) -> object:
        found = super().getobj(objid)
        if (
            isinstance(found, PDFStream)
            and found.get("Subtype") is _IMAGE
            and len(found.rawdata or b"") > KEPT
        ):
            self._cached_objs.pop(objid, None)
        return found

    def _get_objects(self, stream: PDFStream) -> tuple[list[object], int]:
        parser = _PackedParser(stream.get_data())
        parser.set_document(self)
        objects: list[object] = []
        with suppress(PSEOF):
            while True:
                objects.append(parser.nextobject()[1])
        return objects, stream.get("N", 0)
