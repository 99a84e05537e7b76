from __future__ import annotations

import pytest
from django.urls import reverse

from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.work import conversion
from mathpixweb.providers.base import ProviderError
from mathpixweb.web import sheets

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def failing(message="Its font is damaged."):
    def fail():
        raise ProviderError("page_failed", message)

    return fail


def address(document, name="document", *arguments):
    return reverse(f"web:{name}", args=[document.public_id, *arguments])


def test_a_finished_document_shows_each_page_beside_its_original(browser_of, owner, converted):
    document = converted()
    page = browser_of(owner).get(address(document)).text
    for number in (1, 2, 3):
        assert f'id="page-{number}"' in page
        assert f"/documents/{document.public_id}/pages/{number}/image" in page
    assert "<math" in page
    assert "Page 2 says \\( x^{2}=2 \\)" in page, "the Markdown is there too"
    assert "ws-connect" not in page, "nothing will change any more"


def test_the_menu_shows_the_call_that_does_the_same(browser_of, owner, converted):
    document = converted(options={"page_ranges": "1-3"})
    page = browser_of(owner).get(address(document)).text
    assert f"/v3/pdf/{document.public_id}.mmd" in page
    assert "options_json" in page


def test_times_of_a_running_document_can_go_on_in_the_browser(browser_of, owner, received):
    page = browser_of(owner).get(address(received())).text
    assert 'data-clock="up" data-seconds="0.' in page
    assert 'data-minutes="%(minutes)d min %(seconds)d s"' in page


def test_what_waits_says_how_many_came_before_it(browser_of, owner, received):
    for status in (Status.RECEIVED, Status.SPLIT, Status.COMPLETED):
        received(status=status)
    waiting = received()
    received()
    browser = browser_of(owner)
    assert "2 documents before it" in browser.get(address(waiting)).text
    waiting.pages.create(index=1, number=1, status="completed")
    assert "before it" not in browser.get(address(waiting)).text


def test_an_unfinished_document_waits_with_room_for_its_pages(browser_of, owner, received, scripted):
    document = received()
    browser = browser_of(owner)
    assert f'ws-connect="/ws/documents/{document.public_id}"' in browser.get(address(document)).text
    scripted.before_page[2] = lambda: conversion.cancel(document)
    conversion.take_turn(document.pk)
    page = browser.get(address(document)).text
    assert "Page 1 says" in page
    assert "This page was not read." in page
    assert "The conversion was cancelled" in page


def test_pages_far_down_are_fetched_when_they_are_looked_at(browser_of, owner, converted, scripted):
    scripted.page_count = sheets.READY_SHEETS + 2
    document = converted()
    browser = browser_of(owner)
    far = sheets.READY_SHEETS + 1
    page = browser.get(address(document)).text
    assert f"Page {far} says" not in page
    assert f'hx-get="{address(document, "page", far)}"' in page
    fragment = browser.get(address(document, "page", far), headers=HTMX).text
    assert f"Page {far} says" in fragment
    assert "<html" not in fragment
    assert "<html" in browser.get(address(document, "page", far)).text, "without a script it is a page"


def test_a_page_that_failed_says_why_and_can_be_read_again(browser_of, owner, received, scripted):
    document = received()
    scripted.before_page[2] = failing()
    conversion.take_turn(document.pk)
    browser = browser_of(owner)
    page = browser.get(address(document)).text
    assert "This page could not be read" in page
    assert "Its font is damaged." in page
    del scripted.before_page[2]
    answer = browser.post(address(document, "retry-page", 2))
    assert answer.url == f"{address(document)}#page-2"
    conversion.take_turn(document.pk)
    assert "Page 2 says" in browser.get(address(document)).text


def test_all_failed_pages_can_be_read_again_at_once(browser_of, owner, received, scripted):
    document = received()
    scripted.before_page.update({1: failing(), 3: failing()})
    conversion.take_turn(document.pk)
    scripted.before_page.clear()
    browser = browser_of(owner)
    assert "Retry failed pages" in browser.get(address(document)).text
    browser.post(address(document, "retry"))
    conversion.take_turn(document.pk)
    assert document.pages.filter(status="completed").count() == 3


def test_a_document_is_cancelled_by_its_button(browser_of, owner, received):
    document = received()
    browser_of(owner).post(address(document, "cancel"))
    document.refresh_from_db()
    assert document.cancelled


@pytest.mark.parametrize(
    ("error_id", "headline"),
    [
        ("pdf_missing", "This is not a document that can be read here"),
        ("pdf_page_limit_exceeded", "The document has too many pages"),
        ("image_download_error", "The address could not be downloaded"),
        ("opts_value_out_of_range", "An option does not fit this document"),
        ("something_new", "Something went wrong on the server"),
    ],
)
def test_a_failure_is_told_in_plain_language(browser_of, owner, received, error_id, headline):
    document = received(status=Status.ERROR, error_id=error_id, error_detail={"message": "Because of this."})
    page = browser_of(owner).get(address(document)).text
    assert headline in page
    assert "Because of this." in page
    assert f"<code>{error_id}</code>" in page


