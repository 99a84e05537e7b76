"""What the web server does beside answering, from its start to its end: it relays page streams."""

from __future__ import annotations

import asyncio
from typing import Any

from mathpixweb.documents.remote import relaying


async def lifespan(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI lifespan protocol."""
    await receive()
    relays = asyncio.create_task(relaying.run())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    relays.cancel()
    await asyncio.gather(relays, return_exceptions=True)
    await send({"type": "lifespan.shutdown.complete"})
