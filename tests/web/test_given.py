"""A text that came through the converter, in the browser: no file, no picture, nothing to read again."""

from __future__ import annotations

import pytest

from mathpixweb.documents.intake import intake
from mathpixweb.documents.output import rendering


@pytest.fixture
def given(team, owner):
    def make(mmd="# On small numbers\n\nEvery number is small."):
        options = {"conversion_formats": {"docx": True}}
        return intake.submit_mmd(team, mmd, endpoint="/v3/converter", options=options, user=owner)

    return make


def test_the_library_shows_it_without_a_picture(given, owner, browser_of):
    document = given()
    page = browser_of(owner).get("/").content.decode()
    assert "On small numbers.mmd" in page
    assert f"/documents/{document.public_id}/pages/" not in page


def test_it_is_found_by_its_words(given, owner, browser_of):
    given()
    page = browser_of(owner).get("/", {"q": "number is small"}).content.decode()
    assert "On small numbers.mmd" in page


def test_its_page_shows_the_text_and_nothing_that_is_not_there(given, owner, browser_of):
    document = given()
    address = f"/documents/{document.public_id}"
    for place in (address, f"{address}/pages/1"):
        page = browser_of(owner).get(place).content.decode()
        assert "Every number is small." in page
        assert 'data-side="result"' in page
        for absent in ("/image", "source.pdf", "/retry", 'value="original"', "lines.json"):
            assert absent not in page


def test_its_text_can_be_downloaded_and_lines_cannot(given, owner, browser_of):
    document = given()
    browser = browser_of(owner)
    answer = browser.get(f"/documents/{document.public_id}/download/mmd")
    assert answer.content.decode() == "# On small numbers\n\nEvery number is small."
    assert browser.get(f"/documents/{document.public_id}/download/lines.json").status_code == 404


def test_it_is_not_read_again_when_asked_by_hand(given, owner, browser_of):
    document = given()
    browser_of(owner).post(f"/documents/{document.public_id}/pages/1/retry")
    document.refresh_from_db()
    assert document.status == "completed"


def test_a_very_long_text_is_shown_as_it_is(given, owner, browser_of, monkeypatch):
    monkeypatch.setattr(rendering, "LONGEST_SHOWN", 20)
    document = given()
    page = browser_of(owner).get(f"/documents/{document.public_id}").content.decode()
    assert "its Markdown is shown instead" in page
    assert "Every number is small." in page
