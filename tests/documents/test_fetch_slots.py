"""Workers that wait for other people's servers: some of them, and fairly."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from mathpixweb.accounts.models import Team
from mathpixweb.documents.fetching import origins
from mathpixweb.documents.images import image_sources
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.work import claims, conversion, fetch_slots

pytestmark = pytest.mark.django_db
HOLDING = "import fcntl, sys; fcntl.lockf({0}, fcntl.LOCK_EX, 1, 0); print(flush=True); sys.stdin.read()"


@pytest.fixture
def slots(settings, monkeypatch):
    """One for two workers."""
    settings.WORKERS = 2
    shared = fetch_slots.Slots()
    shared.share()
    monkeypatch.setattr(fetch_slots, "SLOTS", shared)
    yield shared
    shared._file.close()


@pytest.fixture
def other_worker(slots):
    """Another process, which holds the slot."""
    file = slots._file.fileno()
    program = [sys.executable, "-c", HOLDING.format(file)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[file]) as process:
        process.stdout.readline()
        yield process
        process.kill()


@pytest.fixture
def addressed(team):
    """Makes a document that has yet to be fetched, put back a while ago."""

    def make(of_team=team, seconds=10, **fields):
        return Document.objects.create(
            team=of_team,
            source_url="https://example.org/a.pdf",
            created_at=timezone.now() - timedelta(minutes=1),
            queued_at=timezone.now() - timedelta(seconds=seconds),
            **({"kind": "pdf"} | fields),
        )

    return make


@pytest.mark.parametrize("kind", ["pdf", "image"])
def test_a_document_that_finds_no_slot_is_left_as_if_nobody_had_come(
    other_worker, addressed, monkeypatch, kind
):
    for module, name in ((origins, "fetch"), (image_sources, "downloaded")):
        monkeypatch.setattr(module, name, lambda *_: pytest.fail("there is no slot"))
    document = addressed(kind=kind)
    conversion.take_turn(document.pk)
    document.refresh_from_db()
    assert (document.status, document.attempts, document.claim) == (Status.RECEIVED, 0, "")
    assert document.lease_until is None


def test_a_slot_is_free_again_when_its_holder_has_died(other_worker, slots):
    with pytest.raises(fetch_slots.NoneFree), slots.one():
        pass
    other_worker.kill()
    other_worker.wait(10)
    with slots.one():
        pass


def test_after_a_fetch_the_next_one_is_that_of_another_team(slots, addressed, woken):
    """Of its own team when there is no other."""
    fetching, own = addressed(seconds=50), addressed(seconds=40)
    claims.take(Document.objects.filter(pk=fetching.pk))
    theirs = addressed(of_team=Team.objects.create(name="Topology"), seconds=5)
    with slots.one():
        pass
    called = [theirs.pk, own.pk]
    theirs.delete()
    with slots.one():
        pass
    assert woken == called


def test_files_whose_turn_in_their_job_has_not_come_are_not_called(slots, addressed, woken):
    document = addressed()
    Document.objects.filter(pk=document.pk).update(queued_at=document.created_at)
    with slots.one():
        pass
    assert woken == []
