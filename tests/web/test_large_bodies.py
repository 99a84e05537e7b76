"""Large bodies over a line: they come in large pieces, and whatever else happens on the line is as before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
import uvloop
from uvicorn.server import ServerState

from mathpixweb.web import server
from mathpixweb.web.large_bodies import AT_ONCE

LARGE = bytes(range(256)) * (3 * AT_ONCE // 256) + b"the end"
SMALL = b"GET /small HTTP/1.1\r\nHost: here\r\n\r\n"

Answering = Callable[[Any, Any], Awaitable[bytes]]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Any:
    with asyncio.Runner(loop_factory=request.param) as runner:
        yield runner.run


@asynccontextmanager
async def connected(
    answering: Answering,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A line to our way of speaking HTTP, behind which that is answered."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        content = await answering(scope, receive)
        length = (b"content-length", str(len(content)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": content})

    config = uvicorn.Config(answer, http=server.Protocol, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: server.Protocol(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
    try:
        async with asyncio.timeout(20):
            yield reader, writer
    finally:
        writer.close()
        listening.close()


def head(length: int) -> bytes:
    return f"POST /large HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n".encode()


async def answered(reader: asyncio.StreamReader) -> bytes:
    said = await reader.readuntil(b"\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 200 ")
    length = next(line for line in said.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(int(length.partition(b":")[2]))


def test_it_arrives_as_it_was_sent_and_the_line_goes_on(run: Any) -> None:
    taken: list[bytes] = []

    async def whole(scope: Any, receive: Any) -> bytes:
        more = True
        while more:
            message = await receive()
            taken.append(message["body"])
            more = message["more_body"]
            await asyncio.sleep(0.05)  # so that what is sent piles up
        return scope["path"].encode()

    async def send() -> None:
        async with connected(whole) as (reader, writer):
            for _ in range(2):
                taken.clear()
                writer.write(head(len(LARGE)) + LARGE + SMALL)
                assert await answered(reader) == b"/large"
                assert await answered(reader) == b"/small"
                assert b"".join(taken) == LARGE
                assert max(map(len, taken)) > 256 * 1024

    run(send())


def test_what_nobody_waits_for_is_passed_over(run: Any) -> None:
    async def at_once(scope: Any, receive: Any) -> bytes:
        return scope["path"].encode()

    async def send() -> None:
        async with connected(at_once) as (reader, writer):
            writer.write(head(len(LARGE)) + LARGE[:1000])
            assert await answered(reader) == b"/large"
            writer.write(LARGE[1000:] + SMALL)
            assert await answered(reader) == b"/small"

    run(send())


def test_whoever_hangs_up_in_the_middle_is_known_to_be_gone(run: Any) -> None:
    ended = asyncio.Event()

    async def to_the_end(scope: Any, receive: Any) -> bytes:
        while (await receive())["type"] != "http.disconnect":
            pass
        ended.set()
        return b""

    async def send() -> None:
        async with connected(to_the_end) as (_, writer):
            writer.write(head(len(LARGE)) + LARGE[: AT_ONCE + 1])
            await writer.drain()
            writer.close()
            await ended.wait()

    run(send())


def test_a_slow_taker_holds_up_whoever_sends(run: Any) -> None:
    go_on = asyncio.Event()

    async def slowly(scope: Any, receive: Any) -> bytes:
        await go_on.wait()
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message["body"]), message["more_body"]
        return str(size).encode()

    async def send() -> None:
        async with connected(slowly) as (reader, writer):
            writer.write(head(100 * len(LARGE)))
            for _ in range(100):
                writer.write(LARGE)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(writer.drain(), 0.5)
            go_on.set()
            await writer.drain()
            assert await answered(reader) == str(100 * len(LARGE)).encode()

    run(send())