def test_a_failure_is_told_in_the_readers_language_and_to_programs_in_english(browser_of, owner, received):
    said = "The file looks like an EPUB book but cannot be read. Its archive is damaged."
    document = received(status=Status.ERROR, error_id="pdf_missing", error_detail={"message": said})
    browser = browser_of(owner)
    for path in (address(document), "/"):
        page = browser.get(path, headers={"accept-language": "de"}).text
        assert "Die Datei sieht aus wie ein EPUB-Buch, kann aber nicht gelesen werden." in page
        assert "Sein Archiv ist beschädigt." in page and said not in page
    assert document.error_message() == said


def test_deleting_asks_first(browser_of, owner, converted):
    document = converted()
    browser = browser_of(owner)
    assert "cannot be undone" in browser.get(address(document, "delete")).text
    assert Document.objects.shown().exists()
    assert browser.post(address(document, "delete")).url == "/"
    assert not Document.objects.shown().exists()
    assert browser.get(address(document)).status_code == 404


def test_without_websocket_the_browser_asks_for_the_pages_it_has_not(browser_of, owner, converted):
    document = converted()
    answer = browser_of(owner).post(
        address(document, "document-changes"), {"have": {"1": 1, "2": 0, "3": 1}}, "application/json"
    )
    assert 'id="page-2"' in answer.text
    assert 'id="page-1"' not in answer.text
    assert "data-finished" in answer.text
    assert 'id="actions"' in answer.text


def test_a_browser_that_has_no_pages_yet_is_sent_the_whole_list(browser_of, owner, converted):
    answer = (
        browser_of(owner)
        .post(address(converted(), "document-changes"), {"have": {}}, "application/json")
        .text
    )
    assert answer.index('id="pages"') < answer.index('id="page-1"') < answer.index('id="page-3"')


def test_a_viewer_reads_but_finds_no_buttons_that_change_things(browser_of, viewer, converted):
    page = browser_of(viewer).get(address(converted())).text
    assert "Page 1 says" in page
    assert "/delete" not in page
    assert "Read this page again" not in page


CHANGING = [("cancel", ()), ("retry", ()), ("retry-page", (1,)), ("delete", ()), ("export", ("docx",))]
READING = [
    ("document", ()),
    ("page", (1,)),
    ("page-image", (1,)),
    ("page-thumbnail", (1,)),
    ("source", ()),
    ("download", ("mmd",)),
    ("export-state", ("docx",)),
]


@pytest.mark.parametrize(("name", "arguments"), CHANGING)
def test_a_viewer_changes_nothing(browser_of, viewer, converted, name, arguments):
    document = converted()
    before = document.changes
    assert browser_of(viewer).post(address(document, name, *arguments)).status_code == 403
    document.refresh_from_db()
    assert document.changes == before


@pytest.mark.parametrize(("name", "arguments"), [*READING, *CHANGING, ("changes", ())])
def test_to_an_outsider_the_document_does_not_exist(browser_of, outsider, converted, name, arguments):
    document = converted()
    before = document.changes
    name = "document-changes" if name == "changes" else name
    browser = browser_of(outsider)
    if (name, arguments) in READING:
        assert browser.get(address(document, name, *arguments)).status_code == 404
    else:
        assert browser.post(address(document, name, *arguments)).status_code == 404
    document.refresh_from_db()
    assert document.changes == before


@pytest.mark.parametrize(("name", "arguments"), READING)
def test_a_stranger_must_sign_in(client, converted, name, arguments):
    answer = client.get(address(converted(), name, *arguments))
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in?next=")


@pytest.mark.parametrize(("name", "arguments"), CHANGING)
def test_nothing_is_changed_without_the_forms_token(client, owner, converted, name, arguments):
    document = converted()
    client.handler.enforce_csrf_checks = True
    client.force_login(owner)
    before = document.changes
    assert client.post(address(document, name, *arguments)).status_code == 403
    document.refresh_from_db()
    assert document.changes == before


@pytest.mark.parametrize("name", ["cancel", "retry", "document-changes"])
def test_nothing_is_changed_by_following_a_link(browser_of, owner, converted, name):
    assert browser_of(owner).get(address(converted(), name)).status_code == 405


def test_where_nothing_was_read_there_is_nothing_to_review_or_share(browser_of, owner, received, scripted):
    document = received()
    waiting = browser_of(owner).get(f"/documents/{document.public_id}").text
    assert "data-next-doubtful" in waiting
    Document.objects.filter(pk=document.pk).update(status="error", error_id="pdf_missing")
    failed = browser_of(owner).get(f"/documents/{document.public_id}").text
    assert "data-next-doubtful" not in failed and "/shares" not in failed and "Try again" in failed
