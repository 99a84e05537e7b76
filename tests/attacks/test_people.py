"""People who want more than they were given: links kept aside, guessed passwords, odd codes."""

from __future__ import annotations

import re

import pyotp
import pytest
from django.core.cache import cache
from django.test import Client

from mathpixweb.accounts import second_factor
from mathpixweb.accounts.models import Membership, User
from mathpixweb.accounts.permissions import Role
from mathpixweb.web import throttle
from tests.web.conftest import PASSWORD, person

pytestmark = pytest.mark.django_db

LINK = re.compile(r"/invitations/[\w-]{20,}")
ODD_CODES = ("é23456", "１２３４５６", "12345\ud800")


@pytest.fixture(autouse=True)
def nobody_has_tried():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def administrator(team, owner):
    return person("admin@example.org", team, Role.ADMIN)


def link_by(browser, role):
    answer = browser.post("/team/invitations", {"email": "", "role": role})
    return LINK.search(answer.content.decode())[0]


def membership(user, team):
    return Membership.objects.filter(user=user, team=team).first()


def test_who_was_removed_does_not_come_back_by_a_link_kept_aside(browser_of, owner, administrator, team):
    there = browser_of(administrator)
    link = link_by(there, Role.ADMIN)
    browser_of(owner).post(f"/team/members/{membership(administrator, team).pk}/remove")
    assert there.post(link).status_code == 410
    assert membership(administrator, team) is None


def test_a_link_gives_no_role_that_its_maker_has_lost(browser_of, owner, administrator, team):
    own = person("second@example.org", team, Role.OWNER)
    there = browser_of(own)
    as_owner, as_member = link_by(there, Role.OWNER), link_by(there, Role.MEMBER)
    browser_of(owner).post(f"/team/members/{membership(own, team).pk}/role", {"role": Role.ADMIN})
    assert Client().get(as_owner).status_code == 410
    assert Client().get(as_member).status_code == 200  # administrators may still invite those


def test_a_link_of_somebody_who_stays_is_left_alone(browser_of, owner, administrator, team):
    link = link_by(browser_of(owner), Role.MEMBER)
    browser_of(owner).post(f"/team/members/{membership(administrator, team).pk}/remove")
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ("/account/second-factor/off", {}),
        ("/account/email", {"email": "thief@example.org"}),
        ("/account/password", {"new_password": "of the thief alone"}),
    ],
)
def test_a_browser_left_signed_in_is_no_place_to_guess_the_password(browser_of, owner, form, sent):
    User.objects.filter(pk=owner.pk).update(totp_secret="sealed")
    browser = browser_of(owner)
    for number in range(throttle.MOST_FOR_EMAIL):
        browser.post(form, {"password": f"guess {number}", **sent})
    browser.post(form, {"password": PASSWORD, **sent})
    email, password = owner.email, owner.password
    owner.refresh_from_db()
    assert (owner.email, owner.password, owner.totp_secret) == (email, password, "sealed")


@pytest.mark.parametrize("code", ODD_CODES[:2])
def test_an_odd_code_is_a_wrong_one(browser_of, owner, code):
    assert browser_of(owner).post("/account/second-factor", {"code": code}).status_code == 200
    secret = second_factor.new_secret()
    assert second_factor.switch_on(owner, secret, pyotp.TOTP(secret).now())
    browser = Client()
    browser.post("/sign-in", {"username": owner.email, "password": PASSWORD})
    assert browser.post("/sign-in/second-factor", {"code": code}).status_code == 200


@pytest.mark.parametrize("code", ODD_CODES)
def test_no_text_is_too_odd_to_be_compared(owner, code):
    assert second_factor.switch_on(owner, second_factor.new_secret(), code) is None
