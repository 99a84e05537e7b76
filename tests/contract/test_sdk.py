"""The official SDK against the real server: real sockets, real header names, a real worker."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from mpxpy.errors import ConversionIncompleteError, MathpixClientError
from mpxpy.mathpix_client import MathpixClient

from tests import pdfs
from tests.asking import HTTP
from tests.server import Server

SECONDS = 60
PAGES = (
    (
        "On small numbers",
        "Every number below three is small.",
        "A number is small when it is less than three.",
    ),
    ("A second page follows", "It says what the first has left out.", "Zero is a small number too."),
)


@pytest.fixture(scope="module")
def client(live_server_process: Server) -> MathpixClient:
    server = live_server_process
    return MathpixClient(app_id=server.app_id, app_key=server.app_key, api_url=server.url)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("sdk") / "small numbers.pdf"
    path.write_bytes(pdfs.with_pages(*PAGES))
    return str(path)


@pytest.fixture(scope="module")
def pdf(client, file):
    wanted = ("md", "docx", "mmd", "html", "tex_zip", "md_zip", "mmd_zip", "html_zip")
    pdf = client.pdf_new(file_path=file, **{f"convert_to_{name}": True for name in wanted})
    assert pdf.wait_until_complete(timeout=SECONDS), (pdf.pdf_status(), pdf.pdf_conversion_status())
    return pdf


def headers_of(server: Server) -> dict[str, str]:
    return {"app_id": server.app_id, "app_key": server.app_key}


def test_the_status_of_a_completed_pdf_is_what_the_sdk_waits_for(pdf):
    status = pdf.pdf_status()
    assert (status["status"], status["num_pages"], status["num_pages_completed"]) == ("completed", 2, 2)
    assert status["percent_done"] == 100
    assert "error" not in status


def test_texts_are_read(pdf):
    assert "Every number below three is small." in pdf.to_mmd_text()
    assert "Zero is a small number too." in pdf.to_md_text()


def test_a_docx_is_made(pdf):
    with zipfile.ZipFile(io.BytesIO(pdf.to_docx_bytes())) as archive:
        assert "word/document.xml" in archive.namelist()


def test_lines_have_what_the_sdk_documents(pdf):
    page = pdf.to_lines_json()["pages"][0]
    assert page.keys() >= {"image_id", "page", "page_height", "page_width", "lines"}
    assert page["lines"][0].keys() >= {"cnt", "region", "text", "type", "id"}
    assert pdf.to_lines_mmd_json()["pages"][0]["page"] == 1


def test_a_format_that_was_not_asked_for_is_incomplete_to_the_sdk(pdf):
    with pytest.raises(ConversionIncompleteError):
        pdf.to_pptx_bytes()


@pytest.mark.parametrize("kind", ["tex", "md", "mmd", "html"])
def test_archives_are_there_though_the_sdk_does_not_wait_for_all_of_them(pdf, kind):
    content = getattr(pdf, f"to_{kind}_zip_bytes")()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert any(name.endswith(f".{kind}") for name in archive.namelist())


def test_a_page_of_html_is_made(pdf):
    assert b"Every number below three is small." in pdf.to_html_bytes()


def test_results_are_listed(client, pdf):
    rows = client.query_pdf_results(pdf_id=pdf.pdf_id)["pdfs"]
    assert [row["id"] for row in rows] == [pdf.pdf_id]
    assert rows[0]["input_file"] == "small numbers.pdf"


def test_a_deleted_pdf_is_gone(client, file, live_server_process):
    pdf = client.pdf_new(file_path=file)
    assert pdf.wait_until_complete(timeout=SECONDS)
    deleted = client.pdf_delete(pdf.pdf_id)
    assert deleted["pdf_id"] == pdf.pdf_id
    address = f"{live_server_process.url}/v3/pdf/{pdf.pdf_id}.mmd"
    assert HTTP.get(address, headers=headers_of(live_server_process)).status_code == 404


def test_a_wrong_key_is_refused(file, live_server_process):
    stranger = MathpixClient(app_id="x", app_key="y", api_url=live_server_process.url)
    with pytest.raises(MathpixClientError):
        stranger.pdf_new(file_path=file)


@pytest.mark.parametrize(
    ("content", "error_id"),
    [(pdfs.encrypted(), "pdf_encrypted"), (pdfs.truncated(), "pdf_missing")],
)
def test_a_file_that_cannot_be_read_ends_in_its_error(client, tmp_path, content, error_id):
    path = tmp_path / "bad.pdf"
    path.write_bytes(content)
    pdf = client.pdf_new(file_path=str(path))
    assert not pdf.wait_until_complete(timeout=SECONDS)
    status = pdf.pdf_status()
    assert (status["status"], status["error_info"]["id"]) == ("error", error_id)


def test_an_empty_file_is_refused_at_once(live_server_process):
    """Over the socket only: the SDK meets an error here with a KeyError."""
    address, headers = f"{live_server_process.url}/v3/pdf", headers_of(live_server_process)
    response = HTTP.post(address, headers=headers, files={"file": ("empty.pdf", b"")})
    assert response.status_code == 200
    assert response.json()["error_info"]["id"] == "pdf_missing"


@pytest.mark.parametrize("accept", ["*/*", "text/event-stream"])
def test_pages_are_streamed_while_they_are_read(client, tmp_path, live_server_process, accept):
    path = tmp_path / "long.pdf"
    path.write_bytes(pdfs.with_pages(*[(f"Chapter {n}", f"It is about {n * n}.") for n in range(1, 31)]))
    pdf = client.pdf_new(file_path=str(path), extra_options={"streaming": True})
    told = list(stream(live_server_process, pdf.pdf_id, accept))
    assert [message["page_idx"] for message in told] == list(range(1, 31))
    assert {message["pdf_selected_len"] for message in told} == {30}
    assert "".join(message["text"] for message in told) == pdf.to_mmd_text()


def stream(server: Server, pdf_id: str, accept: str):
    headers = {**headers_of(server), "accept": accept}
    address = f"{server.url}/v3/pdf/{pdf_id}/stream"
    with HTTP.stream("GET", address, headers=headers, timeout=5) as response:
        assert response.status_code == 200
        for line in response.iter_lines():
            text = line.removeprefix("data: ")
            if text.startswith("{"):
                yield json.loads(text)
