"""What wakes those who follow documents, in every process: Redis, or without it the bell of this machine.

A nudge may be lost. Who waits for one looks now and then without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings

from mathpixweb import bell

GROUP = "documents"
LOOK_SECONDS = 0.25  # between two looks that nobody has asked for …
ALONE_SECONDS = 0.05  # … and where nobody can

Wait = Callable[[], Awaitable[None]]


def nudge() -> None:
    """Wakes those who follow documents at once."""
    if not settings.REDIS_URL:
        bell.ring(settings.BELL_DIR)
    elif layer := get_channel_layer():
        async_to_sync(layer.group_send)(GROUP, {"type": "document.changed"})


@asynccontextmanager
async def heard() -> AsyncIterator[Wait]:
    """What waits for the next nudge, or for as long as one can go without a look."""
    async with _from_redis() if settings.REDIS_URL else _from_the_bell() as wait:
        yield wait


@asynccontextmanager
async def _from_redis() -> AsyncIterator[Wait]:
    layer: Any = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)
    try:
        yield lambda: _within(layer.receive(channel))
    finally:
        await layer.group_discard(GROUP, channel)


@asynccontextmanager
async def _from_the_bell() -> AsyncIterator[Wait]:
    try:
        listener = bell.Listener(settings.BELL_DIR)
    except OSError:
        yield lambda: asyncio.sleep(ALONE_SECONDS)
        return
    rung, loop = asyncio.Event(), asyncio.get_running_loop()

    def take_in() -> None:
        listener.forget()
        rung.set()

    async def wait() -> None:
        await _within(rung.wait())
        rung.clear()

    loop.add_reader(listener.descriptor, take_in)
    try:
        yield wait
    finally:
        loop.remove_reader(listener.descriptor)
        listener.leave()


async def _within(nudged: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await nudged
    except TimeoutError:
        pass
