"""Our own mistakes: logged for the operator, told to the caller in one JSON sentence without any trace."""

from __future__ import annotations

import logging

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.api import answers
from mathpixweb.documents.intake import intake
from mathpixweb.documents.output import results

SECRET = "the password is swordfish"


def break_down(*_: object, **__: object) -> None:
    raise RuntimeError(SECRET)


async def test_a_mistake_in_a_view_is_answered_in_json(http, owner, converted, monkeypatch, caplog):
    document = await sync_to_async(converted)()
    monkeypatch.setattr(answers, "pdf_status", break_down)
    response = await http.get(f"/v3/pdf/{document.public_id}", headers=owner.headers)
    assert response.status_code == 200
    assert response.json() == {
        "error": "Server error",
        "error_info": {"id": "sys_exception", "message": "Server error"},
    }
    assert SECRET in caplog.text, "the operator sees it"


async def test_a_mistake_while_a_file_is_taken_in_leaks_nothing(http, owner, monkeypatch, caplog):
    monkeypatch.setattr(intake, "submit_file", break_down)
    response = await http.post("/v3/pdf", headers=owner.headers, files={"file": ("a.pdf", b"%PDF-1.4")})
    assert response.json()["error_info"]["id"] == "sys_exception"
    assert SECRET not in response.text
    assert [record.levelno for record in caplog.records if record.name == "mathpixweb.api.endpoint"] == [
        logging.ERROR
    ]


async def test_a_mistake_in_a_download_is_never_taken_for_the_file(http, owner, converted, monkeypatch):
    document = await sync_to_async(converted)()
    monkeypatch.setattr(results, "absolute", break_down)
    response = await http.get(f"/v3/pdf/{document.public_id}.mmd", headers=owner.headers)
    assert response.status_code == 500
    assert response.json()["error_info"]["id"] == "sys_exception"


@pytest.mark.parametrize("debug", [True, False])
async def test_debugging_does_not_change_the_answer(http, owner, monkeypatch, settings, debug):
    settings.DEBUG = debug
    monkeypatch.setattr(intake, "submit_url", break_down)
    response = await http.post("/v3/pdf", headers=owner.headers, json={"url": "https://example.org/a.pdf"})
    assert response.headers["content-type"] == "application/json"
    assert SECRET not in response.text


async def test_a_wrong_host_name_is_refused_in_json(http, owner):
    response = await http.get("/v3/pdf-results", headers={**owner.headers, "host": "evil.example"})
    assert response.status_code == 400
    assert response.json()["error_info"]["id"] == "http_bad_request"
    assert "ALLOWED_HOSTS" in response.json()["error"]
    assert "evil" not in response.text


async def test_elsewhere_a_wrong_host_name_is_refused_as_usual(http, owner):
    response = await http.get("/sign-in", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/html")
