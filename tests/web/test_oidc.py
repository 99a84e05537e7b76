"""Signing in with an account elsewhere: against a provider of our own, over a real socket."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from mathpixweb.accounts import invitations
from mathpixweb.accounts.models import Identity, Membership, Role, Team, User
from mathpixweb.web.views import oidc

pytestmark = pytest.mark.django_db

KEY, FORGED = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))


class Provider(ThreadingHTTPServer):
    """Vouches for one person; `said` changes what it says, `key` what it signs with."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.key = KEY
        self.said: dict[str, Any] = {}
        self.nonce = ""

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": "person-1", "aud": "mathpixweb", "iat": now, "exp": now + 60,
            "nonce": self.nonce, "email": "ada@example.org", "email_verified": True, "name": "Ada",
        }  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": "one"}, {**claims, **self.said}, self.key)


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        issuer = self.server.issuer
        if self.path.endswith("openid-configuration"):
            self._say(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/keys",
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )
        else:
            self._say({"keys": [KEY.as_dict(private=False)]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"access_token": "opaque", "token_type": "Bearer", "id_token": self.server.token()})

    def _say(self, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere(settings: Any) -> Iterator[Provider]:
    provider = Provider()
    threading.Thread(target=provider.serve_forever, args=(0.02,), daemon=True).start()
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = provider.issuer, "mathpixweb"
    settings.OIDC_CLIENT_SECRET, settings.OIDC_NAME = "a secret", "Institute"
    yield provider
    provider.shutdown()
    provider.server_close()
    oidc.provider.cache_clear()


@pytest.fixture
def sign_in(elsewhere):
    """Goes to the provider and comes back, as a browser does; the answer at the end."""

    def go(client=None, goal=""):
        client = client or Client()
        asked = client.get("/sign-in/oidc", {"next": goal})
        query = parse_qs(urlsplit(asked.url).query)
        assert query["code_challenge_method"] == ["S256"]
        elsewhere.nonce = elsewhere.said.pop("nonce", query["nonce"][0])
        return client.get("/sign-in/oidc/return", {"code": "once", "state": query["state"][0]})

    return go


def test_who_has_an_account_is_known_by_the_proven_address_and_then_by_the_subject(
    sign_in, elsewhere, team, owner
):
    elsewhere.said = {"email": "OWNER@example.org"}
    assert sign_in().url == "/"
    assert Identity.objects.get().user == owner
    elsewhere.said = {"email": "new-address@example.org"}
    client = Client()
    assert sign_in(client).url == "/"
    assert client.get("/account").context["user"] == owner


def test_a_stranger_is_told_whom_to_ask(sign_in):
    answer = sign_in()
    assert answer.status_code == 403
    assert "Ask the owner of a team to invite this address" in answer.text
    assert not User.objects.exists()


def test_where_a_team_is_open_everybody_of_the_provider_joins_it(sign_in, settings, team, owner):
    settings.OIDC_TEAM, settings.OIDC_ROLE = team.name, "viewer"
    assert sign_in().url == "/"
    membership = Membership.objects.get(user__email="ada@example.org")
    assert (membership.team, membership.role, membership.user.name) == (team, Role.VIEWER, "Ada")
    assert not membership.user.has_usable_password()


def test_who_is_invited_by_address_joins_by_signing_in(sign_in, team, owner):
    invitations.make(team, Role.MEMBER, created_by=owner, email="ada@example.org")
    sign_in()
    assert Membership.objects.get(user__email="ada@example.org").team == team


def test_the_link_of_an_invitation_leads_through_the_provider_and_back(sign_in, team, owner):
    _, secret = invitations.make(team, Role.MEMBER, created_by=owner)
    client = Client()
    page = client.get(f"/invitations/{secret}").text
    assert f"/sign-in/oidc?next=/invitations/{secret}" in page
    answer = sign_in(client, f"/invitations/{secret}")
    assert answer.url == f"/invitations/{secret}"
    assert "Join “Analysis”" in client.get(answer.url).text


@pytest.mark.parametrize("said", [{"email_verified": False}, {"email_verified": None}, {"email": ""}])
def test_an_address_that_the_provider_does_not_vouch_for_opens_no_account(sign_in, elsewhere, owner, said):
    elsewhere.said = {"email": "owner@example.org", **said}
    answer = sign_in()
    assert answer.status_code == 403
    assert "not proven" in answer.text
    assert not Identity.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"nonce": "of another window"},
        {"aud": "another-client"},
        {"iss": "https://elsewhere.example.org"},
        {"exp": 1},
    ],
    ids=lambda said: next(iter(said)),
)
def test_what_was_said_to_others_or_long_ago_is_refused(sign_in, elsewhere, owner, said):
    elsewhere.said = {"email": "owner@example.org", **said}
    assert sign_in().status_code == 400
    assert not Identity.objects.exists()


def test_what_another_has_signed_is_refused(sign_in, elsewhere, owner):
    elsewhere.key, elsewhere.said = FORGED, {"email": "owner@example.org"}
    assert sign_in().status_code == 400


def test_an_answer_that_nobody_asked_for_is_refused(elsewhere, owner):
    answer = Client().get("/sign-in/oidc/return", {"code": "once", "state": "guessed"})
    assert answer.status_code == 400
    assert "belongs to another window" in answer.text


def test_a_second_factor_of_this_server_is_asked_for_all_the_same(sign_in, elsewhere, owner):
    User.objects.update(totp_secret="sealed")
    elsewhere.said = {"email": "owner@example.org"}
    assert sign_in().url == "/sign-in/second-factor"


def test_a_switched_off_account_stays_off(sign_in, elsewhere, owner):
    User.objects.update(is_active=False)
    elsewhere.said = {"email": "owner@example.org"}
    assert sign_in().status_code == 403


def test_a_provider_that_is_away_is_told(settings):
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = "http://127.0.0.1:9", "mathpixweb"
    answer = Client().get("/sign-in/oidc")
    assert answer.status_code == 502
    assert "does not answer" in answer.text
    oidc.provider.cache_clear()


def test_without_a_provider_nothing_is_offered(db):
    assert "/sign-in/oidc" not in Client().get("/sign-in").text
    assert Client().get("/sign-in/oidc").status_code == 404


def test_the_sign_in_offers_the_provider_by_its_name(elsewhere):
    assert "Sign in with Institute" in Client().get("/sign-in?next=/usage").text


def test_nobody_is_sent_to_another_site_afterwards(sign_in, elsewhere, team, owner):
    elsewhere.said = {"email": "owner@example.org"}
    assert sign_in(goal="https://evil.example.org/").url == "/"
    assert Team.objects.count() == 1
