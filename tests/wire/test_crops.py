from __future__ import annotations

import io

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from PIL import Image

from mathpixweb.accounts.models import Membership, Role, User
from mathpixweb.documents.output import crops

REGION = (100, 200, 300, 150)


@pytest.fixture
def signed(converted):
    """A document's figure and the address that was made for it."""

    async def make():
        document = await sync_to_async(converted)()
        return document, crops.url(f"{document.public_id}-02", *REGION)

    return make


def unsigned(address: str) -> str:
    return address.partition("&sig=")[0]


def cookie_of(team, email: str) -> str:
    user = User.objects.create_user(email, "a long password")
    Membership.objects.create(team=team, user=user, role=Role.VIEWER)
    browser = Client()
    browser.force_login(user)
    return f"sessionid={browser.cookies['sessionid'].value}"


async def test_a_signed_address_needs_nothing_else(http, signed):
    _, address = await signed()
    response = await http.get(address)
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(response.content)) as picture:
        assert picture.width / picture.height == pytest.approx(2, rel=0.05)


async def test_a_signature_holds_for_its_region_and_page_only(http, signed):
    _, address = await signed()
    for changed in (
        address.replace("width=300", "width=301"),
        address.replace("-02.jpg", "-01.jpg"),
        address[:-1] + ("0" if address[-1] != "0" else "1"),
        unsigned(address),
        unsigned(address) + "&sig=",
        address.partition("?")[0],
    ):
        assert (await http.get(changed)).status_code == 404, changed


async def test_a_key_of_the_team_needs_no_signature(http, owner, outsider, signed):
    _, address = await signed()
    assert (await http.get(unsigned(address), headers=owner.headers)).status_code == 200
    assert (await http.get(unsigned(address), headers=outsider.headers)).status_code == 404
    assert (await http.get(unsigned(address), headers={"app_key": "wrong"})).status_code == 404


async def test_a_member_of_the_team_needs_no_signature(http, owner, outsider, signed):
    _, address = await signed()
    member = await sync_to_async(cookie_of)(owner.team, "olga@example.org")
    stranger = await sync_to_async(cookie_of)(outsider.team, "tom@example.org")
    assert (await http.get(unsigned(address), headers={"cookie": member})).status_code == 200
    assert (await http.get(unsigned(address), headers={"cookie": stranger})).status_code == 404


async def test_a_member_may_see_the_whole_page(http, owner, signed):
    _, address = await signed()
    response = await http.get(address.partition("?")[0], headers=owner.headers)
    with Image.open(io.BytesIO(response.content)) as picture:
        assert picture.height > picture.width


@pytest.mark.parametrize("query", ["?width=x", "?width=-5", "?width=99999999999", "?top_left_x=1.5"])
async def test_senseless_regions_are_refused(http, owner, signed, query):
    _, address = await signed()
    response = await http.get(address.partition("?")[0] + query, headers=owner.headers)
    assert response.json()["error_info"]["id"].startswith("opts_")


async def test_nothing_is_cut_outside_the_page(http, signed, converted):
    document = await sync_to_async(converted)()
    assert (await http.get(crops.url(f"{document.public_id}-01", 90_000, 0, 10, 10))).status_code == 404
    assert (await http.get(crops.url(f"{document.public_id}-99", *REGION))).status_code == 404


async def test_a_deleted_document_has_no_figures(http, owner, signed):
    document, address = await signed()
    await http.delete(f"/v3/pdf/{document.public_id}", headers=owner.headers)
    assert (await http.get(address)).status_code == 404
    assert (await http.get(unsigned(address), headers=owner.headers)).status_code == 404


async def test_an_image_id_that_is_none_is_not_there(http, owner):
    assert (await http.get("/cropped/nothing.jpg", headers=owner.headers)).status_code == 404
