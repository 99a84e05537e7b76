"""`/files/v1/data-sources`: buckets from which files are read and into which results are written."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import httpx
import obstore
import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from PIL import Image

from mathpixweb.documents import storage
from mathpixweb.documents.fetching import data_sources, shipping, stores
from mathpixweb.documents.models import DataSource, Delivery, Document, Rendition, Shipment
from mathpixweb.documents.output import renditions
from mathpixweb.documents.telling import callbacks
from tests import clouds, pdfs
from tests.receiving import receiving
from tests.turns import work
from tests.wire.test_files import refusal

PDF = pdfs.with_numbered_pages(1)
NOWHERE = "http://127.0.0.1:9"
SOURCES = "/files/v1/data-sources"


@pytest.fixture(scope="module")
def s3():
    with clouds.s3() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def azurite():
    with clouds.azure() as endpoint:
        clouds.create_container(f"{endpoint}/papers")
        yield endpoint


@pytest.fixture
def post(http, owner):
    async def post(address, by=owner, **body):
        return await http.post(address, headers=by.headers, json=body)

    return post


@pytest.fixture
def register(post, settings, s3):
    settings.STORE_ENDPOINTS = [s3, NOWHERE]

    async def register(source=None, **changes):
        return await post(SOURCES, **((source or clouds.aws_source(s3)) | changes))

    return register


@pytest.fixture
def stored(s3):
    """Puts and gets objects of the bucket `papers`."""

    def put(key, content=PDF):
        httpx.put(f"{s3}/papers/{key}", content=content).raise_for_status()

    return put


@pytest.fixture
def got(s3):
    return lambda key: httpx.get(f"{s3}/papers/{key}")


@sync_to_async
def finished():
    """The one document, read, with its formats made and its results written."""
    document = work(Document.objects.get())
    for rendition in Rendition.objects.all():
        renditions.make(rendition.pk)
    for shipment in Shipment.objects.all():
        shipping.ship(shipment.pk)
    document.refresh_from_db()
    return document


async def test_a_bucket_is_registered_listed_tried_and_removed(http, owner, register, post):
    data_source_id = (await register(name="Papers")).json()["data_source_id"]
    listed = await http.get(SOURCES, headers=owner.headers)
    (entry,) = listed.json()["data_sources"]
    assert {name: entry[name] for name in ("data_source_id", "name", "provider", "bucket", "region")} == {
        "data_source_id": data_source_id,
        "name": "Papers",
        "provider": "aws",
        "bucket": "papers",
        "region": "us-east-1",
    }
    assert "secret" not in listed.text
    tried = await post(f"{SOURCES}/{data_source_id}/test")
    assert tried.json() == {"result": "ok", "checks": {"read": True, "write": True}, "message": ""}
    assert refusal(await register()) == (409, "conflict")
    deleted = await http.delete(f"{SOURCES}/{data_source_id}", headers=owner.headers)
    assert deleted.json() == {"data_source_id": data_source_id, "status": "deleted"}
    assert refusal(await http.delete(f"{SOURCES}/{data_source_id}", headers=owner.headers)) == (
        404,
        "not_found",
    )
    assert refusal(await post("/files/v1/uri", source_uri="s3://papers/a.pdf")) == (
        400,
        "data_source_not_found",
    )


async def test_secrets_are_unreadable_on_disk(register):
    await register()
    source = await DataSource.objects.aget()
    assert "secret of s3" not in json.dumps([source.secret, source.details])


async def test_a_bucket_that_cannot_be_reached_fails_its_test_with_a_sentence(register, post, s3):
    missing = (await register(clouds.aws_source(s3, bucket="elsewhere"))).json()["data_source_id"]
    closed = (await register(clouds.aws_source(NOWHERE, bucket="closed"))).json()["data_source_id"]
    for data_source_id, reason in ((missing, "no such object or bucket"), (closed, "could not be reached")):
        answer = (await post(f"{SOURCES}/{data_source_id}/test")).json()
        assert (answer["result"], answer["checks"]) == ("failed", {"read": False, "write": False})
        assert reason in answer["message"]
        assert "127.0.0.1" not in answer["message"]


async def test_a_file_is_read_from_its_bucket_and_the_results_are_written_there(
    register, post, stored, got, http, owner
):
    await register()
    stored("in/a b.pdf")
    asked = {
        "source_uri": "s3://papers/in/a b.pdf",
        "destination_uri": "s3://papers/out/",
        "destination_basename": "first paper",
        "s3_region": "us-east-1",
        "conversion_formats": {"html": True},
    }
    file_id = (await post("/files/v1/uri", **asked)).json()["file_id"]
    document = await finished()
    assert (document.status, document.name) == ("completed", "a b.pdf")
    assert storage.source_path(document).read_bytes() == PDF
    mmd = await http.get(f"/files/v1/{file_id}.mmd", headers=owner.headers)
    assert got("out/first paper.mmd").content == mmd.content != b""
    assert len(got("out/first paper.lines.json").json()["pages"]) == 3
    assert got("out/first paper.html").text.startswith("<!")
    status = (await http.get(f"/files/v1/{file_id}", headers=owner.headers)).json()
    assert (status["destination_uri"], status["destination_basename"]) == ("s3://papers/out/", "first paper")
    assert status["destination_status"] == "completed"


async def test_without_a_basename_results_are_named_by_the_file_s_id(register, post, stored, got):
    await register()
    stored("a.pdf")
    sent = await post("/files/v1/uri", source_uri="s3://papers/a.pdf", destination_uri="s3://papers/plain")
    await finished()
    assert got(f"plain/{sent.json()['file_id']}.mmd").status_code == 200


async def test_figures_are_written_beside_the_text_when_asked(
    register, post, stored, got, scripted, monkeypatch
):
    await register()
    stored("figures.pdf")
    made = io.BytesIO()
    Image.new("RGB", (20, 10)).save(made, "JPEG")
    monkeypatch.setattr(renditions, "pictures", lambda document: lambda address: made.getvalue())
    monkeypatch.setattr(
        "mathpixweb.documents.output.results.mmd", lambda document: r"\includegraphics{/cropped/x-01.jpg}"
    )
    asked = {"source_uri": "s3://papers/figures.pdf", "destination_uri": "s3://papers/figures"}
    await post("/files/v1/uri", **asked, destination_basename="f", image_output_mode="local")
    await finished()
    text = got("figures/f.mmd").text
    assert text.startswith(r"\includegraphics{images/") or text.startswith(r"\includegraphics{./images/")
    name = text[text.index("images/") : -1]
    assert got(f"figures/{name}").content == made.getvalue()


async def test_gs_addresses_lead_to_google_s_storage(register, post, settings):
    with clouds.google() as endpoint:
        settings.STORE_ENDPOINTS = [endpoint]
        data_source_id = (await register(clouds.gcp_source(endpoint))).json()["data_source_id"]
        assert (await post(f"{SOURCES}/{data_source_id}/test")).json()["result"] == "ok"
        asked = {"source_uri": "gs://papers/in/g.pdf", "destination_uri": "gs://papers/out"}
        async with httpx.AsyncClient(base_url=endpoint) as google:
            await google.put("/papers/in/g.pdf", content=PDF)
            sent = await post("/files/v1/uri", **asked, destination_basename="g")
            assert sent.status_code == 200
            assert (await finished()).status == "completed"
            assert (await google.get("/papers/out/g.mmd")).content


@pytest.mark.parametrize(
    "address", ["az://papers/{}", "https://devstoreaccount1.blob.core.windows.net/papers/{}"]
)
async def test_azure_s_addresses_lead_to_its_storage(register, post, settings, azurite, address):
    settings.STORE_ENDPOINTS = [azurite]
    data_source_id = (await register(clouds.azure_source(azurite))).json()["data_source_id"]
    source = await DataSource.objects.aget()
    assert (await post(f"{SOURCES}/{data_source_id}/test")).json()["result"] == "ok"
    await sync_to_async(stores.write)(source, "in/a.pdf", PDF)
    asked = {"source_uri": address.format("in/a.pdf"), "destination_uri": address.format("out")}
    await post("/files/v1/uri", **asked, destination_basename="b")
    assert (await finished()).status == "completed"
    store = await sync_to_async(stores.opened)(source)
    assert bytes((await obstore.get_async(store, "out/b.mmd")).bytes())


async def test_a_file_that_is_not_in_its_bucket_fails_and_says_so(register, post, http, owner):
    await register()
    file_id = (await post("/files/v1/uri", source_uri="s3://papers/nothing.pdf")).json()["file_id"]
    assert (await finished()).status == "error"
    status = (await http.get(f"/files/v1/{file_id}", headers=owner.headers)).json()
    assert (status["error"], "no such object" in status["error_info"]["message"]) == (
        "image_download_error",
        True,
    )


async def test_what_is_too_large_is_not_taken(register, post, stored, settings):
    await register()
    stored("large.pdf")
    settings.MAX_UPLOAD_BYTES = 100
    await post("/files/v1/uri", source_uri="s3://papers/large.pdf")
    document = await finished()
    assert (document.error_id, document.source.name) == ("sys_request_too_large", "")


async def test_a_destination_that_fails_is_tried_again_and_told_in_the_end(
    register, post, s3, stored, settings, http, owner
):
    settings.ALLOW_PRIVATE_CALLBACKS = ["127.0.0.1"]
    await register(clouds.aws_source(s3, bucket="gone"))
    await register()
    stored("a.pdf")
    with receiving() as receiver:
        asked = {"source_uri": "s3://papers/a.pdf", "destination_uri": "s3://gone/x"}
        file_id = (await post("/files/v1/uri", **asked, callback_url=receiver.url)).json()["file_id"]
        await finished()
        status = (await http.get(f"/files/v1/{file_id}", headers=owner.headers)).json()
        assert (status["status"], status["destination_status"]) == ("completed", "processing")
        assert not await Delivery.objects.aexists(), "nothing is told before it is decided"
        for _ in shipping.PAUSES:
            await Shipment.objects.aupdate(due_at=timezone.now() - timedelta(seconds=1))
            await finished()
        status = (await http.get(f"/files/v1/{file_id}", headers=owner.headers)).json()
        assert status["destination_status"] == "error"
        assert "no such object or bucket" in status["destination_message"]
        await sync_to_async(callbacks.deliver)((await Delivery.objects.aget()).pk)
        assert json.loads(receiver.posts[0].body) == status


async def test_where_nothing_may_leave_no_bucket_is_written_to(register, post, stored, got, settings):
    await register()
    stored("sealed.pdf")
    asked = {"source_uri": "s3://papers/sealed.pdf", "destination_uri": "s3://papers/sealed"}
    await post("/files/v1/uri", **asked, destination_basename="before")
    settings.EGRESS = False
    assert refusal(await post("/files/v1/uri", **asked)) == (400, "opts_value_out_of_range")
    await finished()
    shipment = await Shipment.objects.aget()
    assert (shipment.status, shipment.error_detail["message"]) == ("processing", data_sources.NOTHING_LEAVES)
    assert got("sealed/before.mmd").status_code == 404


async def test_files_of_a_job_have_buckets_and_destinations_of_their_own(register, post, stored, got):
    await register()
    stored("j.pdf")
    files = [
        {"source_uri": "s3://papers/j.pdf", "custom_id": "a", "destination_uri": "s3://papers/j"},
        {"source_uri": "s3://unknown/j.pdf", "custom_id": "b"},
        {"source_uri": "s3://papers/j.pdf", "custom_id": "c", "destination_uri": "s3://unknown/"},
        {"source_uri": "s3://papers/../j.pdf", "custom_id": "d"},
        {"source_uri": "s3://papers/j.pdf", "custom_id": "e", "s3_region": "../x"},
    ]
    files[0]["destination_basename"] = "of a job"
    await post("/files/v1/jobs", job_id="j", files=files)
    errors = {
        document.key_in_batch: document.error_id async for document in Document.objects.exclude(error_id="")
    }
    assert errors == {
        "b": "data_source_not_found",
        "c": "data_source_not_found",
        "d": "data_source_not_found",
        "e": "opts_value_out_of_range",
    }
    await Document.objects.exclude(error_id="").adelete()
    await finished()
    assert got("j/of a job.mmd").status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"source_uri": "s3://papers/../../etc/passwd"},
        {"source_uri": "s3://papers/a/./b"},
        {"source_uri": "s3://169.254.169.254/latest/../meta-data"},
        {"source_uri": "s3://unknown/a.pdf"},
        {"source_uri": "gs://papers/a.pdf"},
        {"source_uri": "s3://"},
        {"source_uri": "az://papers@evil.example/a.pdf"},
        {"source_uri": "file:///etc/passwd"},
        {"destination_uri": "file:///tmp"},
        {"destination_uri": "https://example.org/"},
        {"destination_uri": "s3://papers/../other"},
        {"destination_uri": "s3://papers/a\\..\\b"},
        {"destination_uri": "s3://papers/out", "destination_basename": "../../x"},
        {"destination_uri": "s3://papers/out", "destination_basename": "a/b"},
        {"destination_uri": "s3://papers/out", "destination_basename": ".."},
        {"destination_uri": "s3://papers/out", "s3_region": "us-east-1.evil.example/"},
        {"destination_uri": "s3://papers/out", "image_output_mode": "elsewhere"},
    ],
)
async def test_addresses_that_lead_elsewhere_are_refused(register, post, asked):
    await register()
    response = await post("/files/v1/uri", **({"source_uri": "https://example.org/a.pdf"} | asked))
    assert response.status_code == 400
    assert response.json()["error"] in (
        "data_source_not_found",
        "image_download_error",
        "opts_value_out_of_range",
    )
    assert not await Document.objects.aexists()


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "ibm"},
        {"auth_method": "iam_role"},
        {"auth_method": "password"},
        {"bucket": "../papers"},
        {"bucket": "papers@169.254.169.254/"},
        {"bucket": ""},
        {"bucket": 5},
        {"region": "us-east-1.evil.example"},
        {"region": ""},
        {"secret": ""},
        {"secret": ["a"]},
        {"provider_specific_details": {"endpoint": NOWHERE}},
        {"provider_specific_details": {"aws_access_key_id": "id", "endpoint": "http://169.254.169.254"}},
        {"provider_specific_details": {"aws_access_key_id": "id", "endpoint": "file:///etc"}},
        {"provider_specific_details": {"aws_access_key_id": "id\r\nX: y"}},
        {"provider_specific_details": "id"},
    ],
)
async def test_data_sources_that_cannot_be_are_refused(register, changes):
    assert refusal(await register(**changes)) == (400, "bad_request")
    assert not await DataSource.objects.aexists()


@pytest.mark.parametrize("account", ["evil.example/", "169.254.169.254", "", "UPPER"])
async def test_a_storage_account_is_a_name_and_no_host(register, account):
    source = clouds.azure_source("")
    source["provider_specific_details"] = {"storage_account": account}
    assert refusal(await register(source)) == (400, "bad_request")


async def test_an_endpoint_that_is_closed_later_is_not_used_any_more(register, post, settings):
    data_source_id = (await register()).json()["data_source_id"]
    settings.STORE_ENDPOINTS = []
    assert (await post(f"{SOURCES}/{data_source_id}/test")).json()["result"] == "failed"


async def test_this_server_s_own_identity_is_lent_to_nobody(register, monkeypatch, post):
    monkeypatch.setenv("AWS_SESSION_TOKEN", "the operator's own")
    monkeypatch.setenv("AWS_ENDPOINT_URL", NOWHERE)
    data_source_id = (await register()).json()["data_source_id"]
    source = await DataSource.objects.aget()
    assert "operator" not in str((await sync_to_async(stores.opened)(source)).config)
    assert (await post(f"{SOURCES}/{data_source_id}/test")).json()["result"] == "ok"


async def test_buckets_are_the_team_s_own(register, post, http, owner, outsider):
    data_source_id = (await register()).json()["data_source_id"]
    assert (await http.get(SOURCES, headers=outsider.headers)).json() == {"data_sources": []}
    for method, address in (("DELETE", ""), ("POST", "/test")):
        response = await http.request(
            method, f"{SOURCES}/{data_source_id}{address}", headers=outsider.headers
        )
        assert refusal(response) == (404, "not_found")
    foreign = await post("/files/v1/uri", by=outsider, source_uri="s3://papers/a.pdf")
    assert refusal(foreign) == (400, "data_source_not_found")


async def test_keyless_grants_are_answered_honestly(http, owner, register):
    identities = (await http.get("/files/v1/onboarding/identities", headers=owner.headers)).json()
    assert identities["aws"]["trust_account_id"] is None
    assert identities["azure"] == {"app_id": None, "tenant_id": None}
    assert "access_key" in identities["message"]
    assert "access_key" in (await register(auth_method="iam_role")).json()["error_info"]["message"]
