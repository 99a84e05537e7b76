"""Pages of other origins may call the API, as programs in browsers do with app tokens.

Nothing is opened by that: the API knows no cookies, and credentials in headers have to be known to be sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mathpixweb.api.headers import App, Scope

OURS = re.compile(r"/(?:v3|files)(?:/|\Z)")
ANY = "*"
PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, DELETE, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"app_id, app_key, app_token, content-type, idempotency-key, last-event-id",
    ),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]
EXPOSED = (b"access-control-expose-headers", b"Content-Disposition, Retry-After")

Header = tuple[bytes, bytes]


class CrossOrigin:
    """An ASGI wrapper that answers browsers' questions before a call, and names who may read the answer."""

    def __init__(self, app: App, origins: Sequence[str]) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        allowed = self._allowed(headers.get(b"origin"))
        if not allowed or not OURS.match(scope["path"]):
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            await send({"type": "http.response.start", "status": 204, "headers": allowed + PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.app(scope, receive, _adding(send, [*allowed, EXPOSED]))

    def _allowed(self, origin: bytes | None) -> list[Header]:
        """The headers for this origin; none for one that may not read."""
        if origin is None:
            return []
        if ANY in self.origins:
            return [(b"access-control-allow-origin", b"*")]
        if origin.decode("latin-1") in self.origins:
            return [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
        return []


def _adding(send: Any, headers: list[Header]) -> Any:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *headers]}
        await send(message)

    return sending
