"""Files made to break their reader, sent to the real server: each is told how it ended, and nobody dies.

`manage.py bench hostile --corpus FOLDER` does the same with a folder of any size.
"""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Iterator

import httpx
import psutil
import pytest

from tests import offices, pdfs
from tests.server import Server

ENOUGH = 60.0  # seconds for all of them
SMALL_PAGE = "/MediaBox[0 0 99 99]"
ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


def _pdf(page: str = SMALL_PAGE, pages: str = "/Kids[3 0 R]/Count 1", drawn: str = "", **more: str) -> bytes:
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages{pages}>>",
        f"<</Type/Page/Parent 2 0 R{page}/Contents 4 0 R>>",
        f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
        *more.values(),
    ]
    return pdfs._file(dict(enumerate(objects, 1)))


def _png(width: int, height: int) -> bytes:
    """What its head says is not there."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b""))
    written = [struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def _word(declared: str, used: str) -> bytes:
    document = f"<!DOCTYPE w [{declared}]><w>{used}</w>"
    return offices.word_with({"word/document.xml": document})


_ITSELF = "<</XObject<</X 5 0 R>>>>"
_FORM = f"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources{_ITSELF}/Length 5>>stream\n/X Do\nendstream"
DOCUMENTS = {
    "empty.pdf": b"",
    "head.pdf": b"%PDF-1.7\n",
    "cut.pdf": pdfs.truncated(),
    "web.pdf": b"<!doctype html><script>alert(1)</script>",
    "own-child.pdf": _pdf(pages="/Kids[2 0 R 3 0 R]/Count 2"),
    "count.pdf": _pdf(pages="/Kids[3 0 R]/Count 2000000000"),
    "huge.pdf": _pdf("/MediaBox[0 0 1000000 1000000]"),
    "tiny.pdf": _pdf("/MediaBox[0 0 0.001 0.001]"),
    "infinite.pdf": _pdf("/MediaBox[0 0 -1e38 99999999999999999999]"),
    "itself.pdf": _pdf(f"{SMALL_PAGE}/Resources{_ITSELF}", drawn="/X Do", form=_FORM),
    "deep.pdf": _pdf(f"{SMALL_PAGE}/X {'[' * 10_000}{']' * 10_000}"),
    "entities.docx": _word(f'<!ENTITY l0 "ha">{ENTITIES}', "&l11;"),
    "reads.docx": _word('<!ENTITY f SYSTEM "file:///etc/passwd">', "&f;"),
}
IMAGES = {
    "lies.png": _png(2**31 - 1, 2**31 - 1),
    "wide.png": _png(1_000_000, 1),
    "half.png": offices.png()[:40],
    "svg.png": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "frames.gif": b"GIF89a\xff\xff\xff\xff\x80\0\0" + b"\0" * 6 + b",\0\0\0\0\xff\xff\xff\xff\0\2",
}
TEXTS = {
    "braces": "\\(" + "{" * 2_000 + "}" * 2_000 + "\\)",
    "dollars": "$ x " * 5_000,
    "quotes": ">" * 20_000 + "x",
    "macros": "\\(\\def\\a{\\a\\a}\\a\\)",
}


@pytest.fixture
def http(live_server_process: Server) -> Iterator[httpx.Client]:
    headers = {"app_key": live_server_process.app_key}
    with httpx.Client(base_url=live_server_process.url, headers=headers, timeout=ENOUGH) as client:
        yield client


def _servers(server: Server) -> list[psutil.Process]:
    children = psutil.Process(server.process.pid).children()
    return [child for child in children if "mathpixweb.web.server" in child.cmdline()]


def _told(answer: httpx.Response) -> dict[str, object]:
    assert answer.status_code < 500, answer.text
    said = dict(answer.json())
    assert "error" not in said or said["error_info"]["id"], said
    return said


def _end(http: httpx.Client, address: str, ends: float) -> dict[str, object]:
    while True:
        said = _told(http.get(address))
        formats = said.get("conversion_status") or {}
        if said["status"] in ("completed", "error") and "processing" not in str(formats):
            return said
        assert time.monotonic() < ends, f"{address}: {said}"
        time.sleep(0.02)


def test_each_is_told_how_it_ended_and_the_server_lives(http, live_server_process):
    [server] = _servers(live_server_process)
    ends, waiting, refused = time.monotonic() + ENOUGH, {}, set()
    for name, content in DOCUMENTS.items():
        said = _told(http.post("/v3/pdf", files={"file": (name, content)}))
        waiting |= {name: f"/v3/pdf/{said['pdf_id']}"} if "pdf_id" in said else {}
        refused |= {name} if "pdf_id" not in said else set()
    for name, text in TEXTS.items():
        said = _told(http.post("/v3/converter", json={"mmd": text, "formats": {"html": True}}))
        waiting[name] = f"/v3/converter/{said['conversion_id']}"
    for name, content in IMAGES.items():
        assert "error" in _told(http.post("/v3/text", files={"file": (name, content)})), name
    told = {name: _end(http, address, ends) for name, address in waiting.items()}
    assert {"empty.pdf", "web.pdf"} <= refused
    for name in ("head.pdf", "entities.docx"):
        assert name in refused or told[name]["status"] == "error", name
    assert "root:" not in str(told["reads.docx"])
    assert [server] == _servers(live_server_process)
