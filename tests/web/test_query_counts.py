"""However much a team has, each page asks the database as often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mathpixweb.accounts import audit, invitations, keys, usage
from mathpixweb.accounts.audit_models import Deed
from mathpixweb.accounts.models import Role
from mathpixweb.documents.library import folders, sharing
from mathpixweb.documents.models import Document, Page, PageStatus, Rendition, Status, Tag, Webhook
from mathpixweb.documents.models.library import SavedSearch
from mathpixweb.documents.search import search
from tests.web.conftest import person

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/?look=grid",
    "/?folder={folder}",
    "/?q=word",
    "/?q=tag:blue+word+OR+folder:f0",
    "/trash",
    "/documents/{document}",
    "/documents/{document}/pages/1",
    "/documents/{document}/find?words=word",
    "/documents/{document}/hits?q=word",
    "/documents/{document}/shares",
    "/team/members",
    "/team/audit",
    "/team/webhooks",
    "/team/webhooks/addresses",
    "/api-keys",
    "/usage",
    "/usage/documents?since=2020-01-01T00:00&until=2100-01-01T00:00",
    "/operator",
    "/account",
]


def grow(team, owner, numbers):
    """Makes one of everything for each number, each belonging to somebody and something else."""
    for number in numbers:
        other = person(f"person-{number}@example.org", team, Role.MEMBER)
        key, _ = keys.issue(team, f"key {number}", created_by=other)
        document = Document.objects.create(
            team=team, user=other, api_key=key, kind="pdf", endpoint="/v3/pdf", name=f"{number}.pdf",
            status=Status.COMPLETED, num_pages=2, completed_at=timezone.now(),
            folder=folders.make(team, f"f{number}"),
        )  # fmt: skip
        fill(document, other)
        trashed = Document.objects.create(team=team, user=other, kind="pdf", endpoint="/v3/pdf", name="old")
        Document.objects.filter(pk=trashed.pk).update(trashed_at=timezone.now())
        SavedSearch.objects.create(team=team, name=f"search {number}", question="word")
        invitations.make(team, Role.MEMBER, created_by=owner)
        audit.note(team, other, Deed.CHANGED, f"{number}.pdf")
        Webhook.objects.create(team=team, host=f"{number}.example.org", events=["image"], created_by=other)
        usage.record(team, "pdf-page", {}, count=2, api_key=key, user=other)


def fill(document, user, pages=2):
    texts = [f"a word on page {number}" for number in range(1, pages + 1)]
    Page.objects.bulk_create(
        Page(
            document=document, index=index, number=index, status=PageStatus.COMPLETED, mmd=text, plain=text,
            html=f"<p>{text}</p>", search_text=search.stored(text, text), completed_at=timezone.now(),
        )
        for index, text in enumerate(texts, 1)
    )  # fmt: skip
    Tag.objects.create(document=document, name="blue")
    Rendition.objects.create(document=document, format="docx", status="completed")
    sharing.make(document, user, expires_at=timezone.now() + timedelta(days=1))


def counted(browser, address):
    browser.get(address)  # what is made at the first look is made
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(address)
    assert answer.status_code == 200, address
    return len(captured)


def test_pages_ask_the_database_as_often_for_three_of_everything_as_for_twelve(browser_of, owner, team):
    grow(team, owner, range(3))
    document = Document.objects.get(name="0.pdf")
    addresses = [address.format(document=document.public_id, folder=document.folder_id) for address in PAGES]
    browser = browser_of(owner)
    few = {address: counted(browser, address) for address in addresses}
    grow(team, owner, range(3, 12))
    document.tags.all().delete()
    document.renditions.all().delete()
    document.pages.all().delete()
    fill(document, owner, pages=8)
    assert {address: counted(browser, address) for address in addresses} == few
    assert max(few.values()) < 40, few
