"""`/files/v1/webhook-config`: the secret that signs webhooks, and a try before any document is involved."""

from __future__ import annotations

from typing import Any

from mathpixweb.accounts import quotas, signing_secrets
from mathpixweb.api import callback_bodies
from mathpixweb.api.endpoint import ApiRequest, limited
from mathpixweb.api.views.files import files_endpoint
from mathpixweb.documents.telling import callbacks
from mathpixweb.providers import callback_options

TESTS_PER_MINUTE = 10


@files_endpoint("GET", "POST")
def config(request: ApiRequest) -> dict[str, Any]:
    """The secret is all there is to configure; a POST answers the same."""
    return {"signing_secret": signing_secrets.of_team(request.team)}


@files_endpoint("POST")
def renew_secret(request: ApiRequest) -> dict[str, Any]:
    return {"signing_secret": signing_secrets.renew(request.team)}


@files_endpoint("POST")
def test(request: ApiRequest) -> dict[str, Any]:
    """Sends the sample once; an address that does not take it is an answer, not an error."""
    order = callback_options.parse(request.args, callback_options.OF_A_FILE)
    if order is None:
        raise callback_options.refused("callback_url", "is missing")
    callbacks.check_order(request.team, order.url)
    with limited():
        quotas.admit_to("webhook-tests", request.api_key, TESTS_PER_MINUTE)
    text = callbacks.dumped(callback_bodies.sample())
    outcome = callbacks.send(request.team, order.url, text, order.headers)
    return {
        "status": "delivered" if outcome.delivered else "failed",
        "response_code": outcome.response_code,
        "detail": outcome.detail or None,
    }
