from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

import httpx
import pytest

from mathpixweb.api.headers import CredentialHeaders
from mathpixweb.api.limits import BodyLimit
from mathpixweb.asgi import http as django_application
from mathpixweb.documents import storage
from mathpixweb.documents.intake import uploads
from mathpixweb.documents.models import Document
from tests import pdfs

KB = 1024
MULTIPART = "multipart/form-data; boundary=x"


@pytest.fixture
def small():
    """A client of a server that takes files up to 20 kB and other bodies up to 10 kB."""
    application = CredentialHeaders(
        BodyLimit(django_application, upload_bytes=20 * KB, form_bytes=10 * KB, image_bytes=5 * KB)
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url="http://testserver")


class Watched:
    """A body that knows how much of it was taken."""

    def __init__(self, kilobytes: int) -> None:
        self.kilobytes = kilobytes
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.kilobytes):
            self.taken += 1
            yield bytes(KB)


def too_large(response: httpx.Response) -> bool:
    return response.status_code == 200 and response.json()["error_info"]["id"] == "sys_request_too_large"


async def test_a_file_that_is_announced_as_too_long_is_refused_unread(small):
    body = Watched(40)
    headers = {"content-type": MULTIPART, "content-length": str(40 * KB)}
    assert too_large(await small.post("/v3/pdf", content=body, headers=headers))
    assert body.taken == 0


async def test_a_form_with_an_image_is_no_larger_than_what_is_kept_in_memory(small):
    body = Watched(10)
    headers = {"content-type": MULTIPART, "content-length": str(10 * KB)}
    for address in ("/v3/text", "/v3/latex/", "/v3/batch", "/v3/strokes"):
        refused = await small.post(address, content=body, headers=headers)
        assert too_large(refused)
        assert ("request_id" in refused.json()) == (address != "/v3/batch"), "as the SDK needs it"
    assert body.taken == 0


async def test_a_body_of_unknown_length_is_read_up_to_the_limit_only(small):
    body = Watched(1000)
    assert too_large(await small.post("/v3/pdf", content=body, headers={"content-type": MULTIPART}))
    assert body.taken <= 32


async def test_json_has_a_limit_of_its_own(small):
    assert too_large(await small.post("/v3/pdf", content=bytes(11 * KB)))


async def test_a_file_may_be_larger_than_json(small, owner):
    content = pdfs.with_numbered_pages(1) + b"\n" * 15 * KB
    response = await small.post("/v3/pdf", headers=owner.headers, files={"file": ("a.pdf", content)})
    assert await Document.objects.filter(public_id=response.json()["pdf_id"]).aexists()


@pytest.mark.parametrize("through", ["small", "http"])
async def test_a_form_too_large_for_memory_is_stored_as_it_was_sent(
    small, http, through, owner, settings, tmp_path, monkeypatch
):
    client = {"small": small, "http": http}[through]
    monkeypatch.setattr(uploads, "SMALL_BYTES", KB)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE, settings.FILE_UPLOAD_TEMP_DIR = KB, tmp_path
    form = {"options_json": '{"a": 1}'}
    content = pdfs.with_numbered_pages(1) + b"\n" * 5 * KB
    files = {"file": ("a.pdf", content)}
    sent = await client.post("/v3/pdf", headers=owner.headers, data=form, files=files)
    document = await Document.objects.aget(public_id=sent.json()["pdf_id"])
    assert (document.name, document.options, document.source_size) == ("a.pdf", {"a": 1}, len(content))
    assert document.source_hash == hashlib.sha256(content).hexdigest()
    assert storage.source(document).read_bytes() == content
    stranger = await client.post("/v3/pdf", data=form, files=files)
    assert stranger.json()["error_info"]["id"] == "http_unauthorized"
    assert list(tmp_path.glob("*.upload*")) == []


async def test_elsewhere_a_body_that_is_too_long_has_the_usual_status(small):
    response = await small.post("/sign-in", content=bytes(11 * KB))
    assert response.status_code == 413
    assert response.headers["content-type"].startswith("text/plain")


async def test_json_beyond_what_the_endpoint_takes_is_refused(http, owner):
    response = await http.post("/v3/pdf", headers=owner.headers, json={"url": "x" * (5 * KB * KB)})
    assert too_large(response)


async def test_a_file_larger_than_the_server_takes_is_refused(http, owner, settings):
    settings.MAX_UPLOAD_BYTES = KB
    content = pdfs.with_numbered_pages(1) + b"\n" * KB
    assert too_large(await http.post("/v3/pdf", headers=owner.headers, files={"file": ("a.pdf", content)}))
