"""Teams that keep nothing: what is sent in is seen by its sender alone, is in no list, and is soon erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mathpixweb.accounts import keys
from mathpixweb.accounts.audit_models import AuditEntry, Deed
from mathpixweb.accounts.models import Membership, Role, Team, UsageEvent
from mathpixweb.documents.images.image_orders import Order
from mathpixweb.documents.intake import intake, privacy
from mathpixweb.documents.library import retention
from mathpixweb.documents.models import Document, Kind
from mathpixweb.documents.models.callbacks import Callback, Delivery
from mathpixweb.documents.models.library import Receipt
from mathpixweb.documents.provider import asked_there
from mathpixweb.documents.telling import events
from mathpixweb.providers import image_options
from mathpixweb.web import fragments
from mathpixweb.web.reports import Known
from tests.turns import work
from tests.web.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def silent(team):
    """The team, which keeps nothing."""
    Team.objects.filter(pk=team.pk).update(keeps_nothing=True)
    team.refresh_from_db()
    return team


@pytest.fixture
def sent(browser_of, owner, silent, scripted):
    """A document that the owner has sent in the browser and a worker has read."""
    file = SimpleUploadedFile("notes.pdf", b"%PDF-1.4 scripted")
    browser_of(owner).post("/upload", {"file": file})
    return work(Document.objects.get())


def test_owners_decide_it_and_the_log_says_so(browser_of, owner, team):
    browser = browser_of(owner)
    assert "Nothing kept" not in browser.get("/").text
    assert browser.post("/api-keys/limits/keep-nothing", {"keep_nothing": "1"}).url == "/api-keys/limits"
    browser.post("/api-keys/limits/keep-nothing", {"keep_nothing": "1"})
    assert Team.objects.get(pk=team.pk).keeps_nothing
    assert "Nothing kept" in browser.get("/").text
    browser.post("/api-keys/limits/keep-nothing", {})
    assert not Team.objects.get(pk=team.pk).keeps_nothing
    said = AuditEntry.objects.filter(deed=Deed.TEAM).order_by("pk").values_list("subject", flat=True)
    assert list(said) == ["keeps nothing: yes", "keeps nothing: no"]


def test_admins_see_it_and_cannot_change_it(browser_of, silent):
    browser = browser_of(person("admin@example.org", silent, Role.ADMIN))
    page = browser.get("/api-keys/limits").text
    assert "The team keeps nothing." in page and 'name="keep_nothing"' not in page
    answer = browser.post("/api-keys/limits/keep-nothing", {})
    assert (answer.status_code, Team.objects.get(pk=silent.pk).keeps_nothing) == (403, True)


def test_its_sender_alone_sees_a_document_until_it_is_erased(browser_of, owner, viewer, sent):
    address = f"/documents/{sent.public_id}"
    mine, other = browser_of(owner), browser_of(viewer)
    assert "Seen by you alone" in mine.get(address).text
    assert sent.public_id in mine.get("/").text
    assert sent.public_id in mine.get("/?q=page").text
    assert other.get(address).status_code == 404
    assert sent.public_id not in other.get("/").text + other.get("/?q=page").text
    assert privacy.ends_at(sent) == sent.completed_at + timedelta(hours=24)
    Document.objects.update(completed_at=timezone.now() - timedelta(hours=25))
    retention.end_private()
    assert mine.get(address).status_code == 404
    assert sum(UsageEvent.objects.values_list("count", flat=True)) == sent.num_pages


def test_live_lists_and_usage_show_nothing_private_of_others(owner, viewer, browser_of, sent, scripted):
    def rows(user):
        return fragments.library(Membership.objects.get(user=user), [sent], Known())

    assert sent.public_id in rows(owner)
    assert rows(viewer) == ""
    everything = "/usage/documents?since=2020-01-01T00:00&until=2100-01-01T00:00"
    assert sent.name not in browser_of(owner).get(everything).text


def test_the_log_outlasts_it_without_its_name(browser_of, owner, sent):
    browser_of(owner).get(f"/documents/{sent.public_id}")
    noted = AuditEntry.objects.filter(document=sent.public_id)
    assert {entry.subject for entry in noted} == {"(private)"}


def test_it_is_never_in_the_trash_but_deleted_with_a_receipt(browser_of, owner, sent):
    page = browser_of(owner).get(f"/documents/{sent.public_id}/delete").text
    assert "Move to the trash" not in page
    browser_of(owner).post("/library/change", {"document": sent.public_id, "do": "trash"})
    sent.refresh_from_db()
    assert sent.deleted_at and not sent.trashed_at
    assert Receipt.objects.get().actor == owner.email


def test_whatever_comes_by_a_key_is_private(silent, scripted):
    key, _ = keys.issue(silent, "Notebook")
    file = SimpleUploadedFile("notes.pdf", b"%PDF-1.4 scripted")
    assert intake.submit_file(silent, file, endpoint="/v3/pdf", options={}, api_key=key).private
    assert intake.submit_mmd(silent, "x", endpoint="/v3/converter", options={}, api_key=key).private
    options = image_options.text_options({})
    assert Order(Kind.IMAGE, "/v3/text", silent, options, key).private
    assert asked_there(silent, {"metadata": {"a": 1}}) == {"metadata": {"a": 1, "improve_mathpix": False}}


def test_what_a_webhook_says_of_it_is_kept_sealed_and_shown_to_nobody(sent):
    Callback.objects.create(
        team=sent.team, document=sent, url="https://example.org/hook", events=[events.FILE_COMPLETED]
    )
    events.settled(sent.pk)
    assert Delivery.objects.get().private


def test_what_a_person_pastes_is_there_for_them_alone(browser_of, owner, viewer, silent, scripted):
    browser_of(owner).post("/snips", {"text": r"\\alpha"})
    document = Document.objects.get()
    assert document.private
    assert browser_of(owner).get(f"/documents/{document.public_id}").status_code == 200
    assert browser_of(viewer).get(f"/documents/{document.public_id}").status_code == 404


def test_other_teams_keep_what_they_get(browser_of, silent, outsider, scripted):
    browser_of(outsider).post("/snips", {"text": "words"})
    assert not Document.objects.get().private
