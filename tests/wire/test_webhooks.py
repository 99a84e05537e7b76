"""Webhooks of files, jobs and PDFs: who is told what, once, in the words of the polling answer."""

from __future__ import annotations

import json

import pytest
from asgiref.sync import sync_to_async
from mpxpy.webhooks import verify_signature

from mathpixweb.documents.models import Batch, Delivery, Document, Rendition
from mathpixweb.documents.output import renditions
from mathpixweb.documents.telling import callbacks
from tests import pdfs
from tests.turns import work
from tests.wire.test_files import refusal
from tests.wire.test_jobs import downloaded

URI, HOOK = "https://example.org/a.pdf", "https://example.org/hook"


@pytest.fixture
def send(http, owner, receiver):
    async def post(address, **body):
        asked = {"callback_url": receiver.url, **body}
        return await http.post(address, headers=owner.headers, json=asked)

    return post


@pytest.fixture
def get(http, owner):
    async def get(address):
        return (await http.get(address, headers=owner.headers)).content

    return get


@sync_to_async
def told():
    """Sends what waits; the events that were told so far."""
    for delivery in Delivery.objects.filter(status="waiting"):
        callbacks.deliver(delivery.pk)
    return list(Delivery.objects.order_by("pk").values_list("event", flat=True))


@sync_to_async
def read(**fields):
    return downloaded(Document.objects.get(**fields))


async def test_a_file_tells_its_end_with_the_very_bytes_of_the_polling_answer(
    send, get, receiver, owner, http
):
    file_id = (await send("/files/v1/uri", source_uri=URI, callback_headers={"X-Mine": "1"})).json()[
        "file_id"
    ]
    assert await told() == []
    await read()
    assert await told() == ["file.completed"]
    (post,) = receiver.posts
    assert post.body == await get(f"/files/v1/{file_id}")
    assert post.headers["X-Mine"] == "1"
    secret = json.loads(await get("/files/v1/webhook-config"))["signing_secret"]
    assert verify_signature(post.headers["Mathpix-Signature"], post.body, secret)


async def test_a_file_waits_for_its_formats(send):
    await send("/files/v1/uri", source_uri=URI, conversion_formats={"md": True, "html": True})
    await read()
    assert await told() == []
    for rendition in [rendition async for rendition in Rendition.objects.all()]:
        assert await told() == []
        await sync_to_async(renditions.make)(rendition.pk)
    assert await told() == ["file.completed"]


async def test_a_file_that_fails_tells_that(send, scripted, receiver):
    await send("/files/v1/uri", source_uri=URI)
    scripted.page_count = 10**6
    await read()
    assert await told() == ["file.error"]
    assert json.loads(receiver.posts[0].body)["error"] == "pdf_page_limit_exceeded"


async def test_a_pdf_tells_its_end_as_its_status_is_answered(send, get, receiver, owner, http):
    form = {"options_json": json.dumps({"callback_url": receiver.url, "callback_headers": {"X-Key": "hush"}})}
    files = {"file": ("a.pdf", pdfs.with_numbered_pages(1))}
    sent = await http.post("/v3/pdf", headers=owner.headers, data=form, files=files)
    pdf_id = sent.json()["pdf_id"]
    await sync_to_async(work)(await Document.objects.aget())
    assert await told() == ["file.completed"]
    assert receiver.posts[0].body == await get(f"/v3/pdf/{pdf_id}")
    assert b"hush" not in await get("/v3/pdf-results")
    assert b"callback" not in await get("/v3/pdf-results")


async def test_a_job_tells_its_end_once_and_only_after_it_is_finalized(send, get, receiver, http, owner):
    files = [{"source_uri": URI, "custom_id": custom_id} for custom_id in "ab"]
    await send("/files/v1/jobs", job_id="j", files=files)
    await read(key_in_batch="a")
    await read(key_in_batch="b")
    assert await told() == []
    for _ in range(2):
        await http.post("/files/v1/jobs/j/finalize", headers=owner.headers)
    assert await told() == ["job.completed"]
    assert receiver.posts[0].body == await get("/files/v1/jobs/j")


async def test_a_finalized_job_waits_for_its_last_file(send, http, owner):
    events = ["job.completed", "file.error", "file.completed"]
    files = [{"source_uri": URI, "custom_id": custom_id} for custom_id in "ab"]
    for _ in range(2):  # the second time changes nothing
        await send("/files/v1/jobs", job_id="j", files=files, callback_events=events)
    await http.post("/files/v1/jobs/j/finalize", headers=owner.headers)
    await read(key_in_batch="a")
    assert await told() == ["file.completed"]
    await read(key_in_batch="b")
    assert await told() == ["file.completed", "file.completed", "job.completed"]


