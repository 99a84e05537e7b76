"""Who may do what: the one table that pages, forms and live lines ask."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MEMBER = "member", _("Member")
    VIEWER = "viewer", _("Viewer")


class Action(StrEnum):
    """What a person can want to do in a team."""

    READ = "read"  # documents, pages, results, and who is in the team
    LEAVE = "leave"
    WRITE = "write"  # add, change, cancel, delete documents
    SEE_USAGE = "see usage"
    SEE_DELIVERIES = "see deliveries"
    REPLAY = "replay"
    MANAGE_WEBHOOKS = "manage webhooks"
    SEE_AUDIT = "see audit"
    MANAGE_BUDGET = "manage budget"
    MANAGE_KEYS = "manage keys"
    MANAGE_MEMBERS = "manage members"
    MANAGE_OWNERS = "manage owners"  # make somebody an owner, or take that away
    RENAME = "rename"
    KEEP_NOTHING = "keep nothing"  # whether what is sent in stays


class Scope(TextChoices):
    """What a key can be good for."""

    SUBMIT = "submit", _("Send documents and images")
    READ = "read", _("Fetch results, lists and states")
    DELETE = "delete", _("Delete and cancel")
    USAGE = "usage", _("See the usage")
    TOKENS = "tokens", _("Make and revoke app tokens")


EVERYBODY = frozenset(Role)
WRITERS = EVERYBODY - {Role.VIEWER}
ADMINISTRATORS = frozenset({Role.OWNER, Role.ADMIN})

ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.READ: EVERYBODY,
    Action.LEAVE: EVERYBODY,
    Action.WRITE: WRITERS,
    Action.SEE_USAGE: ADMINISTRATORS,
    Action.SEE_DELIVERIES: ADMINISTRATORS,
    Action.REPLAY: ADMINISTRATORS,
    Action.MANAGE_WEBHOOKS: ADMINISTRATORS,
    Action.SEE_AUDIT: ADMINISTRATORS,
    Action.MANAGE_BUDGET: ADMINISTRATORS,
    Action.MANAGE_KEYS: ADMINISTRATORS,
    Action.MANAGE_MEMBERS: ADMINISTRATORS,
    Action.MANAGE_OWNERS: frozenset({Role.OWNER}),
    Action.RENAME: ADMINISTRATORS,
    Action.KEEP_NOTHING: frozenset({Role.OWNER}),
}

ROLE_PURPOSES: Mapping[Role, object] = {
    Role.OWNER: _("Everything, owners included"),
    Role.ADMIN: _("Members, keys, usage and all documents"),
    Role.MEMBER: _("Adds, changes and deletes documents"),
    Role.VIEWER: _("Reads, searches and downloads documents"),
}


def may(role: str, action: Action) -> bool:
    return role in ALLOWED[action]


def may_give(giver: str, role: str) -> bool:
    """Whether somebody with the role `giver` may make another person a `role`."""
    wanted = Action.MANAGE_OWNERS if role == Role.OWNER else Action.MANAGE_MEMBERS
    return may(giver, wanted)


def may_change(giver: str, held: str, wanted: str) -> bool:
    """Whether a person's role may be changed from `held` to `wanted`."""
    return may_give(giver, held) and may_give(giver, wanted)


def scope_of(method: str, route: str) -> Scope:
    """What a call of the API by its method and the name of its address needs."""
    if route == "ocr-usage":
        return Scope.USAGE
    if route.startswith("app-token"):
        return Scope.TOKENS
    if method in ("GET", "HEAD"):
        return Scope.READ
    return Scope.DELETE if method == "DELETE" else Scope.SUBMIT
