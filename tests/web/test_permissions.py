"""Every address asks the one table of permissions; the list of addresses is the URL conf's own."""

from __future__ import annotations

import pytest

from mathpixweb.accounts import keys, permissions
from mathpixweb.accounts.models import Invitation, Membership, Role
from mathpixweb.accounts.permissions import Action
from mathpixweb.accounts.permissions import Role as Roles
from mathpixweb.web.operating import OPERATE
from tests.attacks.routes import OPEN, address, names, routes
from tests.web.conftest import person

pytestmark = pytest.mark.django_db

VIEWS = {str(route.name): route.callback for route in routes()}
MEMBERS_ONLY = [name for name in names() if name not in OPEN]
CHANGES_MEMBERSHIP = {"leave-team", "choose-team", "new-team", "change-role", "remove-member"}


def asked(name):
    """What the address asks of a person: an action of the table, or to run the server."""
    return VIEWS[name].action


@pytest.mark.parametrize("name", MEMBERS_ONLY)
def test_every_address_names_what_it_asks(name):
    assert asked(name) in {*Action, OPERATE}


@pytest.mark.parametrize("role", Role.values)
def test_a_role_can_do_what_the_table_says_and_nothing_else(browser_of, team, owner, converted, role):
    document = converted()
    browser = browser_of(person("someone@example.org", team, role))
    refused, allowed = set(), set()
    for name in MEMBERS_ONLY:
        if name in CHANGES_MEMBERSHIP:
            continue
        path = address(name, document.public_id)
        statuses = {browser.generic(method, path).status_code for method in ("GET", "POST")}
        (refused if 403 in statuses else allowed).add(name)
        assert not any(status >= 500 for status in statuses), name
    forbidden = {
        name
        for name in refused | allowed
        if asked(name) == OPERATE or not permissions.may(role, Action(asked(name)))
    }
    if role == Role.OWNER:  # of the first team, who runs the server
        forbidden = {name for name in forbidden if asked(name) != OPERATE}
    assert refused == forbidden


@pytest.mark.parametrize("giver", Role.values)
@pytest.mark.parametrize("held", Role.values)
@pytest.mark.parametrize("wanted", Role.values)
def test_roles_are_given_by_those_who_may(browser_of, team, owner, giver, held, wanted):
    someone = person("someone@example.org", team, giver)
    other = Membership.objects.get(user=person("other@example.org", team, held))
    answer = browser_of(someone).post(f"/team/members/{other.pk}/role", {"role": wanted})
    other.refresh_from_db()
    owners = Roles.OWNER in (held, wanted)
    may = giver == Roles.OWNER or (giver == Roles.ADMIN and not owners)
    assert (answer.status_code, other.role) == ((302, wanted) if may else (403, held))


def test_of_another_team_nobody_finds_members_keys_or_invitations(browser_of, team, owner, outsider):
    member = Membership.objects.get(user=owner)
    key, _ = keys.issue(team, "key")
    invitation = Invitation.objects.create(
        team=team, token_hash="0" * 64, expires_at=member.created_at.replace(year=2100)
    )
    browser = browser_of(outsider)
    paths = (
        f"/team/members/{member.pk}/role",
        f"/team/members/{member.pk}/remove",
        f"/team/invitations/{invitation.pk}/revoke",
        f"/api-keys/{key.pk}",
        f"/api-keys/{key.pk}/revoke",
    )
    answers = {
        path: browser.post(path, {"role": "viewer", "name": "x", "scopes": ["read"]}) for path in paths
    }
    assert {answer.status_code for answer in answers.values()} == {404}
    assert Membership.objects.get(pk=member.pk).role == Role.OWNER


def test_a_refusal_says_why_and_whom_to_ask(browser_of, owner, viewer):
    answer = browser_of(viewer).get("/usage")
    assert answer.status_code == 403
    assert "Only owners and administrators of the team “Analysis” can do this." in answer.text
    assert f"You can ask {owner.get_full_name()} ({owner.email})." in answer.text
