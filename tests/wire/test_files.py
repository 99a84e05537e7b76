"""`/files/v1`: real HTTP codes, ids of its own, and sending again that makes no second document."""

from __future__ import annotations

import asyncio
import json
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents.models import Document, Rendition
from mathpixweb.documents.output import renditions
from tests import pdfs
from tests.turns import work

URI = "https://example.org/papers/a.pdf"


@pytest.fixture
def upload(http, owner):
    async def send(by=owner, content=None, options=None, headers=None, **form):
        files = {"file": ("notes.pdf", pdfs.with_numbered_pages(2) if content is None else content)}
        data = {**form, "options_json": json.dumps(options or {})}
        return await http.post("/files/v1", headers={**by.headers, **(headers or {})}, files=files, data=data)

    return send


@pytest.fixture
def from_uri(http, owner):
    async def send(source_uri=URI, by=owner, headers=None, **more):
        body = {"source_uri": source_uri, **more}
        return await http.post("/files/v1/uri", headers={**by.headers, **(headers or {})}, json=body)

    return send


@pytest.fixture
def ask(http, owner):
    async def send(address, method="GET", by=owner):
        return await http.request(method, f"/files/v1/{address}", headers=by.headers)

    return send


async def document_of(response) -> Document:
    assert (response.status_code, response.json().keys()) == (200, {"file_id"}), response.text
    return await Document.objects.aget(file_id=response.json()["file_id"])


def refusal(response) -> tuple[int, str]:
    body = response.json()
    assert body["error"] == body["error_info"]["id"]
    assert body["error_info"]["message"]
    return response.status_code, body["error"]


async def test_a_file_is_taken_in_at_once(upload, owner):
    response = await upload(options={"rm_spaces": "false"}, filename="Other name.pdf")
    document = await document_of(response)
    assert document.file_id.version == 4
    assert (document.name, document.endpoint) == ("Other name.pdf", "/files/v1")
    assert (document.team_id, document.api_key_id) == (owner.team.pk, owner.key.pk)
    assert document.options == {"rm_spaces": False}


async def test_an_address_is_taken_in_at_once(from_uri):
    document = await document_of(await from_uri(page_ranges="2", filename="b.pdf"))
    assert (document.source_url, document.name) == (URI, "b.pdf")
    assert document.options == {"page_ranges": "2"}


async def test_the_status_of_a_file_from_pending_to_completed(upload, ask):
    document = await document_of(await upload(options={"conversion_formats": {"md": True}}))
    pending = await ask(document.file_id)
    assert pending.json() == {
        "file_id": str(document.file_id),
        "status": "pending",
        "filename": "notes.pdf",
        "custom_id": None,
        "num_pages": 0,
        "num_pages_completed": 0,
        "percent_done": 0.0,
        "format_primary": "mmd",
        "formats": {"md": "processing"},
        "destination_uri": None,
        "destination_basename": None,
    }
    await sync_to_async(work)(document)
    done = (await ask(document.file_id)).json()
    assert (done["status"], done["num_pages"], done["percent_done"]) == ("completed", 3, 100)


async def test_results_are_fetched_once_they_are_there(upload, ask):
    document = await document_of(await upload(options={"conversion_formats": {"md": True}}))
    for extension in ("mmd", "lines.json", "md"):
        early = await ask(f"{document.file_id}.{extension}")
        assert refusal(early) == (404, "format_not_ready")
        assert (early.json()["status"], early.headers["retry-after"]) == ("pending", "2")
    await sync_to_async(work)(document)
    assert "Page 1 says" in (await ask(f"{document.file_id}.mmd")).text
    assert len((await ask(f"{document.file_id}.lines.json")).json()["pages"]) == 3
    early = await ask(f"{document.file_id}.md")
    assert (refusal(early), early.json()["status"]) == ((404, "format_not_ready"), "processing")
    await sync_to_async(renditions.make)((await Rendition.objects.aget()).pk)
    made = await ask(f"{document.file_id}.md")
    assert made.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "$x^{2}=1$" in made.text


@pytest.mark.parametrize("asked", ["tex", "latex"])
async def test_a_latex_file_is_fetched_as_tex_and_its_status_is_latex(upload, ask, asked):
    document = await document_of(await upload(options={"conversion_formats": {asked: True}}))
    await sync_to_async(work)(document)
    await sync_to_async(renditions.make)((await Rendition.objects.aget()).pk)
    assert (await ask(document.file_id)).json()["formats"] == {"latex": "completed"}
    made = await ask(f"{document.file_id}.tex")
    assert (made.status_code, made.headers["content-type"]) == (200, "text/x-tex; charset=utf-8")
    assert made.text.startswith("\\documentclass") and "x^{2}=1" in made.text


async def test_a_job_is_named_by_its_older_word_too(upload, ask):
    document = await document_of(await upload(scs_job_id="older"))
    assert (await ask("jobs/older/files")).json()["files"][0]["file_id"] == str(document.file_id)


@pytest.mark.parametrize("extension", ["docx", "jpg", "tex", "nonsense"])
async def test_a_format_that_was_never_asked_for_is_unsupported(upload, ask, extension):
    document = await document_of(await upload())
    assert refusal(await ask(f"{document.file_id}.{extension}")) == (415, "unsupported_format")


async def test_a_file_that_failed_says_why(upload, ask, scripted):
    scripted.page_count = 10**6
    document = await sync_to_async(work)(await document_of(await upload()))
    status = (await ask(document.file_id)).json()
    assert (status["status"], status["error"]) == ("error", "pdf_page_limit_exceeded")
    assert status["error_info"]["id"] == "pdf_page_limit_exceeded"
    assert refusal(await ask(f"{document.file_id}.mmd")) == (404, "pdf_page_limit_exceeded")


