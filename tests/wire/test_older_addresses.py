"""Addresses that older clients and the SDK's own leftovers call."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.documents.intake import batches
from mathpixweb.documents.models import Document

PDF = ("notes.pdf", b"%PDF-1.4 scripted")


@pytest.fixture
def get(http, owner):
    async def fetch(address, by=owner, **query):
        return await http.get(address, headers=by.headers, params=query)

    return fetch


async def test_a_pdf_may_be_sent_to_its_older_address(http, owner):
    response = await http.post("/v3/pdf-file", headers=owner.headers, files={"file": PDF})
    assert (await Document.objects.aget()).public_id == response.json()["pdf_id"]


async def test_files_are_listed_by_their_ids_alone(get, received, owner, outsider):
    first, second = [await sync_to_async(received)(name=name) for name in ("a.pdf", "b.pdf")]
    await sync_to_async(received)(by=outsider)
    ids = [str(second.file_id), str(first.file_id)]
    assert (await get("/files/v1/list")).json() == {"file_ids": ids, "next_page_token": None}
    page = (await get("/files/v1/list", limit=1)).json()
    assert page["file_ids"] == ids[:1]
    rest = (await get("/files/v1/list", limit=1, paging_state=page["next_page_token"])).json()
    assert rest["file_ids"] == ids[1:]
    assert (await get("/files/v1/list", filename="a.pdf")).json()["file_ids"] == ids[1:]
    of_job = (await get("/files/v1/list", scs_job_id=f"job/{first.file_id}")).json()
    assert of_job == {"file_ids": ids[1:], "next_page_token": None}


async def test_jobs_are_listed_and_asked_for_by_their_older_name(get, converted, outsider):
    document = await sync_to_async(converted)()
    job_id = f"job/{document.file_id}"
    listed = (await get("/files/v1/scs-jobs")).json()
    assert [job["scs_job_id"] for job in listed["jobs"]] == [job_id]
    assert listed["paging_state"] is None
    status = (await get("/files/v1/scs-jobs/status", scs_job_id=job_id)).json()
    assert (status["scs_job_id"], status["status"], status["files_completed"]) == (job_id, "completed", 1)
    for caller in ({"scs_job_id": ""}, {"scs_job_id": job_id, "by": outsider}):
        assert (await get("/files/v1/scs-jobs/status", **caller)).status_code == 404


async def test_pdfs_of_a_file_batch_are_counted_and_listed_together(http, get, owner, outsider, monkeypatch):
    monkeypatch.setattr("mathpixweb.api.views.file_batches.ROWS", 2)
    batch_id = (await http.post("/v3/file-batches", headers=owner.headers)).json()["file_batch_id"]
    sent = []
    for _ in range(3):
        data = {"options_json": f'{{"file_batch_id": "{batch_id}"}}'}
        answer = await http.post("/v3/pdf", headers=owner.headers, files={"file": PDF}, data=data)
        sent.append(answer.json()["pdf_id"])
    await Document.objects.filter(public_id=sent[0]).aupdate(status="completed")
    await Document.objects.filter(public_id=sent[1]).aupdate(status="error", error_id="pdf_encrypted")
    counted = {"total_files": 3, "completed_files": 1, "error_files": 1}
    address = f"/v3/file-batches/{batch_id}"
    assert (await get(address)).json() == {"file_batch_id": batch_id, **counted}
    page = (await get(f"{address}/files")).json()
    assert (page["results"], page["has_more"]) == (sent[:2], True)
    rest = (await get(f"{address}/files", cursor=page["cursor"])).json()
    assert rest == {"results": sent[2:], "cursor": "", "has_more": False}
    refused = await get(address, by=outsider)
    assert refused.json()["error_info"]["id"] == "batch_unknown_id"
    strange = await http.post("/v3/pdf", headers=owner.headers, json={"url": "x", "file_batch_id": "y"})
    assert strange.json()["error_info"]["id"] == "batch_unknown_id"
    assert await sync_to_async(batches.find)(owner.team, batch_id)


@pytest.mark.parametrize(
    ("address", "name"), [("/files/v1/list", "paging_state"), ("/files/v1/jobs", "limit")]
)
async def test_a_token_of_another_list_is_refused(get, address, name):
    answer = await get(address, **{name: "x1"})
    assert (answer.status_code, answer.json()["error_info"]["name"]) == (400, name)
