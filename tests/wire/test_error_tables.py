"""Each row of the contract's error tables over the wire: what is sent, the status, the id and its details.

Rows that need a worker, another server or a limit are where those are tested; COVERED says where.
"""

from __future__ import annotations

import base64
from pathlib import Path
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.api import errors, files_errors
from mathpixweb.providers.base import ProviderError
from tests.documents.scripted import image_line, image_result

SRC = "data:image/png;base64," + base64.b64encode(b"a picture").decode()
STROKES = {"strokes": {"x": [[1]], "y": [[1]]}}
UNSURE = image_result(image_line("\\( x \\)", confidence_rate=0.1))
NOTHING = image_result(image_line("", conversion_output=False))
# what readers say of pictures, this server's own and Mathpix
REFUSED = ("image_decode_error", "image_not_supported", "image_max_size", "math_syntax", "sys_exception")

# address, what is sent as JSON, the status, the id, and details that must be there
ROWS = [
    ("/v3/text", b"{", 200, "json_syntax", {}),
    ("/v3/text", {}, 200, "image_missing", {}),
    ("/v3/latex", {}, 200, "image_missing", {}),
    ("/v3/batch", {}, 200, "image_missing", {}),
    (
        "/v3/text",
        {"src": "http://127.0.0.1/a.png"},
        200,
        "image_download_error",
        {"url": "http://127.0.0.1/a.png"},
    ),
    ("/v3/text", {"src": "data:image/png;base64,%"}, 200, "image_decode_error", {}),
    ("/v3/text", {"src": SRC, "formats": ["svg"]}, 200, "opts_unknown_format", {"formats": ["svg"]}),
    ("/v3/latex", {"src": SRC, "formats": ["docx"]}, 200, "opts_unknown_format", {"formats": ["docx"]}),
    ("/v3/latex", {"src": SRC, "ocr": ["words"]}, 200, "opts_unknown_ocr", {"ocr": ["words"]}),
    ("/v3/text", {"src": SRC, "callback": {"post": 1}}, 200, "opts_bad_callback", {"post": "1"}),
    (
        "/v3/text",
        {"src": SRC, "confidence_threshold": "much"},
        200,
        "opts_number_required",
        {"name": "confidence_threshold", "value": "much"},
    ),
    (
        "/v3/text",
        {"src": SRC, "confidence_threshold": 2},
        200,
        "opts_value_out_of_range",
        {"name": "confidence_threshold", "value": 2},
    ),
    (
        "/v3/text",
        {"src": SRC, "include_line_data": True, "include_word_data": True},
        200,
        "opts_conflict",
        {},
    ),
    (
        "/v3/latex",
        {"src": SRC, "beam_size": 6},
        200,
        "opts_value_out_of_range",
        {"name": "beam_size", "value": 6},
    ),
    ("/v3/latex", {"src": SRC, "n_best": 2}, 200, "opts_value_out_of_range", {"name": "n_best", "value": 2}),
    ("/v3/strokes", {}, 200, "strokes_missing", {}),
    ("/v3/strokes", {"strokes": {"x": 1}}, 200, "strokes_syntax_error", {}),
    ("/v3/strokes", {"strokes": {"strokes": {"x": [], "y": []}}}, 200, "strokes_no_content", {}),
    ("/v3/pdf", {}, 200, "pdf_missing", {}),
    ("/v3/pdf", {"url": "x", "page_ranges": "a-b"}, 200, "opts_value_out_of_range", {"name": "page_ranges"}),
    (
        "/v3/pdf",
        {"url": "x", "conversion_formats": {"gif": True}},
        200,
        "opts_unknown_format",
        {"formats": ["gif"]},
    ),
    (
        "/v3/pdf",
        {"url": "x", "auto_number_sections": True, "remove_section_numbering": True},
        200,
        "opts_conflict",
        {},
    ),
    ("/v3/converter", {"mmd": "", "formats": {"md": True}}, 200, "opts_value_out_of_range", {"name": "mmd"}),
    ("/v3/app-tokens", {"expires": 29}, 200, "opts_value_out_of_range", {"name": "expires", "value": 29}),
    (
        "/v3/app-tokens",
        {"expires": 301, "include_strokes_session_id": True},
        200,
        "opts_value_out_of_range",
        {"name": "expires", "value": 301},
    ),
    ("/files/v1", {}, 400, "pdf_missing", {}),
    ("/files/v1/uri", {}, 400, "pdf_missing", {}),
    ("/files/v1/uri", b"[", 400, "json_syntax", {}),
    ("/files/v1/uri", {"source_uri": "file:///etc/passwd"}, 400, "image_download_error", {}),
    ("/files/v1/uri", {"source_uri": "s3://unknown/a.pdf"}, 400, "data_source_not_found", {}),
    (
        "/files/v1/uri",
        {"source_uri": "https://example.org/a.pdf", "custom_id": "a"},
        400,
        "opts_conflict",
        {},
    ),
    (
        "/files/v1/uri",
        {"source_uri": "https://example.org/a.pdf", "callback_headers": {}},
        400,
        "opts_bad_callback",
        {},
    ),
    ("/files/v1/jobs", {"files": []}, 400, "opts_value_out_of_range", {"name": "files"}),
    ("/files/v1/data-sources", {"provider": "aws", "auth_method": "iam_role"}, 400, "bad_request", {}),
]
# address, method, the status and the id
ASKED = [
    ("GET", "/v3/pdf/2025_04_16_00112233445566778899g", 200, "pdf_unknown_id"),
    ("GET", "/v3/pdf/2025_04_16_00112233445566778899g.mmd", 404, "pdf_unknown_id"),
    ("DELETE", "/v3/pdf/2025_04_16_00112233445566778899g", 404, "pdf_unknown_id"),
    ("GET", "/v3/converter/unknown", 200, "cnv_unknown_id"),
    ("GET", "/v3/converter/unknown.docx", 404, "cnv_unknown_id"),
    ("GET", "/v3/batch/17", 200, "batch_unknown_id"),
    ("GET", "/v3/file-batches/unknown", 200, "batch_unknown_id"),
    ("GET", "/v3/app-tokens/token_unknown", 200, "token_unknown"),
    ("DELETE", "/v3/app-tokens/token_unknown", 200, "token_unknown"),
    ("GET", "/v3/nothing", 404, "http_not_found"),
    ("GET", "/v3/pdf", 405, "http_method_not_allowed"),
    ("GET", f"/files/v1/{UUID(int=1)}", 404, "not_found"),
    ("GET", f"/files/v1/{UUID(int=1)}.md", 404, "not_found"),
    ("DELETE", f"/files/v1/{UUID(int=1)}", 404, "not_found"),
    ("GET", "/files/v1/jobs/unknown", 404, "not_found"),
    ("GET", "/files/v1/jobs/unknown/files", 404, "not_found"),
    ("GET", "/files/v1/jobs/unknown/files/a", 404, "not_found"),
    ("POST", "/files/v1/jobs/unknown/finalize", 404, "not_found"),
    ("GET", "/files/v1/nothing", 404, "not_found"),
    ("PUT", "/files/v1/jobs", 405, "http_method_not_allowed"),
]
TESTS = Path(__file__).parent.parent
COVERED = {
    "http_unauthorized": "wire/test_credentials",
    "unauthorized_token_request": "wire/test_app_tokens",
    "http_max_requests": "wire/test_quotas",
    "http_bad_request": "wire/test_unexpected",
    "sys_exception": "wire/test_unexpected",
    "sys_request_too_large": "wire/test_limits",
    "pdf_encrypted": "contract/test_sdk",
    "pdf_page_limit_exceeded": "wire/test_quotas",
    "format_not_ready": "wire/test_downloads, wire/test_files",
    "format_not_requested": "wire/test_downloads",
    "unsupported_format": "wire/test_files",
    "conflict": "wire/test_files",
    "conversion_error": "wire/test_downloads",
}


