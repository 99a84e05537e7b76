"""Each request has an id, which stands in all that is logged of it; one that a proxy gives is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from mathpixweb import logs, tracing

HEADER, PARENT = b"x-request-id", b"traceparent"
UNTRACED = ("/healthz", "/readyz", "/region-health", "/metrics")  # asked every few seconds
App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class RequestIds:
    """An ASGI wrapper."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        given = headers.get(HEADER, b"").decode("latin-1")
        own = logs.request_id(given)
        sending = _telling(send, own) if given == own else send
        with logs.about(request=own):
            if not tracing.ON or scope["path"] in UNTRACED:
                await self.app(scope, receive, sending)
                return
            callers, method = headers.get(PARENT, b"").decode("latin-1"), scope.get("method", "WEBSOCKET")
            with tracing.of_request(method, scope["path"], own, callers) as span:
                await self.app(scope, receive, _noting_status(sending, span))


def _telling(send: Any, own: str) -> Any:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), (HEADER, own.encode())]}
        await send(message)

    return sending


def _noting_status(send: Any, span: Any) -> Any:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            span.set_attribute("http.response.status_code", message["status"])
        await send(message)

    return sending
