"""Documents read by another server: their pages come as they are read there, whatever befalls the stream."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import Membership, Role, Team, UsageEvent, User
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents import storage
from mathpixweb.documents.models import Document, Page, PageStatus, Status
from mathpixweb.documents.models.remote import Relay
from mathpixweb.documents.remote import handing_in, relaying, relays
from mathpixweb.documents.telling import broadcasts
from mathpixweb.documents.work import claims, conversion
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import breaker, retrying, stream
from tests import mathpix_server, pdfs
from tests.mathpix_server import APP_ID, APP_KEY, Fault, MathpixServer, Paper, Stream

ENOUGH_SECONDS = 30


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[MathpixServer]:
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(relaying, "LOOK_SECONDS", 0.02)
    breaker.forget()
    with mathpix_server.running() as fake:
        settings.MATHPIX_API_URL = fake.url
        yield fake
    breaker.forget()


@pytest.fixture
def team(transactional_db: None) -> Team:
    owner = User.objects.create_user("owner@example.org", "a long password")
    team = Team.objects.create(name="Analysis")
    Membership.objects.create(team=team, user=owner, role=Role.OWNER)
    return team


@pytest.fixture
def account(team: Team) -> RemoteAccount:
    return RemoteAccount.objects.create(
        team=team, provider="mathpix", region="server", app_id=APP_ID, app_key=sealing.seal(APP_KEY)
    )


@pytest.fixture
def sent(team: Team, account: RemoteAccount, remote: MathpixServer) -> Callable[..., Document]:
    """Makes a document of three pages and hands it in, as a worker does."""

    def make(**fields: Any) -> Document:
        document = Document(
            team=team, kind="pdf", endpoint="/v3/pdf", name="notes.pdf", provider="mathpix", **fields
        )
        storage.write(storage.source_path(document), pdfs.with_numbered_pages(3))
        document.source.name = storage.source_name(document)
        document.save()
        conversion.take_turn(document.pk)
        document.refresh_from_db()
        return document

    return make


async def still_going(tasks: Any) -> set[Any]:
    """Those that do not end of themselves, as what closes a generator does at the loop's next turn."""
    return (await asyncio.wait(tasks, timeout=2))[1] if tasks else set()