def check(response, address, status, error_id, detail):
    body = response.json()
    assert (response.status_code, body["error_info"]["id"]) == (status, error_id), body
    assert body["error_info"]["message"]
    assert body["error"] == (error_id if address.startswith("/files") else body["error_info"]["message"])
    assert detail.items() <= body["error_info"].items()
    if detail:
        assert detail.items() <= body["error_info"]["detail"].items()
    if address in ("/v3/text", "/v3/latex", "/v3/strokes"):
        assert body["request_id"].endswith("g")


@pytest.mark.parametrize(
    ("address", "sent", "status", "error_id", "detail"),
    ROWS,
    ids=[f"{row[0]} {row[3]} {number}" for number, row in enumerate(ROWS)],
)
async def test_a_request_that_is_wrong(http, owner, address, sent, status, error_id, detail):
    how = {"content": sent} if isinstance(sent, bytes) else {"json": sent}
    response = await http.post(address, headers=owner.headers, **how)
    check(response, address, status, error_id, detail)


@pytest.mark.parametrize(("method", "address", "status", "error_id"), ASKED)
async def test_an_id_or_address_that_is_unknown(http, owner, method, address, status, error_id):
    response = await http.request(method, address, headers=owner.headers)
    check(response, address, status, error_id, {})


@pytest.mark.parametrize(
    ("read", "error_id"),
    [
        (NOTHING, "image_no_content"),
        (UNSURE, "math_confidence"),
        *((ProviderError(error_id, "It cannot be read."), error_id) for error_id in REFUSED),
    ],
)
async def test_an_image_that_says_nothing(http, owner, scripted, read, error_id, monkeypatch):
    if isinstance(read, ProviderError):

        def refuse(*_):
            raise read

        monkeypatch.setattr(scripted, "read_image", refuse)
    scripted.image = read
    response = await http.post("/v3/text", headers=owner.headers, json={"src": SRC})
    check(response, "/v3/text", 200, error_id, {})


async def test_success_never_has_an_error(http, owner, scripted, converted):
    document = await sync_to_async(converted)()
    for address in (f"/v3/pdf/{document.public_id}", f"/files/v1/{document.file_id}", "/v3/ocr-results"):
        assert "error" not in (await http.get(address, headers=owner.headers)).json()
    assert "error" not in (await http.post("/v3/text", headers=owner.headers, json={"src": SRC})).json()


def test_no_error_is_without_a_row():
    told = {row[3] for row in ROWS} | {row[3] for row in ASKED} | COVERED.keys()
    told |= {"image_no_content", "math_confidence", *REFUSED}
    assert set(errors.SENTENCES) | set(files_errors.STATUSES) == told
    for error_id, modules in COVERED.items():
        for module in modules.split(", "):
            assert f'"{error_id}"' in (TESTS / f"{module}.py").read_text(), (error_id, module)
