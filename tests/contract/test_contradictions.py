"""Where the reference contradicts itself, its examples or its clients: one test for what is done about each.

The numbers are those of the statements: 1 is the first contradiction that was found, 30 the last.
"""

from __future__ import annotations

import base64
import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mathpixweb.api import errors, files_answers
from mathpixweb.api.errors import ApiError
from mathpixweb.documents.images import image_answers
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.output.rendering import renderer
from mathpixweb.engine.writers.formulas import latex_formats
from mathpixweb.providers.image_options import TextOptions
from mathpixweb.providers.options import PdfOptions
from tests import pdfs
from tests.asking import HTTP
from tests.documents.scripted import image_line, image_result
from tests.engine import drawn
from tests.server import Server

SECONDS = 60.0
PICTURE = drawn.encoded(drawn.page(["Every sum is small."], size=40))
BLANK = drawn.encoded(drawn.page([""], size=40))
LIMIT = "\\lim _{x \\rightarrow 3}\\left(\\frac{x^{2}+9}{x-3}\\right)"
UNKNOWN = "2099_01_01_00112233445566778899g"


def as_address(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


@pytest.fixture(scope="module")
def http(live_server_process: Server):
    headers = {"app_key": live_server_process.app_key}
    with httpx.Client(base_url=live_server_process.url, headers=headers, timeout=SECONDS) as client:
        yield client


@pytest.fixture(scope="module")
def send(http):
    def post(options: dict[str, Any], pages: int = 2) -> str:
        sent = {"options_json": json.dumps(options)}
        files = {"file": ("notes.pdf", pdfs.with_numbered_pages(pages))}
        return http.post("/v3/pdf", files=files, data=sent).json()["pdf_id"]

    return post


@pytest.fixture(scope="module")
def pdf(http, send):
    """A PDF that is read, with its formats."""
    pdf_id = send({"conversion_formats": {"mmd": True, "tex.zip": True}, "streaming": True})
    wait(lambda: http.get(f"/v3/pdf/{pdf_id}").json()["status"] == "completed")
    return pdf_id


@pytest.fixture(scope="module")
def image(http):
    body = {"src": as_address(PICTURE), "include_line_data": True, "include_detected_alphabets": True}
    return http.post("/v3/text", json=body | {"enable_spell_check": True, "tags": ["contradictions"]}).json()


def wait(done: Callable[[], bool]) -> None:
    ends = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.2)


def test_1_a_token_ends_at_a_number_of_milliseconds(http):
    ends = http.post("/v3/app-tokens").json()["app_token_expires_at"]
    assert isinstance(ends, int)
    assert abs(ends / 1000 - time.time() - 300) < 30


def test_2_the_id_of_a_batch_is_a_number_and_is_asked_for_as_text(http):
    batch_id = http.post("/v3/batch", json={"urls": {"a": as_address(BLANK)}}).json()["batch_id"]
    assert isinstance(batch_id, int)
    assert http.get(f"/v3/batch/{batch_id}").json()["keys"] == ["a"]


def test_3_a_deleted_pdf_is_completed_and_says_since_when_it_is_gone(http, send):
    pdf_id = send({}, pages=1)
    wait(lambda: http.get(f"/v3/pdf/{pdf_id}").json()["status"] == "completed")
    told = http.delete(f"/v3/pdf/{pdf_id}").json()
    assert (told["status"], told["pdf_id"]) == ("completed", pdf_id)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", told["deleted_at"])


def test_4_an_unknown_id_is_200_for_a_status_and_404_for_files_and_deletion(http):
    said = http.get(f"/v3/pdf/{UNKNOWN}")
    assert (said.status_code, said.json()["error_info"]["id"]) == (200, "pdf_unknown_id")
    for method, rest in (("GET", ".mmd"), ("GET", "/stream"), ("DELETE", "")):
        missing = http.request(method, f"/v3/pdf/{UNKNOWN}{rest}")
        assert (missing.status_code, missing.json()["error_info"]["id"]) == (404, "pdf_unknown_id")


def test_5_tex_is_the_zip_with_tex(http, pdf):
    zipped = http.get(f"/v3/pdf/{pdf}.tex.zip").content
    assert http.get(f"/v3/pdf/{pdf}.tex").content == zipped
    assert any(name.endswith(".tex") for name in zipfile.ZipFile(io.BytesIO(zipped)).namelist())


def test_6_pages_have_an_image_id_of_two_digits_and_their_size(http, pdf):
    pages = http.get(f"/v3/pdf/{pdf}.lines.json").json()["pages"]
    assert [page["image_id"] for page in pages] == [f"{pdf}-01", f"{pdf}-02"]
    assert all(
        page["page_width"] > 0 and page["page_height"] > 0 and "image-id" not in page for page in pages
    )


