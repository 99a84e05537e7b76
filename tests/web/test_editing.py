"""A page's Mathpix Markdown in people's hands: drafts, versions, conflicts, and who gets the new text."""

from __future__ import annotations

import re

import pytest

from mathpixweb.accounts.models import Role
from mathpixweb.documents.library import editing
from mathpixweb.documents.models import Document, Rendition
from mathpixweb.documents.models.edits import Draft, PageVersion
from mathpixweb.documents.output import renditions
from mathpixweb.documents.search import search
from tests.web.conftest import person

NEW = "A new text with \\( \\nabla \\cdot F \\).\n"


def place(document, what="edit", page=1):
    return f"/documents/{document.public_id}/pages/{page}/{what}"


def edition(document):
    return document.pages.get(number=1).edition


def save(browser, document, mmd=NEW, of=None):
    return browser.post(place(document), {"mmd": mmd, "edition": edition(document) if of is None else of})


@pytest.fixture
def quiet_renditions(monkeypatch):
    monkeypatch.setattr(renditions.queues, "render", lambda _: None)


def test_what_is_saved_is_shown_downloaded_and_found(browser_of, owner, converted, quiet_renditions):
    document, browser = converted(), browser_of(owner)
    renditions.request(document, ["docx"], {})
    Rendition.objects.update(status="completed")
    made = Rendition.objects.get()
    assert save(browser, document).url.endswith("#page-1")
    assert "A new text with" in browser.get(f"/documents/{document.public_id}").text
    assert browser.get(f"/documents/{document.public_id}/download/mmd").text.startswith("A new text with")
    assert list(search.find_documents(Document.objects.all(), r"\nabla\cdot F")) == [document]
    assert not search.find_documents(Document.objects.all(), '"page 1 says"').exists()
    again = Rendition.objects.get()
    assert (again.pk, again.status) != (made.pk, "completed"), "exports are made again of the new text"


def test_the_first_version_is_what_was_read_and_can_be_brought_back(browser_of, owner, converted):
    document, browser = converted(), browser_of(owner)
    before = document.pages.get(number=1).mmd
    save(browser, document)
    versions = list(PageVersion.objects.values_list("number", "mmd", "user"))
    assert versions == [(1, before, None), (2, NEW, owner.pk)]
    assert "differ" in (compared := browser.get(place(document, "versions"), {"version": "1"}).text)
    assert NEW.strip() in re.sub("</?mark>", "", compared).replace("&#x27;", "'")
    browser.post(place(document, "versions/1/restore"))
    assert document.pages.get(number=1).mmd == before
    assert PageVersion.objects.get(number=3).restores == 1


def test_two_who_edit_at_once_do_not_overwrite_each_other(browser_of, owner, team, converted):
    document, colleague = converted(), person("anna@example.org", team, Role.MEMBER)
    opened = edition(document)
    save(browser_of(owner), document)
    late = save(browser_of(colleague), document, "Hers.", of=opened)
    assert late.status_code == 409
    assert "Hers." in late.text
    assert document.pages.get(number=1).mmd == NEW
    assert Draft.objects.get(user=colleague).mmd == "Hers."
    again = late.text.split('name="edition" value="')[1].split('"')[0]
    assert save(browser_of(colleague), document, "Hers.", of=again).status_code == 302


def test_a_draft_is_kept_for_its_writer_alone(browser_of, owner, team, converted):
    document, colleague = converted(), person("anna@example.org", team, Role.MEMBER)
    browser = browser_of(owner)
    kept = browser.post(place(document, "draft"), {"mmd": "Half a sent", "edition": edition(document)})
    assert "Draft kept" in kept.json()["said"]
    assert "Half a sent" in browser.get(place(document)).text
    assert "Half a sent" not in browser_of(colleague).get(place(document)).text
    browser.post(place(document, "draft"), {"discard": "1"})
    assert "Half a sent" not in browser.get(place(document)).text


def test_the_preview_is_rendered_and_harmless(browser_of, owner, converted):
    answer = browser_of(owner).post(
        place(converted(), "preview"), {"mmd": "\\( x^2 \\) <img src=x onerror=alert(1)>"}
    )
    assert "<math" in answer.text
    assert "<img" not in answer.text


def test_without_scripts_the_preview_is_a_button_that_saves_nothing(browser_of, owner, converted):
    document = converted()
    before = document.pages.get(number=1).mmd
    sent = {"mmd": "Only \\( y \\) looked at", "edition": edition(document), "preview": "1"}
    page = browser_of(owner).post(place(document), sent)
    assert "looked at" in page.text
    assert "<math" in page.text
    assert document.pages.get(number=1).mmd == before


def test_too_long_a_text_is_refused_before_it_is_stored(browser_of, owner, converted, monkeypatch):
    monkeypatch.setattr(editing, "LONGEST", 100)
    document = converted()
    assert save(browser_of(owner), document, "x" * 101).status_code == 413
    assert not PageVersion.objects.exists()


def test_viewers_see_versions_but_do_not_edit(browser_of, viewer, outsider, converted):
    document = converted()
    assert browser_of(viewer).get(place(document)).status_code == 403
    assert browser_of(viewer).get(place(document, "versions")).status_code == 200
    assert browser_of(outsider).get(place(document, "versions")).status_code == 404


def test_a_version_of_another_page_cannot_be_restored(browser_of, owner, converted):
    document, browser = converted(), browser_of(owner)
    save(browser, document)
    assert browser.post(place(document, "versions/1/restore", page=2)).status_code == 404
