"""Every address under a share link, from the URL conf: what it does not open, and what nobody may send."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mathpixweb.documents.library import retention, sharing, trash
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.shares import ShareLink
from tests.attacks.routes import OPEN, VALUES, routes
from tests.attacks.test_pages import METHODS, answer

pytestmark = pytest.mark.django_db

SHARED = [route for route in routes() if str(route.pattern).startswith("share/")]
NAMES = [str(route.name) for route in SHARED]
CHANGING = set(METHODS) - {"GET"}


def address(name: str, token: str, number: str = "1") -> str:
    route = next(route for route in SHARED if route.name == name)
    values = {**VALUES, "token": token, "number": number}
    return reverse(
        f"web:{name}", kwargs={argument: values[argument] for argument in route.pattern.converters}
    )


@pytest.fixture
def link(converted, owner):
    def make(**fields):
        made = sharing.make(converted(), owner, expires_at=None, password="", **fields)
        made.secret = sharing.of_document(made.document)[0].token
        return made

    return make


def test_all_of_them_are_known_to_be_open():
    assert len(NAMES) >= 8
    assert set(NAMES) <= OPEN


@pytest.mark.parametrize("name", NAMES)
def test_a_link_that_has_ended_is_answered_like_one_that_never_was(client, link, name):
    made = link()
    never = {method: answer(client, method, address(name, "x" * len(made.secret))) for method in METHODS}
    assert never["GET"][0].status_code == 404
    ends = {
        "expiry": lambda: ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1)),
        "taken back": lambda: ShareLink.objects.update(expires_at=None, revoked_at=timezone.now()),
        "trash": lambda: (ShareLink.objects.update(revoked_at=None), trash.put(Document.objects.all())),
        "deletion": lambda: retention.delete(made.document),
    }
    for end, happens in ends.items():
        happens()
        for method in METHODS:
            response, said = answer(client, method, address(name, made.secret))
            before, shown = never[method]
            shown = shown.replace("x" * len(made.secret), made.secret)
            assert (response.status_code, said) == (before.status_code, shown), (end, method)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_changed_through_a_link(link, name):
    made = link()
    before = (made.document.changes, made.document.name)
    browser = Client(enforce_csrf_checks=True)
    for method in CHANGING:
        response, _ = answer(browser, method, address(name, made.secret))
        assert response.status_code in (403, 405), method
    made.document.refresh_from_db()
    assert (made.document.changes, made.document.name, made.document.deleted_at) == (*before, None)
    assert sharing.find(made.secret) == made


@pytest.mark.parametrize("name", NAMES)
def test_nobody_who_is_signed_in_sees_more_than_anybody(client, browser_of, owner, outsider, link, name):
    secret = link().secret
    anybody = answer(client, "GET", address(name, secret))
    for user in (owner, outsider):
        response, said = answer(browser_of(user), "GET", address(name, secret))
        assert (response.status_code, said) == (anybody[0].status_code, anybody[1])
        assert user.email not in said


@pytest.mark.parametrize("name", [name for name in NAMES if "777" in address(name, "t", "777")])
@pytest.mark.parametrize("number", ["0", "777", "9" * 30])
def test_a_page_that_is_not_in_the_document_is_not_found(client, link, name, number):
    assert client.get(address(name, link().secret, number)).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_kept_by_no_cache_and_told_to_no_other_site(client, link, name):
    response = client.get(address(name, link().secret))
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"].startswith("noindex")
