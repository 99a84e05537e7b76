"""`/v3/app-tokens`: short-lived tokens that stand for a key at the addresses of images and ink."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from mathpixweb.accounts import app_tokens
from mathpixweb.accounts.models import AppToken
from mathpixweb.api.endpoint import ApiRequest, endpoint
from mathpixweb.api.errors import ApiError
from mathpixweb.documents.remote import remote_tokens
from mathpixweb.providers import options
from mathpixweb.providers.coercion import OUT_OF_RANGE, Flag, number_between

SECONDS = 300
LONGEST_USER_ID = 255


def _user_id(value: object) -> str:
    """The caller's own name for the person; many count theirs."""
    if isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= LONGEST_USER_ID:
        return str(value)
    raise PydanticCustomError(OUT_OF_RANGE, f"must be a text of at most {LONGEST_USER_ID} characters")


class TokenOptions(options.Asked):
    expires: Annotated[float, BeforeValidator(number_between(30, 43_200))] = SECONDS
    include_strokes_session_id: Flag = False
    user_id: Annotated[str, BeforeValidator(_user_id)] = ""


class SessionOptions(TokenOptions):
    expires: Annotated[float, BeforeValidator(number_between(30, 300))] = SECONDS


@endpoint("POST")
def issue(request: ApiRequest) -> dict[str, Any]:
    asked = options.validated(TokenOptions, request.args)
    if asked.include_strokes_session_id:
        asked = options.validated(SessionOptions, request.args)
    if remote_tokens.wanted(request.team):
        return remote_tokens.issue(request.team, request.args)
    token, secret = app_tokens.issue(
        request.api_key,
        asked.expires,
        user_id=asked.user_id,
        with_strokes_session=asked.include_strokes_session_id,
    )
    session = {"strokes_session_id": token.strokes_session_id} if token.strokes_session_id else {}
    return {"app_token": secret, "app_token_expires_at": _milliseconds(token), **session}


@endpoint("GET", "DELETE")
def show_or_revoke(request: ApiRequest, app_token: str) -> dict[str, Any]:
    """What is not a living token of the team is not known: ended, revoked, foreign and made up alike."""
    token = app_tokens.of_team(request.team, app_token)
    if token is None:
        return _handed_through(request, app_token)
    if request.http.method == "DELETE":
        app_tokens.revoke(token)
        return _owner(token, app_token)
    return {**_owner(token, app_token), "app_token_expires_at": _milliseconds(token)}


def _handed_through(request: ApiRequest, app_token: str) -> dict[str, Any]:
    """A token of the account that the team's apps call directly."""
    told = None
    if remote_tokens.wanted(request.team):
        act = remote_tokens.revoke if request.http.method == "DELETE" else remote_tokens.find
        told = act(request.team, app_token)
    if told is None:
        raise ApiError("token_unknown")
    return {**told, "app_id": request.api_key.app_id, "group_id": str(request.team.group_id)}


def _owner(token: AppToken, secret: str) -> dict[str, Any]:
    return {
        "app_token": secret,
        "app_id": token.api_key.app_id,
        "group_id": str(token.api_key.team.group_id),
        "user_id": token.user_id or None,
    }


def _milliseconds(token: AppToken) -> int:
    """The end in milliseconds since 1970, as clients compare it with their clock."""
    return round(token.expires_at.timestamp() * 1000)
