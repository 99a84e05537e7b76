"""Signing in with an account elsewhere, over OpenID Connect.

Authlib speaks with the provider: it reads the provider's own description of itself, and checks signature,
issuer, audience, time and nonce of what it says; PKCE and state bind the answer to this browser.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mathpixweb.accounts import identities, invitations
from mathpixweb.accounts.models import Invitation
from mathpixweb.engine.deferred import Deferred
from mathpixweb.web import sitting
from mathpixweb.web.views.sign_in import elsewhere

logger = logging.getLogger(__name__)

# loaded where it is used only, as few installations do
OAUTH = Deferred("authlib.integrations.django_client:OAuth")
GOAL = "oidc-goal"  # where the session keeps the page that was asked for
SECONDS = 10  # for each answer of the provider


@cache
def provider(issuer: str, client_id: str, client_secret: str) -> Any:
    """What the provider is asked through; it remembers how the provider describes itself."""
    client = OAUTH()
    client.register(
        "oidc",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )
    return client.oidc


def _provider() -> Any:
    if not elsewhere()["oidc_name"]:
        raise Http404
    return provider(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponseBase:
    """Sends the person to the provider."""
    asked = _provider()
    request.session[GOAL] = request.GET.get("next", "")
    back = settings.PUBLIC_URL.rstrip("/") + reverse("web:oidc-return")
    try:
        answer: HttpResponseBase = asked.authorize_redirect(request, back)
    except Exception:  # a provider that is away, or says nonsense; whatever its library makes of it
        logger.exception("the provider of accounts could not be asked")
        return _refused(request, "away", 502)
    return answer


@never_cache
@require_GET
def returned(request: HttpRequest) -> HttpResponseBase:
    """The person comes back with what the provider says of them."""
    asked = _provider()
    try:
        said = asked.authorize_access_token(request, claims_options=_must_say(asked))["userinfo"]
    except Exception as error:  # noqa: BLE001 - refused there, forged, or too old: nobody is signed in
        logger.warning("a sign-in with an account elsewhere came to nothing: %s", error)
        return _refused(request, "failed", 400)
    goal = request.session.pop(GOAL, "")
    try:
        user = identities.find_or_admit(_claims(said), invited=_invitation(goal))
    except identities.Unproven:
        return _refused(request, "unproven", 403)
    except identities.NotWelcome:
        return _refused(request, "stranger", 403, email=str(said.get("email", "")))
    if not user.is_active:
        return _refused(request, "switched off", 403)
    return sitting.begin(request, user, goal)


def _must_say(asked: Any) -> dict[str, object]:
    """Who says it, and that it is said to us."""
    issuer = asked.load_server_metadata()["issuer"]
    return {
        "iss": {"essential": True, "values": [issuer]},
        "aud": {"essential": True, "values": [settings.OIDC_CLIENT_ID]},
    }


def _claims(said: dict[str, Any]) -> identities.Claims:
    return identities.Claims(
        issuer=str(said["iss"]),
        subject=str(said["sub"]),
        email=str(said.get("email") or "").lower(),
        name=str(said.get("name") or ""),
        proven=said.get("email_verified") in (True, "true") or settings.OIDC_TRUST_EMAIL,
    )


def _invitation(goal: str) -> Invitation | None:
    """The invitation whose link led to the sign-in."""
    try:
        match = resolve(urlsplit(goal).path)
    except Resolver404:
        return None
    return invitations.find(match.kwargs["token"]) if match.view_name == "web:invitation" else None


def _refused(request: HttpRequest, why: str, status: int, **more: str) -> HttpResponse:
    context = {"why": why, "provider": settings.OIDC_NAME, **more}
    return render(request, "accounts/oidc_refused.html", context, status=status)
