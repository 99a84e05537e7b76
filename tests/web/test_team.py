"""People: invited by a link, given a role, removed, leaving; the last owner stays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from mathpixweb.accounts import invitations, keys, teams
from mathpixweb.accounts.audit_models import AuditEntry
from mathpixweb.accounts.models import Invitation, Membership, Role, Team, User
from mathpixweb.documents.library import sharing
from tests.web.conftest import PASSWORD, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def invite(browser_of, owner):
    """Invites as the owner does, and returns the address of the link."""

    def send(email="", role="member"):
        answer = browser_of(owner).post("/team/invitations", {"email": email, "role": role})
        return re.search(r"/invitations/[\w-]+", answer.context["link"])[0]

    return send


def sign_up(path, **fields):
    values = {"name": "Nina New", "email": "nina@example.org", "password": "a very long one"}
    return Client().post(path, values | fields)


def test_a_newcomer_signs_up_with_the_link_and_is_in_the_team(invite, team):
    path = invite(role="viewer")
    assert "invites you as Viewer" in Client().get(path).text
    browser = Client()
    answer = browser.post(
        path, {"name": "Nina New", "email": "Nina@Example.org", "password": "a very long one"}
    )
    assert answer.url == "/"
    assert Membership.objects.get(user__email="nina@example.org", team=team).role == Role.VIEWER
    assert browser.get("/").context["team"] == team


def test_a_link_works_once(invite):
    path = invite()
    assert sign_up(path).status_code == 302
    assert sign_up(path, email="second@example.org").status_code == 410
    assert not User.objects.filter(email="second@example.org").exists()


def test_a_link_made_for_somebody_is_for_nobody_else(invite, browser_of, outsider):
    path = invite("nina@example.org")
    sign_up(path, email="mallory@example.org")
    assert not User.objects.filter(email="mallory@example.org").exists()
    other = invite("else@example.org")
    assert browser_of(outsider).post(other).status_code == 403
    assert not Membership.objects.filter(user=outsider, team__name="Analysis").exists()


def test_who_has_an_account_joins_and_goes_on_in_the_new_team(invite, browser_of, outsider, team):
    path = invite()
    browser = browser_of(outsider)
    assert "Join “Analysis”" in browser.get(path).text
    assert browser.post(path).url == "/"
    assert browser.get("/").context["team"] == team
    browser.post("/team", {"team": outsider.teams.exclude(pk=team.pk).get().pk})
    assert browser.get("/").context["team"].name == "Topology"


def test_an_account_is_not_taken_over_by_signing_up(invite, outsider):
    answer = sign_up(invite(), email=outsider.email)
    assert "There is an account with this address" in answer.text
    outsider.refresh_from_db()
    assert outsider.check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "password123", ""])
def test_a_weak_password_is_refused(invite, password):
    assert sign_up(invite(), password=password).status_code == 200
    assert not User.objects.filter(email="nina@example.org").exists()


def test_a_second_invitation_takes_the_place_of_the_first(invite, team):
    first, second = invite("nina@example.org"), invite("Nina@example.org", role="viewer")
    assert sign_up(first).status_code == 410
    assert [invitation.role for invitation in invitations.open_of(team)] == [Role.VIEWER]
    assert sign_up(second).status_code == 302


def test_who_is_in_the_team_is_not_invited_again(browser_of, owner, viewer, team):
    answer = browser_of(owner).post("/team/invitations", {"email": viewer.email, "role": "admin"})
    assert f"{viewer.email} is in the team already." in answer.text
    assert not invitations.open_of(team)


def test_an_old_or_revoked_link_opens_nothing(invite, browser_of, owner):
    old, revoked = invite(), invite()
    first, second = Invitation.objects.order_by("pk")
    Invitation.objects.filter(pk=first.pk).update(expires_at=first.created_at - timedelta(seconds=1))
    browser_of(owner).post(f"/team/invitations/{second.pk}/revoke")
    assert [sign_up(path).status_code for path in (old, revoked)] == [410, 410]


def test_an_invitation_goes_out_by_email_where_there_is_a_server(settings, invite):
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example.org", "pages@example.org"
    path = invite("nina@example.org")
    (sent,) = mail.outbox
    assert sent.to == ["nina@example.org"]
    assert path in sent.body


def test_an_administrator_cannot_invite_an_owner(browser_of, team):
    admin = person("admin@example.org", team, Role.ADMIN)
    answer = browser_of(admin).post("/team/invitations", {"role": "owner"})
    assert "Select a valid choice" in answer.text
    assert not Invitation.objects.exists()


def test_the_last_owner_stays_an_owner(browser_of, owner, team):
    membership = Membership.objects.get(user=owner)
    browser = browser_of(owner)
    browser.post(f"/team/members/{membership.pk}/role", {"role": "member"})
    browser.post(f"/team/members/{membership.pk}/remove")
    answer = browser.post("/team/leave", follow=True)
    assert "A team needs an owner" in answer.text
    membership.refresh_from_db()
    assert membership.role == Role.OWNER


def test_with_a_second_owner_the_first_can_go(browser_of, owner, team):
    person("second@example.org", team, Role.OWNER)
    browser_of(owner).post("/team/leave")
    assert not Membership.objects.filter(user=owner).exists()


def test_who_is_removed_has_no_access_at_once(browser_of, owner, viewer):
    theirs = browser_of(viewer)
    browser_of(owner).post(f"/team/members/{Membership.objects.get(user=viewer).pk}/remove")
    assert theirs.get("/").status_code == 403


@pytest.fixture
def known_to_a_member(team, converted):
    """A member's own key, its secret, and a share link of theirs."""
    member = person("member@example.org", team, Role.ADMIN)
    key, secret = keys.issue(team, "Script", created_by=member)
    return member, key, secret, sharing.make(converted(), member, expires_at=None)


