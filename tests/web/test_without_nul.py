"""A character that SQLite stores and PostgreSQL does not."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


def test_what_is_sent_goes_on_without_it(browser_of, owner, team):
    browser = browser_of(owner)
    browser.post("/folders", {"path": "Lec\0tures"})
    assert team.folders.get().path == "Lectures"
    assert browser.get("/", {"q": "\0"}).context["listing"], "nothing is asked for"


@pytest.mark.parametrize(
    "path", ["/documents/a%00b", "/documents/a%00b/pages/1", "/share/a%00b", "/invitations/%00"]
)
def test_an_address_with_it_is_nobodys(browser_of, owner, path):
    assert browser_of(owner).get(path).status_code == 404
