"""The page stream: JSON messages as server-sent events or as lines, and signs of life in between."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from mathpixweb.accounts.models import ApiKey
from mathpixweb.api import answers, standing
from mathpixweb.documents.output import results
from mathpixweb.documents.telling import broadcasts
from mathpixweb.documents.telling.broadcasts import Told


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


async def told(
    document_id: int, key: ApiKey, base_url: str, how: Framing, after: int = 0
) -> AsyncIterator[bytes]:
    """Each page beyond `after` in order and last the error of a failed document; signs of life in between.

    Nothing more for a key that was revoked meanwhile.
    """
    async with broadcasts.joined(document_id) as broadcast, aclosing(broadcast.pages(after)) as batches:
        async for pages in batches:
            if not await standing.is_good(key):
                return
            yield b"".join(_frame(page, base_url, how) for page in pages) or how.sign_of_life
        if failure := answers.document_error(broadcast.document):
            yield how.frame(None, {"pdf_id": broadcast.document.public_id, "text": "", **failure})


def _frame(told: Told, base_url: str, how: Framing) -> bytes:
    """The page's message, made once for all who get the same."""
    key = (base_url, how.events)
    if key not in told.made:
        page = told.page
        text = results.absolute(page.mmd, page.document, base_url)
        message = answers.stream_message(page, page.document.num_pages or 0, text)
        told.made[key] = how.frame(page.index, message)
    return told.made[key]
