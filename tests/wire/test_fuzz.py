"""Whatever is sent, no address breaks: no crash, no trace, and an error only where there is one.

What is sent is drawn from the description that the API gives of itself, so new addresses and options come in
by themselves. `FUZZ_SECONDS=600 pytest tests/wire/test_fuzz.py` goes on for longer, and each time elsewhere.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mathpixweb.accounts import app_tokens
from mathpixweb.api import errors, openapi
from mathpixweb.asgi import application
from tests import pdfs

SECONDS = float(os.environ.get("FUZZ_SECONDS", "8"))
SELF_MADE = "sys_exception"  # what a mistake of ours is told as
TRACE = re.compile(rb"Traceback|File \"/|<html|<!doctype", re.IGNORECASE)
PICTURE = "data:image/png;base64,aGVsbG8="
PDF = pdfs.with_numbered_pages(1)
OPEN = ("reference",)  # a page for people
BOUNDARY = "x1Y2"

numbers = st.one_of(
    st.integers(), st.integers(-2, 400), st.floats(allow_nan=False), st.just(10**400), st.just(2**63)
)
texts = st.one_of(
    st.text(max_size=12), st.sampled_from(["", " ", "true", "1", "-1", "\x00", "é√", "../x", "a" * 300])
)
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
LIKELY: dict[str, Any] = {
    "src": st.sampled_from([PICTURE, "http://127.0.0.1/a.png", "aGVsbG8=", "ftp://x"]),
    "url": st.sampled_from(["https://example.invalid/a.pdf", "http://10.0.0.1/", "x"]),
    "source_uri": st.sampled_from(
        ["https://example.invalid/a.pdf", "s3://a/b", "az://a", "file:///etc/passwd"]
    ),
    "urls": st.dictionaries(
        texts,
        st.one_of(st.just(PICTURE), st.just({"url": PICTURE, "formats": ["text"]}), anything),
        max_size=3,
    ),
    "strokes": st.just({"strokes": {"x": [[1, 2]], "y": [[3, 4]]}}),
    "mmd": st.sampled_from(["# One \\( x \\)", "\\begin{tabular}{c}1\\end{tabular}"]),
    "formats": st.one_of(
        st.lists(
            st.sampled_from(["text", "html", "data", "latex_styled", "asciimath", "wolfram"]), max_size=4
        ),
        st.dictionaries(st.sampled_from(["md", "mmd", "docx", "tex"]), st.booleans(), max_size=3),
    ),
    "conversion_formats": st.dictionaries(
        st.sampled_from(["md", "tex.zip", "odt"]), st.booleans(), max_size=2
    ),
    "page_ranges": st.sampled_from(["1", "1-", "2 - -2", "0", "1-1000000", "a"]),
    "files": st.lists(
        st.fixed_dictionaries({"source_uri": texts}, optional={"custom_id": texts, "page_ranges": texts}),
        max_size=3,
    ),
    "job_id": st.sampled_from(["a job/1", "a", "../x"]),
    "custom_id": st.sampled_from(["c/1", "b"]),
    "expires": st.sampled_from([30, 43200, 43201, "60"]),
    "callback": st.sampled_from(
        [
            {"post": "https://example.invalid"},
            {"post": 1},
            {"post": "https://example.invalid", "reply": {"a": 1}},
        ]
    ),
    "metadata": st.sampled_from([{"improve_mathpix": False}, {"improve_mathpix": "no", "x": [1]}, {}]),
    "region": st.fixed_dictionaries({"top_left_x": numbers, "width": numbers, "height": numbers}),
    "async": st.booleans(),
}


@dataclass(frozen=True)
class Call:
    method: str
    address: str
    query: list[tuple[str, str]] = field(default_factory=list)
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    by: str = "key"


def calls(ids: dict[str, list[str]]) -> st.SearchStrategy[Call]:
    """Of every operation, with what it says that it takes and with anything else."""
    described = openapi.described()
    return st.one_of(
        [
            _call(address, method, operation, ids)
            for address, methods in described["paths"].items()
            for method, operation in methods.items()
            if operation["operationId"].split("-", 1)[1] not in OPEN
        ]
    )


@st.composite
def _call(draw: Any, address: str, method: str, operation: dict[str, Any], ids: dict[str, list[str]]) -> Call:
    path = re.sub(r"\{(\w+)\}", lambda found: quote(draw(_path_part(found[1], ids)), safe=""), address)
    names = [one["name"] for one in operation["parameters"] if one["in"] == "query"]
    query = draw(st.lists(st.tuples(st.sampled_from(names), texts), max_size=4)) if names else []
    content, headers = draw(_body(operation)) if "requestBody" in operation else (b"", {})
    more = draw(
        st.dictionaries(
            st.sampled_from(["accept", "last-event-id", "idempotency-key", "content-type"]),
            st.sampled_from(["text/event-stream", "1", "x" * 300, "multipart/form-data"]),
            max_size=1,
        )
    )
    by = draw(st.sampled_from(["key"] * 8 + ["token", "nobody"]))
    other = draw(st.sampled_from([method] * 9 + ["put"]))
    return Call(other.upper(), path, query, content, {**more, **headers}, by)


def _path_part(name: str, ids: dict[str, list[str]]) -> st.SearchStrategy[str]:
    known = st.sampled_from(ids.get(name, ["x"]))
    if name == "image_id":  # beside it are the pages of the browser
        return st.one_of(known, st.from_regex(r"\A[A-Za-z0-9_-]{1,8}\Z"))
    return st.one_of(known, known, st.text(min_size=1, max_size=8))


@st.composite
def _body(draw: Any, operation: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    kinds = list(operation["requestBody"]["content"])
    asked = draw(_options(operation["requestBody"]["content"]["application/json"]["schema"]))
    text = json.dumps(asked)
    if draw(st.integers(0, 12)) == 0:
        text = draw(
            st.sampled_from(
                [text[:-1], f'"{text}"', "[]", "NaN", '{"a": "\\ud800"}', "[" * 5000, '{"a":1e999}']
            )
        )
    if len(kinds) > 1 and draw(st.booleans()):
        file = draw(st.sampled_from([PDF, b"", b"%PDF-1.4", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"hello"]))
        return _form(text, file, draw(st.sampled_from(["a.pdf", "a.png", "", "\u00fc/..", "a.docx"])))
    return text.encode(), {"content-type": "application/json"}


def _form(options: str, file: bytes, name: str) -> tuple[bytes, dict[str, str]]:
    part = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    content = (
        f'{part}"options_json"\r\n\r\n{options}\r\n{part}"file"; filename="{name}"\r\n\r\n'.encode()
        + file
        + f"\r\n--{BOUNDARY}--\r\n".encode()
    )
    return content, {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


@st.composite
def _options(draw: Any, schema: dict[str, Any]) -> dict[str, Any]:
    names = sorted(_names(schema))
    chosen = draw(st.lists(st.sampled_from(names), max_size=5, unique=True)) if names else []
    needed = [
        name
        for name in ("src", "url", "source_uri", "strokes", "mmd", "formats", "files", "urls")
        if name in names
    ]
    asked = {name: draw(LIKELY[name]) for name in needed if draw(st.integers(0, 5))}
    for name in chosen:
        likely = LIKELY.get(name, st.booleans())
        asked[name] = draw(st.one_of(likely, likely, anything))
    return asked


def _names(schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        yield from _names(openapi.described()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    for part in schema.get("allOf", ()):
        yield from _names(part)
    yield from schema.get("properties", {})


@pytest.fixture
def ids(owner, converted, received):
    document, waiting = converted(options={"conversion_formats": {"md": True}}), received()
    public = [document.public_id, waiting.public_id]
    files = [str(document.file_id), str(waiting.file_id)]
    return {
        "pdf_id": public[:1],  # the stream of the other would not end
        "conversion_id": public,
        "image_id": [f"{document.public_id}-01"],
        "file_id": files,
        "job_id": [document.batch.job_id, "a job/1"],
        "custom_id": ["c/1"],
        "batch_id": ["1", "17"],
        "extension": ["mmd", "md", "lines.json", "docx", "tex"],
        "app_token": ["token_00112233445566778899aabbccddeeff"],
    }


def test_nothing_that_is_sent_breaks_an_address(owner, ids, monkeypatch):
    monkeypatch.setattr("mathpixweb.api.delivery.HOLD_SECONDS", 0)
    _, token = app_tokens.issue(owner.key, 3000)
    headers = {"key": owner.headers, "token": {"app_token": token}, "nobody": {}}
    loop = asyncio.new_event_loop()
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url="http://testserver")
    ends = float("inf")
    made, answering = 0, 0.0

    @settings(
        max_examples=1_000_000,
        deadline=None,
        database=None,
        derandomize="FUZZ_SECONDS" not in os.environ,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @given(call=calls(ids))
    def try_one(call: Call) -> None:
        nonlocal made, ends, answering
        if made == 1:  # what is read once for all addresses has been read
            ends = time.monotonic() + SECONDS
        if time.monotonic() > ends:
            raise Enough
        made += 1
        sent = client.request(
            call.method,
            f"{call.address}?{urlencode(call.query)}",
            content=call.content,
            headers={**call.headers, **headers[call.by]},
        )
        asked = time.monotonic()
        answer = loop.run_until_complete(asyncio.wait_for(sent, 10))
        answering += time.monotonic() - asked
        check(call, answer)

    try:
        with pytest.raises(Enough):
            try_one()
    finally:
        loop.run_until_complete(client.aclose())
        loop.close()
    assert answering < made, "an address takes seconds"


class Enough(Exception):
    """The time is up."""


def check(call: Call, answer: httpx.Response) -> None:
    assert answer.status_code < 500, call
    assert not TRACE.search(answer.content), call
    if not answer.headers.get("content-type", "").startswith("application/json") or not answer.content:
        return
    told = answer.json()
    assert isinstance(told, dict), call
    if "error" in told:
        assert isinstance(told["error"], str) and told["error"], call
        assert told["error_info"]["id"] in errors.SENTENCES, (call, told)
        assert told["error_info"]["id"] != SELF_MADE, (call, told)
    else:
        assert answer.status_code == 200, (call, told)