@pytest.mark.parametrize("goes", ["removed", "leaves"])
def test_keys_and_links_that_a_person_made_end_when_the_person_goes(
    browser_of, owner, known_to_a_member, goes
):
    member, _, secret, _ = known_to_a_member
    kept, _ = keys.issue(Team.objects.get(), "Another's", created_by=owner)
    number = Membership.objects.get(user=member).pk
    assert "1 API key and 1 share link" in " ".join(browser_of(owner).get("/team/members").text.split())
    if goes == "removed":
        answer = browser_of(owner).post(f"/team/members/{number}/remove", follow=True)
        assert "Their documents stay; 1 key and 1 share link ended." in answer.text
    else:
        browser_of(member).post("/team/leave")
    assert keys.find(secret) is None
    assert not sharing.living().exists()
    assert list(keys.living_of(kept.team)) == [kept]
    assert AuditEntry.objects.filter(subject__contains="1 key and 1 share link ended").exists()


def test_the_team_may_keep_what_a_removed_person_made(browser_of, owner, known_to_a_member):
    member, key, secret, link = known_to_a_member
    number = Membership.objects.get(user=member).pk
    browser_of(owner).post(f"/team/members/{number}/remove", {"keep": "1"})
    assert keys.find(secret) == key
    assert list(sharing.living()) == [link]


def test_a_team_is_made_and_renamed(browser_of, viewer):
    browser = browser_of(viewer)
    browser.post("/team/new", {"name": "Sheaves"})
    team = Team.objects.get(name="Sheaves")
    assert browser.get("/team/members").context["team"] == team
    browser.post("/team/name", {"name": "Stacks"})
    team.refresh_from_db()
    assert team.name == "Stacks"


def test_two_who_accept_at_once_are_one(team, owner, outsider):
    invitation, _ = invitations.make(team, Role.MEMBER, created_by=owner)
    assert invitations.accept(invitation, outsider) is not None
    assert invitations.accept(invitation, owner) is None
    assert not teams.may_operate(outsider)
