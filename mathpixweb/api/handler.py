"""The API's own way through Django: without sessions, cookies and templates, of which it knows nothing.

Every hook of a middleware is a hop to another thread, and Django gives each request a thread and a connection
to the database of its own. Here a view that waits for nobody is called in one hop, by a thread that keeps its
connection, and all who listen to streams share a few for what they still want to know.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from itertools import cycle
from typing import IO, Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIRequest, get_script_prefix
from django.core.handlers.exception import convert_exception_to_response
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import set_script_prefix
from django.utils.module_loading import import_string

from mathpixweb.api.errors import ApiError
from mathpixweb.api.headers import App, Scope
from mathpixweb.api.views import refused
from mathpixweb.documents.intake.bodies import Receiving, UploadsHandler, drop
from mathpixweb.documents.intake.parts import ARRIVED

ADDRESSES = re.compile(r"/(?:v3|files)(?:/|\Z)|/(?:healthz|readyz|region-health)/?\Z")
PAGES = re.compile(r"/v3/reference/?\Z")  # made of a template, for which the middlewares are there
# answered by async views
FILES = re.compile(r"/(?:v3/(?:pdf|converter)|files/v1)/[^/.]+\.[a-z.]+/?\Z")
# what may take seconds: reading images, asking other servers, taking in files
SLOW = re.compile(r"/(?:v3/(?:text|strokes|latex|batch)|files/v1/.+/test)/?\Z")
SMALL_BYTES = 256 * 1024
QUICK_THREADS, SLOW_THREADS, SHARED_THREADS = 16, 64, 16
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class ApiHandler(UploadsHandler):
    """An ASGI application for the addresses of the API; all others are left to `others`."""

    def __init__(self, others: App) -> None:
        self.others = others
        self.quick = ThreadPoolExecutor(QUICK_THREADS, "api", _keep_connections)
        # a server of databases has only so many connections; a file has as many as one likes
        shared = connection.vendor != "sqlite"
        self.slow = ThreadPoolExecutor(SLOW_THREADS, "api-slow", None if shared else _keep_connections)
        self.shared = cycle([ThreadSensitiveContext() for _ in range(SHARED_THREADS)])
        hsts = f"max-age={settings.SECURE_HSTS_SECONDS}" if settings.SECURE_HSTS_SECONDS else ""
        self.headers = HEADERS | ({"Strict-Transport-Security": hsts} if hsts else {})
        super().__init__()

    def load_middleware(self, is_async: bool = False) -> None:
        """API_MIDDLEWARE, once around async views and once around the others."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        self._middleware_chain = _chain(self._answer_async)
        self._sync_chain = _chain(self._answer)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        path = scope["path"]
        if not ADDRESSES.match(path) or PAGES.match(path):
            await self.others(scope, receive, send)
        elif FILES.match(path):
            with self._sharing_threads():
                await self.handle(scope, receive, send)
        else:
            await self._answer_at_once(scope, receive, send)

    @contextmanager
    def _sharing_threads(self) -> Iterator[None]:
        """What asks the database in between does so in one of a few threads.

        Django gives each answer a thread and a connection to the database for as long as it lasts. That may
        be hours for somebody who listens to a stream: a hundred of them would have all that a PostgreSQL has.
        """
        chosen = SyncToAsync.thread_sensitive_context.set(next(self.shared))
        try:
            yield
        finally:
            SyncToAsync.thread_sensitive_context.reset(chosen)

    async def _answer_at_once(self, scope: Scope, receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(Receiving(scope, receive))
        except RequestAborted:
            return
        slow = SLOW.match(scope["path"]) or ARRIVED in scope or body.seek(0, os.SEEK_END) > SMALL_BYTES
        body.seek(0)
        loop = asyncio.get_running_loop()
        pool, here = self.slow if slow else self.quick, copy_context()
        try:
            response = await loop.run_in_executor(pool, here.run, self._respond, scope, body)
        finally:
            drop(scope)
        if response.streaming:
            with self._sharing_threads():
                await self._send_while_heard(response, receive, send)
        else:
            await self.send_response(response, send)

    async def _send_while_heard(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        """Until all is sent, or whoever has asked is gone."""
        await sync_to_async(_let_go_of_connections)()
        sending = asyncio.create_task(self.send_response(response, send))
        leaving = asyncio.create_task(receive())
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            for task in (sending, leaving):
                task.cancel()
            await asyncio.wait((sending, leaving))
            await sync_to_async(_let_go_of_connections)()

    def _respond(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """In a thread of the pools."""
        set_script_prefix(get_script_prefix(scope))
        made = self.create_request(scope, body)
        if made[0] is None:
            body.close()
            return made[1]
        request = made[0]
        _let_go_of_connections()  # what befell the database since the last request of this thread
        try:
            response: HttpResponseBase = self._sync_chain(request)
            return response
        finally:
            request.close()
            _let_go_of_connections()

    def create_request(
        self, scope: Mapping[str, Any], body_file: IO[bytes]
    ) -> tuple[ASGIRequest, None] | tuple[None, HttpResponseBase]:
        """Django's, with a refusal in JSON for an address that is no text."""
        made = super().create_request(scope, body_file)
        return made if made[0] else (None, refused.in_json(scope["path"], ApiError("http_bad_request")))

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        request.get_host()  # raises for a name that is not this server's
        response: HttpResponseBase = self._get_response(request)  # type: ignore[attr-defined]
        return response

    async def _answer_async(self, request: HttpRequest) -> HttpResponseBase:
        request.get_host()
        response: HttpResponseBase = await self._get_response_async(request)  # type: ignore[attr-defined]
        return response

    async def send_response(self, response: HttpResponseBase, send: Any) -> None:
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        await super().send_response(response, send)


def _chain(answer: Any) -> Any:
    chain = convert_exception_to_response(answer)
    for name in reversed(settings.API_MIDDLEWARE):
        chain = convert_exception_to_response(import_string(name)(chain))
    return chain


def _let_go_of_connections() -> None:
    for each in connections.all(initialized_only=True):
        if each.errors_occurred:
            each.close()
        each.close_if_unusable_or_obsolete()


def _keep_connections() -> None:
    """Of a thread that stays: its connections are closed when they fail, not after each request."""
    for each in connections.all():
        each.settings_dict = {**each.settings_dict, "CONN_MAX_AGE": None}
