from __future__ import annotations

import pytest

from tests.web.test_sign_in import PASSWORD

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize("address", ["/upload", "/folders"])
def test_who_opens_an_address_that_only_forms_go_to_is_told_so(client, owner, address):
    client.login(username=owner.email, password=PASSWORD)
    answer = client.get(address, headers=BROWSER)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address takes what a form sends" in answer.content.decode()


def test_programs_get_no_page_for_it(client, owner):
    client.login(username=owner.email, password=PASSWORD)
    assert client.get("/upload").content == b""
