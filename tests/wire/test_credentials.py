from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from mathpixweb.accounts import keys
from mathpixweb.accounts.models import Membership, Role, User
from tests.wire.routes import routes_with_key

UNAUTHORIZED = {"id": "http_unauthorized", "message": "Invalid credentials"}
IDS = {
    **dict.fromkeys(("pdf_id", "conversion_id"), "2025_04_16_00112233445566778899g"),
    "file_id": "6d1b8a52-3a0e-4f63-9f0b-2f1c7b0a4d11",
    "job_id": "a job/1",
    "custom_id": "c/1",
}
ADDRESSES = sorted({address for route in routes_with_key() for address in route.addresses(IDS)})
FINALIZE = "/files/v1/jobs/a%20job/1/finalize"
TRIED = "/files/v1/data-sources/00112233-4455-4677-8899-aabbccddeeff/test"
WEBHOOKS = ("/files/v1/webhook-config/secret", "/files/v1/webhook-config/test")
FILES = ("/files/v1", "/files/v1/uri", FINALIZE, TRIED, *WEBHOOKS)
POSTED = ("/v3/pdf", "/v3/pdf-file", "/v3/file-batches", "/v3/converter", "/v3/app-tokens", *FILES)
READING = ("/v3/text", "/v3/strokes", "/v3/latex")  # what app tokens are for
METHOD = dict.fromkeys((*POSTED, *READING, "/v3/batch"), "POST")


@pytest.fixture(params=ADDRESSES)
def address(request):
    return request.param


async def answer(http, address, **headers):
    response = await http.request(METHOD.get(address, "GET"), address, headers=headers)
    return response.status_code, response.json().get("error_info")


async def test_no_address_answers_without_a_key(transactional_db, http, address):
    assert await answer(http, address) == (401, UNAUTHORIZED)


async def test_no_address_answers_to_a_wrong_key(owner, http, address):
    assert await answer(http, address, app_id=owner.key.app_id, app_key="wrong") == (401, UNAUTHORIZED)


async def test_no_address_answers_to_a_revoked_key(owner, http, address):
    await sync_to_async(keys.revoke)(owner.key)
    assert await answer(http, address, **owner.headers) == (401, UNAUTHORIZED)


async def test_no_address_takes_a_key_with_the_id_of_another(owner, outsider, http, address):
    headers = {"app_id": outsider.key.app_id, "app_key": owner.headers["app_key"]}
    assert await answer(http, address, **headers) == (401, UNAUTHORIZED)


async def test_no_address_takes_an_id_without_a_key(owner, http, address):
    assert await answer(http, address, app_id=owner.key.app_id) == (401, UNAUTHORIZED)


async def test_every_address_answers_to_the_key_alone(owner, http, address):
    status, body = await answer(http, address, app_key=owner.headers["app_key"])
    assert status != 401, body


async def test_every_address_answers_to_key_and_id(owner, http, address):
    status, body = await answer(http, address, **owner.headers)
    assert status != 401, body


async def test_header_names_with_a_hyphen_are_taken_too(owner, http):
    headers = {"app-id": owner.key.app_id, "app-key": owner.headers["app_key"]}
    assert (await http.get("/v3/pdf-results", headers=headers)).status_code == 200


async def test_a_cookie_is_no_key(owner, http, address):
    """Else any web site could make a signed-in browser send and delete documents."""

    def sign_in() -> str:
        user = User.objects.create_user("olga@example.org", "a long password")
        Membership.objects.create(team=owner.team, user=user, role=Role.OWNER)
        browser = Client()
        browser.force_login(user)
        return browser.cookies["sessionid"].value

    cookie = await sync_to_async(sign_in)()
    assert await answer(http, address, cookie=f"sessionid={cookie}") == (401, UNAUTHORIZED)


async def test_using_a_key_is_noted(owner, http):
    await http.get("/v3/pdf-results", headers=owner.headers)
    await owner.key.arefresh_from_db()
    assert owner.key.last_used_at is not None
