from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from mathpixweb.accounts import login_links
from mathpixweb.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create(email="a@example.org")


def test_a_link_leads_to_the_person_it_was_made_for(person):
    User.objects.create(email="b@example.org")
    assert login_links.redeem(login_links.make(person)) == person


def test_a_link_works_once(person):
    token = login_links.make(person)
    assert login_links.redeem(token) == person
    assert login_links.redeem(token) is None


def test_using_one_link_makes_all_earlier_ones_worthless(person):
    first, second = login_links.make(person), login_links.make(person)
    assert login_links.redeem(second) == person
    assert login_links.redeem(first) is None


def test_a_new_link_can_be_made_after_one_was_used(person):
    login_links.redeem(login_links.make(person))
    person.refresh_from_db()
    assert login_links.redeem(login_links.make(person)) == person


def test_signing_in_another_way_makes_a_link_worthless(person):
    token = login_links.make(person)
    User.objects.filter(pk=person.pk).update(last_login=timezone.now())
    assert login_links.redeem(token) is None


def test_a_link_expires(person, monkeypatch):
    token = login_links.make(person)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + timedelta(hours=25).total_seconds())
    assert login_links.redeem(token) is None


def test_a_link_lives_for_its_hours(person, monkeypatch):
    token = login_links.make(person)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + timedelta(hours=23).total_seconds())
    assert login_links.redeem(token) == person


@pytest.mark.parametrize("token", ["", "x", ":", "::", "a:b:c", "\x00", "é:é:é", "a" * 100_000])
def test_a_forged_link_is_refused(token, person):
    assert login_links.redeem(token) is None


def test_a_link_changed_in_any_place_is_refused(person):
    token = login_links.make(person)
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        changed = token[:place] + other + token[place + 1 :]
        # the last character of a base64 signature holds spare bits
        assert login_links.redeem(changed) is None or place == len(token) - 1
        User.objects.filter(pk=person.pk).update(last_login=None)


def test_a_token_signed_for_another_purpose_is_refused(person):
    claim = {"user": person.pk, "seen": ""}
    assert login_links.redeem(signing.dumps(claim)) is None
    assert login_links.redeem(signing.dumps(claim, salt="another purpose")) is None


def test_a_link_of_another_server_is_refused(person, settings):
    token = login_links.make(person)
    settings.SECRET_KEY = "another secret"
    assert login_links.redeem(token) is None


def test_a_person_who_was_shut_out_cannot_use_a_link(person):
    token = login_links.make(person)
    User.objects.update(is_active=False)
    assert login_links.redeem(token) is None


def test_a_link_of_a_person_who_is_gone_leads_to_nobody(person):
    token = login_links.make(person)
    person.delete()
    assert login_links.redeem(token) is None
