"""E-mails to people whose documents took a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from mathpixweb.accounts.models import Membership, User
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.telling import notices

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def server(settings):
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example.org", "pages@example.org"


@pytest.fixture
def slow(converted, owner):
    """A document that its sender had to wait for, and wants to hear of."""

    def make(**fields):
        User.objects.update(mail_when_done=True)
        document = converted()
        began = timezone.now() - timedelta(minutes=5)
        Document.objects.filter(pk=document.pk).update(**{"created_at": began, **fields})
        return document

    return make


def test_the_sender_hears_when_the_document_is_done(slow, owner):
    document = slow(name="thesis.pdf")
    notices.tell(document.pk)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([owner.email], "Read: thesis.pdf")
    assert f"/documents/{document.public_id}" in sent.body


def test_a_failure_is_told_with_its_reason(slow):
    notices.tell(slow(status=Status.ERROR, error_detail={"message": "It is damaged."}).pk)
    assert mail.outbox[0].subject.startswith("Not read: ")
    assert "It is damaged." in mail.outbox[0].body


@pytest.mark.parametrize("why_not", ["quick", "unwanted", "left", "deleted", "by a key"])
def test_nobody_else_is_written_to(slow, owner, why_not):
    document = slow(**{"quick": {"created_at": timezone.now()}, "by a key": {"user": None}}.get(why_not, {}))
    if why_not == "unwanted":
        User.objects.update(mail_when_done=False)
    if why_not == "left":
        Membership.objects.all().delete()
    if why_not == "deleted":
        Document.objects.update(deleted_at=timezone.now())
    notices.tell(document.pk)
    assert mail.outbox == []


def test_people_choose_it_where_there_is_a_mail_server(browser_of, owner, settings):
    browser = browser_of(owner)
    assert "E-mail me when a document is done" in browser.get("/account").text
    browser.post("/account/profile", {"name": "Ada", "mail_when_done": "on"})
    owner.refresh_from_db()
    assert (owner.name, owner.mail_when_done) == ("Ada", True)
    settings.EMAIL_HOST = ""
    assert "E-mail me when a document is done" not in browser.get("/account").text
