"""All who watch a document share one look at the database."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mathpixweb.documents.models import Document
from mathpixweb.documents.telling import live, looks
from mathpixweb.documents.work import conversion

pytestmark = pytest.mark.django_db(transaction=True)


async def everything(document_id):
    return [page.index async for update in live.follow(document_id) for page in update.pages]


async def test_many_who_watch_ask_the_database_what_one_would_ask(a_document, scripted):
    document = await sync_to_async(a_document)()
    await sync_to_async(conversion.take_turn)(document.pk)
    asked = await sync_to_async(lambda: CaptureQueriesContext(connection).__enter__())()
    told = await asyncio.gather(*(everything(document.pk) for _ in range(100)))
    assert told == [[1, 2, 3]] * 100
    assert len(await sync_to_async(lambda: asked.captured_queries)()) == 3


async def test_who_leaves_does_not_take_the_others_look_along(a_document):
    document = await sync_to_async(a_document)()
    first, second = (asyncio.create_task(looks.at(document.pk)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).document == document


async def test_a_look_tells_of_a_document_that_is_gone(a_document):
    with pytest.raises(Document.DoesNotExist):
        await looks.at(2**40)
