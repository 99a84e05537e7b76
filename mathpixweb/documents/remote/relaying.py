"""Relays page streams of other servers: many at once, in one event loop, each surviving what befalls it.

A stream that breaks off is taken up after the last page that is there. Between two attempts the document's
status is asked for, which alone decides whether it is done. When it is, its lines are fetched: they hold
every page, also those that no stream has brought.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from mathpixweb import logs
from mathpixweb.documents import provider
from mathpixweb.documents.models.remote import Relay
from mathpixweb.documents.remote import relays
from mathpixweb.documents.work import claims
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import calls, pages, retrying, stream
from mathpixweb.providers.mathpix.client import AsyncClient
from mathpixweb.providers.mathpix.faults import AccountRefused, NotThere, Unreachable
from mathpixweb.providers.mathpix.reading import settled
from mathpixweb.providers.mathpix.stream import PageMessage

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
AWAY_SECONDS = 5.0  # between two looks while the database is gone
MOST_AT_ONCE = 100
LINES_ATTEMPTS = 8
CANCEL_SECONDS = 0.5  # until a task is told again
NEWS_SECONDS = 60.0  # without a new page, whatever else the stream says, after which the status is looked at


async def run() -> None:
    """Follows every relay that nobody follows, until it is cancelled; then it follows none any more."""
    following: dict[int, asyncio.Task[None]] = {}
    try:
        while True:
            try:
                for relay_id in await sync_to_async(_waiting)(MOST_AT_ONCE - len(following)):
                    if relay_id not in following:
                        following[relay_id] = asyncio.create_task(follow(relay_id))
            except DatabaseError as error:
                logger.error("the relays could not be looked up: %s", error)  # noqa: TRY400 - it may last
                await asyncio.sleep(AWAY_SECONDS)
            except Exception:
                logger.exception("the relays could not be looked up")
            following = {pk: task for pk, task in following.items() if not task.done()}
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        for task in following.values():
            task.cancel()
        await asyncio.gather(*following.values(), return_exceptions=True)


def _waiting(most: int) -> list[int]:
    close_old_connections()
    return relays.waiting(max(0, most))


async def follow(relay_id: int) -> None:
    """Relays one document until it is finished, unless another does, or it is no longer wanted."""
    taken = await sync_to_async(relays.take)(relay_id)
    if taken is None:
        return
    relay, token = taken
    with logs.about(document=relay.document.public_id):  # the tasks take it along
        work = asyncio.create_task(_relay(relay, token))
        heart = asyncio.create_task(_beat(token))
    try:
        await asyncio.wait((work, heart), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (work, heart):
            await _ended(task)
        await sync_to_async(relays.release)(token)


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancels until that is heard: a call in a thread that itself waits for the loop may swallow it."""
    while not task.done():
        task.cancel()
        await asyncio.wait((task,), timeout=CANCEL_SECONDS)
    if not task.cancelled() and (error := task.exception()):
        logger.warning("a relay ended with %r", error)


async def _beat(token: str) -> None:
    """Shows signs of life; ends when the claim is lost."""
    while await sync_to_async(relays.keep_claim)(token):  # noqa: ASYNC110 - nothing would wake it
        await asyncio.sleep(claims.BEAT_SECONDS)


async def _relay(relay: Relay, token: str) -> None:
    try:
        client = AsyncClient(await sync_to_async(provider.account)(relay.team))
        try:
            await _until_completed(client, relay, token)
            await _lines(client, relay, token)
        finally:
            await client.aclose()
    except ProviderError as error:
        await sync_to_async(relays.fail)(relay, token, error)
    except Exception:
        logger.exception("document %s could not be relayed", relay.document.public_id)
        message = "Something went wrong on this server while the pages came in."
        await sync_to_async(relays.fail)(relay, token, ProviderError("sys_exception", message))
    else:
        await sync_to_async(relays.settle)(relay, token)


async def _until_completed(client: AsyncClient, relay: Relay, token: str) -> None:
    """Stream, status, stream …; the pauses grow while nothing new comes."""
    in_vain = 0
    while True:
        in_vain = 0 if await _stream(client, relay, token) else in_vain + 1
        wait = retrying.backoff(max(1, in_vain))
        try:
            if await _completed(client, relay, token):
                return
        except ProviderError as error:
            if not _passing(error):
                raise
            wait = max(wait, _asked_to_wait(error))
        await _give_up_when_silent(relay)
        await asyncio.sleep(wait)


async def _stream(client: AsyncClient, relay: Relay, token: str) -> bool:
    """Stores pages until the stream ends or breaks; whether any was new."""
    new = False
    after = await sync_to_async(relays.in_order_until)(relay)
    clock = asyncio.get_running_loop()
    try:
        async with aclosing(stream.follow(client, relay.remote_id, after)) as messages:
            news_until = clock.time() + NEWS_SECONDS
            while message := await _before(news_until, messages):
                if await sync_to_async(relays.keep)(relay, token, message):
                    new = True
                    news_until = clock.time() + NEWS_SECONDS
    except TimeoutError:
        logger.info("stream of %s: nothing new", relay.document.public_id)
    except AccountRefused:
        raise
    except ProviderError as error:  # what it means for the document the status tells
        logger.info("stream of %s: %s", relay.document.public_id, error.message)
    return new


async def _before(moment: float, messages: AsyncGenerator[PageMessage]) -> PageMessage | None:
    """The next message; None at the end. Raises TimeoutError, also where messages come without a pause."""
    async with asyncio.timeout_at(moment):
        await asyncio.sleep(0)
        return await anext(messages, None)


async def _completed(client: AsyncClient, relay: Relay, token: str) -> bool:
    """What the status says. Raises ProviderError for a document that failed there, or if none can be had."""
    status = await client.json(calls.pdf_status(relay.remote_id))
    if isinstance(count := status.get("num_pages"), int):
        await sync_to_async(relays.lay_out)(relay, token, count)
    return settled(status)


async def _lines(client: AsyncClient, relay: Relay, token: str) -> None:
    """Fetches the lines of all pages; a document whose pages are all there does without, if it must."""
    for attempt in range(1, LINES_ATTEMPTS + 1):
        try:
            answer = await client.json(calls.pdf_result(relay.remote_id, "lines.json"))
            found = list(pages.results(answer, relays.origin(relay)))
        except ProviderError as error:
            if not _passing(error) or attempt == LINES_ATTEMPTS:
                if await sync_to_async(relays.all_there)(relay):
                    logger.warning("no lines of %s: %s", relay.document.public_id, error.message)
                    return
                raise
            await asyncio.sleep(retrying.backoff(attempt))
        else:
            await sync_to_async(relays.keep_lines)(relay, token, found)
            return


def _passing(error: ProviderError) -> bool:
    """Whether waiting may help."""
    return isinstance(error, Unreachable | NotThere) or error.error_id == "http_max_requests"


def _asked_to_wait(error: ProviderError) -> float:
    """Seconds; more than a document is waited for is the same as never."""
    asked = retrying.seconds(str(error.detail.get("retry_after", ""))) or 0.0
    return min(asked, float(settings.REMOTE_SECONDS))


async def _give_up_when_silent(relay: Relay) -> None:
    silence = await sync_to_async(relays.silent_for)(relay)
    if silence > timedelta(seconds=settings.REMOTE_SECONDS):
        minutes = settings.REMOTE_SECONDS // 60
        raise ProviderError(
            "sys_exception",
            f"Nothing has come from Mathpix for {minutes} minutes. What came before is kept. Try again.",
            provider="mathpix",
        )
