"""Whether something of the team leaves this server, as every page's header says it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mathpixweb.accounts import remote_accounts
from mathpixweb.accounts.models import Team
from mathpixweb.accounts.remote_accounts import MATHPIX
from mathpixweb.documents.telling import webhooks


@dataclass(frozen=True, slots=True)
class Egress:
    """`leaves`: without anybody asking for it."""

    leaves: bool
    short: str | Promise
    long: str | Promise


NOTHING = Egress(
    False, _("Nothing leaves"), _("Nothing leaves this server: everything the team sends in is read here.")
)
ON_REQUEST = Egress(
    False,
    _("Read here"),
    _("Everything is read here. A page leaves this server only when someone has it read by Mathpix."),
)
TOLD = Egress(
    True,
    _("Webhooks are told"),
    _("Everything is read here. What becomes of documents is told to the team's webhooks."),
)
HARD_PAGES = Egress(
    True, _("Hard pages leave"), _("Pages that are hard to read here are sent to Mathpix, and say so.")
)
EVERYTHING = Egress(
    True, _("Read by Mathpix"), _("What the team sends in leaves this server: Mathpix reads it.")
)


def may_be_asked(team: Team) -> bool:
    """Whether a person of the team can have a page read by Mathpix."""
    account = remote_accounts.of_team(team)
    return remote_accounts.configured(account) and remote_accounts.may_leave(account)


def of_team(team: Team) -> Egress:
    account = remote_accounts.of_team(team)
    if not remote_accounts.may_leave(account):
        return NOTHING
    if account.provider == MATHPIX:
        return EVERYTHING
    configured = remote_accounts.configured(account)
    if configured and account.second_reading_below > 0:
        return HARD_PAGES
    if webhooks.active(team):
        return TOLD
    return ON_REQUEST if configured else NOTHING
