"""Mathpix's own app tokens, for apps that call Mathpix directly: no detour, and no key in the app.

What is called with them passes this server by, so a team has to want it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mathpixweb.accounts import remote_accounts
from mathpixweb.accounts.models import Team
from mathpixweb.accounts.remote_accounts import MATHPIX
from mathpixweb.documents import provider
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.mathpix import calls, faults

PASSED_BACK = ("app_token", "app_token_expires_at", "strokes_session_id")


def wanted(team: Team) -> bool:
    """Whether the team's apps are to call Mathpix themselves."""
    account = remote_accounts.of_team(team)
    return account.direct_tokens and remote_accounts.reader(team) == MATHPIX


def issue(team: Team, asked: Mapping[str, object]) -> dict[str, Any]:
    """The token as Mathpix gives it, and `api_url`, where it is taken. Raises ProviderError."""
    answer = provider.mathpix(team).client.json(calls.issue_token(asked))
    if not isinstance(answer.get("app_token"), str):
        raise faults.Garbled("Mathpix answered without a token.")
    told = {name: answer[name] for name in PASSED_BACK if name in answer}
    return {**told, "api_url": provider.account(team).base_url}


def find(team: Team, app_token: str) -> dict[str, Any] | None:
    """What Mathpix says of one of its living tokens; None for any other. Raises Unreachable."""
    return _told(team, calls.token(app_token))


def revoke(team: Team, app_token: str) -> dict[str, Any] | None:
    return _told(team, calls.revoke_token(app_token))


def _told(team: Team, call: calls.Call) -> dict[str, Any] | None:
    """Without the account's own ids, which are nobody's business here."""
    try:
        answer = provider.mathpix(team).client.json(call)
    except faults.Unreachable:
        raise
    except ProviderError:
        return None
    return {name: answer[name] for name in (*PASSED_BACK, "user_id") if name in answer}
