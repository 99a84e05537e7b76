from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from asgiref.sync import sync_to_async

from mathpixweb.documents.models import Rendition
from mathpixweb.documents.output import renditions
from tests import offices
from tests.turns import work
from tests.wire.test_submitting import document_of, error_id, send


@pytest.fixture
def read_here(settings):
    """Documents are read by the engine itself."""
    settings.PROVIDER = "local"


@pytest.fixture(autouse=True)
def without_office(monkeypatch):
    """As on a machine without LibreOffice, so that it is the same everywhere."""
    monkeypatch.setattr("mathpixweb.engine.unfolded.LIBREOFFICE", NoProgram())


class NoProgram:
    def path(self):
        return None


async def finished(http, caller, response):
    document = await document_of(response)
    await sync_to_async(work)(document)
    return document


async def test_a_word_document_becomes_pages_figures_and_other_formats(http, owner, outsider, read_here):
    sent = await send(http, owner, offices.word(), "report.docx", {"conversion_formats": {"docx": True}})
    document = await finished(http, owner, sent)
    assert (document.status, document.num_pages) == ("completed", 1), document.error_detail

    text = (await http.get(f"/v3/pdf/{document.public_id}.mmd", headers=owner.headers)).text
    assert "\\frac{a}{b}" in text
    lines = (await http.get(f"/v3/pdf/{document.public_id}.lines.json", headers=owner.headers)).json()
    assert lines["pages"][0]["page_width"] == 0

    address = re.search(r"\((http[^)]*/cropped/[^)]*)\)", text)[1]
    path = address[address.index("/cropped/") :]
    figure = await http.get(path)
    assert (figure.status_code, figure.headers["content-type"]) == (200, "image/jpeg")
    assert (await http.get(re.sub("sig=.*", "", path), headers=outsider.headers)).status_code == 404

    rendition = await Rendition.objects.aget(document=document, format="docx")
    await sync_to_async(renditions.make)(rendition.pk)
    made = await http.get(f"/v3/pdf/{document.public_id}.docx", headers=owner.headers)
    assert made.status_code == 200
    with zipfile.ZipFile(io.BytesIO(made.content)) as packed:
        assert any(name.startswith("word/media/") for name in packed.namelist())
        assert b"m:oMath" in packed.read("word/document.xml")
    assert docx.Document(io.BytesIO(made.content)).tables


async def test_slides_can_be_asked_for_one_by_one(http, owner, read_here):
    sent = await send(http, owner, offices.slides(), "talk.pptx", {"page_ranges": "2"})
    document = await finished(http, owner, sent)
    text = (await http.get(f"/v3/pdf/{document.public_id}.mmd", headers=owner.headers)).text
    assert text.startswith("\\section*{Second slide}")
    assert "First slide" not in text


async def test_a_book_is_read_chapter_by_chapter(http, owner, read_here):
    document = await finished(http, owner, await send(http, owner, offices.book(), "book.epub"))
    assert document.num_pages == 2


async def test_a_web_page_must_be_called_one(http, owner, read_here):
    page = b"<!doctype html><html><body><h1>Hello</h1></body></html>"
    assert error_id(await send(http, owner, page, "paper.pdf")) == "pdf_missing"
    document = await finished(http, owner, await send(http, owner, page, "page.html"))
    assert document.status == "completed"


async def test_a_bomb_is_refused_at_the_door(http, owner):
    bomb = offices.word_with({"word/media/zeros.bin": bytes(70 << 20)})
    refused = await send(http, owner, bomb, "bomb.docx")
    assert error_id(refused) == "pdf_missing"
    assert "too large unpacked" in refused.json()["error"]


async def test_a_locked_book_fails_with_its_reason(http, owner, read_here):
    sent = await send(http, owner, offices.kindle(locked=True), "book.azw3")
    document = await finished(http, owner, sent)
    assert (document.status, document.error_id) == ("error", "pdf_encrypted")
    assert "locked by its seller" in document.error_message()


async def test_what_needs_a_missing_program_names_it(http, owner, read_here, monkeypatch):
    monkeypatch.setattr("mathpixweb.engine.writers.programs.programs.shutil.which", lambda *_: None)
    sent = await send(http, owner, b"\xffWPC" + bytes(600), "letter.wpd")
    document = await finished(http, owner, sent)
    assert document.error_id == "pdf_missing"
    assert "doctor --install libreoffice" in document.error_message()
