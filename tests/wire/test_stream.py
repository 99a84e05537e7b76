from __future__ import annotations

import asyncio
import json
import threading

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts import keys
from mathpixweb.api import answers, handler, standing, streaming
from mathpixweb.api.streaming import EVENTS, LINES
from mathpixweb.documents.telling import broadcasts
from mathpixweb.documents.work import conversion, surveying
from mathpixweb.providers.base import ProviderError
from tests.turns import work


async def listen(http, caller, document, **headers):
    address = f"/v3/pdf/{document.public_id}/stream"
    return await http.get(address, headers={**caller.headers, **headers}, timeout=20)


def messages(response) -> list[dict]:
    return [json.loads(line) for line in response.text.splitlines() if line.strip()]


def listeners(document) -> int:
    broadcast = broadcasts._running.get(asyncio.get_running_loop(), {}).get(document.pk)
    return broadcast.listeners if broadcast else 0


async def until_so_many_listen(document, many) -> None:
    async with asyncio.timeout(60):
        while listeners(document) < many:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.02)


def failing(error: BaseException):
    def script() -> None:
        raise error

    return script


async def test_a_finished_document_is_told_page_by_page(http, owner, converted):
    document = await sync_to_async(converted)(options={"streaming": True})
    response = await listen(http, owner, document)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/x-ndjson; charset=utf-8"
    assert response.headers["x-accel-buffering"] == "no"
    pages = [page async for page in document.pages.all()]
    assert messages(response) == [
        {
            "version": "scripted-1",
            "text": page.mmd,
            "page_idx": page.index,
            "pdf_selected_len": 3,
            "pdf_id": document.public_id,
        }
        for page in pages
    ]


async def test_the_texts_join_to_the_markdown(http, owner, converted):
    document = await sync_to_async(converted)()
    told = "".join(message["text"] for message in messages(await listen(http, owner, document)))
    mmd = await http.get(f"/v3/pdf/{document.public_id}.mmd", headers=owner.headers)
    assert told == mmd.text


async def test_who_asks_for_events_gets_events(http, owner, converted):
    document = await sync_to_async(converted)()
    response = await listen(http, owner, document, accept="text/event-stream")
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    events = response.text.strip().split("\n\n")
    assert [event.split("\n")[0] for event in events] == ["id: 1", "id: 2", "id: 3"]
    data = [json.loads(event.split("\n")[1].removeprefix("data: ")) for event in events]
    assert [message["page_idx"] for message in data] == [1, 2, 3]


async def test_who_comes_back_gets_only_the_rest(http, owner, converted):
    document = await sync_to_async(converted)()
    response = await listen(http, owner, document, **{"last-event-id": "2"})
    assert [message["page_idx"] for message in messages(response)] == [3]


@pytest.mark.parametrize("seen", ["", "x", "-1", "²", "9" * 50])
async def test_a_senseless_last_event_does_no_harm(http, owner, converted, seen):
    document = await sync_to_async(converted)()
    response = await listen(http, owner, document, **{"last-event-id": seen.encode()})
    assert len(messages(response)) == 3


async def test_pages_come_in_order_although_they_are_read_out_of_order(http, owner, received, scripted):
    document = await sync_to_async(received)()
    await sync_to_async(surveying.prepare)(document)
    await document.pages.filter(index=1).aupdate(status="reading")
    listening = asyncio.create_task(listen(http, owner, document))
    await sync_to_async(conversion.take_turn)(document.pk)
    assert scripted.reads == [2, 3]
    await document.pages.filter(index=1).aupdate(status="waiting")
    await sync_to_async(conversion.take_turn)(document.pk)
    assert [message["page_idx"] for message in messages(await listening)] == [1, 2, 3]


async def test_selected_pages_are_counted_from_one(http, owner, received, scripted):
    scripted.page_count = 9
    document = await sync_to_async(work)(await sync_to_async(received)(options={"page_ranges": "4,7-"}))
    told = messages(await listen(http, owner, document))
    assert [message["page_idx"] for message in told] == [1, 2, 3, 4]
    assert {message["pdf_selected_len"] for message in told} == {4}
    assert told[0]["text"].startswith("Page 4 says")


async def test_a_page_that_failed_is_told_without_the_key_error(http, owner, received, scripted):
    scripted.before_page[2] = failing(ProviderError("page_failed", "This page is torn."))
    document = await sync_to_async(work)(await sync_to_async(received)())
    told = messages(await listen(http, owner, document))
    assert [message["page_idx"] for message in told] == [1, 2, 3]
    assert told[1]["text"] == ""
    assert told[1]["error_info"]["id"] == "page_failed"
    assert all("error" not in message for message in told)


