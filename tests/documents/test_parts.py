"""Large forms taken apart while they arrive: what Django then reads is what it reads in the whole body."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import RequestAborted, SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.http.multipartparser import MultiPartParserError

from mathpixweb.documents.intake import bodies, parts, uploads
from mathpixweb.documents.intake.bodies import Receiving, UploadsHandler
from mathpixweb.documents.storage import NoRoom

BOUNDARY = "of-the-test"
FIELD = 'Content-Disposition: form-data; name="options_json"'
FILE = 'Content-Disposition: form-data; name="file"; filename="paper.pdf"'
LONG = b"%PDF\r\n--of-the-tes\r\n-" * 60


def part(headers: str, content: bytes) -> bytes:
    return f"--{BOUNDARY}\r\n{headers}\r\n\r\n".encode() + content + b"\r\n"


def form(*pieces: bytes) -> bytes:
    return b"".join(pieces) + f"--{BOUNDARY}--\r\n".encode()


BODIES = {
    "a file": form(part(FILE, LONG)),
    "a file of a kind": form(part(f"{FILE}\r\nContent-Type: application/pdf; charset=latin-1", LONG)),
    "fields around it": form(part(FIELD, b"{}"), part(FILE, LONG), part(FIELD, b'{"a": 1}')),
    "two files": form(part(FILE, LONG), part(FILE.replace("paper", "other"), b"short")),
    "two files and a number": form(part(FILE, LONG), part(FILE, b"0" * parts.TOKEN_BYTES)),
    "an empty file": form(part(FILE, b"")),
    "a file of line ends": form(part(FILE, b"\r\n\n\r\r\n")),
    "a file in base64": form(part(f"{FILE}\r\nContent-Transfer-Encoding: base64", b"JVBERi0x")),
    "a file without a name": form(part(FILE.replace("paper.pdf", ""), LONG), part(FIELD, b"{}")),
    "a file in a folder": form(part(FILE.replace("paper", "../../paper"), LONG)),
    "a name beyond repair": form(part(FILE.replace("paper.pdf", ".."), LONG), part(FIELD, b"{}")),
    "a field named like a file": form(part(FIELD.replace("options_json", "filename=x"), LONG)),
    "no end": part(FILE, LONG),
    "an end within a line": part(FILE, LONG)[:-1],
    "line ends of Unix": form(part(FILE, LONG)).replace(b"\r\n--of-the-test--", b"\n--of-the-test--"),
    "the boundary within a line": form(part(FILE, LONG + b"--of-the-test, as one says")),
    "words before it": b"This is a form.\r\n" + form(part(FILE, LONG)),
    "words after it": form(part(FILE, LONG)) + b"This was a form.",
    "no headers": form(f"--{BOUNDARY}\r\n".encode(), part(FILE, LONG)),
    "headers without an end": form(f"--{BOUNDARY}\r\n{FILE}".encode() + b"x" * 2000, part(FILE, LONG)),
    "headers that are too long": form(part(f"X-Long: {'x' * 2000}\r\n{FILE}", LONG)),
    "more files than Django takes": form(*[part(FILE, b"%PDF") for _ in range(4)]),
    "nothing": b"",
    "another boundary": form(part(FILE, LONG)).replace(b"of-the-test", b"of-a-story"),
}


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(uploads, "SMALL_BYTES", 0)
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # each is large
    return tmp_path


def scope_of(body: bytes) -> dict[str, Any]:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body) or 1).encode())]
    return {"type": "http", "method": "POST", "path": "/v3/pdf", "headers": headers}


class Line:
    """Brings the body in pieces of that size; then, or in the middle of it, the caller is gone."""

    def __init__(self, body: bytes, size: int, *, gone: bool = False) -> None:
        pieces = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
        more = [True] * (len(pieces) - 1) + [gone]
        messages = zip(pieces, more, strict=True)
        self.messages = [{"type": "http.request", "body": each, "more_body": rest} for each, rest in messages]

    async def __call__(self) -> dict[str, Any]:
        return self.messages.pop(0) if self.messages else {"type": "http.disconnect"}


def arrived(body: bytes, size: int) -> ASGIRequest:
    scope = scope_of(body)
    stream = asyncio.run(UploadsHandler().read_body(Receiving(scope, Line(body, size))))
    return ASGIRequest(scope, stream)


def read(request: ASGIRequest) -> tuple[Any, ...]:
    """What a view would find, or the error that it would meet."""
    try:
        fields = [(name, request.POST.getlist(name)) for name in request.POST]
        files = [(name, [told(file) for file in request.FILES.getlist(name)]) for name in request.FILES]
    except (MultiPartParserError, SuspiciousOperation) as error:
        return type(error), str(error)
    finally:
        bodies.drop(request.scope)
        request.close()
    return fields, files


def told(file: Any) -> tuple[Any, ...]:
    kind = (file.content_type, file.charset, file.content_type_extra)
    assert Path(file.temporary_file_path()).stat().st_size == file.size
    return file.name, *kind, file.size, file.read()


@pytest.mark.parametrize("name", BODIES)
def test_a_form_is_the_same_however_it_arrives(name: str, place: Path) -> None:
    whole = read(ASGIRequest(scope_of(BODIES[name]), io.BytesIO(BODIES[name])))
    for size in (1, 7, len(BOUNDARY) + 5, 1024, 1 << 20):
        assert read(arrived(BODIES[name], size)) == whole, size
    assert list(place.iterdir()) == []


def test_a_file_is_hashed_while_it_is_written() -> None:
    request = arrived(BODIES["a file"], 100)
    file = request.FILES["file"]
    assert file.fingerprint == hashlib.sha256(LONG).hexdigest()
    request.close()


def test_a_file_is_put_on_the_disk_while_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    monkeypatch.setattr(parts, "SETTLED_AT_ONCE", 200)
    monkeypatch.setattr(parts.os, "fsync", lambda descriptor: lengths.append(os.fstat(descriptor).st_size))
    read(arrived(BODIES["a file"], 100))
    assert 0 < len(lengths) <= len(LONG) // 200
    assert lengths == sorted(lengths)


async def test_a_disk_that_fails_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    def failing(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(parts, "SETTLED_AT_ONCE", 200)
    monkeypatch.setattr(parts.os, "fsync", failing)
    body = await UploadsHandler().read_body(Receiving(scope_of(BODIES["a file"]), Line(BODIES["a file"], 64)))
    with pytest.raises(OSError, match="Input/output"):
        body.read()


def test_nothing_is_left_of_a_file_whose_sender_goes_away(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = BODIES["a file"]
    with ThreadPoolExecutor(1) as writers:
        monkeypatch.setattr(bodies, "WRITERS", writers)
        with pytest.raises(RequestAborted):
            receiving = Receiving(scope_of(body), Line(body[:-40], 64, gone=True))
            asyncio.run(UploadsHandler().read_body(receiving))
    assert list(place.iterdir()) == []


async def test_what_cannot_be_kept_is_told_to_whoever_reads_it(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    def full(_: object, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parts.Fingerprinted, "write", full)
    line = Line(BODIES["a file"], 64)
    body = await UploadsHandler().read_body(Receiving(scope_of(BODIES["a file"]), line))
    assert line.messages == []
    with pytest.raises(NoRoom, match="disk is full"):
        body.read()


@pytest.mark.parametrize(
    "content_type", ["application/json", "multipart/form-data", "multipart/mixed; boundary=x"]
)
async def test_what_is_no_form_is_left_to_django(content_type: str) -> None:
    scope = scope_of(LONG)
    scope["headers"][0] = (b"content-type", content_type.encode())
    body = await UploadsHandler().read_body(Receiving(scope, Line(LONG, 1000)))
    assert body.read() == LONG
    assert parts.ARRIVED not in scope
    body.close()
