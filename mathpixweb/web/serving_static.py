"""Static files are answered before Django is asked: none of its middleware has anything to say to them."""

from __future__ import annotations

from typing import Any, Final

from whitenoise.middleware import WhiteNoiseMiddleware

from mathpixweb.web.request_ids import App

ASKED: Final = {
    b"accept-encoding": "HTTP_ACCEPT_ENCODING",
    b"if-none-match": "HTTP_IF_NONE_MATCH",
    b"if-modified-since": "HTTP_IF_MODIFIED_SINCE",
    b"range": "HTTP_RANGE",
}
SAID: Final = [(b"x-content-type-options", b"nosniff"), (b"content-security-policy", b"default-src 'none'")]


class StaticFiles:
    """An ASGI wrapper around WhiteNoise's table of files, made once."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.files = WhiteNoiseMiddleware(None).files

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        file = self.files.get(scope["path"])
        if file is None:
            await self.app(scope, receive, send)
            return
        asked = {ASKED[name]: value.decode("latin-1") for name, value in scope["headers"] if name in ASKED}
        answer = file.get_response(scope["method"], asked)
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers]
        headers += SAID
        await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
        body = b""
        if answer.file:
            with answer.file:
                body = answer.file.read()  # a style or a face: short, and in the system's cache
        await send({"type": "http.response.body", "body": body})
