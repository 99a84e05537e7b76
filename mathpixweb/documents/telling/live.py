"""Live: one async generator that tells how a document becomes pages.

The database is the truth; a nudge only wakes us earlier. So late joiners, lost messages
and reconnects need no code of their own. All who watch in one process share one look at the database.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.telling import looks, nudges

QUIET_SECONDS = 10.0  # how often a watcher is told that nothing has changed
LIBRARY_SECONDS = 0.5
LAG = timedelta(seconds=5)  # by which a change may be stamped earlier than another that is seen before it
MOST_SEEN, MOST_AT_ONCE = 1000, 50


@dataclass(frozen=True, slots=True)
class Update:
    """The document as it is, and the done pages that are new or were read again since the last update."""

    document: Document
    pages: list[Page]
    completed_pages: int


async def follow(document_id: int, editions: dict[int, int] | None = None) -> AsyncIterator[Update]:
    """What is stored, then what changes, until the document is finished.

    `editions` names the pages (index → edition) that the watcher has already. An update without pages comes
    at least every QUIET_SECONDS, as a sign of life.
    """
    known = dict(editions or {})
    seen = -1
    while True:
        look = await looks.at(document_id)
        document = look.document
        pages = await look.news(known) if document.changes != seen else []
        known.update({page.index: page.edition for page in pages})
        yield Update(document, pages, look.completed_pages)
        if document.finished:
            return
        seen = document.changes
        await changed(document_id, seen, QUIET_SECONDS)


async def changed(document_id: int, seen: int, seconds: float) -> None:
    """Returns when the document's counter of changes is no longer `seen`, or after `seconds`."""
    await _pulse().changed(document_id, seen, seconds)


async def watch(team_id: int, since: datetime | None = None) -> AsyncIterator[list[Document]]:
    """The team's documents as they change, newest change last; an empty list as a sign of life. Endless."""
    since = since or timezone.now()
    told: dict[int, int] = {}  # document → the counter of its changes, of all that this look may see again
    quiet_for = 0.0
    while True:
        since = no_later_than_now(since)
        changed = Document.objects.filter(team_id=team_id, modified_at__gt=since - LAG).order_by(
            "modified_at"
        )
        seen = [row async for row in changed.values_list("pk", "changes", "modified_at")[:MOST_SEEN]]
        news = [pk for pk, changes, _ in seen if told.get(pk) != changes]
        if len(news) > MOST_AT_ONCE:
            news = news[:MOST_AT_ONCE]
            seen = seen[: 1 + next(place for place, (pk, _, _) in enumerate(seen) if pk == news[-1])]
        if news or quiet_for >= QUIET_SECONDS:
            yield [
                document async for document in Document.objects.filter(pk__in=news).order_by("modified_at")
            ]
            quiet_for = 0.0
        if seen:
            told = {pk: changes for pk, changes, _ in seen}
            since = seen[-1][2] + (LAG if len(seen) == MOST_SEEN else timedelta())
        await asyncio.sleep(LIBRARY_SECONDS)
        quiet_for += LIBRARY_SECONDS


def no_later_than_now(moment: datetime) -> datetime:
    """A clock that has been set back would else have us wait until it is that late again."""
    return min(moment, timezone.now())


class _Pulse:
    """One loop's shared look at the change counters of all documents that are watched."""

    def __init__(self) -> None:
        self.waiting: dict[asyncio.Future[None], tuple[int, int]] = {}
        self.task: asyncio.Task[None] | None = None

    async def changed(self, document_id: int, seen: int, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        self.waiting[future] = (document_id, seen)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._beat())
        try:
            async with asyncio.timeout(seconds):
                await future
        except TimeoutError:
            pass
        finally:
            self.waiting.pop(future, None)

    async def _beat(self) -> None:
        """Looks as soon as nudged, and now and then without, for as long as anyone waits."""
        async with nudges.heard() as next_nudge:
            while self.waiting:
                await next_nudge()
                await self._look()

    async def _look(self) -> None:
        watched = {document_id for document_id, _ in self.waiting.values()}
        stamps = Document.objects.filter(pk__in=watched).values_list("pk", "changes")
        counters = {pk: changes async for pk, changes in stamps}
        for future, (document_id, seen) in list(self.waiting.items()):
            if counters.get(document_id) != seen and not future.done():
                future.set_result(None)


_pulses: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Pulse] = weakref.WeakKeyDictionary()


def _pulse() -> _Pulse:
    return _pulses.setdefault(asyncio.get_running_loop(), _Pulse())
