"""The page stream: messages as server-sent events or as JSON lines, told apart line by line."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import calls, faults
from mathpixweb.providers.mathpix.client import STREAM_SILENCE, AsyncClient

OTHER_FIELDS = (":", "id:", "event:", "retry:")


@dataclass(frozen=True, slots=True)
class PageMessage:
    """One page: `index` counts from 1 to `selected`, the number of pages asked for."""

    index: int
    selected: int
    text: str
    version: str = ""
    error: ProviderError | None = None


async def follow(
    client: AsyncClient, pdf_id: str, after: int = 0, silence: float = STREAM_SILENCE
) -> AsyncIterator[PageMessage]:
    """Pages as they come, in any order and any of them twice, until the stream ends.

    Raises Unreachable when it breaks off, ProviderError when it tells that the document failed.
    """
    async with client.streamed(calls.pdf_stream(pdf_id, after), silence) as response:
        async for line in response.aiter_lines():
            if message := parse(line):
                yield message


def parse(line: str) -> PageMessage | None:
    """The line's page; None for what is no page. Raises Garbled, ProviderError."""
    text = line.strip().removeprefix("data:").strip()
    if not text or line.startswith(OTHER_FIELDS):
        return None
    try:
        message = json.loads(text)
    except ValueError:
        raise faults.Garbled("The page stream broke off in the middle of a page.") from None
    if not isinstance(message, dict):
        raise faults.Garbled("The page stream holds something that is no page.")
    return _page(message)


def _page(message: dict[str, Any]) -> PageMessage | None:
    index, selected = message.get("page_idx"), message.get("pdf_selected_len")
    if not isinstance(index, int) or not isinstance(selected, int):
        if "error" in message:
            raise faults.named(message)
        return None
    if not 1 <= index <= selected:
        raise faults.Garbled(f"The page stream tells of page {index} of {selected}.")
    failed = faults.named(message) if "error_info" in message else None
    text = message.get("text")
    return PageMessage(
        index, selected, text if isinstance(text, str) else "", str(message.get("version") or ""), failed
    )
