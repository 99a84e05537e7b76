"""Sends calls: over pooled connections, each phase bounded in time, repeated where that is safe.

Workers wait (`Client`); who holds many streams at once does not (`AsyncClient`). Redirects are not followed,
so the keys go to the account's server and nowhere else, and no proxy of the environment gets to see them.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
import weakref
from collections.abc import AsyncIterator
from contextlib import ExitStack, aclosing, asynccontextmanager, closing
from functools import cache
from pathlib import Path
from typing import IO, Any

import httpx

from mathpixweb.providers.mathpix import answers, breaker, faults, retrying
from mathpixweb.providers.mathpix.account import Account
from mathpixweb.providers.mathpix.calls import Call
from mathpixweb.providers.mathpix.retrying import Outcome

READ_SECONDS = 60.0
TIMEOUT = httpx.Timeout(connect=10, write=60, read=READ_SECONDS, pool=10)
ANSWER_SECONDS = 300.0  # for all of an answer, however steadily it trickles
STREAM_SILENCE = 30.0  # seconds without a byte; a stream that stays open behind a dead line looks the same
LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=20, keepalive_expiry=30)
USER_AGENT = "MathpixWeb"
SHORTEST_KEY = 12  # letters; a shorter one may be a word of the answer
KEPT = ("content-type", "retry-after")  # of the headers of an answer


class Client:
    """For workers. Answers come back whole; what failed raises ProviderError."""

    def __init__(self, account: Account, timeout: httpx.Timeout = TIMEOUT) -> None:
        self.account = account
        self._breaker = breaker.of(account.base_url)
        self._http = httpx.Client(timeout=timeout, limits=LIMITS, verify=_trust(), trust_env=False)
        weakref.finalize(self, self._http.close)  # at the end of the process at the latest

    def json(self, call: Call) -> dict[str, Any]:
        return faults.json_of(self._exchange(call))

    def content(self, call: Call) -> bytes:
        return faults.content_of(self._exchange(call))

    def close(self) -> None:
        self._http.close()

    def _exchange(self, call: Call) -> httpx.Response:
        attempt = 1
        while True:
            self._breaker.check()
            outcome = self._try(call)
            self._breaker.note(_in_order(outcome))
            wait = retrying.pause(call, attempt, outcome)
            if wait is None:
                return _settled(outcome)
            time.sleep(wait)
            attempt += 1

    def _try(self, call: Call) -> Outcome:
        with ExitStack() as opened:
            request = _request(self._http, self.account, call, opened)
            try:
                response = self._http.send(request, stream=True)
                with closing(response):
                    content, ends = bytearray(), time.monotonic() + ANSWER_SECONDS
                    for chunk in response.iter_bytes():
                        content += _within_bounds(content, chunk, ends)
                return _unpacked(response, content, self.account)
            except (httpx.TransportError, httpx.DecodingError, faults.Unreachable) as error:
                return error


class AsyncClient:
    """For what is relayed. Belongs to one event loop."""

    def __init__(self, account: Account, timeout: httpx.Timeout = TIMEOUT) -> None:
        self.account = account
        self._breaker = breaker.of(account.base_url)
        self._http = httpx.AsyncClient(timeout=timeout, limits=LIMITS, verify=_trust(), trust_env=False)

    async def json(self, call: Call) -> dict[str, Any]:
        return faults.json_of(await self._exchange(call))

    async def aclose(self) -> None:
        await self._http.aclose()

    @asynccontextmanager
    async def streamed(self, call: Call, silence: float = STREAM_SILENCE) -> AsyncIterator[httpx.Response]:
        """An answer that is read as it comes, asked for once. Raises ProviderError unless it is a success."""
        self._breaker.check()
        with ExitStack() as opened:
            request = _request(self._http, self.account, call, opened)
        request.extensions["timeout"] = {**request.extensions["timeout"], "read": silence}
        try:
            response = await self._http.send(request, stream=True)
        except httpx.TransportError as error:
            self._breaker.note(False)
            raise faults.of_exchange(error) from error
        try:
            self._breaker.note(_in_order(response))
            if response.status_code != httpx.codes.OK:
                faults.json_of(await _read(response, self.account))
            yield response
        except httpx.HTTPError as error:
            raise faults.of_exchange(error) from error
        finally:
            await response.aclose()

    async def _exchange(self, call: Call) -> httpx.Response:
        attempt = 1
        while True:
            self._breaker.check()
            outcome = await self._try(call)
            self._breaker.note(_in_order(outcome))
            wait = retrying.pause(call, attempt, outcome)
            if wait is None:
                return _settled(outcome)
            await asyncio.sleep(wait)
            attempt += 1

    async def _try(self, call: Call) -> Outcome:
        with ExitStack() as opened:
            request = _request(self._http, self.account, call, opened)
            try:
                async with asyncio.timeout(ANSWER_SECONDS + READ_SECONDS):
                    response = await self._http.send(request, stream=True)
                    async with aclosing(response):
                        return await _read(response, self.account)
            except TimeoutError:
                return faults.of_exchange(httpx.ReadTimeout(""))
            except (httpx.TransportError, httpx.DecodingError, faults.Unreachable) as error:
                return error


def _request(
    http: httpx.Client | httpx.AsyncClient, account: Account, call: Call, opened: ExitStack
) -> httpx.Request:
    headers = {"User-Agent": USER_AGENT, **account.headers, **(call.headers or {})}
    url = account.base_url + call.path
    if call.attachment is None:
        return http.build_request(call.method, url, params=call.query, json=call.json, headers=headers)
    content = call.attachment.content
    file: IO[bytes] | bytes = (
        opened.enter_context(content.open("rb")) if isinstance(content, Path) else content
    )
    form = {**(call.fields or {}), "options_json": json.dumps(call.json or {})}
    files = {"file": (call.attachment.name, file)}
    return http.build_request(call.method, url, data=form, files=files, headers=headers)


def _within_bounds(content: bytearray, chunk: bytes, ends: float) -> bytes:
    """The chunk. Raises Unreachable when an answer has no end."""
    if time.monotonic() > ends:
        raise faults.of_exchange(httpx.ReadTimeout(""))
    if len(content) + len(chunk) > answers.MOST_BYTES:
        raise faults.Garbled(f"{faults.CALLER} gave an answer that is larger than any should be.")
    return chunk


async def _read(response: httpx.Response, account: Account) -> httpx.Response:
    content, ends = bytearray(), time.monotonic() + ANSWER_SECONDS
    async for chunk in response.aiter_bytes():
        content += _within_bounds(content, chunk, ends)
    return _unpacked(response, content, account)


def _unpacked(response: httpx.Response, content: bytearray, account: Account) -> httpx.Response:
    """The response with all of its content, but for the key: errors tell callers what was answered."""
    key = account.app_key.encode()
    if len(key) >= SHORTEST_KEY and key in content:
        content = content.replace(key, b"(app_key)")
    headers = {name: response.headers[name] for name in KEPT if name in response.headers}
    return httpx.Response(response.status_code, headers=headers, content=bytes(content))


@cache
def _trust() -> ssl.SSLContext:
    """Read once: it takes longer than a connection."""
    return httpx.create_ssl_context(trust_env=False)


def _settled(outcome: Outcome) -> httpx.Response:
    if isinstance(outcome, httpx.Response):
        return outcome
    raise faults.of_exchange(outcome) from outcome


def _in_order(outcome: Outcome) -> bool:
    """Whether the server works, whatever it thinks of the call."""
    return isinstance(outcome, httpx.Response) and outcome.status_code not in retrying.OUT_OF_ORDER
