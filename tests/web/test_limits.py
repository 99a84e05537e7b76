"""Limits of people: requests a minute and pages a month in the browser, set by who administers the team."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mathpixweb.accounts import keys, quotas, usage
from mathpixweb.accounts.audit_models import AuditEntry, Deed
from mathpixweb.accounts.models import Membership, Role, Team
from mathpixweb.documents.models import Document
from mathpixweb.documents.work import surveying
from tests.turns import work
from tests.web.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    """Sums of pages that are not remembered."""
    quotas._pages.cache_clear()


@pytest.fixture
def member(team):
    return person("member@example.org", team, Role.MEMBER)


@pytest.fixture
def limit(team):
    """Sets somebody's limit, and what has been read for them this month."""

    def set_to(user, pages, used=0):
        Membership.objects.filter(team=team, user=user).update(pages_per_month=pages)
        if used:
            usage.record(team, "pdf-page", {}, count=used, user=user)
        quotas._pages.cache_clear()

    return set_to


def send(browser, *, script=False):
    """A file that was not here before."""
    file = SimpleUploadedFile("notes.pdf", b"%PDF-1.4 scripted" + uuid4().bytes)
    return browser.post("/upload", {"file": file}, headers={"hx-request": "true"} if script else {})


def test_people_have_their_limits_on_the_page_of_the_team_s(browser_of, owner, member, team):
    usage.record(team, "pdf-page", {}, count=7, user=member)
    usage.record(team, "pdf-page", {}, count=9, api_key=keys.issue(team, "Notebook")[0])
    browser = browser_of(owner)
    rows = browser.get("/api-keys/limits").context["people"]
    assert [(row["person"], row["used"]) for row in rows] == [(owner, 0), (member, 7)]
    number = Membership.objects.get(user=member).pk
    assert browser.post("/api-keys/limits/people", {f"pages-{number}": "12"}).url == "/api-keys/limits"
    assert dict(Membership.objects.values_list("user", "pages_per_month")) == {owner.pk: None, member.pk: 12}
    assert AuditEntry.objects.get(deed=Deed.TEAM).subject == "member@example.org: pages_per_month=12"
    assert 'value="12"' in browser.get("/api-keys/limits").text
    browser.post("/api-keys/limits/people", {f"requests-{number}": "30"})
    changed = Membership.objects.get(user=member)
    assert (changed.requests_per_minute, changed.pages_per_month) == (30, None)
    said = "member@example.org: requests_per_minute=30, pages_per_month="
    assert AuditEntry.objects.filter(deed=Deed.TEAM).latest("pk").subject == said


def test_what_is_no_number_is_refused_and_said_so(browser_of, owner, member):
    number = Membership.objects.get(user=member).pk
    answer = browser_of(owner).post("/api-keys/limits/people", {f"pages-{number}": "-3"})
    assert "greater than or equal to 0" in answer.text
    assert Membership.objects.get(user=member).pages_per_month is None


def test_members_do_not_set_limits_and_nobody_sets_another_team_s(browser_of, member, outsider):
    number = Membership.objects.get(user=member).pk
    assert browser_of(member).post("/api-keys/limits/people", {f"pages-{number}": "9"}).status_code == 403
    browser_of(outsider).post("/api-keys/limits/people", {f"pages-{number}": "9"})
    assert Membership.objects.get(pk=number).pages_per_month is None


def test_nothing_is_taken_from_a_person_whose_pages_are_used(browser_of, scripted, member, owner, limit):
    limit(member, 10, used=9)
    browser = browser_of(member)
    assert "1 page is left to you this month." in browser.get("/").text
    assert send(browser).status_code == 302
    limit(member, 10, used=1)
    answer = send(browser)
    assert (answer.status_code, Document.objects.count()) == (429, 1)
    assert int(answer["Retry-After"]) > 0
    assert "The pages of this month are used up" in answer.text
    assert "All 10 pages that you may have read this month are used." in answer.text
    assert send(browser, script=True).status_code == 429
    assert browser.post("/upload", {"url": "https://example.org/a.pdf"}).status_code == 429
    assert "0 pages are left to you this month." in browser.get("/").text
    assert send(browser_of(owner)).status_code == 302
    assert "left to you" not in browser_of(owner).get("/").text


def test_whoever_sends_too_fast_is_told_to_wait(browser_of, scripted, member, owner):
    Membership.objects.filter(user=member).update(requests_per_minute=2)
    browser, strokes = browser_of(member), '{"strokes": {"x": [[1, 9]], "y": [[1, 9]]}}'
    assert [send(browser).status_code for _ in range(2)] == [302, 302]
    for answer in (
        send(browser),
        send(browser, script=True),
        browser.post("/sample"),
        browser.post("/snips", {"text": "$x$"}),
        browser.post("/draw/strokes", strokes, "application/json"),
    ):
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 60
        assert "That is too fast" in answer.text and "You may send 2 requests a minute" in answer.text
    assert Document.objects.count() == 2
    assert send(browser_of(owner)).status_code == 302, "others have a minute of their own"


def test_the_team_s_limit_holds_in_the_browser_too(browser_of, scripted, team, member):
    Team.objects.update(pages_per_month=5)
    usage.record(team, "pdf-page", {}, count=5)
    answer = send(browser_of(member))
    assert "All 5 pages that the team may have read this month are used." in answer.text


def test_a_document_with_more_pages_than_are_left_is_not_begun(received, scripted, member, owner, limit):
    limit(member, 10, used=4)
    scripted.page_count = 3
    surveying.prepare(received(user=member))
    scripted.page_count = 4
    refused = work(received(user=member))
    assert (refused.status, refused.error_id) == ("error", "pdf_page_limit_exceeded")
    assert "3 are left of the 10 that this person may have read" in refused.error_detail["message"]
    assert work(received(user=owner)).status == "completed"


def test_the_settings_limit_whoever_has_no_limit_of_their_own(browser_of, scripted, settings, member, limit):
    settings.MEMBER_PAGES_PER_MONTH = 4
    limit(member, None, used=4)
    assert send(browser_of(member)).status_code == 429
    limit(member, 0)
    assert send(browser_of(member)).status_code == 302
