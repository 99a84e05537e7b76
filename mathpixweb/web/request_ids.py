"""Each request has an id, which stands in all that is logged of it; one that a proxy gives is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from mathpixweb import logs

HEADER = b"x-request-id"
App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class RequestIds:
    """An ASGI wrapper."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        given = dict(scope["headers"]).get(HEADER, b"").decode("latin-1")
        own = logs.request_id(given)
        with logs.about(request=own):
            await self.app(scope, receive, _telling(send, own) if given == own else send)


def _telling(send: Any, own: str) -> Any:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), (HEADER, own.encode())]}
        await send(message)

    return sending
