from __future__ import annotations

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
    "batch_id": "17",
    **dict.fromkeys(("file_batch_id", "data_source_id"), "00112233-4455-4677-8899-aabbccddeeff"),
    "app_token": "token_00112233445566778899aabbccddeeff",
}
ADDRESSES = sorted({address for route in routes_with_key() for address in route.addresses(IDS)})
FINALIZE = "/files/v1/jobs/a%20job/1/finalize"
TRIED = "/files/v1/data-sources/00112233-4455-4677-8899-aabbccddeeff/test"
WEBHOOKS = ("/files/v1/webhook-config/secret", "/files/v1/webhook-config/test")
FILES = ("/files/v1", "/files/v1/uri", FINALIZE, TRIED, *WEBHOOKS)
POSTED = ("/v3/pdf", "/v3/pdf-file", "/v3/file-batches", "/v3/converter", "/v3/app-tokens", *FILES)
READING = ("/v3/text", "/v3/strokes", "/v3/latex")  # what app tokens are for
METHOD = dict.fromkeys((*POSTED, *READING, "/v3/batch"), "POST")


async def answers(http, **headers):
    """The status of every address, and what an error of it says."""
    said = {}
    for address in ADDRESSES:
        response = await http.request(METHOD.get(address, "GET"), address, headers=headers)
        said[address] = (response.status_code, response.json().get("error_info"))
    return said


NOTHING = dict.fromkeys(ADDRESSES, (401, UNAUTHORIZED))


async def test_no_address_answers_without_a_key(transactional_db, http):
    assert await answers(http) == NOTHING


async def test_no_address_answers_to_a_wrong_key(owner, http):
    assert await answers(http, app_id=owner.key.app_id, app_key="wrong") == NOTHING


async def test_no_address_answers_to_a_revoked_key(owner, http):
    await sync_to_async(keys.revoke)(owner.key)
    assert await answers(http, **owner.headers) == NOTHING


async def test_no_address_takes_a_key_with_the_id_of_another(owner, outsider, http):
    headers = {"app_id": outsider.key.app_id, "app_key": owner.headers["app_key"]}
    assert await answers(http, **headers) == NOTHING


async def test_no_address_takes_an_id_without_a_key(owner, http):
    assert await answers(http, app_id=owner.key.app_id) == NOTHING


async def test_every_address_answers_to_the_key_alone_and_with_its_id(owner, http):
    for headers in ({"app_key": owner.headers["app_key"]}, owner.headers):
        said = await answers(http, **headers)
        assert not {address for address, (status, _) in said.items() if status == 401}


async def test_header_names_with_a_hyphen_are_taken_too(owner, http):
    headers = {"app-id": owner.key.app_id, "app-key": owner.headers["app_key"]}
    assert (await http.get("/v3/pdf-results", headers=headers)).status_code == 200


async def test_a_cookie_is_no_key(owner, http):
    """Else any web site could make a signed-in browser send and delete documents."""

    def sign_in() -> str:
        user = User.objects.create_user("olga@example.org", "a long password")
        Membership.objects.create(team=owner.team, user=user, role=Role.OWNER)
        browser = Client()
        browser.force_login(user)
        return browser.cookies["sessionid"].value

    cookie = await sync_to_async(sign_in)()
    assert await answers(http, cookie=f"sessionid={cookie}") == NOTHING


async def test_using_a_key_is_noted(owner, http):
    await http.get("/v3/pdf-results", headers=owner.headers)
    await owner.key.arefresh_from_db()
    assert owner.key.last_used_at is not None
