from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mathpixweb.api import errors
from mathpixweb.api.errors import ApiError, NotFoundError
from mathpixweb.providers.base import ProviderError

PACKAGE = Path(errors.__file__).parent.parent


def told(error: ProviderError) -> tuple[int, dict]:
    response = errors.answer(error)
    return response.status_code, json.loads(response.content)


def test_an_error_tells_its_id_and_sentence_twice_and_details_both_flat_and_nested():
    status, body = told(ProviderError("opts_value_out_of_range", "No.", name="margin", value=5))
    assert status == 200
    assert body == {
        "error": "No.",
        "error_info": {
            "id": "opts_value_out_of_range",
            "message": "No.",
            "name": "margin",
            "value": 5,
            "detail": {"name": "margin", "value": 5},
        },
    }


def test_an_error_without_details_has_no_empty_detail():
    assert told(ApiError("pdf_missing"))[1]["error_info"].keys() == {"id", "message"}


def test_a_detail_cannot_stand_in_for_the_id():
    assert told(ProviderError("json_syntax", "No.", id="other"))[1]["error_info"]["id"] == "json_syntax"


@pytest.mark.parametrize(
    ("error_id", "status"), [("http_unauthorized", 401), ("http_max_requests", 429), ("pdf_unknown_id", 200)]
)
def test_only_a_few_errors_have_a_status_of_their_own(error_id, status):
    assert told(ApiError(error_id))[0] == status


def test_wrong_credentials_are_answered_as_the_real_service_does():
    assert told(ApiError("http_unauthorized")) == (
        401,
        {
            "error": "Invalid credentials",
            "error_info": {"id": "http_unauthorized", "message": "Invalid credentials"},
        },
    )


def test_what_is_not_ready_yet_says_when_to_ask_again():
    assert errors.answer(NotFoundError("format_not_ready", pending=True))["Retry-After"] == "2"
    assert "Retry-After" not in errors.answer(NotFoundError("pdf_unknown_id"))


def test_a_stored_error_is_told_with_its_details():
    error = errors.stored("pdf_page_limit_exceeded", {"message": "Too long.", "count": 9000})
    assert (error.message, error.detail) == ("Too long.", {"count": 9000})


def test_a_stored_error_without_a_message_has_the_usual_sentence():
    assert errors.stored("pdf_encrypted", {}).message == errors.SENTENCES["pdf_encrypted"]
    assert errors.stored("something_else", {}).message == errors.SENTENCES["sys_exception"]


def test_every_error_that_the_api_raises_is_in_the_table():
    raised = {
        error_id
        for path in (PACKAGE / "api").rglob("*.py")
        for error_id in re.findall(r'(?:ApiError|NotFoundError)\(\s*"(\w+)"', path.read_text())
    }
    assert raised
    assert raised <= errors.SENTENCES.keys()
