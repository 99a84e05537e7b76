"""`/files/v1/jobs`: many files at once under the caller's own ids."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import quote

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from mathpixweb.documents import storage
from mathpixweb.documents.intake import batches, bulk, portions
from mathpixweb.documents.models import Batch, Document
from mathpixweb.documents.models.portions import Portion
from mathpixweb.documents.work import conversion, sweeping
from tests.turns import work
from tests.wire.test_files import refusal

URI = "https://example.org/papers/{}.pdf"
JOB = "a job/1"


@pytest.fixture
def send(http, owner):
    async def post(*files, by=owner, headers=None, **more):
        body = {"files": list(files), **more}
        return await http.post("/files/v1/jobs", headers={**by.headers, **(headers or {})}, json=body)

    return post


@pytest.fixture
def ask(http, owner):
    async def get(address="", by=owner, method="GET", job=JOB):
        tail = f"/{quote(job, safe='')}{address}" if job else address
        return await http.request(method, f"/files/v1/jobs{tail}", headers=by.headers)

    return get


def file(number: int, **more):
    return {"source_uri": URI.format(number), "custom_id": f"c/{number}", **more}


def downloaded(document: Document) -> Document:
    """The document with its file, read by the workers."""
    storage.write(storage.source_path(document), b"%PDF-1.4 scripted")
    document.source.name = storage.source_name(document)
    document.save()
    return work(document)


async def test_a_job_is_taken_in_at_once(send, owner):
    response = await send(
        file(1, filename="First.pdf", page_ranges="2"), file(2), job_id=JOB, conversion_formats={"md": True}
    )
    assert response.json() == {"job_id": JOB, "file_count": 2}
    first, second = [document async for document in Document.objects.order_by("pk")]
    assert (first.name, first.source_url, first.custom_id) == ("First.pdf", URI.format(1), "c/1")
    assert first.options == {"conversion_formats": {"md": True}, "page_ranges": "2"}
    assert (second.name, second.options) == ("2.pdf", {"conversion_formats": {"md": True}})
    assert (second.status, second.provider, second.endpoint) == ("received", "scripted", "/files/v1/jobs")
    assert (second.team_id, second.api_key_id) == (owner.team.pk, owner.key.pk)
    assert (first.file_id.version, first.error_detail, first.deleted_at) == (4, {}, None)


async def test_a_job_without_an_id_is_given_one(send, ask):
    answer = (await send({"source_uri": URI.format(1)})).json()
    assert (await ask(job=answer["job_id"])).json()["file_count"] == 1


async def test_the_same_job_sent_again_makes_no_new_files(send):
    files = [file(number) for number in range(5)]
    for _ in range(2):
        assert (await send(*files, job_id=JOB)).json()["file_count"] == 5
    assert (await send(*files, file(7), job_id=JOB)).json()["file_count"] == 6
    assert await Document.objects.acount() == 6


async def test_many_equal_jobs_at_once_make_each_file_once(send):
    key = {"Idempotency-Key": "k"}
    plain = {"source_uri": URI.format(1)}
    answers = await asyncio.gather(*[send(plain, plain, headers=key) for _ in range(10)])
    assert len({answer.text for answer in answers}) == 1
    assert await Document.objects.acount() == 2
    assert refusal(await send(plain, headers=key)) == (409, "conflict")


async def test_a_job_goes_from_processing_to_completed(send, ask):
    await send(file(1), file(2, source_uri="s3://bucket/a.pdf"), job_id=JOB)
    status = (await ask()).json()
    assert (status["status"], status["file_count"]) == ("processing", 2)
    assert (status["files_completed"], status["files_errored"]) == (0, 1)
    await sync_to_async(downloaded)(await Document.objects.aget(key_in_batch="c/1"))
    status = (await ask()).json()
    assert (status["status"], status["files_completed"], status["files_errored"]) == ("completed", 1, 1)
    assert status["created_at"] < status["modified_at"]


async def test_a_bad_file_fails_alone_and_says_why(send, ask):
    assert (await send({"custom_id": "c/1"}, file(2), job_id=JOB)).status_code == 200
    status = (await ask("/files/c%2F1")).json()
    assert (status["status"], status["error"]) == ("error", "pdf_missing")
    assert (await ask("/files/c%2F2")).json()["status"] == "pending"
    assert refusal(await ask("/files/c%2F3")) == (404, "not_found")


async def test_files_are_listed_page_by_page_and_by_status(send, ask):
    await send(*[file(number) for number in range(5)], {"custom_id": "bad"}, job_id=JOB)
    seen, token = [], ""
    while token is not None:
        page = (await ask(f"/files?limit=2&paging_state={token}")).json()
        assert len(page["files"]) == 2
        seen += page["files"]
        token = page["next_page_token"]
    assert [entry["custom_id"] for entry in seen] == [*(f"c/{number}" for number in range(5)), "bad"]
    assert {entry["status"] for entry in seen} == {None}
    for status, count in (("pending", 5), ("error", 1), ("completed", 0)):
        files = (await ask(f"/files?status={status}")).json()["files"]
        assert [entry["status"] for entry in files] == [status] * count
    assert refusal(await ask("/files?status=lost")) == (400, "opts_value_out_of_range")
    assert refusal(await ask("/files?paging_state=x")) == (400, "opts_value_out_of_range")


async def test_jobs_are_listed_newest_first(send, ask, outsider):
    for job in ("one", "two", "three"):
        await send(file(1), job_id=job)
    first = (await ask("?limit=2", job="")).json()
    assert [job["job_id"] for job in first["jobs"]] == ["three", "two"]
    rest = (await ask(f"?limit=2&paging_state={first['next_page_token']}", job="")).json()
    assert ([job["job_id"] for job in rest["jobs"]], rest["next_page_token"]) == (["one"], None)
    today = first["jobs"][0]["created_at"][:10]
    assert len((await ask(f"?start={today}&end={today}", job="")).json()["jobs"]) == 3
    assert (await ask("?end=2020-01-01", job="")).json()["jobs"] == []
    assert (await ask("", outsider, job="")).json()["jobs"] == []


async def test_a_job_is_finalized_once(send, ask):
    await send(file(1), job_id=JOB)
    answers = [(await ask("/finalize", method="POST")).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0].keys() == {"job_id", "finalized_at", "message"}


async def test_the_next_file_of_a_job_is_called_when_one_is_done(send, monkeypatch, settings):
    settings.WORKERS = 1
    called: list[int] = []
    monkeypatch.setattr(conversion, "TURN_SECONDS", 60)  # a slow machine takes one turn, too
    monkeypatch.setattr(batches.queues, "convert", called.append)
    monkeypatch.setattr(batches.queues, "length", lambda: 0)
    await send(*[file(number) for number in range(4)], job_id=JOB)
    documents = [document async for document in Document.objects.order_by("pk")]
    assert called == [document.pk for document in documents[:2]], "twice as many as there are workers"
    await sync_to_async(downloaded)(documents[0])
    assert called[2:] == [documents[2].pk]
    monkeypatch.setattr(batches.queues, "length", lambda: 2)
    await sync_to_async(batches.wake_next)(documents[0].batch_id)
    assert len(called) == 3, "enough are waiting"


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({}, 400, "opts_value_out_of_range"),
        ({"files": []}, 400, "opts_value_out_of_range"),
        ({"files": ["a"]}, 400, "opts_value_out_of_range"),
        ({"files": [file(1)]}, 400, "opts_conflict"),
        ({"files": [{"custom_id": "c" * 300}], "job_id": "j"}, 400, "opts_value_out_of_range"),
        ({"files": [{}] * 200_001}, 413, "sys_request_too_large"),
        ({"files": [{}], "callback_url": "http://example.org"}, 400, "opts_bad_callback"),
        ({"files": [{}], "conversion_formats": {"odt": True}}, 400, "opts_unknown_format"),
    ],
)
async def test_a_job_that_cannot_be_kept_is_refused_whole(http, owner, body, status, error):
    response = await http.post("/files/v1/jobs", headers=owner.headers, json=body)
    assert refusal(response) == (status, error)
    assert not await Batch.objects.aexists()


@pytest.fixture
def in_portions(monkeypatch):
    """Of a job three files are documents at once; the others come in portions of two."""
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    monkeypatch.setattr(portions, "FILES", 2)


async def test_of_a_big_job_the_first_files_are_there_at_once_and_all_are_counted(send, ask, in_portions):
    files = [file(number) for number in range(10)]
    assert (await send(*files, job_id=JOB)).json() == {"job_id": JOB, "file_count": 10}
    assert await Document.objects.acount() == 3
    status = (await ask()).json()
    assert (status["file_count"], status["status"]) == (10, "processing")


async def test_workers_make_documents_of_a_big_job_portion_by_portion(send, ask, in_portions):
    await send(*[file(number) for number in range(10)], job_id=JOB, rm_spaces=False)
    batch = await Batch.objects.aget()
    for count in (5, 7, 9, 10, 10):
        await sync_to_async(portions.work)(batch.pk)
        assert await Document.objects.acount() == count
        assert (await ask()).json()["file_count"] == 10
    names = [document.key_in_batch async for document in Document.objects.order_by("pk")]
    assert names == [f"c/{number}" for number in range(10)]
    assert (await Document.objects.order_by("pk").alast()).options == {"rm_spaces": False}


async def test_files_that_are_asked_for_come_out_of_their_portion(send, ask, in_portions):
    await send(*[file(number) for number in range(10)], job_id=JOB)
    assert (await ask("/files/c%2F8")).json()["status"] == "pending"
    assert refusal(await ask("/files/c%2F11")) == (404, "not_found")
    assert (await ask()).json()["file_count"] == 10


@pytest.mark.parametrize("status", ["", "pending", "error"])
async def test_all_files_of_a_big_job_are_listed(send, ask, in_portions, status):
    bad = [{"custom_id": f"b/{number}"} for number in range(2)]
    await send(*[file(number) for number in range(9)], *bad, job_id=JOB)
    seen, token = [], ""
    while token is not None:
        page = (await ask(f"/files?limit=4&status={status}&paging_state={token}")).json()
        seen += [entry["custom_id"] for entry in page["files"]]
        token = page["next_page_token"]
    good = [f"c/{number}" for number in range(9)]
    assert seen == {"": [*good, "b/0", "b/1"], "pending": good, "error": ["b/0", "b/1"]}[status]


async def test_a_big_job_sent_again_adds_only_what_is_new(send, ask, in_portions):
    files = [file(number) for number in range(10)]
    for sent in (files, files, [*files, file(10)]):
        await send(*sent, job_id=JOB)
        assert (await ask()).json()["file_count"] == len(sent)
    while await Portion.objects.aexists():
        await sync_to_async(portions.work)((await Batch.objects.aget()).pk)
    assert await Document.objects.acount() == 11


async def test_the_sweep_brings_back_portions_that_no_worker_took(send, in_portions, monkeypatch):
    await send(*[file(number) for number in range(10)], job_id=JOB)
    await Portion.objects.aupdate(queued_at=timezone.now() - timedelta(minutes=5))
    woken = []
    monkeypatch.setattr("mathpixweb.documents.work.queues.unpack", woken.append)
    monkeypatch.setattr("mathpixweb.documents.work.queues.length", lambda: 0)
    await sync_to_async(sweeping.sweep)()
    assert woken == [(await Batch.objects.aget()).pk]
