"""A server that is taken for Mathpix and means harm: its answers run nowhere, break nothing, and end."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from mathpixweb.accounts import remote_accounts, sealing
from mathpixweb.accounts.models import Team, User
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents import storage
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.models.mirror import MirroredList
from mathpixweb.documents.models.remote import Relay
from mathpixweb.documents.remote import mirror, relaying
from mathpixweb.documents.work import conversion
from mathpixweb.providers.mathpix import breaker, retrying
from tests import mathpix_server, pdfs
from tests.attacks.test_content import HOSTILE, MARKUP, Active
from tests.mathpix_server import APP_ID, APP_KEY, Fault, MathpixServer, Stream

pytestmark = pytest.mark.django_db(transaction=True)

EVIL_LINE = {
    "id": HOSTILE,
    "parent_id": {"a": 1},
    "children_ids": "all",
    "type": 'text" onclick="alert(1)',
    "subtype": [HOSTILE],
    "text": HOSTILE,
    "text_display": HOSTILE,
    "conversion_output": True,
    "region": {"top_left_x": "evil", "top_left_y": -1e300, "width": None, "height": HOSTILE},
    "cnt": [["x", "y"], 3],
    "confidence": "certain",
    "confidence_rate": -5,
    "line": 10**40,
    "font_size": HOSTILE,
}


@pytest.fixture
def remote(settings: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.001)
    breaker.forget()
    with mathpix_server.running() as fake:
        settings.MATHPIX_API_URL = fake.url
        fake.page_texts = list(MARKUP)
        yield fake
    breaker.forget()


@pytest.fixture
def account(team: Team, remote: MathpixServer) -> RemoteAccount:
    return RemoteAccount.objects.create(
        team=team, provider="mathpix", region="server", app_id=APP_ID, app_key=sealing.seal(APP_KEY)
    )


@pytest.fixture
def handed_in(team: Team, owner: User, account: RemoteAccount) -> Callable[[], Document]:
    """A document that the server has been given to read."""

    def make() -> Document:
        document = Document(
            team=team, user=owner, kind="pdf", endpoint="/v3/pdf", name="notes.pdf", provider="mathpix"
        )
        storage.write(storage.source_path(document), pdfs.with_numbered_pages(len(MARKUP)))
        document.source.name = storage.source_name(document)
        document.save()
        conversion.take_turn(document.pk)
        return document

    return make


def relayed(document: Document) -> Document:
    async_to_sync(relaying.follow)(Relay.objects.get(document=document).pk)
    document.refresh_from_db()
    return document


def shown(browser: Client, document: Document) -> list[str]:
    """Every page that shows something of what came, each of which must be there."""
    home = f"/documents/{document.public_id}"
    told = ["/", "/?q=alert", home, f"{home}?view=source", f"{home}/about"]
    for page in document.pages.all():
        told += [f"{home}/pages/{page.number}", f"{home}/pages/{page.number}/lines"]
    return told


def assert_harmless(browser: Client, document: Document) -> None:
    for path in shown(browser, document):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert Active(answer.text).found == [], path


def test_what_it_says_of_pages_runs_in_no_browser(browser_of, owner, remote, handed_in):
    def evil_lines() -> bytes:
        told = mathpix_server.lines_json(remote.paper)
        for page in told["pages"]:
            page["lines"].append(EVIL_LINE)
            page["page_width"] = HOSTILE
        return json.dumps(told).encode()

    document = handed_in()
    remote.paper.lines_json = evil_lines
    relayed(document)
    assert document.status == Status.COMPLETED
    browser = browser_of(owner)
    assert_harmless(browser, document)
    for name in ("lines.json", "mmd"):
        assert browser.get(f"/documents/{document.public_id}/download/{name}").status_code == 200


@pytest.mark.parametrize("told", [HOSTILE, "\u0000\ud800", "x" * 100_000], ids=["markup", "no text", "long"])
def test_its_errors_are_only_words(browser_of, owner, remote, handed_in, told):
    document = handed_in()
    remote.paper.error = {"error": told, "error_info": {"id": told, "message": told, "detail": {told: told}}}
    remote.paper.streams = [Stream([])]
    relayed(document)
    assert document.status == Status.ERROR
    assert len(document.error_id) <= 40
    assert_harmless(browser_of(owner), document)


@pytest.mark.parametrize(
    "text", ["\u0000", "\ud800 half a letter", "\u2028", "a" * 100_000], ids=["nul", "half", "line", "long"]
)
def test_odd_letters_are_stored_and_shown(browser_of, owner, remote, handed_in, text):
    remote.page_texts = [f"before {text} after", *["another"] * (len(MARKUP) - 1)]
    document = relayed(handed_in())
    assert document.status == Status.COMPLETED
    page = document.pages.get(number=1)
    assert page.mmd.startswith("before") and page.mmd.endswith("after")


@pytest.mark.parametrize("count", [10**7, 10**30])
def test_no_number_of_pages_fills_the_database(remote, handed_in, count):
    document = handed_in()
    status = {"status": "split", "num_pages": count, "num_pages_completed": 0}
    message = {"page_idx": 1, "pdf_selected_len": count, "text": "x"}
    remote.fail(f"GET /v3/pdf/{remote.paper.pdf_id}/stream", Fault(200, json.dumps(message).encode()))
    remote.fail(f"GET /v3/pdf/{remote.paper.pdf_id}", Fault(200, json.dumps(status).encode()))
    relayed(document)
    assert (document.status, document.error_id) == (Status.ERROR, "pdf_page_limit_exceeded")
    assert not document.pages.exists()


def test_a_document_is_known_by_an_id_that_can_be_one(remote, handed_in, account):
    remote.fail("POST /v3/pdf", Fault(200, json.dumps({"pdf_id": "../" * 100}).encode()))
    document = handed_in()
    document.refresh_from_db()
    assert document.status == Status.ERROR
    assert remote_accounts.spent(RemoteAccount.objects.get()) == 0


def test_rows_of_its_lists_run_nowhere_and_keep_no_other_from_coming(
    browser_of, owner, team, remote, account
):
    made = "2026-11-01T10:00:00.000Z"
    sound = {"id": "sound", "input_file": "sound.pdf", "status": "completed", "created_at": made}
    remote.lists["pdf-results"] = [
        {**sound, "id": "evil", "input_file": HOSTILE, "num_pages": 10**400, "num_pages_completed": -3},
        {
            **sound,
            "id": HOSTILE,
            "input_file": f"http://x/{HOSTILE}",
            "created_at": "9999-12-31T23:59:59-23:59",
        },
        {**sound, "id": "\ud800", "input_file": "\u0000", "created_at": "0001-01-01T00:00:00+23:59"},
        {**sound, "id": "x" * 1000, "request_args": {"a": "\u0000"}, "duration": 10**400},
        sound,
    ]
    row = {"timestamp": made, "image_id": "i", "endpoint": HOSTILE, "detections": {HOSTILE: HOSTILE}}
    result = {"text": HOSTILE, "confidence": HOSTILE}
    remote.lists["ocr-results"] = [
        {**row, "result": result, "request_args": {"tags": [HOSTILE, "\u0000", 5]}}
    ]
    usage = {"from_date": made, "usage_type": HOSTILE, "count": 10**30}
    remote.lists["ocr-usage"] = [usage, {**usage, "usage_type": "image", "count": 3}]
    mirror.request(team)
    for listed in MirroredList.objects.all():
        mirror.take_turn(listed.pk)
    assert set(MirroredList.objects.values_list("error", flat=True)) == {""}
    assert Document.objects.filter(name="sound.pdf").exists()
    assert MirroredList.objects.get(name="pdf-results").since.year == 2026, "later rows are still seen"
    browser = browser_of(owner)
    for document in Document.objects.all():
        assert_harmless(browser, document)


def test_what_it_says_to_a_trial_of_the_keys_runs_nowhere(browser_of, owner, remote, account):
    evil = {"error": HOSTILE, "error_info": {"id": "x", "message": HOSTILE}}
    remote.fail("GET /v3/pdf-results", Fault(200, json.dumps(evil).encode()))
    answer = browser_of(owner).post("/mathpix/test", follow=True)
    assert answer.status_code == 200
    assert "onerror" in answer.text, "it is told"
    assert Active(answer.text).found == []
