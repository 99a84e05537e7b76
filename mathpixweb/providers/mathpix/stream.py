"""The page stream: messages as server-sent events or as JSON lines, told apart line by line."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import answers, calls, faults
from mathpixweb.providers.mathpix.client import STREAM_SILENCE, AsyncClient

OTHER_FIELDS = (b":", b"id:", b"event:", b"retry:")


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
) -> AsyncGenerator[PageMessage]:
    """Pages as they come, in any order and any of them twice, until the stream ends.

    Raises Unreachable when it breaks off, ProviderError when it tells that the document failed.
    """
    async with (
        client.streamed(calls.pdf_stream(pdf_id, after), silence) as response,
        aclosing(_lines(response.aiter_bytes())) as lines,
    ):
        async for line in lines:
            if message := parse(line):
                yield message


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    """What stands between line feeds; texts may hold all other ends of lines. Raises Garbled for no end."""
    held = bytearray()
    async for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for end in ended:
            yield bytes(held + end)
            held.clear()
        held += rest
        if len(held) > answers.MOST_LINE_BYTES:
            raise faults.Garbled("The page stream holds a page without end.")
    yield bytes(held)


def parse(line: bytes) -> PageMessage | None:
    """The line's page; None for what is no page. Raises Garbled, ProviderError."""
    text = line.strip().removeprefix(b"data:").strip()
    if not text or line.startswith(OTHER_FIELDS):
        return None
    try:
        message = answers.parsed(text)
    except ValueError:
        raise faults.Garbled("The page stream broke off in the middle of a page.") from None
    if not isinstance(message, dict):
        raise faults.Garbled("The page stream holds something that is no page.")
    return _page(message)


def _page(message: dict[str, Any]) -> PageMessage | None:
    index, selected = message.get("page_idx"), message.get("pdf_selected_len")
    if type(index) is not int or type(selected) is not int:
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
