from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.api import delivery
from mathpixweb.documents import storage
from mathpixweb.documents.models import Document, Page, Rendition
from mathpixweb.documents.work import surveying
from mathpixweb.providers.base import ProviderError
from tests.turns import work

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FIGURE = "\n\n\\includegraphics{/cropped/%s.jpg?height=10&width=20&top_left_y=30&top_left_x=40}\n"


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(delivery, "HOLD_SECONDS", 0.6)
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.05)


@pytest.fixture(params=["pdf", "converter"])
def fetch(request, http, owner):
    """GET of a result, at both addresses that the contract has for it."""

    async def get(document: Document, extension: str):
        return await http.get(f"/v3/{request.param}/{document.public_id}.{extension}", headers=owner.headers)

    return get


def finish(document: Document, format_name: str, content: bytes) -> None:
    name = storage.save(storage.rendition_name(document, format_name), content)
    Rendition.objects.filter(document=document, format=format_name).update(status="completed", file=name)


async def asked_for(converted, *formats: str, **fields) -> Document:
    return await sync_to_async(converted)(
        options={"conversion_formats": dict.fromkeys(formats, True)}, **fields
    )


def error_id(response) -> str:
    assert response.status_code == 404
    assert response.json()["error"]
    return response.json()["error_info"]["id"]


async def test_the_markdown_is_the_texts_of_the_pages(fetch, converted):
    document = await sync_to_async(converted)(name="Übung é.pdf")
    response = await fetch(document, "mmd")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert response.headers["content-disposition"] == "attachment; filename*=utf-8''%C3%9Cbung%20%C3%A9.mmd"
    assert response.text == "".join([page.mmd async for page in document.pages.all()])


async def test_lines_join_to_the_markdown(fetch, converted):
    document = await sync_to_async(converted)()
    response = await fetch(document, "lines.json")
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    pages = response.json()["pages"]
    assert [page["image_id"] for page in pages] == [f"{document.public_id}-0{n}" for n in (1, 2, 3)]
    shown = [line["text_display"] for page in pages for line in page["lines"] if line["conversion_output"]]
    assert "".join(shown) == (await fetch(document, "mmd")).text


async def test_the_short_lines_are_there_too(fetch, converted):
    document = await sync_to_async(converted)()
    page = (await fetch(document, "lines.mmd.json")).json()["pages"][0]
    assert page.keys() == {"image_id", "page", "page_height", "page_width", "lines"}
    assert page["lines"][0]["text"].startswith("Page 1 says")


@pytest.mark.parametrize("extension", ["mmd", "lines.json"])
async def test_figures_have_whole_addresses_that_can_be_fetched_by_anyone(fetch, http, converted, extension):
    document = await sync_to_async(converted)()
    figure = FIGURE % f"{document.public_id}-01"
    await Page.objects.filter(document=document, index=1).aupdate(
        mmd=figure, lines=[{"text_display": figure}]
    )
    text = (await fetch(document, extension)).text
    address = text[text.index("http://testserver/cropped/") :].partition("}")[0]
    response = await http.get(address)
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/jpeg"


async def test_nothing_is_there_before_the_document_is_completed(fetch, received):
    document = await sync_to_async(received)(options={"conversion_formats": {"docx": True}})
    await sync_to_async(surveying.prepare)(document)
    started = time.monotonic()
    for extension in ("mmd", "lines.json", "docx"):
        response = await fetch(document, extension)
        assert error_id(response) == "format_not_ready"
        assert response.headers["retry-after"] == "2"
    assert time.monotonic() - started < 0.5, "only formats of a completed document are waited for"


async def test_a_failed_document_tells_why_it_has_no_results(fetch, received, scripted):
    def fail() -> None:
        raise ProviderError("pdf_encrypted", "It needs a password.")

    scripted.before_survey = fail
    document = await sync_to_async(work)(await sync_to_async(received)())
    response = await fetch(document, "mmd")
    assert error_id(response) == "pdf_encrypted"
    assert "retry-after" not in response.headers


async def test_a_deleted_document_has_no_results(fetch, http, owner, converted):
    document = await asked_for(converted, "docx")
    await sync_to_async(finish)(document, "docx", b"PK")
    await http.delete(f"/v3/pdf/{document.public_id}", headers=owner.headers)
    for extension in ("mmd", "docx"):
        response = await fetch(document, extension)
        assert error_id(response) in ("pdf_unknown_id", "cnv_unknown_id")
        assert "retry-after" not in response.headers


async def test_a_finished_format_is_sent_as_it_was_made(fetch, converted):
    document = await asked_for(converted, "docx")
    content = b"PK" + bytes(range(256)) * 4096
    await sync_to_async(finish)(document, "docx", content)
    response = await fetch(document, "docx")
    assert response.content == content
    assert response.headers["content-type"] == DOCX
    assert response.headers["content-length"] == str(len(content))
    assert response.headers["content-disposition"] == 'attachment; filename="notes.docx"'


async def test_tex_means_the_zip_with_tex(fetch, converted):
    document = await asked_for(converted, "tex.zip")
    await sync_to_async(finish)(document, "tex.zip", b"PK tex")
    response = await fetch(document, "tex")
    assert response.content == b"PK tex"
    assert response.headers["content-type"] == "application/zip"
    assert response.headers["content-disposition"] == 'attachment; filename="notes.tex.zip"'


@pytest.mark.parametrize("extension", ["pptx", "latex.pdf", "odt", "tex"])
async def test_a_format_that_was_not_asked_for_is_not_there_and_will_not_be(fetch, converted, extension):
    document = await asked_for(converted, "docx")
    response = await fetch(document, extension)
    assert error_id(response) == "format_not_requested"
    assert "retry-after" not in response.headers


async def test_a_format_that_failed_tells_why(fetch, converted):
    document = await asked_for(converted, "docx")
    await Rendition.objects.filter(document=document).aupdate(
        status="error", error_id="conversion_error", error_detail={"message": "No."}
    )
    response = await fetch(document, "docx")
    assert error_id(response) == "conversion_error"
    assert response.json()["error"] == "No."


async def test_a_format_in_the_making_is_waited_for(fetch, converted):
    document = await asked_for(converted, "md.zip")
    asking = asyncio.create_task(fetch(document, "md.zip"))
    await asyncio.sleep(0.2)
    assert not asking.done()
    await sync_to_async(finish)(document, "md.zip", b"PK late")
    response = await asking
    assert (response.status_code, response.content) == (200, b"PK late")


async def test_waiting_has_an_end(fetch, converted):
    response = await fetch(await asked_for(converted, "md.zip"), "md.zip")
    assert error_id(response) == "format_not_ready"
    assert response.headers["retry-after"] == "2"


async def test_a_file_that_has_vanished_is_not_there(fetch, converted):
    document = await asked_for(converted, "docx")
    await sync_to_async(finish)(document, "docx", b"PK")
    rendition = await Rendition.objects.aget(document=document)
    await sync_to_async(storage.remove)(Path(rendition.file.path))
    assert error_id(await fetch(document, "docx")) in ("pdf_unknown_id", "cnv_unknown_id")
