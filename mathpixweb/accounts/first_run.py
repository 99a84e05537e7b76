"""The first team with its owner and API key, so that a new installation can be used at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from mathpixweb.accounts import keys
from mathpixweb.accounts.models import FIRST_TEAM, Membership, Role, Team, User

OWNER = "owner@localhost"


@dataclass(frozen=True, slots=True)
class FirstTeam:
    """What was made; `app_key` is in clear here and nowhere else."""

    owner: User
    team: Team
    app_id: str
    app_key: str


def create(*, email: str = "", password: str = "", app_id: str = "", app_key: str = "") -> FirstTeam | None:
    """Makes the first team; None, and nothing is changed, once there is any team.

    What is left empty is chosen: without a password the owner can sign in by a login link only.
    """
    with transaction.atomic():
        if Team.objects.exists():
            return None
        owner = User.objects.create_user(email or OWNER, password or None, is_staff=True)
        team = Team.objects.create(name=FIRST_TEAM)
        Membership.objects.create(team=team, user=owner, role=Role.OWNER)
        key, secret = keys.issue(team, "First key", created_by=owner, app_id=app_id, secret=app_key)
    return FirstTeam(owner, team, key.app_id, secret)
