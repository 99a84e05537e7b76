"""Images that Mathpix reads: within the budget, in the same history, and not copied back into it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import Team, User
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents.images import images
from mathpixweb.documents.images.image_orders import Order
from mathpixweb.documents.models import Document, Kind
from mathpixweb.documents.remote import mirrored_rows
from mathpixweb.providers import image_options
from mathpixweb.providers.mathpix import breaker
from tests import mathpix_server
from tests.mathpix_server import APP_ID, APP_KEY, Fault, MathpixServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def remote(settings: Any) -> Iterator[MathpixServer]:
    breaker.forget()
    with mathpix_server.running() as fake:
        settings.MATHPIX_API_URL = fake.url
        fake.text_answer = {
            "request_id": "remote-1",
            "text": "\\( x \\)",
            "confidence": 1,
            "confidence_rate": 1,
        }
        yield fake


@pytest.fixture
def team(db: None, remote: MathpixServer) -> Team:
    team = Team.objects.create(name="Analysis")
    key = sealing.seal(APP_KEY)
    RemoteAccount.objects.create(
        team=team, provider="mathpix", region="server", app_id=APP_ID, app_key=key, page_budget=1
    )
    return team


def read(team: Team, **options: Any) -> images.Reply:
    asked = image_options.text_options(options)
    return images.answer(Order(Kind.IMAGE, "/v3/text", team, asked, image=b"\x89PNG picture"))


def test_the_answer_is_mathpixs_reading_under_this_servers_id(team, remote):
    reply = read(team)
    assert reply.body["text"] == "\\( x \\)" and reply.body["request_id"] != "remote-1"
    document = Document.objects.get()
    assert (document.provider, document.pages.get().mmd) == ("mathpix", "\\( x \\)")
    row = {"image_id": "remote-1", "timestamp": "2026-11-24T10:00:00Z", "result": {"text": "x"}}
    assert mirrored_rows.store(team, "ocr-results", [row], 0) == 0
    assert Document.objects.count() == 1


def test_the_browser_asks_for_every_line_in_its_place(team, remote):
    asked = image_options.text_options({"tags": ["a"]})
    user = User.objects.create(email="owner@example.org")
    images.answer(Order(Kind.IMAGE, "/v3/text", team, asked, user=user, image=b"picture"))
    assert remote.requests[0].options == {"tags": ["a"], "include_line_data": True}


@pytest.mark.parametrize(
    ("fault", "spent"), [(Fault(500), 0), (Fault(drop=True), 1)], ids=["refused", "lost"]
)
def test_what_was_certainly_not_read_costs_nothing(team, remote, fault, spent):
    remote.fail("POST /v3/text", fault)
    assert read(team).body["error_info"]["id"] == "sys_exception"
    assert RemoteAccount.objects.get().pages_this_month == spent


def test_beyond_the_budget_nothing_is_sent(team, remote):
    read(team)
    assert read(team).body["error_info"]["id"] == "http_max_requests"
    assert len(remote.requests) == 1


def test_a_private_image_is_private_there_and_kept_nowhere(team, remote):
    assert read(team, metadata={"improve_mathpix": False}).body["text"] == "\\( x \\)"
    assert remote.requests[0].options["metadata"] == {"improve_mathpix": False}
    assert not Document.objects.exists()
