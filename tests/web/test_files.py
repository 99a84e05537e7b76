from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from django.urls import reverse
from PIL import Image

from mathpixweb.documents import storage
from mathpixweb.documents.models import Document, Rendition, RenditionStatus
from mathpixweb.web import thumbnails

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def address(document, name, *arguments):
    return reverse(f"web:{name}", args=[document.public_id, *arguments])


@pytest.fixture
def rendered(converted):
    """A finished document that has been made into the format, with this content."""

    def make(format_name, content):
        document = converted()
        name = storage.save(storage.rendition_name(document, format_name), content)
        Rendition.objects.create(document=document, format=format_name, status="completed", file=name)
        return document

    return make


async def received_by(user, path):
    """The answer and its body as the server sends it, piece by piece."""
    client = AsyncClient()
    await client.aforce_login(user)
    answer = await client.get(path)
    pieces = [piece async for piece in answer.streaming_content] if answer.streaming else [answer.content]
    return answer, pieces


def test_the_picture_of_a_page_is_private_and_what_it_says_it_is(browser_of, owner, converted):
    answer = browser_of(owner).get(address(converted(), "page-image", 1))
    assert answer["Content-Type"] == Image.open(BytesIO(answer.content)).get_format_mimetype()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("private")
    assert Image.open(BytesIO(answer.content)).width == 620


def test_lists_show_small_pictures(browser_of, owner, converted):
    document = converted()
    browser = browser_of(owner)
    for _ in ("made", "kept"):
        picture = Image.open(BytesIO(browser.get(address(document, "page-thumbnail", 1)).content))
        assert picture.width == thumbnails.WIDTH


@pytest.mark.parametrize("name", ["page-image", "page-thumbnail"])
def test_a_page_without_picture_is_not_found(browser_of, owner, converted, name):
    assert browser_of(owner).get(address(converted(), name, 99)).status_code == 404


def test_the_markdown_is_there_at_once(browser_of, owner, converted):
    answer = browser_of(owner).get(address(converted(), "download", "mmd"))
    assert answer["Content-Disposition"] == 'attachment; filename="notes.mmd"'
    assert answer.text.startswith("Page 1 says \\( x^{2}=1 \\)\n\nPage 2 says")


def test_the_lines_are_there_at_once(browser_of, owner, converted):
    answer = browser_of(owner).get(address(converted(), "download", "lines.json"))
    assert [page["page"] for page in json.loads(answer.content)["pages"]] == [1, 2, 3]


def test_nothing_can_be_downloaded_before_the_last_page(browser_of, owner, received):
    document = received()
    assert browser_of(owner).get(address(document, "download", "mmd")).url == address(document, "document")


@pytest.mark.parametrize("name", ['a "quoted"\r\nname.pdf', "Übung α.pdf"])
def test_a_strange_name_cannot_break_the_headers(browser_of, owner, converted, name):
    answer = browser_of(owner).get(address(converted(name=name), "download", "mmd"))
    assert answer.status_code == 200
    assert "\n" not in answer["Content-Disposition"]


@pytest.mark.django_db(transaction=True)
async def test_a_big_file_is_sent_in_pieces(owner, rendered):
    content = bytes(300_000)
    document = await sync_to_async(rendered)("docx", content)
    answer, pieces = await received_by(owner, address(document, "download", "docx"))
    assert b"".join(pieces) == content
    assert len(pieces) > 3
    assert answer["Content-Length"] == "300000"
    assert answer["Content-Disposition"] == 'attachment; filename="notes.docx"'


@pytest.mark.django_db(transaction=True)
async def test_a_web_page_is_downloaded_and_never_shown_as_ours(owner, rendered):
    document = await sync_to_async(rendered)("html", b"<script>alert(1)</script>")
    answer, _ = await received_by(owner, address(document, "download", "html"))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_format_is_made_when_it_is_asked_for(browser_of, owner, converted):
    document = converted()
    browser = browser_of(owner)
    menu = browser.post(address(document, "export", "docx"), headers=HTMX).text
    assert "Being made" in menu
    assert f'hx-get="{address(document, "export-state", "docx")}"' in menu
    assert document.renditions.get().format == "docx"
    browser.post(address(document, "export", "docx"))
    assert document.renditions.count() == 1, "asking twice makes it once"


def test_a_format_that_is_ready_starts_to_download(browser_of, owner, rendered):
    document = rendered("docx", b"PK")
    menu = browser_of(owner).get(address(document, "export-state", "docx"), headers=HTMX).text
    assert "data-download-now" in menu
    assert address(document, "download", "docx") in menu


@pytest.mark.django_db(transaction=True)
async def test_everything_that_is_there_comes_in_one_archive(owner, rendered):
    document = await sync_to_async(rendered)("docx", b"PK of Word")
    await Document.objects.aupdate(name="..\\up/no tes.pdf")
    answer, pieces = await received_by(owner, address(document, "download", "all.zip"))
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(b"".join(pieces))) as archive:
        assert sorted(archive.namelist()) == [
            "no tes.docx",
            "no tes.lines.json",
            "no tes.mmd",
            "original/no tes.pdf",
        ]
        assert archive.read("no tes.docx") == b"PK of Word"
        assert archive.read("original/no tes.pdf") == b"%PDF-1.4 scripted"


def test_a_format_that_failed_says_why_and_can_be_tried_again(browser_of, owner, converted):
    document = converted()
    browser = browser_of(owner)
    browser.post(address(document, "export", "docx"))
    reason = {"status": RenditionStatus.ERROR, "error_detail": {"message": "A table has no end."}}
    document.renditions.update(error_id="conversion_error", **reason)
    assert "A table has no end." in browser.get(address(document, "export-state", "docx")).text
    browser.post(address(document, "export", "docx"))
    assert document.renditions.get().status == RenditionStatus.PROCESSING


@pytest.mark.parametrize("format_name", ["nonsense", "../mmd", "mmd"])
def test_only_formats_that_are_made_here_can_be_ordered(browser_of, owner, converted, format_name):
    answer = browser_of(owner).post(f"/documents/{converted().public_id}/export/{format_name}")
    assert answer.status_code == 404


def test_what_was_not_made_cannot_be_downloaded(browser_of, owner, converted):
    assert browser_of(owner).get(address(converted(), "download", "docx")).status_code == 404