async def test_files_that_a_job_refuses_are_told_too(send):
    files = [{"custom_id": "no address"}, {"source_uri": URI, "custom_id": "b"}]
    await send("/files/v1/jobs", job_id="j", files=files, callback_events=["file.error"])
    assert await told() == ["file.error"]


async def test_a_file_sent_into_a_job_tells_only_of_the_job_unless_asked(send, http, owner):
    await send("/files/v1/uri", source_uri=URI, job_id="j", custom_id="a")
    await send("/files/v1/uri", source_uri=URI, job_id="j", custom_id="b", callback_events=["file.completed"])
    await read(key_in_batch="a")
    await read(key_in_batch="b")
    assert await told() == ["file.completed"]
    await http.post("/files/v1/jobs/j/finalize", headers=owner.headers)
    assert await told() == ["file.completed", "job.completed"]


async def test_no_events_means_no_callbacks(send):
    await send("/files/v1/uri", source_uri=URI, callback_events=[])
    await read()
    assert await told() == []


@pytest.mark.parametrize(
    "asked",
    [
        {"callback_url": "http://example.org/"},
        {"callback_url": "https://169.254.169.254/"},
        {"callback_events": ["file.renamed"]},
        {"callback_headers": {"X": "a\r\nY: b"}},
    ],
)
@pytest.mark.parametrize(
    ("address", "what", "status"),
    [
        ("/files/v1/uri", {"source_uri": URI}, 400),
        ("/files/v1/jobs", {"files": [{"source_uri": URI}], "job_id": "j"}, 400),
        ("/v3/pdf", {"url": URI}, 200),
    ],
)
async def test_callbacks_that_cannot_be_are_refused_and_nothing_is_stored(send, address, what, status, asked):
    response = await send(address, **what, **asked)
    assert response.status_code == status
    assert response.json()["error_info"]["id"] == "opts_bad_callback"
    assert not await Document.objects.aexists()
    assert not await Batch.objects.aexists()


@pytest.mark.parametrize(
    ("address", "asked", "status"),
    [
        ("/files/v1/uri", {"source_uri": URI, "callback_url": HOOK}, 400),
        ("/files/v1/jobs", {"files": [{"source_uri": URI}], "callback_url": HOOK}, 400),
        ("/files/v1/webhook-config/test", {"callback_url": HOOK}, 400),
        ("/v3/pdf", {"url": URI, "callback_url": HOOK}, 200),
        ("/v3/text", {"src": URI, "async": True, "callback": {"post": HOOK}}, 200),
        ("/v3/batch", {"urls": {"a": URI}, "callback": {"post": HOOK}}, 200),
    ],
)
async def test_where_nothing_may_leave_no_callback_is_taken(http, owner, settings, address, asked, status):
    settings.EGRESS = False
    refused = await http.post(address, headers=owner.headers, json=asked)
    assert (refused.status_code, refused.json()["error_info"]["id"]) == (status, "opts_bad_callback")
    assert "EGRESS=false" in refused.json()["error_info"]["message"]
    assert not await Document.objects.aexists() and not await Batch.objects.aexists()


async def test_a_callback_that_was_taken_before_is_kept_back_once_nothing_may_leave(send, receiver, settings):
    await send("/files/v1/uri", source_uri=URI)
    await read()
    settings.EGRESS = False
    await told()
    delivery = await Delivery.objects.aget()
    assert (receiver.posts, delivery.status, delivery.detail) == ([], "waiting", callbacks.NOTHING_LEAVES)


async def test_the_secret_is_the_team_s_and_can_be_renewed(http, owner, outsider):
    async def secret(by, address="", method="GET"):
        response = await http.request(method, f"/files/v1/webhook-config{address}", headers=by.headers)
        return response.json()["signing_secret"]

    first = await secret(owner)
    assert await secret(owner) == await secret(owner, method="POST") == first
    assert await secret(outsider) != first
    renewed = await secret(owner, "/secret", "POST")
    assert renewed != first
    assert await secret(owner) == renewed
    await owner.team.arefresh_from_db()
    assert renewed not in owner.team.signing_secret


async def test_a_test_delivery_is_sent_at_once_and_its_outcome_told(send, receiver):
    receiver.answers = [200, 403]
    assert (await send("/files/v1/webhook-config/test")).json() == {
        "status": "delivered",
        "response_code": 200,
        "detail": None,
    }
    assert json.loads(receiver.posts[0].body)["file_id"] == "00000000-0000-0000-0000-000000000000"
    failed = (await send("/files/v1/webhook-config/test")).json()
    assert (failed["status"], failed["response_code"]) == ("failed", 403)
    refused = await send("/files/v1/webhook-config/test", callback_url="https://10.0.0.1/")
    assert refusal(refused) == (400, "opts_bad_callback")
