"""One look at a document for all who watch it: two hundred watchers ask the database what one would ask."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from mathpixweb.documents.models import PAGE_DONE, Document, Page, PageStatus
from mathpixweb.documents.telling import under_way


@dataclass(frozen=True, slots=True)
class Look:
    """The document as it was, and of each of its done pages index, edition and whether it was read."""

    document: Document
    done: Mapping[int, tuple[int, int, bool]]
    _pages: dict[int, Page] = field(default_factory=dict)
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def completed_pages(self) -> int:
        return sum(read for _, _, read in self.done.values())

    async def news(self, known: Mapping[int, int]) -> list[Page]:
        """Done pages whose edition is not the one in `known` (index → edition), by index."""
        wanted = [pk for pk, (index, edition, _) in self.done.items() if known.get(index) != edition]
        async with self._fetching:
            if missing := [pk for pk in wanted if pk not in self._pages]:
                async for page in self.document.pages.filter(pk__in=missing):
                    page.document = self.document
                    self._pages[page.pk] = page
        return sorted((self._pages[pk] for pk in wanted if pk in self._pages), key=lambda page: page.index)


async def at(document_id: int) -> Look:
    """What the database says; who asks while somebody else's look is under way shares it.

    It may then be a moment old. Whoever goes on until the counter of changes stands still misses nothing.
    """
    return await under_way.shared((Look, document_id), lambda: _look(document_id))


async def _look(document_id: int) -> Look:
    # read before the pages: what a finished document says after this is complete
    document = await Document.objects.select_related("team").aget(pk=document_id)
    stamps = document.pages.filter(status__in=PAGE_DONE).values_list("pk", "index", "edition", "status")
    done = {
        pk: (index, edition, status == PageStatus.COMPLETED) async for pk, index, edition, status in stamps
    }
    return Look(document, done)
