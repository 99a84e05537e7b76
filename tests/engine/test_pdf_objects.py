from __future__ import annotations

import io

import pytest
from pdfminer.pdfparser import PDFParser, PDFStreamParser
from pdfminer.pdftypes import PDFObjRef
from pdfminer.psparser import PSEOF, PSException

from mathpixweb.engine.readers.objects import ObjectParser, _PackedParser

VALUES = [
    b"<</Type/Font/Name /F1/Widths[1 -2 +3 4.5 -.5 .]/Empty()/Next 7 0 R>>",
    b"[ 1 2[3[]]<</A/B>>/C#41D/\xc3\xa9 /\xff(a\\(b\\051)<4 1 42>true false null ]",
    b"<</A null/B true/C 12345678901234567890/D 0005 /E --5/F 1-2 /G/ /H 1.>>",
    b"% a comment\n<</A %another >>\n 1>>",
    b"]>>[1 >> 2]<</A 1]",
    b"\x00 1\x00 2 {3 4} word R /Odd<</One>> 5",
    b"<<" * 3 + b"/A 1" + b">>" * 3,
    b"/" + b"n" * 5000 + b" " * 5000 + b"[" + b"1 " * 3000 + b"]",
]


def plain(value):
    if isinstance(value, PDFObjRef):
        return "R", value.objid
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else repr(value)


def all_of(parser):
    found = []
    try:
        while True:
            position, value = parser.nextobject()
            found.append((position, plain(value)))
    except PSEOF:
        return found
    except (PSException, ValueError) as error:  # a reference to nothing
        return [*found, type(error)]


@pytest.mark.parametrize("text", VALUES)
def test_objects_are_those_that_the_slower_parser_finds(text):
    assert all_of(_PackedParser(text)) == all_of(PDFStreamParser(text))
    file = b"1 0 obj" + text + b"endobj 2 0 obj 5 endobj"
    assert all_of(ObjectParser(io.BytesIO(file))) == all_of(PDFParser(io.BytesIO(file)))
