"""Pages in order for all who listen to one document: two hundred listeners cost the database what one costs.

A listener is woken, takes what is there, and waits again; what one has made of a page serves the others.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async

from mathpixweb.documents.models import PAGE_DONE, Document, Page
from mathpixweb.documents.telling import live

AT_ONCE = 8  # pages that a listener is given together
KEPT = 32  # pages in memory; for who is further behind they are read from the database again
SILENCE_SECONDS = 4.0  # httpx gives up after five silent ones
NEEDED = ("document", "index", "status", "mmd", "error_id", "error_detail")  # of a page, to tell it


@dataclass(frozen=True, slots=True)
class Told:
    """A page, and what listeners have made of it."""

    page: Page
    made: dict[Hashable, bytes] = field(default_factory=dict)


class Broadcast:
    """One document as it is told to the listeners of one event loop."""

    def __init__(self, document_id: int) -> None:
        self.document = Document(pk=document_id)
        self.listeners = 0
        self._reached = 0  # up to which page all are done
        self._kept: dict[int, Told] = {}
        self._reading = asyncio.Lock()
        self._news = asyncio.Event()
        self._silence: asyncio.TimerHandle | None = None
        self._following = asyncio.create_task(self._follow())
        self._following.add_done_callback(lambda _: self._wake())
        self._wake()

    async def pages(self, after: int = 0) -> AsyncGenerator[list[Told], None]:
        """Each done page beyond `after` once, strictly by index, until the document is finished.

        An empty list as a sign of life, whenever nothing else has come for SILENCE_SECONDS.
        """
        while True:
            if after < self._reached:
                told = self._at_hand(after) or await self._read_again(after)
                if not told:
                    return  # deleted, or waiting to be read once more, after the document was finished
                after = told[-1].page.index
                yield told
            elif self.over:
                self._following.result()
                return
            else:
                await self._news.wait()
                if after >= self._reached and not self.over:
                    yield []

    @property
    def over(self) -> bool:
        """Whether nothing more will come: the document is finished, or nobody can look at it."""
        return self._following.done()

    def stop(self) -> None:
        self._following.cancel()

    def _wake(self) -> None:
        """Wakes all who wait; again after a silence, for as long as anything may come."""
        self._news.set()
        self._news.clear()
        if self._silence:
            self._silence.cancel()
        if not self.over:
            self._silence = asyncio.get_running_loop().call_later(SILENCE_SECONDS, self._wake)

    async def _follow(self) -> None:
        while True:
            # the document before its pages: what a finished one says after this is complete
            self.document, reached, fresh = await sync_to_async(_look)(self.document.pk, self._reached)
            self._keep(fresh)
            if reached > self._reached:
                self._reached = reached
                self._wake()
            if self.document.finished:
                return
            await live.changed(self.document.pk, self.document.changes, live.QUIET_SECONDS)

    def _keep(self, pages: list[Page]) -> None:
        """In place of those that have been kept longest."""
        for page in pages:
            page.document = self.document
            self._kept.setdefault(page.index, Told(page))
        for index in list(self._kept)[:-KEPT]:
            del self._kept[index]

    def _at_hand(self, after: int) -> list[Told]:
        """The next pages, as far as they are kept."""
        told: list[Told] = []
        while len(told) < AT_ONCE and (following := self._kept.get(after + len(told) + 1)):
            told.append(following)
        return told

    async def _read_again(self, after: int) -> list[Told]:
        async with self._reading:
            if not self._at_hand(after):  # nobody else has had them read meanwhile
                self._keep(await sync_to_async(_read)(self.document.pk, after, after + AT_ONCE))
            return self._at_hand(after)


def _look(document_id: int, reached: int) -> tuple[Document, int, list[Page]]:
    """The document, up to which page all are done, and the new ones if they are few: somebody waits."""
    document = Document.objects.get(pk=document_id)
    done = document.pages.filter(status__in=PAGE_DONE, index__gt=reached)
    last = reached
    for index in done.values_list("index", flat=True):
        if index > last + 1:
            break
        last = index
    return document, last, _read(document_id, reached, last) if 0 < last - reached <= AT_ONCE else []


def _read(document_id: int, after: int, last: int) -> list[Page]:
    pages = Page.objects.filter(document=document_id, status__in=PAGE_DONE, index__gt=after, index__lte=last)
    return list(pages.only(*NEEDED))


@asynccontextmanager
async def joined(document_id: int) -> AsyncIterator[Broadcast]:
    """The document's broadcast, which lasts as long as anybody listens and the document is not finished."""
    running = _running.setdefault(asyncio.get_running_loop(), {})
    broadcast = running.get(document_id)
    if broadcast is None or broadcast.over:
        broadcast = running[document_id] = Broadcast(document_id)
    broadcast.listeners += 1
    try:
        yield broadcast
    finally:
        broadcast.listeners -= 1
        if not broadcast.listeners:
            broadcast.stop()
            if running.get(document_id) is broadcast:
                del running[document_id]


_running: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, Broadcast]] = (
    weakref.WeakKeyDictionary()
)
