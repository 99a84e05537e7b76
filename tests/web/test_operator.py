"""The operator's pages, the metrics, the audit log, the log of webhooks, and scopes of keys."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from mathpixweb.accounts import app_tokens, audit, keys
from mathpixweb.accounts.audit_models import AuditEntry, Deed
from mathpixweb.accounts.models import ApiKey, Role, Team
from mathpixweb.accounts.permissions import Scope
from mathpixweb.documents import tasks
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.models.callbacks import Delivery
from mathpixweb.documents.models.operation import Machine
from mathpixweb.documents.telling import callbacks
from mathpixweb.documents.work import operation, pausing
from mathpixweb.web import auditing
from tests.attacks.routes import names
from tests.web.conftest import person

pytestmark = pytest.mark.django_db
SAMPLE = re.compile(r'^mathpixweb_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[0-9.e+-]+$')


def deeds(team):
    lines = AuditEntry.objects.filter(team=team).order_by("pk")
    return [(line.actor, line.deed, line.subject) for line in lines]


def test_while_paused_workers_take_up_nothing(browser_of, owner, received, scripted):
    browser = browser_of(owner)
    browser.post("/operator/queue", {"to": "pause"})
    document = received()
    tasks.convert(document.pk)
    assert scripted.reads == []
    assert "The workers are paused" in browser.get("/operator").text
    browser.post("/operator/queue", {"to": "resume"})
    assert pausing.paused() is None
    for _ in range(9):
        tasks.convert(document.pk)
    document.refresh_from_db()
    assert document.status == Status.COMPLETED


def test_what_waits_and_what_failed_is_shown_and_retried(browser_of, owner, received, team):
    received()
    failed = received(
        status="error", error_id="sys_exception", completed_at=timezone.now(), name="secret.pdf"
    )
    browser = browser_of(owner)
    page = browser.get("/operator")
    assert (page.context["queues"][0].waiting, [d.pk for d in page.context["failed"]]) == (1, [failed.pk])
    assert "secret.pdf" not in page.text, "names are the teams' own"
    browser.post(f"/operator/retry/{failed.pk}")
    failed.refresh_from_db()
    assert failed.status == Status.RECEIVED


def test_owners_of_other_teams_do_not_run_the_server(browser_of, owner, outsider, team):
    admin = person("admin@example.org", team, Role.ADMIN)
    assert [browser_of(user).get("/operator").status_code for user in (owner, admin, outsider)] == [
        200,
        403,
        403,
    ]
    outsider.is_staff = True
    outsider.save()
    assert browser_of(outsider).get("/operator").status_code == 200


def test_a_machine_that_is_silent_does_not_count_as_working():
    operation.report_machine()
    machine = Machine.objects.get()
    assert operation.machines() == [(machine, False)], "there is no worker below the tests"
    Machine.objects.update(processes=2)
    assert operation.machines()[0][1]
    Machine.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert not operation.machines()[0][1]


def test_metrics_are_for_operators_and_for_the_key(client, browser_of, owner, viewer, converted, settings):
    converted()
    assert client.get("/metrics").status_code == 401
    assert browser_of(viewer).get("/metrics").status_code == 401
    settings.METRICS_KEY = "prometheus"
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    answer = client.get("/metrics", headers={"Authorization": "Bearer prometheus"})
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    samples = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert all(SAMPLE.match(line) for line in samples)
    assert "mathpixweb_page_seconds_count 3" in samples
    assert browser_of(owner).get("/metrics").status_code == 200


def test_the_log_says_who_did_what_to_which_document(browser_of, owner, viewer, team, converted):
    document = converted()
    home = f"/documents/{document.public_id}"
    browser_of(viewer).get(home)
    browser_of(viewer).get(home)
    browser_of(viewer).get(f"{home}/download/mmd")
    browser_of(viewer).post(f"{home}/delete")
    browser_of(owner).post(f"{home}/delete")
    assert deeds(team) == [
        (viewer.email, Deed.SAW, "notes.pdf"),
        (viewer.email, Deed.DOWNLOADED, "notes.pdf"),
        (owner.email, Deed.DELETED, "notes.pdf"),
    ]


def test_what_keys_fetch_and_delete_is_in_the_log(client, team, converted):
    document = converted()
    _, secret = keys.issue(team, "Notebook")
    headers = {"app-key": secret}
    client.get(f"/v3/pdf/{document.public_id}.mmd", headers=headers)
    client.delete("/v3/pdf/2026_01_01_0123456789abcdef0123", headers=headers)
    client.delete(f"/v3/pdf/{document.public_id}", headers=headers)
    key = "key “Notebook”"
    assert deeds(team) == [(key, Deed.DOWNLOADED, "notes.pdf"), (key, Deed.DELETED, "notes.pdf")]


def test_signing_in_and_failing_to_is_in_the_log(client, owner, team):
    for password in ("wrong", "a long password"):
        client.post("/sign-in", {"username": owner.email, "password": password})
    assert [deed for _, deed, _ in deeds(team)] == [Deed.REFUSED, Deed.SIGNED_IN]


def test_the_log_is_filtered_and_taken_along(browser_of, owner, outsider, team):
    audit.note(team, owner, Deed.DELETED, "=HYPERLINK(1)")
    audit.note(team, owner, Deed.KEY, "made: x")
    browser = browser_of(owner)
    assert [line.deed for line in browser.get("/team/audit?deed=deleted").context["page"]] == [Deed.DELETED]
    assert [line.deed for line in browser.get("/team/audit?words=made").context["page"]] == [Deed.KEY]
    rows = list(csv.reader(io.StringIO(browser.get("/team/audit.csv?deed=deleted").text)))
    assert [row[3] for row in rows] == ["subject", "'=HYPERLINK(1)"]
    assert browser_of(outsider).get("/team/audit").context["page"].paginator.count == 0


def test_every_address_in_the_table_of_deeds_exists():
    known = {f"web:{name}" for name in names()}
    assert {view for _, view in auditing.DEEDS if view.startswith("web:")} <= known


@pytest.fixture
def delivery(team):
    values = {"url": "https://example.org/hook", "host": "example.org", "event": "pdf.completed"}
    return Delivery.objects.create(team=team, status="failed", body='{"a": 1}', response_code=500, **values)


def test_a_webhook_is_looked_at_and_sent_again(browser_of, owner, team, delivery):
    browser = browser_of(owner)
    assert "pdf.completed → example.org" in browser.get("/team/webhooks").text
    assert "{&quot;a&quot;: 1}" in browser.get(f"/team/webhooks/{delivery.pk}").text
    answer = browser.post(f"/team/webhooks/{delivery.pk}/replay")
    again = Delivery.objects.exclude(pk=delivery.pk).get()
    assert answer.url == f"/team/webhooks/{again.pk}"
    assert (again.body, again.url, again.status) == (delivery.body, delivery.url, "waiting")


def test_what_was_private_is_not_sent_again(browser_of, owner, delivery, outsider):
    Delivery.objects.update(private=True)
    delivery.refresh_from_db()
    assert callbacks.replay(delivery) is None
    assert browser_of(outsider).post(f"/team/webhooks/{delivery.pk}/replay").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("get", "/v3/pdf-results", Scope.READ),
        ("post", "/v3/converter", Scope.SUBMIT),
        ("get", "/v3/ocr-usage", Scope.USAGE),
        ("post", "/v3/app-tokens", Scope.TOKENS),
        ("delete", "/v3/pdf/2026_01_01_0123456789abcdef0123", Scope.DELETE),
    ],
)
def test_a_key_is_good_for_its_scopes_only(client, browser_of, owner, team, method, path, scope):
    key, secret = keys.issue(team, "Notebook")
    browser = browser_of(owner)

    def ask():
        answer = getattr(client, method)(path, headers={"app-key": secret}, data={})
        return answer.json().get("error_info", {}).get("id")

    for scopes, refused in (([s for s in Scope.values if s != scope], True), ([scope], False)):
        browser.post(f"/api-keys/{key.pk}", {"name": "Notebook", "scopes": scopes})
        assert (ask() == "http_unauthorized") == refused


def test_limits_are_edited_and_tokens_revoked(browser_of, owner, team):
    key, _ = keys.issue(team, "Notebook")
    token, secret = app_tokens.issue(key, 300)
    browser = browser_of(owner)
    form = {"name": "Notebook", "scopes": Scope.values, "requests_per_minute": 60, "pages_per_month": ""}
    browser.post(f"/api-keys/{key.pk}", form)
    browser.post("/api-keys/limits", {"pages_per_month": 500})
    key, team = ApiKey.objects.get(pk=key.pk), Team.objects.get(pk=team.pk)
    assert (key.requests_per_minute, key.pages_per_month, key.scopes) == (60, None, [])
    assert (team.requests_per_minute, team.pages_per_month) == (None, 500)
    browser.post(f"/api-keys/tokens/{token.pk}/revoke")
    assert app_tokens.find(secret) is None
    assert not Document.objects.exists()
