from __future__ import annotations

import json
import re

import httpx
import pytest

from mathpixweb.documents.models import Document
from tests import pdfs

ID = re.compile(r"\d{4}_\d\d_\d\d_[0-9a-f]{20}g")


async def send(http, caller, content=None, name="notes.pdf", options=None, **headers):
    """The documented call: a file and `options_json`."""
    files = {"file": (name, pdfs.with_numbered_pages(2) if content is None else content)}
    data = (
        {}
        if options is None
        else {"options_json": options if isinstance(options, str) else json.dumps(options)}
    )
    return await http.post("/v3/pdf", headers={**caller.headers, **headers}, files=files, data=data)


async def document_of(response: httpx.Response) -> Document:
    body = response.json()
    assert response.status_code == 200, body
    assert body.keys() == {"pdf_id"}, body
    return await Document.objects.aget(public_id=body["pdf_id"])


def error_id(response: httpx.Response) -> str:
    body = response.json()
    assert response.status_code == 200
    assert body["error"] == body["error_info"]["message"]
    return body["error_info"]["id"]


async def test_a_file_is_taken_in_at_once(http, owner):
    response = await send(http, owner, options={"rm_spaces": "false", "new": 1})
    document = await document_of(response)
    assert ID.fullmatch(document.public_id)
    assert (document.status, document.name, document.endpoint) == ("received", "notes.pdf", "/v3/pdf")
    assert (document.team_id, document.api_key_id) == (owner.team.pk, owner.key.pk)
    assert document.options == {"rm_spaces": False, "new": 1}
    with document.source.open() as stored:
        assert stored.read() == pdfs.with_numbered_pages(2)


async def test_an_address_is_taken_in_at_once(http, owner):
    url = "https://example.org/papers/a%20b.pdf?x=1"
    response = await http.post("/v3/pdf", headers=owner.headers, json={"url": url, "streaming": True})
    document = await document_of(response)
    assert document.source_url == url
    assert document.options == {"streaming": True}


async def test_json_is_taken_without_its_content_type(http, owner):
    content = json.dumps({"url": "https://example.org/a.pdf"})
    headers = {**owner.headers, "content-type": "application/x-www-form-urlencoded"}
    await document_of(await http.post("/v3/pdf", headers=headers, content=content))


async def test_options_may_come_with_the_quotes_of_the_documented_curl_line(http, owner):
    quoted = (
        '"{\\"conversion_formats\\": {\\"docx\\": true}, \\"math_inline_delimiters\\": [\\"$\\", \\"$\\"]}"'
    )
    document = await document_of(await send(http, owner, options=quoted))
    assert document.options == {"conversion_formats": {"docx": True}, "math_inline_delimiters": ["$", "$"]}


async def test_a_slash_at_the_end_is_forgiven_and_not_redirected(http, owner):
    files = {"file": ("a.pdf", pdfs.with_numbered_pages(1))}
    await document_of(await http.post("/v3/pdf/", headers=owner.headers, files=files))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.pdf"),
        (pdfs.renamed_jpeg(), "scan.pdf"),
        (b"<!DOCTYPE html><html>%PDF", "page.pdf"),
        (b"PK\x03\x04 and so on", "report.pdf"),
    ],
)
async def test_what_is_no_pdf_is_refused_at_the_door(http, owner, content, name):
    assert error_id(await send(http, owner, content, name)) == "pdf_missing"
    assert not await Document.objects.aexists()


@pytest.mark.parametrize("body", [{}, {"url": ""}, {"url": None}, {"streaming": True}])
async def test_a_request_without_file_and_address_misses_its_pdf(http, owner, body):
    assert error_id(await http.post("/v3/pdf", headers=owner.headers, json=body)) == "pdf_missing"


async def test_an_empty_request_misses_its_pdf(http, owner):
    assert error_id(await http.post("/v3/pdf", headers=owner.headers)) == "pdf_missing"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/a.pdf", "http://[::1]/", "file:///etc/passwd", "ftp://a/b", "x", "http://"]
)
async def test_an_address_that_no_one_may_fetch_is_refused(http, owner, url):
    response = await http.post("/v3/pdf", headers=owner.headers, json={"url": url})
    assert error_id(response) == "image_download_error"
    assert response.json()["error_info"]["url"] == url


async def test_an_address_that_is_no_text_is_refused(http, owner):
    response = await http.post("/v3/pdf", headers=owner.headers, json={"url": ["http://a"]})
    assert error_id(response) == "opts_value_out_of_range"


async def test_json_that_is_none_is_a_syntax_error(http, owner):
    response = await http.post("/v3/pdf", headers=owner.headers, content=b'{"url":')
    assert error_id(response) == "json_syntax"


async def test_options_that_are_no_json_are_a_syntax_error(http, owner):
    assert error_id(await send(http, owner, options="{'a': 1}")) == "json_syntax"
    assert not await Document.objects.aexists()


async def test_unknown_formats_are_refused_before_anything_is_stored(http, owner):
    response = await send(http, owner, options={"conversion_formats": {"odt": True}})
    assert error_id(response) == "opts_unknown_format"
    assert response.json()["error_info"]["formats"] == ["odt"]
    assert response.json()["error_info"]["detail"] == {"formats": ["odt"]}
    assert not await Document.objects.aexists()


async def test_bad_page_ranges_are_refused_with_name_and_value(http, owner):
    response = await send(http, owner, options={"page_ranges": "two"})
    assert error_id(response) == "opts_value_out_of_range"
    assert response.json()["error_info"]["name"] == "page_ranges"
    assert response.json()["error_info"]["value"] == "two"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", "a\x00b.pdf", "x" * 300 + ".pdf", "'; DROP TABLE.pdf", "Übung é√.pdf"]
)
async def test_any_file_name_is_taken(http, owner, name):
    document = await document_of(await send(http, owner, name=name))
    assert len(document.name) <= 255
    assert "/" not in document.name
    assert document.name.isprintable()


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_other_methods_are_refused_in_json(http, owner, method):
    response = await http.request(method, "/v3/pdf", headers=owner.headers)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert response.json()["error_info"]["id"] == "http_method_not_allowed"


@pytest.mark.parametrize(
    "path", ["/v3", "/v3/", "/v3/nothing", "/v3/pdf/a/b/c", "/v3/pdf/a.", "/v3/pdf/.mmd", "/v3/pdf/ü"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_addresses_that_are_none_are_answered_in_json(http, owner, method, path):
    response = await http.request(method, path, headers=owner.headers)
    assert response.status_code == 404
    assert response.json()["error_info"]["id"] == "http_not_found"
