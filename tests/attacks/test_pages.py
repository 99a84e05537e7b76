"""Every address of the browser: strangers, other teams, viewers, forged forms, and headers of all answers."""

from __future__ import annotations

import base64
import re
from hashlib import sha256

import pytest
from django.test import Client

from mathpixweb.documents.ids import new_public_id
from mathpixweb.documents.models import Document
from tests.attacks.routes import OPEN, READING, address, names, names_with_document

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TOKEN = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": *"[^"]*"|x-csrftoken[^}]*', re.IGNORECASE
)


def answer(browser, method, path, **more):
    response = browser.generic(method, path, **more)
    content = b"" if response.streaming else response.content
    return response, TOKEN.sub("", content.decode(errors="replace"))


@pytest.fixture
def stranger():
    """Has the token of a form, so that it is not the forgery check that keeps it out."""
    browser = Client(enforce_csrf_checks=True)
    browser.get("/sign-in")
    browser.defaults["HTTP_X_CSRFTOKEN"] = browser.cookies["csrftoken"].value
    return browser


@pytest.mark.parametrize("name", names(without=OPEN))
def test_a_stranger_is_sent_to_sign_in(stranger, converted, name):
    document = converted()
    statuses = set()
    for method in METHODS:
        response, _ = answer(stranger, method, address(name, document.public_id))
        statuses.add(response.status_code)
        assert response.status_code == 405 or response.url.startswith("/sign-in?next="), method
    assert 302 in statuses
    document.refresh_from_db()
    assert document.deleted_at is None


@pytest.mark.parametrize("name", names_with_document())
def test_a_document_of_another_team_is_answered_like_one_that_is_not(browser_of, outsider, converted, name):
    document = converted()
    browser = browser_of(outsider)
    unknown = new_public_id()
    for method in METHODS:
        foreign, seen = answer(browser, method, address(name, document.public_id))
        missing, shown = answer(browser, method, address(name, unknown))
        assert (foreign.status_code, seen) == (
            missing.status_code,
            shown.replace(unknown, document.public_id),
        )
        assert foreign.status_code in (404, 405)
    before, document = document.changes, Document.objects.get(pk=document.pk)
    assert document.changes == before, "nothing of it has changed"


@pytest.mark.parametrize("name", names(without=OPEN | READING))
def test_a_viewer_changes_nothing(browser_of, viewer, converted, name):
    document = converted()
    response, _ = answer(browser_of(viewer), "POST", address(name, document.public_id))
    assert response.status_code in (403, 405)
    before, document = document.changes, Document.objects.get(pk=document.pk)
    assert (document.changes, document.deleted_at) == (before, None)


@pytest.mark.parametrize("name", names())
def test_a_form_of_another_site_is_refused(owner, converted, name):
    document = converted()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)
    response, _ = answer(
        browser, "POST", address(name, document.public_id), headers={"Origin": "https://evil.example"}
    )
    assert response.status_code == 403
    assert Document.objects.alive().filter(pk=document.pk).exists()


@pytest.mark.parametrize("name", names())
def test_every_answer_says_what_browsers_must_not_do(browser_of, owner, viewer, outsider, converted, name):
    document = converted()
    for browser in (Client(), *map(browser_of, (owner, viewer, outsider))):
        for method in ("PUT", "GET"):
            check_headers(answer(browser, method, address(name, document.public_id))[0])


@pytest.mark.parametrize(
    "path", ["/nothing", "/static/nothing.css", "/v3/pdf", "/v3/nothing", "/cropped/x.jpg", "/healthz"]
)
def test_so_does_every_answer_to_anybody(client, db, path):
    check_headers(client.get(path))


def test_so_does_the_answer_to_a_wrong_host_name(client, db):
    response = client.get("/sign-in", headers={"Host": "evil.example"})
    assert response.status_code == 400
    check_headers(response)


def check_headers(response):
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-eval'" not in policy
    assert not re.search(r"script-src[^;]*unsafe", policy)
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_scripts_within_a_page_are_those_that_its_policy_names(browser_of, owner):
    response = browser_of(owner).get("/")
    within = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    named = re.findall(r"'sha256-(.*?)'", response["Content-Security-Policy"])
    assert within
    assert [base64.b64encode(sha256(script.encode()).digest()).decode() for script in within] == named


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "https:evil.example",
    ],
)
def test_signing_in_leads_to_no_other_site(client, owner, place):
    response = client.post(
        "/sign-in", {"username": owner.email, "password": "a long password", "next": place}
    )
    assert response.url == "/"


def test_signing_in_makes_the_session_another(client, owner):
    client.session.save()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post("/sign-in", {"username": owner.email, "password": "a long password"})
    assert client.cookies["sessionid"].value != session.session_key
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


@pytest.mark.parametrize("number", ["9" * 12, "9" * 30, "9" * 400, "9" * 5000])
@pytest.mark.parametrize("ending", ["", "/image", "/thumbnail", "/retry"])
def test_a_page_beyond_all_numbers_is_not_found(browser_of, owner, converted, number, ending):
    path = f"/documents/{converted().public_id}/pages/{number}{ending}"
    browser = browser_of(owner)
    assert (browser.post(path) if ending == "/retry" else browser.get(path)).status_code == 404


@pytest.mark.parametrize(
    "report",
    [
        '{"have": {"' + "9" * 5000 + '": 1}}',
        '{"have": {"1": ' + "9" * 400 + "}}",
        '{"since": "0001-01-01T00:00:00+23:59"}',
        '{"since": "9999-12-31T23:59:59-23:59"}',
        "[" * 10_000,
        '{"have": {"\\ud800": 1}}',
    ],
)
@pytest.mark.parametrize("name", ["document-changes", "library-changes"])
def test_a_report_that_makes_no_sense_is_no_error_of_ours(browser_of, owner, converted, name, report):
    path = address(name, converted().public_id)
    response = browser_of(owner).post(path, report, content_type="application/json")
    assert response.status_code == 200


@pytest.mark.parametrize(
    "question",
    ['"', '" OR *', "NEAR(a", "a* AND", "%_\\", "\0\x1f", "*" * 10_000, "(?:a+)+$", "é(a+)+", "\u202e"],
)
def test_a_question_is_never_a_command(browser_of, owner, converted, question):
    converted()
    assert browser_of(owner).get("/", {"q": question}).status_code == 200
