from __future__ import annotations

import json
from contextlib import closing

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from mathpixweb.api import body
from mathpixweb.api.errors import ApiError

MB = 1024 * 1024
OPTIONS = {"math_inline_delimiters": ["$", "$"], "rm_spaces": True}


def posted(content: bytes | str, content_type: str = "application/json") -> body.Body:
    with closing(RequestFactory().post("/v3/pdf", content, content_type=content_type)) as request:
        return body.read(request, MB)


def form(**fields: object) -> body.Body:
    with closing(RequestFactory().post("/v3/pdf", fields)) as request:
        return body.read(request, MB)


def error_id(content: bytes | str) -> str:
    with pytest.raises(ApiError) as caught:
        posted(content)
    return caught.value.error_id


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain", ""]
)
def test_json_is_read_whatever_the_content_type_says(content_type):
    assert posted(b'{"url": "http://a"}', content_type).args == {"url": "http://a"}


@pytest.mark.parametrize("content", [b"", b"  \n"])
def test_an_empty_body_is_an_empty_object(content):
    assert posted(content).args == {}


def test_a_byte_order_mark_does_no_harm():
    assert posted(b'\xef\xbb\xbf{"a": 1}').args == {"a": 1}


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[1, 2]",
        b'"text"',
        b"null",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": "\\ud800"}',
        b'{"a": "\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"url=http://a",
    ],
)
def test_what_is_no_storable_json_object_is_a_syntax_error(content):
    assert error_id(content) == "json_syntax"


def test_json_beyond_the_limit_is_too_large():
    assert error_id(json.dumps({"a": "x" * MB})) == "sys_request_too_large"


def test_options_come_beside_the_file():
    sent = form(file=SimpleUploadedFile("a.pdf", b"%PDF-"), options_json=json.dumps(OPTIONS))
    assert sent.args == OPTIONS
    assert sent.upload is not None
    assert sent.upload.name == "a.pdf"


def test_options_may_be_missing_or_empty():
    assert form(file=SimpleUploadedFile("a.pdf", b"%PDF-")).args == {}
    assert form(options_json="").args == {}


def test_options_may_arrive_as_json_text_in_json():
    assert form(options_json=json.dumps(json.dumps(OPTIONS))).args == OPTIONS


def test_options_may_arrive_with_the_quotes_of_the_documented_curl_line():
    assert form(options_json='"' + json.dumps(OPTIONS) + '"').args == OPTIONS
    assert form(options_json='"' + json.dumps(OPTIONS).replace('"', '\\"') + '"').args == OPTIONS


@pytest.mark.parametrize("text", ["{", "[]", '"', '""', '"{"', "5"])
def test_options_that_are_no_object_are_a_syntax_error(text):
    with pytest.raises(ApiError) as caught:
        form(options_json=text)
    assert caught.value.error_id == "json_syntax"


def test_options_sent_as_a_file_are_not_taken_for_a_document():
    sent = form(options_json=SimpleUploadedFile("options.json", b"{}"))
    assert sent.upload is None


def test_a_file_field_that_is_text_is_not_a_file():
    assert form(file="http://a").upload is None


def test_a_multipart_body_without_boundary_is_a_syntax_error():
    with pytest.raises(ApiError) as caught:
        posted(b"--x\r\n", "multipart/form-data")
    assert caught.value.error_id == "json_syntax"


def test_options_may_be_a_file_beside_the_file():
    options = SimpleUploadedFile("options.json", b'\xef\xbb\xbf{"rm_spaces": false}')
    read = form(file=SimpleUploadedFile("a.pdf", b"%PDF"), options_json=options)
    assert (read.args, read.upload.name) == ({"rm_spaces": False}, "a.pdf")
    with pytest.raises(ApiError) as caught:
        form(options_json=SimpleUploadedFile("options.json", b" " * (MB + 1)))
    assert caught.value.error_id == "sys_request_too_large"


def test_texts_are_read_without_the_character_that_no_database_takes():
    sent = b'{"mmd": "a\\u0000b", "tags": ["\\u0000"], "metadata": {"\\u0000c": {"d": 1}}, "e": "\\\\u0000"}'
    assert posted(sent).args == {"mmd": "ab", "tags": [""], "metadata": {"c": {"d": 1}}, "e": "\\u0000"}
