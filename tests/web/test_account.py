"""One's own account: name, address, password, sessions, second factor."""

from __future__ import annotations

import pyotp
import pytest
from django.test import Client

from mathpixweb.accounts import second_factor
from mathpixweb.accounts.models import User
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(email, password=PASSWORD, **more):
    browser = Client()
    return browser, browser.post("/sign-in", {"username": email, "password": password, **more})


@pytest.fixture
def secret(owner, monkeypatch):
    """The owner's second factor, switched on a while ago."""
    secret = second_factor.new_secret()
    monkeypatch.setattr(second_factor.time, "time", lambda: 1_000_000_000)
    assert second_factor.switch_on(owner, secret, pyotp.TOTP(secret).at(1_000_000_000))
    monkeypatch.setattr(second_factor.time, "time", lambda: 1_000_000_100)
    return secret


@pytest.fixture
def code(secret):
    return pyotp.TOTP(secret).at(1_000_000_100)


def test_name_and_address_are_changed(browser_of, owner):
    browser = browser_of(owner)
    browser.post("/account/profile", {"name": "Olga"})
    browser.post("/account/email", {"email": "New@Example.org", "password": PASSWORD})
    owner.refresh_from_db()
    assert (owner.name, owner.email) == ("Olga", "new@example.org")
    assert sign_in("new@example.org")[1].url == "/"


def test_an_address_needs_the_password_and_must_be_free(browser_of, owner, viewer):
    browser = browser_of(owner)
    assert (
        "not your password"
        in browser.post("/account/email", {"email": "x@example.org", "password": "?"}).text
    )
    taken = browser.post("/account/email", {"email": viewer.email, "password": PASSWORD})
    assert "Another account has this address" in taken.text
    owner.refresh_from_db()
    assert owner.email == "owner@example.org"


def test_a_new_password_ends_the_other_sessions(browser_of, owner):
    here, there = browser_of(owner), browser_of(owner)
    here.post("/account/password", {"password": PASSWORD, "new_password": "another long one"})
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert sign_in(owner.email, "another long one")[1].url == "/"


def test_signing_out_everywhere_else_spares_only_this_session(browser_of, owner):
    here, there = browser_of(owner), browser_of(owner)
    here.post("/account/sessions")
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)


def test_the_second_factor_is_switched_on_with_its_first_code(browser_of, owner):
    browser = browser_of(owner)
    secret = browser.get("/account/second-factor").context["secret"]
    assert "not the code of now" in browser.post("/account/second-factor", {"code": "000000x"}).text
    answer = browser.post("/account/second-factor", {"code": pyotp.TOTP(secret).now()})
    assert len(answer.context["codes"]) == 8
    owner.refresh_from_db()
    assert secret not in owner.totp_secret
    assert owner.totp_secret


def test_with_it_the_password_alone_opens_nothing(owner, code):
    browser, answer = sign_in(owner.email, next="/account")
    assert answer.url == "/sign-in/second-factor"
    assert browser.get("/").status_code == 302
    assert browser.post(answer.url, {"code": "000000"}).status_code == 200
    assert browser.get("/").status_code == 302
    assert browser.post(answer.url, {"code": code}).url == "/account"
    assert browser.get("/").status_code == 200


def test_a_code_works_once(owner, code):
    for expected in ("/", None):
        browser, answer = sign_in(owner.email)
        reply = browser.post(answer.url, {"code": code})
        assert getattr(reply, "url", None) == expected


def test_a_recovery_code_works_once(browser_of, owner, secret):
    owner.recovery_hashes = [second_factor.keys.fingerprint("abcdef-123456")]
    owner.save()
    assert second_factor.accepts(User.objects.get(pk=owner.pk), "ABCDEF-123456 ")
    assert not second_factor.accepts(User.objects.get(pk=owner.pk), "abcdef-123456")


def test_codes_cannot_be_tried_for_ever(owner, secret):
    browser, answer = sign_in(owner.email)
    statuses = [browser.post(answer.url, {"code": f"00000{n % 10}"}).status_code for n in range(11)]
    assert statuses[-1] == 429
    browser, answer = sign_in(owner.email)
    assert browser.post(answer.url, {"code": "000000"}).status_code == 429, "the password resets nothing"


def test_it_is_switched_off_with_the_password_only(browser_of, owner, secret):
    browser = browser_of(owner)
    browser.post("/account/second-factor/off", {"password": "wrong"})
    assert User.objects.get(pk=owner.pk).totp_secret
    browser.post("/account/second-factor/off", {"password": PASSWORD})
    assert not User.objects.get(pk=owner.pk).totp_secret
