"""The page stream: JSON messages as server-sent events or as lines, and signs of life in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any

from mathpixweb.api import answers
from mathpixweb.documents.models import Document
from mathpixweb.documents.output import results
from mathpixweb.documents.telling import live

KEEP_ALIVE_SECONDS = 4.0  # httpx gives up after five silent ones

Message = tuple[int | None, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Framing:
    """How messages become bytes."""

    content_type: str
    sign_of_life: bytes
    events: bool

    def frame(self, number: int | None, message: dict[str, Any]) -> bytes:
        text = json.dumps(message, ensure_ascii=False)
        if not self.events:
            return f"{text}\n".encode()
        event_id = "" if number is None else f"id: {number}\n"
        return f"{event_id}data: {text}\n\n".encode()


EVENTS = Framing("text/event-stream; charset=utf-8", b": still working\n\n", events=True)
LINES = Framing("application/x-ndjson; charset=utf-8", b"\n", events=False)


def framing(accept: str) -> Framing:
    """Server-sent events for those who ask for them; the reference's own script reads JSON lines."""
    return EVENTS if "text/event-stream" in accept else LINES


async def page_messages(document_id: int, base_url: str, after: int = 0) -> AsyncGenerator[Message, None]:
    """(page index, message) of each page beyond `after` in order, and last the error of a failed document."""
    async for page in live.in_order(live.follow(document_id)):
        if page is not None and page.index > after:
            text = results.absolute(page.mmd, page.document, base_url)
            yield page.index, answers.stream_message(page, page.document.num_pages or 0, text)
    document = await Document.objects.aget(pk=document_id)
    if failure := answers.document_error(document):
        yield None, {"pdf_id": document.public_id, "text": "", **failure}


async def framed(messages: AsyncGenerator[Message, None], how: Framing) -> AsyncIterator[bytes]:
    """The messages as bytes; a sign of life whenever none has come for KEEP_ALIVE_SECONDS."""
    async with aclosing(messages):
        following = asyncio.ensure_future(anext(messages))
        try:
            while True:
                arrived, _ = await asyncio.wait((following,), timeout=KEEP_ALIVE_SECONDS)
                if not arrived:
                    yield how.sign_of_life
                    continue
                try:
                    number, message = following.result()
                except StopAsyncIteration:
                    return
                yield how.frame(number, message)
                following = asyncio.ensure_future(anext(messages))
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await following
