"""Many documents: the syntax of the search box, facets, bulk actions, the trash, receipts."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from mathpixweb.documents import storage
from mathpixweb.documents.library import trash
from mathpixweb.documents.models import Document, Page, Tag
from mathpixweb.documents.models.library import Receipt, SavedSearch
from mathpixweb.documents.search import questions
from mathpixweb.documents.work import sweeping


def packed(answer):
    async def whole():
        return b"".join([piece async for piece in answer.streaming_content])

    return zipfile.ZipFile(io.BytesIO(async_to_sync(whole)()))


def names(browser, question):
    return sorted(result.document.name for result in browser.get("/", {"q": question}).context["found"])


@pytest.fixture
def shelf(converted, received, owner):
    """Three documents that differ in everything that can be asked for."""
    thesis = converted(name="thesis.pdf", created_at=timezone.now() - timedelta(days=40))
    Tag.objects.create(document=thesis, name="algebra")
    Page.objects.filter(document=thesis, number=1).update(
        mmd="\\begin{tabular}{l}a\\end{tabular}", confidence=0.3
    )
    converted(name="notes.pdf")
    received(name="waiting.JPEG", kind="image")
    Page.objects.exclude(confidence=0.3).update(confidence=0.99)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("tag:algebra", ["thesis.pdf"]),
        ("-tag:algebra", ["notes.pdf", "waiting.JPEG"]),
        ("kind:image", ["waiting.JPEG"]),
        ("format:jpg", ["waiting.JPEG"]),
        ("-format:jpg format:.PDF", ["notes.pdf", "thesis.pdf"]),
        ("status:completed", ["notes.pdf", "thesis.pdf"]),
        ("from:{yesterday}", ["notes.pdf", "waiting.JPEG"]),
        ("to:{yesterday}", ["thesis.pdf"]),
        ("by:owner kind:pdf -thesis", ["notes.pdf"]),
        ("has:table", ["thesis.pdf"]),
        ("confidence:low", ["thesis.pdf"]),
        ("thesis OR waiting", ["thesis.pdf", "waiting.JPEG"]),
        ('"page 2 says" AND tag:algebra', ["thesis.pdf"]),
        ('"page 2 says" -"thesis"', ["notes.pdf"]),
        ("kind:nonsense", []),
    ],
)
def test_the_search_box_knows_fields_and_words(browser_of, owner, shelf, question, found):
    yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()
    assert names(browser_of(owner), question.format(yesterday=yesterday)) == found


def test_what_is_not_understood_is_said_and_finds_nothing(browser_of, owner, shelf):
    page = browser_of(owner).get("/", {"q": "from:yesterday"})
    assert "Not understood: from:yesterday" in page.text
    assert page.context["results"].total == 0


def test_formulas_with_a_minus_are_formulas():
    assert questions.parse(r"x -y -1 -\alpha").alternatives == [r"x -y -1 -\alpha"]
    assert questions.parse("ring -field").without == ["field"]


def test_a_facet_adds_its_word_and_takes_it_away_again():
    assert questions.with_field("heat", "tag", "two words") == 'heat tag:"two words"'
    assert questions.with_field('heat tag:"two words"', "tag", "two words") == "heat"


def test_facets_count_what_the_team_has(browser_of, owner, outsider, shelf):
    counted = {
        str(facet.name): {str(value.name): value.count for value in facet.values}
        for facet in browser_of(owner).get("/library/narrow").context["facets"]
    }
    assert counted["Kind"] == {"PDF": 2, "Image": 1}
    assert counted["Format"] == {"pdf": 2, "jpg": 1}
    assert counted["Tag"] == {"algebra": 1}
    assert [str(facet.name) for facet in browser_of(outsider).get("/library/narrow").context["facets"]] == [
        "Contents"
    ]


def test_all_that_were_found_are_tagged_at_once(browser_of, owner, shelf):
    browser_of(owner).post("/library/change", {"q": "kind:pdf", "all": "1", "do": "tag", "tag": "term"})
    assert sorted(Tag.objects.filter(name="term").values_list("document__name", flat=True)) == [
        "notes.pdf",
        "thesis.pdf",
    ]
    browser_of(owner).post("/library/change", {"q": "tag:term", "all": "1", "do": "untag", "tag": "term"})
    assert not Tag.objects.filter(name="term").exists()


def test_chosen_documents_come_in_one_archive(browser_of, owner, viewer, shelf):
    document = Document.objects.get(name="notes.pdf")
    chosen = {"document": [document.public_id], "format": "mmd"}
    for reader in (owner, viewer):
        answer = browser_of(reader).get("/library/export", chosen)
        archive = packed(answer)
        assert archive.namelist() == ["notes.mmd"]
        assert b"Page 1 says" in archive.read("notes.mmd")


def test_names_cannot_lead_an_archive_astray(browser_of, owner, converted):
    for _ in range(2):
        converted(name="../../etc/passwd")
    answer = browser_of(owner).get("/library/export", {"all": "1", "format": "mmd"})
    found = packed(answer).namelist()
    assert len(set(found)) == 2
    assert all(".." not in name and "/" not in name for name in found)


@pytest.mark.parametrize("address", ["/library/change", "/trash/end", "/trash/take-out"])
def test_documents_of_others_are_out_of_reach(browser_of, outsider, converted, address):
    document = converted()
    if "trash" in address:
        trash.put(Document.objects.all())
    before = Document.objects.values("trashed_at", "deleted_at", "changes").get()
    sent = {"document": document.public_id, "do": "trash"}
    browser_of(outsider).post(address, sent)
    browser_of(outsider).post(address, {"all": "1", "do": "trash"})
    assert Document.objects.values("trashed_at", "deleted_at", "changes").get() == before


def test_the_trash_hides_and_gives_back(browser_of, owner, converted):
    document, browser = converted(), browser_of(owner)
    browser.post("/library/change", {"document": document.public_id, "do": "trash"})
    assert browser.get(f"/documents/{document.public_id}").status_code == 404
    assert browser.get("/", {"q": "says"}).context["results"].total == 0
    assert document.name in browser.get("/trash").text
    browser.post("/trash/take-out", {"document": document.public_id})
    assert browser.get(f"/documents/{document.public_id}").status_code == 200


def test_deleting_for_good_leaves_a_receipt_of_what_was_there(browser_of, owner, outsider, converted):
    document, browser = converted(), browser_of(owner)
    trash.put(Document.objects.all())
    answer = browser.post("/trash/end", {"document": document.public_id})
    receipt = Receipt.objects.get()
    assert answer.url == f"/receipts/{receipt.pk}"
    assert receipt.erased["pages"] == 3
    assert "source.pdf" in {file["name"] for file in receipt.erased["files"]}
    assert receipt.erased["left_over"] == []
    assert not storage.folder(document).exists()
    assert "source.pdf" in browser.get(answer.url).text
    assert browser.get(answer.url, {"format": "json"}).json()["document"] == document.public_id
    assert browser_of(outsider).get(answer.url).status_code == 404


def test_the_trash_empties_itself_when_the_time_is_over(converted, settings):
    settings.TRASH_DAYS = 30
    old, young = converted(name="old.pdf"), converted(name="young.pdf")
    trash.put(Document.objects.all())
    Document.objects.filter(pk=old.pk).update(trashed_at=timezone.now() - timedelta(days=31))
    sweeping.sweep()
    assert list(Document.objects.alive()) == [young]
    assert Receipt.objects.get().name == "old.pdf"


def test_a_search_is_kept_for_the_team_and_forgotten_again(browser_of, owner, viewer, outsider, shelf):
    browser_of(owner).post("/library/searches", {"name": "Algebra", "q": "tag:algebra"})
    assert "Algebra" in browser_of(viewer).get("/").text
    assert "Algebra" not in browser_of(outsider).get("/").text
    kept = SavedSearch.objects.get()
    assert browser_of(outsider).post(f"/library/searches/{kept.pk}/forget").status_code == 404
    browser_of(owner).post(f"/library/searches/{kept.pk}/forget")
    assert not SavedSearch.objects.exists()


def test_the_grid_is_remembered(browser_of, owner, converted):
    converted()
    browser = browser_of(owner)
    assert 'class="documents list"' in browser.get("/").text
    browser.get("/", {"look": "grid"})
    assert 'class="documents grid"' in browser.get("/").text