async def test_a_document_that_failed_ends_the_stream_with_its_error(http, owner, received, scripted):
    scripted.before_survey = failing(ProviderError("pdf_encrypted", "It needs a password."))
    document = await sync_to_async(work)(await sync_to_async(received)())
    assert messages(await listen(http, owner, document)) == [
        {
            "pdf_id": document.public_id,
            "text": "",
            "error": "It needs a password.",
            "error_info": {"id": "pdf_encrypted", "message": "It needs a password."},
        }
    ]


async def test_a_stream_ends_when_its_key_is_revoked(http, owner, received, monkeypatch):
    monkeypatch.setattr(standing, "TRUSTED_SECONDS", 0)
    document = await sync_to_async(received)()
    await sync_to_async(surveying.prepare)(document)
    listening = asyncio.create_task(listen(http, owner, document))
    await until_so_many_listen(document, 1)
    await sync_to_async(keys.revoke)(owner.key)
    await sync_to_async(conversion.take_turn)(document.pk)
    response = await listening
    assert (response.status_code, messages(response)) == (200, [])


async def test_a_key_is_asked_about_once_for_all_who_listen_with_it(http, owner, converted, monkeypatch):
    document, asked = await sync_to_async(converted)(), []
    monkeypatch.setattr(keys, "is_living", lambda key: asked.append(key) or True)
    monkeypatch.setattr(standing, "_trusted", {})
    told = await asyncio.gather(*(listen(http, owner, document) for _ in range(10)))
    assert [len(messages(response)) for response in told] == [3] * 10
    assert asked == [owner.key]


async def test_there_is_no_stream_of_an_unknown_document(http, owner):
    response = await http.get("/v3/pdf/2099_01_01_unknown/stream", headers=owner.headers)
    assert response.status_code == 404
    assert response.json()["error_info"]["id"] == "pdf_unknown_id"


async def test_there_is_no_stream_of_a_deleted_document(http, owner, converted):
    document = await sync_to_async(converted)()
    await http.delete(f"/v3/pdf/{document.public_id}", headers=owner.headers)
    assert (await listen(http, owner, document)).status_code == 404


@pytest.mark.parametrize("accept", ["text/event-stream", "*/*"])
async def test_no_proxy_may_keep_pages_back_or_for_later(http, owner, converted, accept):
    document = await sync_to_async(converted)()
    headers = {**owner.headers, "accept": accept}
    response = await http.get(f"/v3/pdf/{document.public_id}/stream", headers=headers)
    assert response.headers["x-accel-buffering"] == "no"
    assert response.headers["cache-control"] == "no-store"
    assert "content-length" not in response.headers
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize(("accept", "sign"), [("text/event-stream", b": still working\n\n"), ("", b"\n")])
async def test_a_silent_stream_shows_signs_of_life(http, owner, received, monkeypatch, accept, sign):
    """Or a proxy would take it for dead; the pages that come at last are not lost by them."""
    monkeypatch.setattr(broadcasts, "SILENCE_SECONDS", 0.02)
    document = await sync_to_async(received)()
    listening = asyncio.create_task(listen(http, owner, document, accept=accept))
    await asyncio.sleep(0.5)
    await sync_to_async(work)(document)
    told = (await listening).content
    assert told.startswith(sign * 3)
    assert told.count(b'"page_idx"') == 3


async def test_many_who_listen_hold_a_few_threads_together(http, owner, received):
    """With each thread goes a connection to the database; PostgreSQL has a hundred for everybody."""
    document = await sync_to_async(received)()
    many, before = 4 * handler.SHARED_THREADS, threading.active_count()
    listening = [asyncio.create_task(listen(http, owner, document)) for _ in range(many)]
    await until_so_many_listen(document, many)
    grown = threading.active_count() - before
    await sync_to_async(work)(document)
    assert [len(messages(await each)) for each in listening] == [3] * many
    assert grown < 2 * handler.SHARED_THREADS


async def test_a_page_is_put_into_words_once_for_all_who_get_the_same(owner, converted, monkeypatch):
    document = await sync_to_async(converted)()
    made, say = [], answers.stream_message

    def noting(page, *more):
        made.append(page.index)
        return say(page, *more)

    monkeypatch.setattr(answers, "stream_message", noting)
    here, elsewhere = "http://testserver", "https://elsewhere.example"
    ways = [(LINES, here), (LINES, here), (EVENTS, here), (LINES, elsewhere)]

    async def hear(how, base) -> bytes:
        return b"".join([part async for part in streaming.told(document.pk, owner.key, base, how)])

    told = await asyncio.gather(*(hear(how, base) for how, base in ways))
    assert told[0] == told[1]
    assert told[2].startswith(b"id: 1\ndata: ")
    assert sorted(made) == sorted([1, 2, 3] * 3)
