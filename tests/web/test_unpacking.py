"""Zips in the browser: taken apart into documents, and no bomb or odd name gets anywhere."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mathpixweb.documents.intake import unpacking
from mathpixweb.documents.models import Document
from tests import pdfs
from tests.web.test_images import picture

pytestmark = pytest.mark.django_db


def zipped(**files):
    return archive(files.items())


def archive(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def upload(browser_of, owner, scripted):
    def send(content, **headers):
        file = SimpleUploadedFile("all.zip", content, "application/zip")
        return browser_of(owner).post("/upload", {"file": file}, **headers)

    return send


def names():
    return sorted(Document.objects.values_list("name", flat=True))


def test_every_document_of_a_zip_is_converted_and_the_rest_is_named(upload, browser_of, owner):
    one, two = pdfs.with_numbered_pages(1), pdfs.with_numbered_pages(2)
    entries = [("a/one.pdf", one), ("a/b/two.pdf", two), ("photo.png", picture()), ("notes.xyz", b"hm")]
    answer = upload(archive([*entries, ("__MACOSX/._one.pdf", b"x"), ("a/.DS_Store", b"x")]))
    assert answer.url == "/"
    assert names() == ["one.pdf", "photo.png", "two.pdf"]


def test_what_was_left_out_is_told(upload):
    answer = upload(archive([("one.pdf", pdfs.with_numbered_pages(1)), ("notes.xyz", b"hm")]))
    assert next(str(each) for each in answer.wsgi_request._messages).startswith("notes.xyz was left out")


def test_the_pages_own_script_is_led_to_the_library(upload):
    pdf = pdfs.with_numbered_pages(1)
    answer = upload(zipped(a=pdf, b=pdf), headers={"HX-Request": "true"})
    assert answer.status_code == 201
    assert 'data-document="/"' in answer.text and "and 1 more" in answer.text


@pytest.mark.parametrize("name", ["../../etc/cron.d/x.pdf", "/etc/passwd.pdf", "..\\..\\x.pdf", "C:\\x.pdf"])
def test_a_name_that_climbs_out_is_only_a_name(upload, settings, name):
    upload(archive([(name, pdfs.with_numbered_pages(1))]))
    assert names()[0] == name.replace("\\", "/").rsplit("/", 1)[-1]
    document = Document.objects.get()
    assert document.source.path.startswith(str(settings.MEDIA_ROOT))


def test_a_bomb_is_refused_before_it_has_grown(upload):
    answer = upload(zipped(**{"bomb.pdf": bytes(60 * 1024 * 1024)}))
    assert answer.status_code == 422
    assert "far larger than this server takes" in answer.text
    assert not Document.objects.exists()


def test_sizes_that_the_archive_lies_about_are_counted(upload):
    content = zipped(**{"bomb.pdf": bytes(50 * 1024 * 1024)})
    lie = content.replace((50 * 1024 * 1024).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lie != content
    assert upload(lie).status_code == 422


def test_many_small_files_may_not_pass_the_limit_together(upload, settings):
    settings.MAX_UPLOAD_BYTES = 3 * 1024
    pdf = pdfs.with_numbered_pages(1)
    upload(archive([(f"{number}.pdf", pdf) for number in range(20)]))
    assert 0 < Document.objects.count() < 6


def test_a_zip_with_too_many_files_is_refused(upload, monkeypatch):
    monkeypatch.setattr(unpacking, "MOST_FILES", 3)
    answer = upload(archive([(f"{number}.pdf", b"x") for number in range(4)]))
    assert answer.status_code == 422 and "Send it in parts" in answer.text


def test_a_zip_in_a_zip_is_not_opened(upload):
    inner = archive([("deep.pdf", pdfs.with_numbered_pages(1))])
    answer = upload(archive([("inner.zip", inner)]))
    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_a_damaged_zip_is_refused_with_a_reason(upload):
    content = bytearray(zipped(**{"one.pdf": pdfs.with_numbered_pages(5)}))
    content[60:90] = b"\xff" * 30
    assert upload(bytes(content)).status_code == 422
