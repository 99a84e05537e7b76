"""Spans for a collector of OpenTelemetry; none are made unless OTEL_EXPORTER_OTLP_ENDPOINT names one.

Nothing is called from one process into the next here: a document waits in the database, and whoever claims a
page reads it. So all that is done for a document is one trace, whose id is made of the document's. A request
belongs to its caller's trace, or to one of its own, and names the document that it took in.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

ON = bool(
    os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
)

if ON:
    from opentelemetry import trace
    from opentelemetry.context import Context
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    os.environ.setdefault("OTEL_SERVICE_NAME", "mathpixweb")

    class OfDocuments(RandomIdGenerator):
        """A new trace is the document's, where there is one; samplers go by it."""

        def generate_trace_id(self) -> int:
            return _trace_id.get() or super().generate_trace_id()


_trace_id: ContextVar[int] = ContextVar("trace_id", default=0)


@contextmanager
def of_document(name: str, public_id: str, **about: Any) -> Iterator[None]:
    """A span of what is done for a document, within what is being done for it already if anything is."""
    if not ON:
        yield
        return
    wanted = trace_id(public_id)
    within = trace.get_current_span().get_span_context().trace_id == wanted
    begun = _trace_id.set(wanted)
    try:
        attributes = {"document.id": public_id, **about}
        context = None if within else Context()
        with _tracer().start_as_current_span(name, context, attributes=attributes):
            yield
    finally:
        _trace_id.reset(begun)


@contextmanager
def of_request(method: str, path: str, request_id: str, traceparent: str) -> Iterator[Any]:
    """A span of a request, in the trace of whoever sends a `traceparent`; None where none are made."""
    if not ON:
        yield None
        return
    callers = TraceContextTextMapPropagator().extract({"traceparent": traceparent}, Context())
    attributes = {"http.request.method": method, "url.path": path, "request.id": request_id}
    with _tracer().start_as_current_span(
        f"{method} {path}", callers, trace.SpanKind.SERVER, attributes
    ) as span:
        yield span


def note_document(public_id: str) -> None:
    """Names the document in the span of the request that takes it in."""
    if ON:
        trace.get_current_span().set_attribute("document.id", public_id)


def trace_id(public_id: str) -> int:
    return int.from_bytes(hashlib.sha256(public_id.encode()).digest()[:16])


def _tracer() -> Any:
    return provider(os.getpid()).get_tracer("mathpixweb")


@cache
def provider(_process: int) -> Any:
    """One for each process: whoever was forked has none of the threads that send."""
    made = TracerProvider(id_generator=OfDocuments())
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made