@asynccontextmanager
async def relayed() -> AsyncIterator[None]:
    """While the web server's relays run."""
    task = asyncio.create_task(relaying.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(document: Document, condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(ENOUGH_SECONDS):
        while not await sync_to_async(condition)():  # noqa: ASYNC110 - the rows tell, no event does
            await asyncio.sleep(0.01)
    await document.arefresh_from_db()


async def finished(document: Document) -> Document:
    async with relayed():
        await until(document, lambda: Document.objects.get(pk=document.pk).finished)
    return document


def texts(document: Document) -> list[str]:
    return list(Page.objects.filter(document=document).order_by("index").values_list("mmd", flat=True))


ALL = ["Page 1", "\n\nPage 2", "\n\nPage 3"]
# fmt: off
BROKEN_STREAMS = {
    "whole": [Stream([1, 2, 3])],
    "dropped and resumed": [Stream([1], "drop"), Stream([1, 2, 3])],
    "cut in the middle of a page": [Stream([1, 2], "truncate"), Stream([1, 2, 3])],
    "twice and out of order": [Stream([3, 1, 1, 3, 2, 2])],
    "a page never streamed": [Stream([1, 3])],
    "nothing streamed": [Stream([])],
    "dropped for ever": [Stream([], "drop")] * 30,
}
# fmt: on


@pytest.mark.parametrize("streams", BROKEN_STREAMS.values(), ids=BROKEN_STREAMS.keys())
async def test_every_page_arrives_once_when_the_stream_is(
    streams: list[Stream], remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    remote.on_submit = lambda paper: paper.streams.extend(streams)
    document = await finished(await sync_to_async(sent)())
    assert (document.status, document.num_pages) == ("completed", 3)
    assert await sync_to_async(texts)(document) == ALL
    page = await Page.objects.aget(document=document, index=2)
    assert (page.width, page.provider, page.lines[0]["text"]) == (850, "mathpix", "Page 2")
    assert (await UsageEvent.objects.aget(team=document.team_id)).count == 3


async def test_events_are_understood_like_lines(remote: MathpixServer, sent: Callable[..., Document]) -> None:
    remote.events = True
    assert (await finished(await sync_to_async(sent)())).status == "completed"


async def test_pages_are_seen_while_the_other_server_still_reads(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    remote.on_submit = lambda paper: setattr(paper, "ready", 1)
    document = await sync_to_async(sent)()
    assert document.status == Status.LOADED
    async with relayed():
        await until(document, lambda: texts(document) == ["Page 1", "", ""])
        assert document.status == Status.SPLIT
        remote.paper.ready = 3
        await until(document, lambda: Document.objects.get(pk=document.pk).finished)
    assert await sync_to_async(texts)(document) == ALL


async def test_what_follows_a_document_hears_of_each_page_soon(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    remote.on_submit = lambda paper: setattr(paper, "ready", 0)
    document = await sync_to_async(sent)()
    delays = []
    async with relayed(), asyncio.timeout(ENOUGH_SECONDS), broadcasts.joined(document.pk) as broadcast:
        batches = broadcast.pages()
        for index in (1, 2, 3):
            remote.paper.ready = index
            while not (told := await anext(batches)):
                pass
            assert [one.page.index for one in told] == [index]
            delays.append(time.monotonic() - remote.paper.sent_at[index])
    assert sorted(delays)[1] < 2, "the median page takes two looks at the database, a tenth of a second"


async def test_a_stream_that_stays_open_in_silence_is_given_up_for_the_status(
    monkeypatch: pytest.MonkeyPatch, remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    monkeypatch.setattr(stream, "STREAM_SILENCE", 0.2)
    remote.on_submit = lambda paper: paper.streams.append(Stream([1], "hang"))
    follow = stream.follow
    monkeypatch.setattr(stream, "follow", lambda *args: follow(*args, silence=0.2))
    assert (await finished(await sync_to_async(sent)())).status == "completed"


async def test_a_stream_that_says_much_and_nothing_new_is_left_for_the_status(
    monkeypatch: pytest.MonkeyPatch, settings: Any, remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    """Signs of life, and pages that are known: neither may keep a document waiting for ever."""
    monkeypatch.setattr(relaying, "NEWS_SECONDS", 0.1)
    settings.REMOTE_SECONDS = 0.3
    remote.on_submit = lambda paper: paper.__dict__.update(
        never_completes=True, streams=[Stream([1], "repeat") for _ in range(20)]
    )
    document = await finished(await sync_to_async(sent)())
    assert document.status == "error" and "Nothing has come from Mathpix" in document.error_message()


async def test_a_restarted_server_takes_up_what_the_last_one_left(
    monkeypatch: pytest.MonkeyPatch, remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    remote.on_submit = lambda paper: setattr(paper, "ready", 2)
    document = await sync_to_async(sent)()
    async with relayed():
        await until(document, lambda: texts(document)[:2] == ALL[:2])
    remote.paper.ready = 3
    await finished(document)
    assert await sync_to_async(texts)(document) == ALL
    assert len(remote.asked("POST /v3/pdf")) == 1
    assert remote.asked("GET /v3/pdf")[-1].path.endswith("lines.json")


async def test_a_server_that_stops_lets_go_of_what_it_followed(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    remote.on_submit = lambda paper: setattr(paper, "never_completes", True)
    document = await sync_to_async(sent)()
    async with relayed():
        await until(document, lambda: Relay.objects.get(document=document).claim)
    assert not await sync_to_async(lambda: Relay.objects.get(document=document).claim)()
    assert not await still_going(asyncio.all_tasks() - {asyncio.current_task()})


async def test_who_swallows_that_it_is_to_stop_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call in a thread that itself waits for the loop does so."""
    monkeypatch.setattr(relaying, "CANCEL_SECONDS", 0.01)

    async def stubborn() -> None:
        for _ in range(2):
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)
        await asyncio.sleep(3600)

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await relaying._ended(task)
    assert task.cancelled()


async def test_two_servers_never_follow_the_same_document(sent: Callable[..., Document]) -> None:
    document = await sync_to_async(sent)()
    relay_id = (await sync_to_async(lambda: document.relay)()).pk
    assert await sync_to_async(relays.take)(relay_id) is not None
    assert await sync_to_async(relays.take)(relay_id) is None


async def test_a_follower_that_lost_its_claim_changes_nothing(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    document = await sync_to_async(sent)()
    relay, token = await sync_to_async(relays.take)((await sync_to_async(lambda: document.relay)()).pk)
    await sync_to_async(relays.lay_out)(relay, token, 3)
    await sync_to_async(relays.release)(token)
    message = stream.PageMessage(1, 3, "late")
    assert not await sync_to_async(relays.keep)(relay, token, message)
    assert await sync_to_async(texts)(document) == ["", "", ""]


async def test_a_document_that_is_cancelled_here_is_no_longer_followed_and_can_go_on(
    monkeypatch: pytest.MonkeyPatch, remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    monkeypatch.setattr(claims, "BEAT_SECONDS", 0.05)
    remote.on_submit = lambda paper: setattr(paper, "ready", 1)
    document = await sync_to_async(sent)()
    async with relayed():
        await until(document, lambda: texts(document)[:1] == ALL[:1])
        await sync_to_async(conversion.cancel)(document)
        relay = await sync_to_async(lambda: document.relay)()
        await until(document, lambda: not type(relay).objects.get(pk=relay.pk).claim)
    remote.paper.ready = 3
    assert await sync_to_async(conversion.retry)(document)
    assert (await finished(document)).status == "completed"
    assert len(remote.asked("POST /v3/pdf")) == 1


async def test_an_error_of_the_other_server_keeps_its_id_and_message(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    info = {"id": "pdf_encrypted", "message": "PDF is encrypted and not readable"}
    error = {"error": info["message"], "error_info": info}
    remote.on_submit = lambda paper: paper.__dict__.update(error=error, streams=[Stream([1])])
    document = await finished(await sync_to_async(sent)())
    assert (document.status, document.error_id) == ("error", "pdf_encrypted")
    assert document.error_message() == info["message"]
    assert (await sync_to_async(texts)(document))[0] == "Page 1"


async def test_a_status_that_never_completes_is_given_up_with_a_reason(
    settings: Any, remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    settings.REMOTE_SECONDS = 0.2
    remote.on_submit = lambda paper: setattr(paper, "never_completes", True)
    document = await finished(await sync_to_async(sent)())
    assert document.status == "error" and "Nothing has come from Mathpix" in document.error_message()
    assert await sync_to_async(texts)(document) == ALL


@pytest.mark.parametrize(
    "fault", [Fault(502, b"<html>"), Fault(429), Fault(drop=True)], ids=["502", "429", "drop"]
)
async def test_a_bad_moment_of_the_status_is_waited_out(
    fault: Fault, remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    document = await sync_to_async(sent)()
    remote.fail(f"GET /v3/pdf/{remote.paper.pdf_id}", *[fault] * 6)
    assert (await finished(document)).status == "completed"


@pytest.mark.parametrize(("said", "seconds"), [("31", 31), ("7200", 900), ("soon", 0), ("", 0)])
def test_a_status_that_asks_to_wait_is_waited_for(said: str, seconds: float, settings: Any) -> None:
    settings.REMOTE_SECONDS = 900
    assert relaying._asked_to_wait(ProviderError("http_max_requests", "x", retry_after=said)) == seconds


async def test_while_a_status_asks_to_wait_nothing_is_asked(
    remote: MathpixServer, sent: Callable[..., Document], settings: Any
) -> None:
    settings.REMOTE_SECONDS = 0.3
    remote.on_submit = lambda paper: paper.__dict__.update(never_completes=True, streams=[Stream([])] * 99)
    document = await sync_to_async(sent)()
    asked = Fault(429, headers={"retry-after": "7200"})
    remote.fail(f"GET /v3/pdf/{remote.paper.pdf_id}", Fault(), *[asked] * 50)
    assert (await finished(document)).status == "error"
    assert len(remote.asked("GET /v3/pdf/")) < 9


async def test_lines_that_come_late_or_garbled_are_asked_for_again(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    document = await sync_to_async(sent)()
    lines = f"GET /v3/pdf/{remote.paper.pdf_id}.lines.json"
    remote.fail(lines, Fault(404, b'{"error": "x"}'), Fault(200, b'{"pages": ['), Fault(200, b'{"pages": 7}'))
    await finished(document)
    assert (await Page.objects.aget(document=document, index=1)).width == 850


async def test_keys_that_are_not_taken_fail_the_document_and_say_who_can_help(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    remote.app_key = "renewed"
    document = await sync_to_async(sent)()
    assert document.status == "error" and "owner" in document.error_message()


async def test_a_document_goes_on_for_nothing_once_new_keys_are_entered(
    account: RemoteAccount, remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    document = await sync_to_async(sent)()
    remote.app_key = "renewed, and not told yet"
    assert (await finished(document)).status == "error"
    remote.app_key = APP_KEY
    assert await sync_to_async(conversion.retry)(document)
    assert (await finished(document)).status == "completed"
    assert len(remote.asked("POST /v3/pdf")) == 1
    await account.arefresh_from_db()
    assert account.pages_this_month == 3


async def test_options_leave_untouched_and_unknown_ones_too(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    asked = {"new_option": [1], "metadata": {"improve_mathpix": False}, "page_ranges": "1-3"}
    await sync_to_async(sent)(options={**asked, "conversion_formats": {"docx": True}, "callback": {}})
    assert remote.requests[0].options == {**asked, "streaming": True}
    document = await sync_to_async(sent)(options={"metadata": {"mine": 1}})
    asked = {"metadata": {"mine": 1, "mathpixweb": document.public_id}, "streaming": True}
    assert remote.requests[1].options == asked


async def test_a_private_team_is_private_there_too(
    account: RemoteAccount, remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    account.private = True
    await account.asave()
    await sync_to_async(sent)(options={"metadata": {"mine": 1}})
    assert remote.requests[0].options["metadata"] == {"mine": 1, "improve_mathpix": False}


async def test_figures_are_cut_from_this_servers_pictures(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    where = "height=10&width=20&top_left_y=3&top_left_x=4"

    def with_figure(paper: Paper) -> None:
        paper.texts[0] = f"![](https://cdn.mathpix.com/cropped/{paper.pdf_id}-01.jpg?{where})"

    remote.on_submit = with_figure
    document = await finished(await sync_to_async(sent)())
    page = await Page.objects.aget(document=document, index=1)
    assert page.mmd == f"![](/cropped/{document.public_id}-01.jpg?{where})"


async def test_selected_pages_keep_their_numbers(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    def second_and_third(paper: Paper) -> None:
        paper.texts, paper.numbers, paper.ready = ["b", "c"], [2, 3], 2

    remote.on_submit = second_and_third
    document = await finished(await sync_to_async(sent)(options={"page_ranges": "2-3"}))
    pages = [(page.index, page.number, page.mmd) async for page in document.pages.all()]
    assert pages == [(1, 2, "b"), (2, 3, "c")]


async def test_a_page_that_failed_there_is_told_and_the_others_are_kept(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    def without_the_second(paper: Paper) -> None:
        whole = mathpix_server.lines_json(paper)
        del whole["pages"][1]
        paper.streams.append(Stream([1, 3]))
        paper.lines_json = lambda: json.dumps(whole).encode()

    remote.on_submit = without_the_second
    document = await finished(await sync_to_async(sent)())
    page = await Page.objects.aget(document=document, index=2)
    assert (document.status, page.status) == ("completed", PageStatus.ERROR)


async def test_the_budget_is_kept_and_what_was_not_sent_is_given_back(
    account: RemoteAccount, remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    account.page_budget = 5
    await account.asave()
    remote.fail("POST /v3/pdf", Fault(500))
    assert (await sync_to_async(sent)()).status == "error"
    assert (await sync_to_async(sent)()).status == Status.LOADED
    refused = await sync_to_async(sent)()
    assert (refused.error_id, refused.error_detail["limit_value"]) == ("http_max_requests", 5)
    assert len(remote.papers) == 1


async def test_what_must_stay_in_europe_is_not_sent_elsewhere(
    account: RemoteAccount, remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    account.eu_only = True
    await account.asave()
    document = await sync_to_async(sent)()
    assert "European Union" in document.error_message() and not remote.requests


def listed(remote: MathpixServer, **other: Any) -> None:
    """What was handed in last, as the other server lists it."""
    asked = remote.asked("POST /v3/pdf")[-1].options
    row = {"id": remote.paper.pdf_id, "status": "received", "created_at": "2100-01-01T00:00:00.000Z"}
    remote.lists["pdf-results"] = [{**row, "request_args": asked, **other}]


def dies_before_its_note(
    sent: Callable[..., Document], monkeypatch: pytest.MonkeyPatch, **fields: Any
) -> Document:
    """The document that a worker has handed in, but not noted."""
    note = handing_in._note
    with monkeypatch.context() as dying:
        dying.setattr(handing_in, "_note", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            sent(**fields)
    assert handing_in._note is note
    Document.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    return Document.objects.get()


@pytest.mark.parametrize(
    ("row", "times"),
    [({}, 1), ({"status": "error"}, 2), ({"request_args": {}}, 2), ({"id": "x" * 99}, 2), ({"id": 7}, 2)],
)
def test_what_a_dead_worker_handed_in_is_found_there_and_not_handed_in_again(
    remote: MathpixServer,
    account: RemoteAccount,
    sent: Callable[..., Document],
    monkeypatch: pytest.MonkeyPatch,
    row: dict[str, Any],
    times: int,
) -> None:
    document = dies_before_its_note(sent, monkeypatch)
    listed(remote, **row)
    conversion.take_turn(document.pk)
    assert len(remote.asked("POST /v3/pdf")) == times
    assert Relay.objects.get(document=document).remote_id == list(remote.papers)[times - 1]
    account.refresh_from_db()
    assert account.pages_this_month == 3 * times, "what was found there has cost nothing again"


PRIVATE = {"metadata": {"improve_mathpix": False}}


def test_what_is_private_and_may_be_there_is_sent_again_only_by_a_persons_wish(
    remote: MathpixServer,
    account: RemoteAccount,
    sent: Callable[..., Document],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = dies_before_its_note(sent, monkeypatch, options=PRIVATE)
    conversion.take_turn(document.pk)
    assert [one.path for one in remote.requests] == ["/v3/pdf"], "neither sent again nor looked for in a list"
    document.refresh_from_db()
    assert document.status == "error" and "may have it already" in document.error_message()
    assert conversion.retry(document)
    conversion.take_turn(document.pk)
    assert len(remote.asked("POST /v3/pdf")) == 2
    assert Relay.objects.get(document=document).remote_id == remote.paper.pdf_id
    account.refresh_from_db()
    assert account.pages_this_month == 6, "both may be on Mathpix's bill"


def test_what_is_private_and_was_never_sent_is_sent_by_the_next_worker(
    remote: MathpixServer, sent: Callable[..., Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(handing_in, "_announce", lambda _: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            sent(options=PRIVATE)
    Document.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    conversion.take_turn(Document.objects.get().pk)
    assert len(remote.asked("POST /v3/pdf")) == 1 and Relay.objects.get().remote_id


def test_a_private_document_that_was_refused_there_can_be_sent_again(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    remote.fail(
        "POST /v3/pdf", Fault(200, b'{"error": "no", "error_info": {"id": "opts_bad", "message": "no"}}')
    )
    document = sent(options=PRIVATE)
    assert (document.status, Relay.objects.get().announced_at) == ("error", None)
    assert conversion.retry(document)
    Document.objects.update(attempts=1)
    conversion.take_turn(document.pk)
    assert Relay.objects.get().remote_id == remote.paper.pdf_id


def test_a_private_document_cancelled_before_it_was_taken_is_handed_in_when_it_goes_on(
    remote: MathpixServer, sent: Callable[..., Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = dies_before_its_note(sent, monkeypatch, options=PRIVATE)
    conversion.cancel(document)
    document.refresh_from_db()
    assert conversion.retry(document)
    conversion.take_turn(document.pk)
    assert Relay.objects.get().remote_id == remote.paper.pdf_id


def test_what_arrived_though_the_answer_was_a_failure_is_followed(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    taken_in: list[Paper] = []

    def lose_the_answer(paper: Paper) -> None:
        taken_in.append(paper)
        remote.papers[paper.pdf_id] = paper
        listed(remote)
        raise ConnectionAbortedError

    remote.on_submit = lose_the_answer
    document = sent()
    assert document.status == Status.LOADED, document.error_detail
    assert Relay.objects.get(document=document).remote_id == taken_in[0].pdf_id
    assert len(remote.asked("POST /v3/pdf")) == 1


def test_what_arrived_though_nobody_could_tell_is_found_when_it_is_tried_again(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    def lose_the_answer(paper: Paper) -> None:
        remote.papers[paper.pdf_id] = paper
        listed(remote)
        remote.fail("GET /v3/pdf-results", *[Fault(500)] * 4)
        raise ConnectionAbortedError

    remote.on_submit = lose_the_answer
    document = sent()
    assert document.status == "error" and "out of order" in document.error_message()
    assert conversion.retry(document)
    conversion.take_turn(document.pk)
    assert Relay.objects.get(document=document).remote_id == remote.paper.pdf_id
    assert len(remote.asked("POST /v3/pdf")) == 1


def test_what_is_to_be_read_anew_has_another_mark(
    remote: MathpixServer, sent: Callable[..., Document]
) -> None:
    document = sent()
    assert handing_in._mark(document) == f"{document.public_id} {remote.paper.pdf_id}"
