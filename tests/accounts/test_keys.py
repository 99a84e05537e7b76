import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from mathpixweb.accounts import keys
from mathpixweb.accounts.models import ApiKey, Team, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return Team.objects.create(name="Analysis")


def test_a_key_is_found_by_its_secret(team):
    key, secret = keys.issue(team, "laptop")
    assert keys.find(secret) == key
    assert keys.find(secret).team == team


def test_the_secret_is_not_stored(team):
    _, secret = keys.issue(team, "laptop")
    row = ApiKey.objects.values().get()
    assert secret not in map(str, row.values())
    assert row["key_hash"] == hashlib.sha256(secret.encode()).hexdigest()
    assert len(row["key_start"]) < 10


def test_secrets_are_long_and_never_the_same(team):
    secrets = {keys.issue(team, "key")[1] for _ in range(50)}
    assert len(secrets) == 50
    assert all(len(secret) >= 64 for secret in secrets)


def test_an_app_id_given_beside_the_secret_must_be_its_own(team):
    key, secret = keys.issue(team, "laptop")
    other, _ = keys.issue(team, "desktop")
    assert keys.find(secret, key.app_id) == key
    assert keys.find(secret, "") == key
    assert keys.find(secret, other.app_id) is None
    assert keys.find(secret, "unknown") is None


@pytest.mark.parametrize("secret", ["", "x", "é", "' OR 1=1 --", "\x00", "a" * 100_000])
def test_an_unknown_secret_finds_no_key(secret, team):
    keys.issue(team, "laptop")
    assert keys.find(secret) is None


def test_the_stored_hash_does_not_open_the_door(team):
    key, _ = keys.issue(team, "laptop")
    assert keys.find(key.key_hash) is None
    assert keys.find(key.key_start) is None


def test_a_revoked_key_is_dead_at_once_and_its_row_stays(team):
    key, secret = keys.issue(team, "laptop")
    keys.revoke(key)
    assert keys.find(secret) is None
    assert ApiKey.objects.get().revoked_at is not None


def test_revoking_twice_keeps_the_first_moment(team):
    key, _ = keys.issue(team, "laptop")
    keys.revoke(key)
    first = ApiKey.objects.get().revoked_at
    keys.revoke(key)
    assert ApiKey.objects.get().revoked_at == first


def test_revoking_one_key_leaves_the_others_alive(team):
    key, _ = keys.issue(team, "laptop")
    _, other = keys.issue(team, "desktop")
    keys.revoke(key)
    assert keys.find(other) is not None


def test_use_is_noted_but_not_at_every_request(team, django_assert_num_queries):
    _, secret = keys.issue(team, "laptop")
    keys.find(secret)
    first = ApiKey.objects.get().last_used_at
    assert first is not None
    with django_assert_num_queries(2):  # the key and its team
        keys.find(secret)
    ApiKey.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    keys.find(secret)
    assert ApiKey.objects.get().last_used_at >= first


def test_a_key_outlives_the_person_who_made_it(team):
    person = User.objects.create(email="a@example.org")
    _, secret = keys.issue(team, "laptop", created_by=person)
    person.delete()
    assert keys.find(secret) is not None
