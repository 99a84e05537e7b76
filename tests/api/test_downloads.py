from __future__ import annotations

import pytest

from mathpixweb.api import downloads
from mathpixweb.providers.format_options import FORMATS


def test_every_format_of_the_contract_has_a_content_type():
    assert set(FORMATS) <= downloads.CONTENT_TYPES.keys()


def test_every_text_says_that_it_is_utf8():
    texts = [
        kind for kind in downloads.CONTENT_TYPES.values() if kind.startswith(("text/", "application/json"))
    ]
    assert len(texts) == 7
    assert all(kind.endswith("; charset=utf-8") for kind in texts)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("notes.pdf", 'attachment; filename="notes.mmd"'),
        ("a b.c.pdf", 'attachment; filename="a b.c.mmd"'),
        ('x".pdf', 'attachment; filename="x\\".mmd"'),
        ("Übung.pdf", "attachment; filename*=utf-8''%C3%9Cbung.mmd"),
        ("a\r\nSet-Cookie: x.pdf", 'attachment; filename="aSet-Cookie: x.mmd"'),
        ("", 'attachment; filename="document.mmd"'),
        ("\u202egnp.exe", 'attachment; filename="gnp.mmd"'),
        ("../../etc/passwd", 'attachment; filename="passwd.mmd"'),
    ],
)
def test_a_download_is_named_after_the_document_whatever_its_name_holds(name, header):
    assert downloads.disposition(name, "mmd") == header
