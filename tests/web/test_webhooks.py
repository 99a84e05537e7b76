"""The page of a team's webhooks: set up, tried, paused, deleted, each with its line in the audit log."""

from __future__ import annotations

import html
import json
import re

import pytest

from mathpixweb.accounts.audit_models import AuditEntry, Deed
from mathpixweb.accounts.models import Role
from mathpixweb.documents.models import Delivery, Webhook
from mathpixweb.documents.telling import webhooks
from mathpixweb.web import egress
from mathpixweb.web.views.webhooks import TESTS_PER_MINUTE
from tests.receiving import receiving
from tests.web.conftest import person

pytestmark = pytest.mark.django_db

PAGE = "/team/webhooks/addresses"
WANTED = {"url": "https://example.org/hook/s3cret", "events": ["file.completed", "file.error"]}
ON_HOOK = ("", "/renew", "/test", "/switch", "/remove")


@pytest.fixture
def hook(team, owner):
    return webhooks.add(team, WANTED["url"], WANTED["events"], created_by=owner)[0]


@pytest.fixture
def receiver(settings, hook):
    settings.ALLOW_PRIVATE_CALLBACKS = ["127.0.0.1"]
    with receiving() as running:
        Webhook.objects.update(url=running.url, host="127.0.0.1")
        yield running


def noted():
    lines = AuditEntry.objects.filter(deed=Deed.WEBHOOK).order_by("pk")
    return list(lines.values_list("subject", flat=True))


def test_the_secret_of_a_new_webhook_is_shown_once(browser_of, owner):
    browser = browser_of(owner)
    shown = browser.post(PAGE, WANTED).text
    assert re.search(r"whsec_[0-9a-f]{64}", shown)
    assert Webhook.objects.get().events == WANTED["events"]
    again = browser.get(PAGE).text
    assert WANTED["url"] in again
    assert "whsec_" not in again
    assert noted() == ["added: example.org"], "the rest of an address may be a secret"


@pytest.mark.parametrize(
    "wrong", [{"url": "https://10.0.0.1/"}, {"url": "http://example.org/"}, {"events": []}]
)
def test_what_cannot_be_is_refused_beside_its_field(browser_of, owner, wrong):
    answer = browser_of(owner).post(PAGE, WANTED | wrong)
    assert 'role="alert"' in answer.text
    assert not Webhook.objects.exists()


def test_one_more_than_a_team_may_have_is_refused_in_words(browser_of, owner, monkeypatch, hook):
    monkeypatch.setattr(webhooks, "MOST", 1)
    assert "at most 1 webhooks" in browser_of(owner).post(PAGE, WANTED).text


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_only_administrators_see_and_change_webhooks(browser_of, team, hook, role):
    browser = browser_of(person("someone@example.org", team, role))
    statuses = {browser.post(f"{PAGE}/{hook.pk}{end}", WANTED).status_code for end in ON_HOOK}
    statuses |= {browser.get(PAGE).status_code, browser.post(PAGE, WANTED).status_code}
    assert statuses == {403}
    assert Webhook.objects.get(active_since__isnull=False, deleted_at=None) == hook


def test_a_webhook_of_another_team_does_not_exist(browser_of, outsider, hook):
    browser = browser_of(outsider)
    asked = [browser.post(f"{PAGE}/{hook.pk}{end}", WANTED) for end in ON_HOOK]
    asked.append(browser.get(f"/team/webhooks?webhook={hook.pk}"))
    assert {answer.status_code for answer in asked} == {404}
    assert hook.url not in browser.get(PAGE).text


def test_a_test_message_is_sent_at_once_and_stands_in_the_log(browser_of, owner, hook, receiver):
    receiver.answers = [403, 200]
    browser = browser_of(owner)
    failed = browser.post(f"{PAGE}/{hook.pk}/test", follow=True)
    assert "127.0.0.1 did not take the test message. The address answered HTTP 403." in failed.text
    assert Delivery.objects.get().status == "failed", "a test is tried once"
    taken = browser.post(f"{PAGE}/{hook.pk}/test", follow=True)
    assert "127.0.0.1 took the test message." in taken.text
    assert json.loads(receiver.posts[-1].body)["status"] == "completed"
    assert noted() == ["tested: 127.0.0.1"] * 2
    assert browser.get(f"/team/webhooks?webhook={hook.pk}").context["page"].paginator.count == 2


def test_tests_are_limited(browser_of, owner, hook, receiver, monkeypatch):
    monkeypatch.setattr("mathpixweb.accounts.rates.of_last_minute", lambda *_: (TESTS_PER_MINUTE + 1, 30))
    assert "try again in 30 seconds" in browser_of(owner).post(f"{PAGE}/{hook.pk}/test", follow=True).text
    assert receiver.posts == []


def test_it_is_changed_paused_resumed_and_deleted(browser_of, owner, hook):
    browser = browser_of(owner)
    browser.post(f"{PAGE}/{hook.pk}", {"url": "https://example.com/", "events": ["image"]})
    hook.refresh_from_db()
    assert (hook.host, hook.events) == ("example.com", ["image"])
    browser.post(f"{PAGE}/{hook.pk}/switch")
    hook.refresh_from_db()
    assert hook.active_since is None
    assert "paused" in browser.get(PAGE).text
    browser.post(f"{PAGE}/{hook.pk}/switch", {"on": "1"})
    hook.refresh_from_db()
    assert hook.active_since
    browser.post(f"{PAGE}/{hook.pk}/remove")
    assert "The team has no webhook yet." in browser.get(PAGE).text
    assert noted() == [f"{what}: example.com" for what in ("changed", "paused", "resumed", "deleted")]


def test_a_secret_is_renewed_in_place_and_shown_once(browser_of, owner, hook):
    browser = browser_of(owner)
    before = hook.secret
    shown = browser.post(f"{PAGE}/{hook.pk}/renew").text
    assert "The webhook to example.org has a new secret" in shown
    assert re.search(r"whsec_[0-9a-f]{64}", shown)
    hook.refresh_from_db()
    own = hook.secret
    assert own != before
    again = browser.post(f"{PAGE}/{hook.pk}/renew")
    hook.refresh_from_db()
    assert (again.status_code, hook.secret) == (302, own), "a reload makes no other one"
    edited = browser.get(f"{PAGE}/{hook.pk}").text
    assert "UTC the secret before is valid too." in edited
    assert "whsec_" not in edited + browser.get(PAGE).text
    assert noted() == ["secret renewed: example.org"]


def test_a_message_to_a_paused_webhook_is_not_sent_again(browser_of, owner, hook):
    webhooks.pause(hook)
    delivery = Delivery.objects.create(team=hook.team, webhook=hook, url=hook.url, host=hook.host, body="{}")
    answer = browser_of(owner).post(f"/team/webhooks/{delivery.pk}/replay", follow=True)
    assert "The webhook is paused or was deleted." in answer.text
    assert Delivery.objects.count() == 1


def test_the_header_says_that_webhooks_are_told(browser_of, owner, hook):
    browser = browser_of(owner)
    assert browser.get(PAGE).context["egress"] == egress.TOLD
    webhooks.pause(hook)
    assert browser.get(PAGE).context["egress"] == egress.NOTHING


def test_where_nothing_may_leave_the_page_says_so(browser_of, owner, hook, settings):
    browser = browser_of(owner)
    assert "Nothing may leave this server, as" not in browser.get(PAGE).text
    settings.EGRESS = False
    assert "Nothing may leave this server, as" in browser.get(PAGE).text
    answer = browser.post(f"{PAGE}/{hook.pk}/test", follow=True)
    assert "so nobody is told anything." in html.unescape(answer.text)
