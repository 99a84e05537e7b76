"""What is deleted here and was sent from here is deleted there; what others sent stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mathpixweb.accounts import sealing
from mathpixweb.accounts.models import Team
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents.library import retention
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.mirror import Mirrored
from mathpixweb.documents.models.remote import Erasure, Relay
from mathpixweb.documents.remote import erasing, mirrored_rows
from mathpixweb.providers.mathpix import breaker, retrying
from tests import mathpix_server
from tests.mathpix_server import APP_ID, APP_KEY, Fault, MathpixServer, Paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def remote(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MathpixServer]:
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.001)
    breaker.forget()
    with mathpix_server.running() as fake:
        settings.MATHPIX_API_URL = fake.url
        yield fake
    breaker.forget()


@pytest.fixture
def team(db: None, remote: MathpixServer) -> Team:
    team = Team.objects.create(name="Analysis")
    RemoteAccount.objects.create(team=team, region="server", app_id=APP_ID, app_key=sealing.seal(APP_KEY))
    return team


@pytest.fixture
def document(team: Team, remote: MathpixServer) -> Document:
    """One that was read there as a whole, and of which a page was then sent once more."""
    document = Document.objects.create(
        team=team, kind="pdf", endpoint="/v3/pdf", name="notes.pdf", status="completed"
    )
    Relay.objects.create(document=document, team=team, remote_id="whole", settled_at=timezone.now())
    mirrored_rows.note_own(team, "pdf-results", "page", part_of=document)
    for name in ("whole", "page", "another"):
        remote.papers[name] = Paper(name, ["x"], [1], 1)
    return document


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The messages to the workers."""
    sent: list[int] = []
    monkeypatch.setattr(erasing.queues, "erase_there", sent.append)
    return sent


def test_all_that_was_sent_of_a_document_is_deleted_there(
    document: Document, remote: MathpixServer, called: list[int]
) -> None:
    retention.delete(document)
    assert retention.delete(document) is False
    for erasure_id in [*called, *called]:
        erasing.take_turn(erasure_id)
    assert list(remote.papers) == ["another"]
    assert not Erasure.objects.exists() and len(remote.asked("DELETE /v3/pdf/")) == 2


def test_the_copy_of_what_others_sent_is_only_a_copy(
    document: Document, remote: MathpixServer, called: list[int], team: Team
) -> None:
    Mirrored.objects.all().delete()
    Mirrored.objects.create(team=team, name="pdf-results", remote_id="whole", document=document)
    retention.delete(document)
    assert not called and not Erasure.objects.exists()


@pytest.mark.parametrize(
    "fault",
    [Fault(404, b'{"error": "still being read"}'), Fault(429, headers={"retry-after": "99"}), Fault(500)],
)
def test_what_cannot_be_deleted_yet_is_tried_again_later(
    document: Document, remote: MathpixServer, called: list[int], fault: Fault
) -> None:
    remote.fail("DELETE /v3/pdf/whole", fault)
    retention.delete(document)
    for erasure_id in called:
        erasing.take_turn(erasure_id)
    (left,) = Erasure.objects.all()
    assert left.remote_id == "whole" and left.attempts == 1
    called.clear()
    erasing.sweep()
    assert not called
    Erasure.objects.update(due_at=left.due_at - timedelta(minutes=2))
    erasing.sweep()
    erasing.sweep()
    assert called == [left.pk]
    erasing.take_turn(left.pk)
    assert list(remote.papers) == ["another"]


def test_what_is_not_known_there_or_never_can_be_deleted_is_given_up(
    document: Document, remote: MathpixServer, called: list[int], settings: Any
) -> None:
    remote.papers.clear()
    retention.delete(document)
    erasing.take_turn(called[0])
    settings.EGRESS = False
    for _ in range(erasing.MOST_ATTEMPTS):
        erasing.take_turn(called[1])
    assert not Erasure.objects.exists()