def test_7_the_stream_is_events_for_who_asks_for_events_and_lines_for_others(http, pdf):
    lines = http.get(f"/v3/pdf/{pdf}/stream").text.splitlines()
    events = http.get(f"/v3/pdf/{pdf}/stream", headers={"accept": "text/event-stream"}).text.splitlines()
    told = [line.removeprefix("data: ") for line in events if line.startswith("data: ")]
    assert [json.loads(line) for line in lines if line] == [json.loads(line) for line in told] != []


def test_8_the_stream_is_in_order(http, pdf):
    messages = [json.loads(line) for line in http.get(f"/v3/pdf/{pdf}/stream").text.splitlines() if line]
    assert [message["page_idx"] for message in messages] == [1, 2]
    assert "".join(message["text"] for message in messages) == http.get(f"/v3/pdf/{pdf}.mmd").text


def test_9_a_format_that_fails_says_why_under_both_names(http):
    sent = {"mmd": "No table here.", "formats": {"xlsx": True}}
    address = f"/v3/converter/{http.post('/v3/converter', json=sent).json()['conversion_id']}"
    wait(lambda: http.get(address).json()["conversion_status"]["xlsx"]["status"] == "error")
    info = http.get(address).json()["conversion_status"]["xlsx"]["error_info"]
    assert info["id"] == "conversion_error"
    assert info["error"] == info["message"] != ""


def test_10_the_status_of_a_pdf_has_its_id(http, pdf):
    assert http.get(f"/v3/pdf/{pdf}").json()["pdf_id"] == pdf


def test_11_lines_of_images_have_the_old_word_and_the_new_one_those_of_pdfs_the_new_one(http, pdf, image):
    assert all(line["included"] is line["conversion_output"] is True for line in image["line_data"])
    lines = http.get(f"/v3/pdf/{pdf}.lines.json").json()["pages"][0]["lines"]
    assert all("conversion_output" in line and "included" not in line for line in lines)


def test_12_detected_alphabets_are_one_object_of_twelve_flags(image):
    codes = {"en", "hi", "zh", "ja", "ko", "ru", "th", "ta", "te", "gu", "bn", "vi"}
    assert image["detected_alphabets"] == {code: code == "en" for code in codes}


def test_13_async_is_a_flag_and_no_list(http):
    src = as_address(BLANK)
    assert http.post("/v3/text", json={"src": src, "async": True}).json().keys() == {"request_id"}
    refused = http.post("/v3/text", json={"src": src, "async": [True]}).json()
    assert (refused["error_info"]["id"], refused["error_info"]["name"]) == (
        "opts_value_out_of_range",
        "async",
    )


def test_14_latex_simplified_shortens_names_and_latex_normal_does_not():
    rest = " _ { x \\rightarrow 3 } ( \\frac { x ^ { 2 } + 9 } { x - 3 } )"
    assert latex_formats.normal(LIMIT, ()) == f"\\operatorname {{ lim }}{rest}"
    assert latex_formats.simplified(LIMIT, ()) == f"\\lim{rest}"


def test_15_defaults_are_those_of_the_endpoint():
    assert (TextOptions().include_smiles, PdfOptions().include_smiles) == (False, True)
    assert (TextOptions().include_page_info, PdfOptions().include_page_info) == (True, False)


def test_16_flags_and_numbers_of_formats_may_be_text(http):
    options = {"md": {"escape_hash": "false"}, "docx": {"fontSize": "28"}, "pdf": {"disable_footer": "True"}}
    sent = {"mmd": "# One", "formats": {"md": "true"}, "conversion_options": options}
    conversion_id = http.post("/v3/converter", json=sent).json()["conversion_id"]
    [row] = http.get("/v3/converter-results?per_page=1").json()["documents"]
    assert row["id"] == conversion_id
    assert row["request_args"] == {
        "formats": {"md": True},
        "conversion_options": {
            "md": {"escape_hash": False},
            "docx": {"fontSize": 28},
            "pdf": {"disable_footer": True},
        },
    }


def test_17_the_key_alone_is_enough(http, pdf):
    for address in (
        "/v3/ocr-results",
        "/v3/pdf-results",
        f"/v3/pdf/{pdf}",
        "/v3/ocr-usage",
        "/files/v1/jobs",
    ):
        answer = http.get(address)  # the client has no app_id
        assert (answer.status_code, "error" in answer.json()) == (200, False), address


def test_18_a_table_is_html_and_then_tsv():
    table = "\\begin{tabular}{cc}\nA & B \\\\\n\\end{tabular}"
    made = renderer.data(table, {"include_tsv": True, "include_table_html": True})
    assert [each["type"] for each in made.data] == ["html", "tsv"]


def test_19_the_key_of_a_structure_is_an_attribute_with_an_underscore():
    smiles = '<smiles inchi="InChI=1S/CH4/h1H4" inchi_key="VNWKTOKETHGBQD-UHFFFAOYSA-N">C</smiles>'
    answered = image_answers.text(
        image_result(image_line(smiles)), TextOptions(formats=["text", "html"]), "1"
    )
    assert answered.body["text"] == smiles
    assert "inchikey=" not in answered.body["html"]


