"""The official SDK sends files and jobs to the Files API of the real server."""

from __future__ import annotations

import pytest
from mpxpy.errors import FilesApiError, ValidationError
from mpxpy.mathpix_client import MathpixClient

from tests import pdfs

SECONDS = 60


@pytest.fixture(scope="module")
def client(live_server_process) -> MathpixClient:
    server = live_server_process
    return MathpixClient(app_id=server.app_id, app_key=server.app_key, api_url=server.url)


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("files") / "numbers.pdf"
    path.write_bytes(pdfs.with_numbered_pages(2))
    return str(path)


def test_a_file_is_sent_fetched_and_deleted(client, path):
    file = client.file_new(file_path=path, filename="Numbers.pdf", conversion_formats={"md": True})
    assert file.wait_until_complete(timeout=SECONDS), file.status()
    assert file.wait_for_format("md", timeout=SECONDS), file.status()
    assert (file.filename, file.num_pages, file.percent_done) == ("Numbers.pdf", 2, 100)
    assert "This is page 1." in file.to_mmd_text()
    assert len(file.to_lines_json()["pages"]) == 2
    with pytest.raises(ValidationError):
        file.to_pptx_bytes()
    assert file.delete() == file.delete() == {"file_id": file.file_id, "status": "deleted"}
    with pytest.raises(FilesApiError) as caught:
        file.status()
    assert (caught.value.error_id, caught.value.http_status) == ("not_found", 404)


def test_ids_with_slashes_name_a_job_and_its_files(client, path):
    job_id, custom_id = "nightly run/7", "papers/a b.pdf"
    sent = [client.file_new(file_path=path, job_id=job_id, custom_id=custom_id) for _ in range(2)]
    assert sent[0].file_id == sent[1].file_id
    job = client.file_job_get(job_id)
    assert job.wait_until_complete(timeout=SECONDS, interval=0.5), job.status()
    assert (job.status()["file_count"], job.status()["files_completed"]) == (1, 1)
    assert [entry["custom_id"] for entry in job.files_iter()] == [custom_id]
    assert job.file_by_custom_id(custom_id).file_id == sent[0].file_id
    assert job.finalize() == job.finalize()
    assert job_id in [row["job_id"] for row in client.file_job_list(limit=100)["jobs"]]


def test_files_of_a_job_that_cannot_be_fetched_fail_alone(client):
    files = [
        {"source_uri": "http://127.0.0.1/a.pdf", "custom_id": "a"},
        {"source_uri": "s3://bucket/b.pdf", "custom_id": "b"},
    ]
    job = client.file_job_new(files, job_id="a job of wrong addresses")
    assert job.wait_until_complete(timeout=SECONDS, interval=0.5), job.status()
    assert job.status()["files_errored"] == 2
    assert job.file_by_custom_id("a").error == "image_download_error"
    assert job.file_by_custom_id("b").error == "data_source_not_found"


def test_a_bucket_is_registered_listed_and_removed_and_its_secret_never_shown(client):
    source = client.data_source_new(
        provider="aws",
        bucket="papers",
        auth_method="access_key",
        provider_specific_details={"aws_access_key_id": "id"},
        name="Papers",
        region="eu-central-1",
        secret="a secret",
    )
    (listed,) = client.data_source_list()["data_sources"]
    assert (listed["data_source_id"], listed["name"]) == (source.data_source_id, "Papers")
    assert "a secret" not in str(listed)
    assert source.delete() == {"data_source_id": source.data_source_id, "status": "deleted"}
    with pytest.raises(FilesApiError) as caught:
        source.delete()
    assert (caught.value.error_id, caught.value.http_status) == ("not_found", 404)
    with pytest.raises(FilesApiError) as caught:
        client.file_new(source_uri="s3://papers/a.pdf")
    assert caught.value.error_id == "data_source_not_found"


def test_a_keyless_grant_is_refused_with_what_to_do_instead(client):
    assert client.onboarding_identities()["aws"]["trust_account_id"] is None
    with pytest.raises(FilesApiError, match="access_key") as caught:
        client.data_source_new("aws", "papers", "iam_role", {"iam_role_arn": "arn:aws:iam::1:role/x"})
    assert (caught.value.error_id, caught.value.http_status) == ("bad_request", 400)


def test_webhooks_have_a_secret_and_go_to_public_addresses_only(client, path):
    secret = client.webhook_config_get().signing_secret
    assert secret == client.webhook_config_get().signing_secret
    for refused in (
        lambda: client.webhook_config_test("https://10.0.0.1/hook"),
        lambda: client.file_new(file_path=path, callback_url="http://example.org/hook"),
        lambda: client.file_new(file_path=path, callback_events=["file.completed"]),
    ):
        with pytest.raises(FilesApiError) as caught:
            refused()
        assert (caught.value.error_id, caught.value.http_status) == ("opts_bad_callback", 400)
