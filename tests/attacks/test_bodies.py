"""What strangers send is refused before it is stored: bodies, heads of requests, values beyond all bounds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from asgiref.sync import sync_to_async
from django.test import Client
from uvicorn.server import ServerState

from mathpixweb.accounts import keys
from mathpixweb.api import limits
from mathpixweb.asgi import application
from mathpixweb.documents.models import Document
from mathpixweb.web import server
from tests import pdfs

pytestmark = pytest.mark.django_db(transaction=True)

KB = 1024
MULTIPART = "multipart/form-data; boundary=x"
DOORS = [
    "/v3/pdf",
    "/v3/converter",
    "/files/v1",
    "/v3/nothing",
    "/upload",
    "/sign-in",
    "/library/changes",
    "/nothing",
]


class Watched:
    """A body that knows how much of it was taken."""

    def __init__(self, kilobytes: int) -> None:
        self.kilobytes = kilobytes
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.kilobytes):
            self.taken += 1
            yield bytes(KB)


@pytest.fixture
def http():
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url="http://localhost")


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("kind", [MULTIPART, "application/json"])
async def test_a_long_body_of_a_stranger_is_not_taken(http, path, kind):
    body = Watched(1000)
    headers = {"content-type": kind, "content-length": str(1000 * KB)}
    response = await http.post(path, content=body, headers=headers)
    assert response.status_code == (401 if path.startswith(("/v3", "/files")) else 403)
    assert body.taken == 0


@pytest.mark.parametrize("path", DOORS)
async def test_of_a_body_of_unknown_length_a_stranger_gets_rid_of_little(http, path):
    body = Watched(1000)
    response = await http.post(path, content=body, headers={"content-type": MULTIPART})
    assert response.status_code == (401 if path.startswith(("/v3", "/files")) else 403)
    assert body.taken <= limits.STRANGER_BYTES // KB + 1


async def test_a_wrong_or_revoked_key_is_a_strangers(http, team):
    key, secret = await sync_to_async(keys.issue)(team, "revoked")
    await sync_to_async(keys.revoke)(key)
    for given in ("wrong", secret):
        body = Watched(1000)
        headers = {"content-type": MULTIPART, "content-length": str(1000 * KB), "app_key": given}
        assert (await http.post("/v3/pdf", content=body, headers=headers)).status_code == 401
        assert body.taken == 0


async def test_a_session_that_is_none_is_a_strangers(http):
    body = Watched(1000)
    headers = {"content-type": MULTIPART, "content-length": str(1000 * KB), "cookie": "sessionid=" + "a" * 32}
    assert (await http.post("/upload", content=body, headers=headers)).status_code == 403
    assert body.taken == 0


async def test_a_key_sends_large_files(http, team, scripted):
    _, secret = await sync_to_async(keys.issue)(team, "key")
    files = {"file": ("a.pdf", pdfs.with_numbered_pages(1) + b"\n" * 200 * KB)}
    response = await http.post("/v3/pdf", headers={"app_key": secret}, files=files)
    assert await Document.objects.filter(public_id=response.json()["pdf_id"]).aexists()


async def test_a_person_sends_large_files(http, browser_of, owner, scripted):
    browser: Client = await sync_to_async(browser_of)(owner)
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    files = {"file": ("a.pdf", pdfs.with_numbered_pages(1) + b"\n" * 200 * KB)}
    headers = {
        "X-CSRFToken": cookies["csrftoken"],
        "cookie": "; ".join(f"{k}={v}" for k, v in cookies.items()),
    }
    response = await http.post("/upload", headers=headers, files=files)
    assert response.status_code == 302
    assert await Document.objects.filter(user=owner).aexists()


@pytest.fixture
async def listening():
    """Our way of speaking HTTP, with an application that answers at once."""

    async def answer(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    config = uvicorn.Config(answer, http=server.Protocol, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    listening = await asyncio.get_running_loop().create_server(
        lambda: server.Protocol(config, state, {}), "127.0.0.1", 0
    )
    yield listening.sockets[0].getsockname()
    listening.close()


async def said(place, *pieces):
    """What the server says to these pieces until it hangs up, and how many of them it took."""
    reader, writer = await asyncio.open_connection(*place)
    taken = 0
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.wait_for(writer.drain(), 5)
            await asyncio.sleep(0)
            taken += 1
        return await asyncio.wait_for(reader.read(), 5), taken
    except ConnectionError:
        return b"", taken
    finally:
        writer.close()


@pytest.mark.parametrize(
    "pieces",
    [
        [b"GET /", *[b"a" * 65536] * 200],
        [b"GET / HTTP/1.1\r\nX: ", *[b"a" * 65536] * 200],
        [b"GET / HTTP/1.1\r\n", *[b"x: " + b"a" * 60 + b"\r\n"] * 200_000],
    ],
    ids=["address", "header", "headers"],
)
async def test_a_head_without_end_is_cut_off(listening, pieces):
    _, taken = await said(listening, *pieces)
    assert taken < len(pieces)


async def test_a_head_of_decent_length_is_answered(listening):
    answer, _ = await said(
        listening, b"GET / HTTP/1.1\r\nconnection: close\r\nx: " + b"a" * 30_000 + b"\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("piece", [b"", b"GET / HT"])
async def test_nobody_is_waited_for_for_ever(listening, monkeypatch, piece):
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.2)
    assert await said(listening, piece) == (b"", 1)


async def test_a_head_that_trickles_has_no_more_time_than_one_that_does_not_come(listening, monkeypatch):
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.2)
    reader, writer = await asyncio.open_connection(*listening)
    writer.write(b"GET / HTTP/1.1\r\n")
    hung_up = asyncio.create_task(reader.read())
    for _ in range(250):
        writer.write(b"x: y\r\n")
        if (await asyncio.wait([hung_up], timeout=0.02))[0]:
            break
    assert hung_up.done() and hung_up.result() == b""
    writer.close()


async def test_a_long_body_after_an_early_answer_is_no_head(listening):
    head = b"POST / HTTP/1.1\r\nconnection: keep-alive\r\ncontent-length: 1310720\r\n\r\n"
    reader, writer = await asyncio.open_connection(*listening)
    writer.write(head)
    for _ in range(20):
        writer.write(b"a" * 65536)
        await writer.drain()
    writer.write(b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n")
    answers = await asyncio.wait_for(reader.read(), 5)
    assert answers.count(b"HTTP/1.1 200") == 2
    writer.close()


@pytest.mark.parametrize(
    "body",
    [
        '{"url": "https://example.org/a.pdf", "x": 1e999}',
        '{"url": "https://example.org/a.pdf", "x": -1e999}',
        '{"url": "https://example.org/a.pdf", "conversion_options": {"docx": {"fontSize": 1'
        + "0" * 400
        + "}}}",
        '{"url": "https://example.org/a.pdf", "conversion_options": {"docx": {"margins": {"top": 1'
        + "0" * 400
        + "}}}}",
        '{"url": "https://example.org/a.pdf", "page_ranges": 1' + "0" * 400 + "}",
        '{"url": "https://example.org/a.pdf", "page_ranges": "1-1000000000"}',
        '{"url": "https://example.org/a.pdf", "page_ranges": "' + "1," * 100_000 + '1"}',
        '{"url": "https://example.org/a.pdf", "x": ' + "9" * 5000 + "}",
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
)
async def test_no_number_and_no_depth_is_an_error_of_ours(http, team, scripted, body):
    _, secret = await sync_to_async(keys.issue)(team, "key")
    response = await http.post("/v3/pdf", content=body, headers={"app_key": secret})
    assert response.json()["error_info"]["id"] not in ("sys_exception", None)
    assert "Infinity" not in response.text


@pytest.mark.parametrize("value", ["--5", "-", "1e3", "9" * 5000, "\u0661", "0x1", "1_0"])
@pytest.mark.parametrize(
    "place", ["/v3/pdf-results?page=", "/v3/converter-results?per_page=", "/v3/ocr-usage?page="]
)
async def test_no_page_number_is_an_error_of_ours(http, team, place, value):
    _, secret = await sync_to_async(keys.issue)(team, "key")
    response = await http.get(f"{place}{value}", headers={"app_key": secret})
    assert response.json()["error_info"]["id"] in ("opts_number_required", "opts_value_out_of_range")


@pytest.mark.parametrize(
    "path",
    [
        "/cropped/{}-" + "9" * 5000 + ".jpg",
        "/cropped/{}-01.jpg?width=--5",
        "/cropped/{}-01.jpg?top_left_x=9e9",
    ],
)
async def test_no_figure_is_an_error_of_ours(http, team, converted, path):
    document = await sync_to_async(converted)()
    _, secret = await sync_to_async(keys.issue)(team, "key")
    response = await http.get(path.format(document.public_id), headers={"app_key": secret})
    assert response.json()["error_info"]["id"] != "sys_exception"