def test_20_one_way_of_numbering_sections_goes_before_the_default_and_two_are_refused(send, http):
    assert send({"remove_section_numbering": True})
    sent = {
        "url": "https://example.org/a.pdf",
        "auto_number_sections": True,
        "preserve_section_numbering": True,
    }
    assert http.post("/v3/pdf", json=sent).json()["error_info"]["id"] == "opts_conflict"


def test_21_mmd_may_be_asked_for_and_is_there_at_once(http, pdf):
    assert http.get(f"/v3/converter/{pdf}").json()["conversion_status"]["mmd"] == {"status": "completed"}


def test_22_details_stand_beside_the_message_and_under_detail():
    refusal = ApiError("http_max_requests", limit_name="page_monthly_limit", limit_value=5000, count=5001)
    answer = errors.answer(refusal)
    info = json.loads(answer.content)["error_info"]
    details = {"limit_name": "page_monthly_limit", "limit_value": 5000, "count": 5001}
    assert answer.status_code == 429
    assert info == {"id": "http_max_requests", "message": "Too many requests", "detail": details, **details}


def test_23_what_usage_is_not_grouped_by_is_a_list(http, image):
    [row] = http.get("/v3/ocr-usage?group_by=usage_type&usage_type=image").json()["ocr_usage"]
    assert (row["usage_type"], row["app_id"]) == ("image", ["test_app"])
    assert all(re.fullmatch(r"[0-9a-f]{40}", each) for each in row["request_args_hash"])


def test_24_spell_check_is_taken_and_changes_nothing(image):
    assert image["text"] == "Every sum is small."


def test_25_a_whole_equation_has_latex_styled_though_nobody_asked():
    answered = image_answers.text(image_result(), TextOptions(formats=["text"]), "1")
    assert answered.body["latex_styled"] == "x^{2}+y^{2}=9"


def test_26_webhooks_are_there_and_asking_stays_the_usual_way(http):
    assert http.get("/files/v1/webhook-config").json()["signing_secret"].startswith("whsec_")
    sent = {"callback_url": "http://example.org/hook"}
    files = {"file": ("notes.pdf", pdfs.with_numbered_pages(1))}
    refused = http.post("/files/v1", files=files, data={"options_json": json.dumps(sent)})
    assert (refused.status_code, refused.json()["error"]) == (400, "opts_bad_callback")
    file_id = http.post("/files/v1", files=files).json()["file_id"]
    wait(lambda: http.get(f"/files/v1/{file_id}").json()["status"] == "completed")


def test_27_a_kind_of_picture_without_a_decoder_is_told(http):
    sent = {"file": ("picture.png", b"SIMPLE  =                    T")}
    info = http.post("/v3/text", files=sent).json()["error_info"]
    assert info["id"] in ("image_decode_error", "image_not_supported")


def test_28_files_are_pending_as_long_as_pdfs_are_received_or_loaded():
    words = [files_answers.status_word(Document(status=status)) for status in Status]
    assert list(Status) == ["received", "loaded", "split", "completed", "error"]
    assert words == ["pending", "pending", "split", "completed", "error"]


def test_29_a_token_reaches_no_documents_no_history_no_batch_and_nothing_later(http, live_server_process):
    token = {"app_token": http.post("/v3/app-tokens").json()["app_token"]}
    url = live_server_process.url
    said = [
        HTTP.post(f"{url}/v3/pdf", headers=token, json={"url": "https://example.org/a.pdf"}),
        HTTP.get(f"{url}/v3/ocr-results", headers=token),
        HTTP.post(f"{url}/v3/batch", headers=token, json={"urls": {"a": as_address(BLANK)}}),
        HTTP.post(f"{url}/v3/text", headers=token, json={"src": as_address(BLANK), "async": True}),
    ]
    assert {(each.status_code, each.json()["error_info"]["id"]) for each in said} == {
        (200, "unauthorized_token_request")
    }


def test_30_what_is_private_is_in_no_list_and_a_pdf_can_be_fetched_all_the_same(http, send):
    private = {"metadata": {"improve_mathpix": False}}
    read = http.post("/v3/text", json={"src": as_address(PICTURE), **private}).json()
    assert read["text"]
    assert http.get(f"/v3/ocr-results?request_id={read['request_id']}").json() == {"ocr_results": []}
    pdf_id = send(private, pages=1)
    wait(lambda: http.get(f"/v3/pdf/{pdf_id}").json()["status"] == "completed")
    assert http.get(f"/v3/pdf/{pdf_id}.mmd").text
    assert http.get(f"/v3/pdf-results?pdf_id={pdf_id}").json() == {"pdfs": []}
