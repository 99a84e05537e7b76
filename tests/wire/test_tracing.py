"""Spans as a collector of OpenTelemetry gets them."""

from __future__ import annotations

import gzip
import importlib
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from mathpixweb import tracing
from tests import pdfs
from tests.turns import work

CALLERS_TRACE, CALLERS_SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def collector() -> Iterator[HTTPServer]:
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            packed = self.headers.get("Content-Encoding") == "gzip"
            bodies.append(gzip.decompress(body) if packed else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.bodies = bodies  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def spans(collector: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Switches tracing on as the environment does; called, it gives all spans that were sent, as dicts."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
    importlib.reload(tracing)

    def sent() -> list[dict[str, Any]]:
        tracing.provider(os.getpid()).shutdown()
        found = []
        for body in collector.bodies:  # type: ignore[attr-defined]
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                named = {each.key: each.value.string_value for each in resource.resource.attributes}
                assert named["service.name"] == "mathpixweb"
                found += [_dict(span) for scope in resource.scope_spans for span in scope.spans]
        return found

    yield sent
    monkeypatch.undo()
    importlib.reload(tracing)


def _dict(span: Any) -> dict[str, Any]:
    values = {each.key: each.value.string_value or each.value.int_value for each in span.attributes}
    ids = {name: getattr(span, name).hex() for name in ("trace_id", "span_id", "parent_span_id")}
    return {"name": span.name, **ids, **values}


async def test_all_that_is_done_for_a_document_is_one_trace(spans, owner, received):
    document = await sync_to_async(received)()
    await sync_to_async(work)(document)
    found = spans()
    pages = [span for span in found if span["name"] == "reading a page"]
    turns = [span for span in found if span["name"] == "a worker's turn"]
    assert len(found) == len(pages) + len(turns)
    assert sorted(span["page.number"] for span in pages) == [1, 2, 3]
    assert {span["parent_span_id"] for span in pages} <= {span["span_id"] for span in turns}
    assert {span["parent_span_id"] for span in turns} == {""}
    assert {span["trace_id"] for span in found} == {f"{tracing.trace_id(document.public_id):032x}"}
    assert {span["document.id"] for span in found} == {document.public_id}


async def test_a_request_is_in_its_callers_trace_and_names_the_document(spans, http, owner):
    headers = {**owner.headers, "traceparent": f"00-{CALLERS_TRACE}-{CALLERS_SPAN}-01", "x-request-id": "r-1"}
    files = {"file": ("notes.pdf", pdfs.with_numbered_pages(1))}
    answer = await http.post("/v3/pdf", headers=headers, files=files)
    await http.get("/healthz")
    [span] = spans()
    assert (span["trace_id"], span["parent_span_id"]) == (CALLERS_TRACE, CALLERS_SPAN)
    assert (span["name"], span["request.id"], span["http.response.status_code"]) == (
        "POST /v3/pdf",
        "r-1",
        200,
    )
    assert span["document.id"] == answer.json()["pdf_id"]
