"""The API calls that a document's menu shows."""

from __future__ import annotations

import json
import shlex

import pytest

from mathpixweb.documents.models import Document, Kind
from mathpixweb.web import calls


@pytest.fixture(autouse=True)
def address(settings):
    settings.PUBLIC_URL = "https://pages.example.org/"


def document(**fields):
    values = {"kind": Kind.PDF, "public_id": "2026_01_01_abc", "name": "notes.pdf", "options": {}}
    return Document(**(values | fields))


def words(document):
    """Both commands as a shell would take them apart."""
    return [shlex.split(line) for line in calls.curl(document).split("\n\n")]


def test_a_file_is_sent_and_its_result_fetched():
    sent, fetched = words(document())
    assert sent[3:] == ["-F", 'file=@"notes.pdf"', "https://pages.example.org/v3/pdf"]
    assert fetched[3:] == ["https://pages.example.org/v3/pdf/2026_01_01_abc.mmd"]


def test_options_are_sent_as_they_were_chosen():
    sent, _ = words(document(options={"page_ranges": "2-3", "math_inline_delimiters": ["$", "$"]}))
    name, value = sent[6].split("=", 1)
    assert (name, json.loads(value)["math_inline_delimiters"]) == ("options_json", ["$", "$"])


def test_an_address_is_sent_as_json():
    sent, _ = words(document(source_url="https://example.org/a.pdf"))
    assert json.loads(sent[6]) == {"url": "https://example.org/a.pdf"}


def test_a_name_from_outside_stays_one_word():
    sent, _ = words(document(name='it\'s $(rm -rf) "my" notes; a.pdf'))
    assert sent[4] == 'file=@"it\'s $(rm -rf) \\"my\\" notes; a.pdf"'
    assert len(sent) == 6


def test_a_text_goes_through_the_converter():
    sent, fetched = words(document(kind=Kind.CONVERTER, options={"formats": {"docx": True}}))
    assert sent[-1] == "https://pages.example.org/v3/converter"
    assert json.loads(sent[6])["formats"] == {"docx": True}
    assert fetched[3:] == ["https://pages.example.org/v3/converter/2026_01_01_abc"]


def test_the_answer_names_the_id_and_where_it_is_asked_for():
    pdf, text = (
        document(endpoint="/v3/pdf"),
        document(kind=Kind.CONVERTER, options={"formats": {"docx": True}}),
    )
    assert json.loads(calls.answer(pdf)) == {"pdf_id": "2026_01_01_abc"}
    base = "https://pages.example.org"
    assert calls.later(pdf) == [f"{base}/v3/pdf/2026_01_01_abc{end}" for end in ("", ".mmd", ".lines.json")]
    assert json.loads(calls.answer(text)) == {"conversion_id": "2026_01_01_abc"}
    assert calls.later(text) == [f"{base}/v3/converter/2026_01_01_abc{end}" for end in ("", ".docx")]


def test_a_file_of_the_files_api_is_asked_for_by_its_own_id():
    filed = document(endpoint="/files/v1")
    assert json.loads(calls.answer(filed)) == {"file_id": str(filed.file_id)}
    place = f"https://pages.example.org/files/v1/{filed.file_id}"
    assert calls.later(filed) == [place, f"{place}.mmd", f"{place}.lines.json"]


def test_an_image_is_answered_with_its_result():
    image = document(kind=Kind.IMAGE, endpoint="/v3/text")
    assert (calls.answer(image), calls.later(image)) == ("", [])
