from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.documents.models import Document
from mathpixweb.documents.telling import live
from mathpixweb.documents.work import conversion
from mathpixweb.providers.base import ProviderError

pytestmark = pytest.mark.django_db(transaction=True)


async def heard(document: Document, editions: dict[int, int] | None = None) -> list[int]:
    """The pages a watcher is told of, in the order of the telling, until the document is finished."""
    return [page.index async for update in live.follow(document.pk, editions) for page in update.pages]


async def test_a_watcher_hears_every_page_once(a_document, scripted):
    document = await sync_to_async(a_document)()
    watching = asyncio.create_task(heard(document))
    await asyncio.sleep(0.2)
    await sync_to_async(conversion.take_turn)(document.pk)
    async with asyncio.timeout(10):
        assert await watching == [1, 2, 3]


async def test_who_comes_late_hears_everything_at_once(a_document, scripted):
    document = await sync_to_async(a_document)()
    await sync_to_async(conversion.take_turn)(document.pk)
    async with asyncio.timeout(10):
        assert await heard(document) == [1, 2, 3]


async def test_who_comes_back_hears_only_what_is_new(a_document, scripted):
    document = await sync_to_async(a_document)()
    await sync_to_async(conversion.take_turn)(document.pk)
    async with asyncio.timeout(10):
        assert await heard(document, {1: 1, 2: 1}) == [3]
        assert await heard(document, {1: 1, 2: 0, 3: 1}) == [2], "page 2 was read again meanwhile"


async def test_pages_come_while_later_pages_are_still_being_read(a_document, scripted):
    document = await sync_to_async(a_document)()
    first_heard = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait_until_page_one_was_heard() -> None:
        asyncio.run_coroutine_threadsafe(first_heard.wait(), loop).result(10)

    scripted.before_page[2] = wait_until_page_one_was_heard
    turn = asyncio.create_task(asyncio.to_thread(conversion.take_turn, document.pk))
    async with asyncio.timeout(15):
        async for update in live.follow(document.pk):
            if update.pages:
                first_heard.set()
        await turn


async def test_a_failed_document_ends_the_watch(a_document, scripted):
    def refuse() -> None:
        raise ProviderError("pdf_encrypted", "Locked.")

    scripted.before_survey = refuse
    document = await sync_to_async(a_document)()
    watching = asyncio.create_task(heard(document))
    await sync_to_async(conversion.take_turn)(document.pk)
    async with asyncio.timeout(10):
        assert await watching == []


async def test_the_library_hears_of_documents_that_change(a_document, team):
    changes = live.watch(team.pk)
    waiting = asyncio.create_task(anext(changes))
    await asyncio.sleep(0.1)
    document = await sync_to_async(a_document)()
    async with asyncio.timeout(10):
        assert [found.pk for found in await waiting] == [document.pk]
    await changes.aclose()
