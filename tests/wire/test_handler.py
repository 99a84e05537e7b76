"""The API's own way through Django: which addresses take it, and that the quick do not wait for the slow."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from inspect import iscoroutinefunction

import httpx
import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.core.asgi import get_asgi_application
from django.db import connection

from mathpixweb.api import handler, urls
from mathpixweb.api.endpoint import ApiRequest
from mathpixweb.api.headers import CredentialHeaders
from mathpixweb.api.views import pdfs
from mathpixweb.asgi import application
from tests.wire.routes import SIGNED, routes
from tests.wire.test_credentials import IDS

OTHERS = {*SIGNED, "reference"}


@pytest.fixture
def threads():
    """An application with two threads in all, one for quick requests and one for slow ones."""
    made = handler.ApiHandler(get_asgi_application())
    made.quick = ThreadPoolExecutor(1, "quick", handler._keep_connections)
    made.slow = ThreadPoolExecutor(1, "slow")
    yield made
    made.quick.shutdown()
    made.slow.shutdown()


@pytest.fixture
async def few(threads):
    transport = httpx.ASGITransport(app=CredentialHeaders(threads))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


def test_every_address_goes_the_way_that_its_view_needs():
    views = {pattern.name: pattern.callback for pattern in urls.urlpatterns}
    for route in routes():
        for address in route.addresses({**IDS, "image_id": "x"}):
            waits = iscoroutinefunction(views[route.name])
            assert bool(handler.FILES.match(address)) == waits, address
            ours = handler.ADDRESSES.match(address) and not handler.PAGES.match(address)
            assert bool(ours) == (route.name not in OTHERS), address


async def test_quick_requests_do_not_wait_for_slow_ones(few, threads, owner, received):
    document = await sync_to_async(received)()
    done = threading.Event()
    threads.slow.submit(done.wait)
    try:
        answer = await few.get(f"/v3/pdf/{document.public_id}", headers=owner.headers)
        assert answer.json()["status"] == "received"
    finally:
        done.set()


async def test_a_quick_thread_keeps_its_connection_until_it_fails(few, owner, received, monkeypatch):
    document = await sync_to_async(received)()
    seen = []
    told = pdfs.answers.pdf_status

    def noting(row):
        seen.append((threading.current_thread().name, id(connection.connection)))
        return told(row)

    monkeypatch.setattr(pdfs.answers, "pdf_status", noting)
    address = f"/v3/pdf/{document.public_id}"
    for _ in range(2):
        assert (await few.get(address, headers=owner.headers)).json()["status"] == "received"
    assert seen[0] == seen[1]

    def breaking(_: ApiRequest):
        connection.connection.close()
        connection.errors_occurred = True
        return {}

    monkeypatch.setattr(pdfs.answers, "pdf_status", breaking)
    await few.get(address, headers=owner.headers)
    monkeypatch.setattr(pdfs.answers, "pdf_status", told)
    assert (await few.get(address, headers=owner.headers)).json()["status"] == "received"


async def test_an_address_that_is_no_text_is_refused_in_json():
    for address in ("/v3/pdf-results", "/files/v1/jobs", "/v3/pdf/x/stream"):
        scope = {"type": "http", "method": "GET", "path": address, "query_string": b"a=\xff", "headers": []}
        asked = ApplicationCommunicator(application, scope)
        await asked.send_input({"type": "http.request"})
        assert (await asked.receive_output())["status"] == 400
        body = json.loads((await asked.receive_output())["body"])
        assert body["error_info"]["id"] == "http_bad_request"


async def test_no_answer_can_be_shown_as_a_page(http, owner):
    answer = await http.get("/v3/pdf-results", headers=owner.headers)
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
