from __future__ import annotations

import pytest

from mathpixweb.accounts.models import Membership
from mathpixweb.documents.library import folders
from mathpixweb.documents.models.library import Folder
from mathpixweb.web import fragments
from mathpixweb.web.reports import Known
from tests import pdfs
from tests.web.test_library import pdf

pytestmark = pytest.mark.django_db


def test_a_folder_is_made_opened_and_filled_from_the_browser(browser_of, owner, scripted):
    browser = browser_of(owner)
    opened = browser.post("/folders", {"path": "Lectures"}).url
    folder = Folder.objects.get()
    assert opened == f"/?folder={folder.pk}"
    assert "No document lies in this folder." in browser.get(opened).text
    sent = {"file": [pdf("a.pdf"), pdf("b.pdf", pdfs.with_numbered_pages(3))]}
    assert browser.post("/upload", sent | {"folder": folder.pk}).url == opened
    page = browser.get(opened).text
    assert "a.pdf" in page and "b.pdf" in page
    browser.post("/folders", {"path": "Week 1", "within": folder.pk})
    assert "Week 1" in browser.get(opened).text
    assert Folder.objects.filter(path="Lectures/Week 1").exists()


def test_documents_are_moved_by_many_and_shown_where_they_are(browser_of, owner, team, converted):
    folder = folders.make(team, "Papers")
    moved, stays = converted(name="moved.pdf"), converted(name="stays.pdf")
    browser = browser_of(owner)
    browser.post("/library/change", {"do": "move", "to": folder.pk, "document": moved.public_id})
    inside = browser.get(f"/?folder={folder.pk}").text
    assert "moved.pdf" in inside and "stays.pdf" not in inside
    assert "Papers</a>" in browser.get("/").text, "the library tells the folder"
    browser.post("/library/change", {"do": "move", "to": "", "all": "1", "folder": folder.pk})
    moved.refresh_from_db()
    stays.refresh_from_db()
    assert (moved.folder, stays.folder) == (None, None)


def test_a_search_in_a_folder_finds_what_lies_within_it(browser_of, owner, team, converted):
    outer, inner = folders.make(team, "Papers"), folders.make(team, "Papers/Old")
    converted(name="old.pdf", folder=inner)
    converted(name="elsewhere.pdf")
    page = browser_of(owner).get(f"/?folder={outer.pk}&q=pdf").text
    assert "old.pdf" in page and "elsewhere.pdf" not in page


def test_an_open_folder_is_told_of_its_own_documents_only(owner, team, received):
    folder = folders.make(team, "Papers")
    shown, leaves, foreign = (
        received(folder=folder),
        received(name="leaves.pdf"),
        received(name="foreign.pdf"),
    )
    known = Known({leaves.public_id: 0}, folder=folder.pk)
    told = fragments.library(Membership.objects.get(team=team, user=owner), [shown, leaves, foreign], known)
    assert f'id="document-{shown.public_id}"' in told
    assert f'<li id="document-{leaves.public_id}" hx-swap-oob="delete">' in told
    assert foreign.public_id not in told


def test_another_teams_folder_does_not_exist(browser_of, owner, outsider, team, converted):
    folder, document = folders.make(team, "Papers"), converted()
    browser = browser_of(outsider)
    sent = {
        "path": "Mine",
        "within": folder.pk,
        "do": "move",
        "to": folder.pk,
        "document": document.public_id,
    }
    paths = (f"/folders/{folder.pk}/rename", f"/folders/{folder.pk}/remove", "/folders", "/library/change")
    assert {browser.post(path, sent).status_code for path in paths} == {404}
    assert (
        browser.get(f"/?folder={folder.pk}").status_code == browser.get("/?folder=999999").status_code == 404
    )
    assert Folder.objects.get().path == "Papers"


def test_a_viewer_sees_folders_and_changes_none(browser_of, viewer, team):
    folder = folders.make(team, "Papers")
    page = browser_of(viewer).get(f"/?folder={folder.pk}").text
    assert "Papers" in page and f"/folders/{folder.pk}/remove" not in page
