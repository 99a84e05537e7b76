"""Images in the browser: uploaded like any file, shown like any page; what the API sent is there too."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from mathpixweb.documents import storage
from mathpixweb.documents.models import Document
from mathpixweb.documents.search import search
from tests.documents.scripted import image_result
from tests.turns import work

pytestmark = pytest.mark.django_db


def picture(kind="PNG"):
    out = BytesIO()
    Image.new("RGB", (300, 120), "white").save(out, kind)
    return out.getvalue()


@pytest.fixture
def image(browser_of, owner, scripted):
    """Uploads a picture as the owner's browser does, and has it read."""

    def upload(**fields):
        file = SimpleUploadedFile("limit.png", picture(), "image/png")
        answer = browser_of(owner).post("/upload", {"file": file, **fields})
        document = Document.objects.get()
        assert answer.url == f"/documents/{document.public_id}"
        return work(document)

    return upload


def test_a_picture_becomes_a_document_of_one_page(image, browser_of, owner):
    document = image()
    assert (document.kind, document.endpoint, document.status) == ("image", "/v3/text", "completed")
    page = document.pages.get()
    assert page.mmd == "\\( x^{2}+y^{2}=9 \\)"
    assert [line["region"]["width"] for line in page.lines] == [80]
    assert search.find(Document.objects.all(), "y^2=9")[:5]
    shown = browser_of(owner).get(f"/documents/{document.public_id}").text
    assert "limit.png" in shown and "/v3/text" in shown
    assert "limit.png" in browser_of(owner).get("/").text


def test_its_picture_and_its_file_can_be_seen(image, browser_of, owner, outsider):
    document = image()
    address = f"/documents/{document.public_id}"
    seen = browser_of(owner).get(f"{address}/pages/1/image")
    assert seen["Content-Type"] == "image/webp"
    assert Image.open(BytesIO(seen.content if not seen.streaming else b"".join(seen))).size == (300, 120)
    assert browser_of(owner).get(f"{address}/pages/1/thumbnail").status_code == 200
    file = browser_of(owner).get(f"{address}/source.pdf")
    assert (file.status_code, file["Content-Type"]) == (200, "image/png")
    assert browser_of(outsider).get(f"{address}/pages/1/image").status_code == 404


def test_people_see_what_the_reader_is_unsure_of(image, scripted):
    scripted.image.lines[0]["confidence_rate"] = 0.1
    assert image().pages.get().mmd


def test_a_picture_without_content_is_explained(image, scripted, browser_of, owner):
    scripted.image = image_result(lines=[], equation=None)
    document = image()
    shown = browser_of(owner).get(f"/documents/{document.public_id}").text
    assert "Nothing was found in this picture" in shown


def test_a_drawing_is_shown_as_it_was_drawn(received, browser_of, owner):
    document = received(kind="strokes", endpoint="/v3/strokes", name="drawing")
    storage.write(storage.source_path(document), json.dumps([[[0, 0], [10, 5]], [[3, 3]]]).encode())
    work(document)
    seen = browser_of(owner).get(f"/documents/{document.public_id}/pages/1/image")
    assert seen["Content-Type"] == "image/webp"
    assert "strokes" in browser_of(owner).get(f"/documents/{document.public_id}").text
    about = browser_of(owner).get(f"/documents/{document.public_id}/about").text
    assert "&quot;latex_styled&quot;: &quot;x^{2}+y^{2}=9&quot;" in about, (
        "what a program would have been answered"
    )


def test_a_read_image_can_be_read_again(image, browser_of, owner, scripted):
    document = image()
    scripted.image = image_result(equation="z")
    answer = browser_of(owner).post(f"/documents/{document.public_id}/pages/1/retry")
    assert answer.status_code == 302
    work(document)
    assert document.answer.result["latex_styled"] == "z"
    assert document.pages.get().edition == 2