async def test_a_file_is_deleted_once_it_is_finished_and_as_often_as_one_likes(upload, ask):
    document = await document_of(await upload())
    assert refusal(await ask(document.file_id, "DELETE")) == (409, "conflict")
    await sync_to_async(work)(document)
    for _ in range(2):
        response = await ask(document.file_id, "DELETE")
        assert response.json() == {"file_id": str(document.file_id), "status": "deleted"}
    assert refusal(await ask(document.file_id)) == (404, "not_found")
    assert refusal(await ask(f"{document.file_id}.mmd")) == (404, "not_found")


async def test_pages_are_counted_as_those_of_any_pdf(upload, owner):
    await sync_to_async(work)(await document_of(await upload()))
    event = await UsageEvent.objects.aget()
    assert (event.team_id, event.usage_type, event.count) == (owner.team.pk, "pdf-page", 3)


async def test_a_file_is_also_a_document_of_v3(upload, http, owner):
    document = await document_of(await upload())
    response = await http.get(f"/v3/pdf/{document.public_id}", headers=owner.headers)
    assert response.json()["status"] == "received"


async def test_a_job_and_custom_id_sent_again_are_the_same_file(upload, ask):
    sent = [await upload(job_id="a job/1", custom_id="c/1") for _ in range(2)]
    document = await document_of(sent[0])
    assert sent[0].json() == sent[1].json()
    assert (await ask(document.file_id)).json()["custom_id"] == "c/1"
    other = await upload(job_id="a job/1", custom_id="c/2")
    assert other.json() != sent[0].json()
    await sync_to_async(work)(document)
    await ask(document.file_id, "DELETE")
    assert (await upload(job_id="a job/1", custom_id="c/1")).json() != sent[0].json(), "it lives no more"


async def test_the_same_ids_of_another_team_are_other_files(upload, outsider):
    mine = await upload(job_id="job", custom_id="c")
    theirs = await upload(by=outsider, job_id="job", custom_id="c")
    assert mine.json() != theirs.json()
    key = {"Idempotency-Key": "k"}
    assert (await upload(headers=key)).json() != (await upload(by=outsider, headers=key)).json()


@pytest.mark.parametrize(
    ("headers", "names"), [({"Idempotency-Key": "k"}, {}), ({}, {"job_id": "j", "custom_id": "c"})]
)
async def test_many_equal_requests_at_once_make_one_document(upload, headers, names):
    responses = await asyncio.gather(*[upload(headers=headers, **names) for _ in range(20)])
    assert len({response.json()["file_id"] for response in responses}) == 1
    assert await Document.objects.acount() == 1


async def test_an_idempotency_key_is_for_one_request_only(from_uri):
    key = {"Idempotency-Key": "k"}
    sent = await from_uri(headers=key)
    assert (await from_uri(headers=key)).json() == sent.json()
    assert refusal(await from_uri(headers=key, rm_spaces=False)) == (409, "conflict")
    assert refusal(await from_uri(URI + "?2", headers=key)) == (409, "conflict")
    assert (await from_uri(headers=key, job_id="j")).json() != sent.json(), "a job's ids go before the key"


@pytest.mark.parametrize(
    ("asked", "status", "error"),
    [
        ({"source_uri": ""}, 400, "pdf_missing"),
        ({"source_uri": "file:///etc/passwd"}, 400, "image_download_error"),
        ({"source_uri": "http://127.0.0.1/a.pdf"}, 400, "image_download_error"),
        ({"source_uri": "s3://bucket/a.pdf"}, 400, "data_source_not_found"),
        ({"destination_uri": "s3://bucket/out"}, 400, "data_source_not_found"),
        ({"callback_url": "http://example.org/hook"}, 400, "opts_bad_callback"),
        ({"custom_id": "c"}, 400, "opts_conflict"),
        ({"custom_id": "c", "job_id": "j" * 300}, 400, "opts_value_out_of_range"),
        ({"job_id": "two\nlines"}, 400, "opts_value_out_of_range"),
        ({"job_id": ["j"]}, 400, "opts_value_out_of_range"),
        ({"conversion_formats": {"odt": True}}, 400, "opts_unknown_format"),
        ({"page_ranges": "two"}, 400, "opts_value_out_of_range"),
    ],
)
async def test_what_cannot_be_done_is_refused_and_nothing_stored(from_uri, asked, status, error):
    assert refusal(await from_uri(**asked)) == (status, error)
    assert not await Document.objects.aexists()


async def test_what_is_no_pdf_is_refused_at_the_door(upload):
    assert refusal(await upload(content=pdfs.renamed_jpeg())) == (400, "pdf_missing")


async def test_a_request_without_a_file_says_so(http, owner):
    response = await http.post("/files/v1", headers=owner.headers, json={"job_id": "j"})
    assert refusal(response) == (400, "pdf_missing")


async def test_a_key_that_is_too_long_is_refused(from_uri):
    assert refusal(await from_uri(headers={"Idempotency-Key": "k" * 300}))[0] == 400


async def test_unknown_files_and_addresses_are_not_found(ask):
    for address in (UUID(int=0), uuid4(), "nothing", "data-sources/x", "a/b/c"):
        assert refusal(await ask(address)) == (404, "not_found")


async def test_other_methods_are_refused_in_json(http, owner):
    response = await http.put("/files/v1", headers=owner.headers)
    assert refusal(response) == (405, "http_method_not_allowed")
    assert response.headers["allow"] == "POST"


async def test_a_wrong_host_name_is_refused_in_the_same_words(http, owner):
    response = await http.get("/files/v1/x", headers={**owner.headers, "host": "evil.example"})
    assert refusal(response) == (400, "http_bad_request")
