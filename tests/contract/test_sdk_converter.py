"""The official SDK converts texts, on the real server."""

from __future__ import annotations

import io
import zipfile

import pytest
from mpxpy.errors import ConversionIncompleteError, MathpixClientError
from mpxpy.mathpix_client import MathpixClient

from tests.asking import HTTP

SECONDS = 60
MMD = "# Title\n\nText with \\( x^{2} \\) é √.\n\n\\[\n\\frac{a}{b}\n\\]\n"


@pytest.fixture(scope="module")
def client(live_server_process) -> MathpixClient:
    server = live_server_process
    return MathpixClient(app_id=server.app_id, app_key=server.app_key, api_url=server.url)


@pytest.fixture(scope="module")
def conversion(client):
    conversion = client.conversion_new(
        mmd=MMD, convert_to_docx=True, convert_to_md=True, convert_to_html=True, convert_to_tex_zip=True
    )
    assert conversion.wait_until_complete(timeout=SECONDS), conversion.conversion_status()
    return conversion


def test_every_format_asked_for_is_reported(conversion):
    status = conversion.conversion_status()
    assert status["status"] == "completed"
    states = {name: state["status"] for name, state in status["conversion_status"].items()}
    assert states == dict.fromkeys(("docx", "md", "html", "tex.zip"), "completed")


def test_texts_are_fetched_in_their_own_letters(conversion):
    assert "$x^{2}$ é √" in conversion.to_md_text()
    assert conversion.to_mmd_text() == MMD
    assert "é √".encode() in conversion.to_html_bytes()


def test_archives_are_whole(conversion):
    with zipfile.ZipFile(io.BytesIO(conversion.to_docx_bytes())) as archive:
        assert "word/document.xml" in archive.namelist()
    with zipfile.ZipFile(io.BytesIO(conversion.to_tex_zip_bytes())) as archive:
        assert any(name.endswith(".tex") for name in archive.namelist())


def test_a_format_that_was_not_asked_for_is_incomplete_to_the_sdk(conversion):
    with pytest.raises(ConversionIncompleteError):
        conversion.to_pptx_bytes()


def test_a_format_that_cannot_be_made_ends_the_wait(client):
    conversion = client.conversion_new(mmd=MMD, convert_to_xlsx=True)
    assert conversion.wait_until_complete(timeout=SECONDS)
    assert conversion.conversion_status()["conversion_status"]["xlsx"]["status"] == "error"


def test_results_are_listed(client, conversion):
    row = next(
        row for row in client.query_converter_results()["documents"] if row["id"] == conversion.conversion_id
    )
    assert row.keys() >= {"input_file", "status", "created_at", "modified_at", "request_args"}


def test_conversions_are_counted(client, conversion):
    query = {"timespan": "month", "group_by": ["usage_type", "request_args_hash"]}
    rows = client.query_usage(from_date="2020-01-01T00:00:00.000Z", usage_type="converter", **query)[
        "ocr_usage"
    ]
    assert rows[0].keys() == {"from_date", "app_id", "usage_type", "request_args_hash", "count"}
    assert {row["usage_type"] for row in rows} == {"converter"}
    assert all(row["count"] > 0 for row in rows)
    # what others converted on this server, in the browser too, is counted beside it
    assert any(client.auth.app_id in row["app_id"] for row in rows)


def test_a_deleted_conversion_is_gone(client, live_server_process):
    server = live_server_process
    conversion = client.conversion_new(mmd=MMD, convert_to_md=True)
    assert conversion.wait_until_complete(timeout=SECONDS)
    assert client.conversion_delete(conversion.conversion_id)["conversion_id"] == conversion.conversion_id
    with pytest.raises(ConversionIncompleteError):
        conversion.to_md_text()
    with pytest.raises(MathpixClientError):
        client.conversion_delete(conversion.conversion_id)
    address = f"{server.url}/v3/converter/{conversion.conversion_id}"
    answer = HTTP.get(address, headers={"app_id": server.app_id, "app_key": server.app_key})
    assert answer.json()["error_info"]["id"] == "cnv_unknown_id"


def test_a_text_that_is_empty_is_refused(client):
    with pytest.raises(MathpixClientError):
        client.conversion_new(mmd="", convert_to_md=True)
