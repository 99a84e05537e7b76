"""All who listen to a document's pages are told by one who asks the database."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mathpixweb.documents.models import Document, Page, PageStatus, Status
from mathpixweb.documents.telling import broadcasts
from mathpixweb.documents.work import conversion

pytestmark = pytest.mark.django_db(transaction=True)


async def everything(document, after=0) -> list[int]:
    async with broadcasts.joined(document.pk) as broadcast:
        return [told.page.index async for batch in broadcast.pages(after) for told in batch]


async def turn(document) -> None:
    await sync_to_async(conversion.take_turn)(document.pk)


async def complete(document, *indexes) -> None:
    await document.pages.filter(index__in=indexes).aupdate(status=PageStatus.COMPLETED)
    await sync_to_async(Document.objects.filter(pk=document.pk).change)()


async def waiting_pages(document, many) -> None:
    await Page.objects.abulk_create(Page(document=document, index=i, number=i) for i in range(1, many + 1))
    await Document.objects.filter(pk=document.pk).aupdate(status=Status.SPLIT, num_pages=many)


async def finish(document) -> None:
    await sync_to_async(Document.objects.filter(pk=document.pk).change)(status=Status.COMPLETED)


async def a_page_is_told_within_five_seconds(document) -> None:
    await waiting_pages(document, 1)
    listening = asyncio.create_task(everything(document))
    await asyncio.sleep(0.3)
    await complete(document, 1)
    await finish(document)
    async with asyncio.timeout(5):
        assert await listening == [1]


async def test_many_who_listen_ask_the_database_what_one_would_ask(a_document, scripted):
    document = await sync_to_async(a_document)()
    await turn(document)
    asked = await sync_to_async(lambda: CaptureQueriesContext(connection).__enter__())()
    told = await asyncio.gather(*(everything(document) for _ in range(100)))
    assert told == [[1, 2, 3]] * 100
    assert len(await sync_to_async(lambda: asked.captured_queries)()) == 3


async def test_pages_are_told_in_order_although_they_are_read_out_of_order(a_document):
    document = await sync_to_async(a_document)()
    await waiting_pages(document, 4)
    told: asyncio.Queue[list[int]] = asyncio.Queue()

    async def listen():
        async with broadcasts.joined(document.pk) as broadcast:
            async for batch in broadcast.pages():
                await told.put([one.page.index for one in batch])

    listening = asyncio.create_task(listen())
    await complete(document, 3)
    await asyncio.sleep(0.5)
    assert told.empty()
    async with asyncio.timeout(5):
        await complete(document, 1)
        assert await told.get() == [1]
        await complete(document, 2, 4)
        assert await told.get() == [2, 3, 4]
        await finish(document)
        await listening


async def test_a_change_is_told_long_before_the_next_look_that_nobody_asked_for(a_document, monkeypatch):
    monkeypatch.setattr("mathpixweb.documents.telling.nudges.LOOK_SECONDS", 60)
    await a_page_is_told_within_five_seconds(await sync_to_async(a_document)())


async def test_changes_are_told_where_there_can_be_no_bell(a_document, settings, tmp_path):
    settings.BELL_DIR = tmp_path / "no-folder"
    settings.BELL_DIR.touch()
    await a_page_is_told_within_five_seconds(await sync_to_async(a_document)())


async def test_who_comes_back_is_told_only_what_is_new(a_document, scripted):
    document = await sync_to_async(a_document)()
    await turn(document)
    async with asyncio.timeout(5):
        assert await everything(document, after=2) == [3]
        assert await everything(document, after=99) == []


async def test_few_pages_are_in_memory_however_slowly_somebody_listens(a_document):
    many = 3 * broadcasts.KEPT
    document = await sync_to_async(a_document)()
    await waiting_pages(document, many)
    await complete(document, *range(1, many + 1))
    await finish(document)
    async with broadcasts.joined(document.pk) as broadcast, aclosing(broadcast.pages()) as slow:
        told = [one.page.index for one in await anext(slow)]
        assert await everything(document) == list(range(1, many + 1))
        async for batch in slow:
            told += [one.page.index for one in batch]
            assert len(batch) <= broadcasts.AT_ONCE
            assert len(broadcast._kept) <= broadcasts.KEPT
    assert told == list(range(1, many + 1))


async def test_a_broadcast_ends_with_its_last_listener(a_document):
    document = await sync_to_async(a_document)()
    running = broadcasts._running.setdefault(asyncio.get_running_loop(), {})
    first, second = (asyncio.create_task(everything(document)) for _ in range(2))
    await asyncio.sleep(0.2)
    [broadcast] = running.values()
    first.cancel()
    await asyncio.wait([first])
    assert running == {document.pk: broadcast}
    assert not broadcast.over
    second.cancel()
    await asyncio.wait([second])
    await asyncio.sleep(0)
    assert running == {}
    assert broadcast.over
    assert broadcast._silence.cancelled()


async def test_a_document_that_is_read_once_more_is_told_anew(a_document, scripted):
    document = await sync_to_async(a_document)()
    await turn(document)
    async with broadcasts.joined(document.pk) as broadcast, aclosing(broadcast.pages()) as pages:
        await anext(pages)  # a listener who stays a little longer
        page = await document.pages.aget(index=2)
        page.document = document
        await document.arefresh_from_db()
        await sync_to_async(conversion.retry_page)(page)
        listening = asyncio.create_task(everything(document))
        await asyncio.sleep(0.2)
        assert not listening.done()
        await turn(document)
        async with asyncio.timeout(5):
            assert await listening == [1, 2, 3]


async def test_all_are_told_of_a_document_that_is_gone():
    told = await asyncio.gather(*(everything(Document(pk=2**40)) for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in told] == [Document.DoesNotExist] * 3
