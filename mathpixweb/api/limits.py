"""Limits on request bodies that hold before Django, which spools a body however long, has stored it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpResponse

from mathpixweb.accounts import callers
from mathpixweb.api import errors, files_errors
from mathpixweb.api.errors import ApiError
from mathpixweb.api.headers import App, Scope
from mathpixweb.documents.ids import new_public_id

STRANGER_BYTES = 64 * 1024  # enough to sign in
JOB_BYTES = 64 * 1024 * 1024  # 200,000 addresses and names of the usual length
JOBS = re.compile(r"/files/v1/jobs/?\Z")
# what they take may have to stay off the disk, on which Django would put a larger body
IMAGES = re.compile(r"/v3/(?:text|strokes|latex|batch)/?\Z")
READING = re.compile(r"/v3/(?:text|strokes|latex)/?\Z")  # clients look for a request_id before the error
TOO_LARGE = ApiError("sys_request_too_large")
UNAUTHORIZED = ApiError("http_unauthorized")


class BodyLimit:
    """An ASGI wrapper: files up to `upload_bytes`, jobs up to JOB_BYTES, images up to `image_bytes`.

    Of other bodies `form_bytes`, of strangers hardly any. Who asks is looked up only for what is longer than
    a stranger may send.
    """

    def __init__(self, app: App, *, upload_bytes: int, form_bytes: int, image_bytes: int) -> None:
        self.app = app
        self.upload_bytes = upload_bytes + form_bytes
        self.form_bytes = form_bytes
        self.image_bytes = image_bytes

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        body = _Body(
            receive, self._limit(scope["path"], headers), partial(sync_to_async(callers.known), headers)
        )
        await body.expect(int(headers.get(b"content-length", b"0")))
        if not body.refusal:
            await self.app(scope, body, send)
        if body.refusal:
            await _refuse(scope, send, body.refusal)

    def _limit(self, path: str, headers: dict[bytes, bytes]) -> int:
        if IMAGES.match(path):
            return self.image_bytes
        if headers.get(b"content-type", b"").lower().startswith(b"multipart/"):
            return self.upload_bytes
        return JOB_BYTES if JOBS.match(path) else self.form_bytes


class _Body:
    """`receive` that counts; once there is a `refusal` the client seems to be gone."""

    def __init__(self, receive: Any, limit: int, known: Callable[[], Awaitable[bool]]) -> None:
        self.receive = receive
        self.limit = limit
        self.known = known
        self.asked = False
        self.taken = 0
        self.refusal: ApiError | None = None

    async def __call__(self) -> Any:
        message = await self.receive()
        self.taken += len(message.get("body", b""))
        await self.expect(self.taken)
        return {"type": "http.disconnect"} if self.refusal else message

    async def expect(self, size: int) -> None:
        """Decides whether a body of this size, announced or taken so far, is let in."""
        if size > self.limit:
            self.refusal = TOO_LARGE
        elif size > STRANGER_BYTES and not self.asked:
            self.asked = True
            self.refusal = None if await self.known() else UNAUTHORIZED


async def _refuse(scope: Scope, send: Any, refusal: ApiError) -> None:
    answer = _answer(scope["path"], refusal)
    headers = [
        (b"content-type", answer["Content-Type"].encode()),
        (b"content-length", str(len(answer.content)).encode()),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})


def _answer(path: str, refusal: ApiError) -> HttpResponse:
    """As the face that was asked tells its errors."""
    if path.startswith("/files/"):
        return files_errors.answer(refusal)
    if READING.match(path):
        return errors.answer(refusal, request_id=new_public_id())
    if path.startswith("/v3/"):
        return errors.answer(refusal)
    status = 413 if refusal is TOO_LARGE else 403
    return HttpResponse(refusal.message, content_type="text/plain; charset=utf-8", status=status)
