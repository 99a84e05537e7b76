from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from mathpixweb.documents import storage
from mathpixweb.documents.intake import intake
from mathpixweb.documents.models import Rendition
from mathpixweb.documents.output import renditions
from mathpixweb.engine.writers import formats
from mathpixweb.engine.writers.programs import fonts, programs
from mathpixweb.web import exports
from tests import pdfs

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_programs(monkeypatch):
    monkeypatch.setattr(programs.Needed, "path", lambda needed: None)


def made(document, name, **options):
    renditions.request(document, [name], {name: options})
    rendition = document.renditions.get(format=name)
    renditions.make(rendition.pk)
    rendition.refresh_from_db()
    return rendition


def test_every_format_has_a_line_in_the_menu(converted):
    shown = {export.format for export in exports.offered(converted())}
    assert shown == {*formats.FORMATS, "mmd", "lines.json"}


def test_a_format_that_lacks_a_program_is_shown_with_the_command_that_adds_it(
    browser_of, owner, converted, no_programs
):
    page = browser_of(owner).get(reverse("web:document", args=[converted().public_id])).text
    assert "python3 manage.py doctor --install latex" in page
    assert 'aria-disabled="true"' in page
    assert "/export/latex.pdf" not in page
    assert "/export/docx" in page


def test_making_a_format_that_lacks_a_program_fails_alone_and_says_why(converted, no_programs):
    document = converted()
    rendition = made(document, "latex.pdf")
    assert (rendition.status, rendition.error_id) == ("error", "conversion_error")
    assert "doctor --install latex" in rendition.error_detail["message"]
    assert made(document, "md").status == "completed"
    assert renditions.status(document)["md"] == {"status": "completed"}


def test_a_file_that_lacks_letters_says_which_and_what_adds_them(browser_of, owner, converted, monkeypatch):
    monkeypatch.setattr(fonts, "_is_in_a_font", lambda letter: letter != "设")
    monkeypatch.setitem(formats.FORMATS, "pdf", replace(formats.FORMATS["pdf"], make=lambda *_: b"%PDF-1.7"))
    document = converted()
    document.pages.filter(number=1).update(mmd="设 is Chinese, あ is not.")
    assert made(document, "pdf").status == "completed"
    told = renditions.status(document)["pdf"]
    assert "the letters of: Chinese. They are missing in this file" in told["warning"]
    page = browser_of(owner).get(reverse("web:document", args=[document.public_id])).text
    assert "doctor --install fonts" in page
    assert made(document, "md").status == "completed"
    assert renditions.status(document)["md"] == {"status": "completed"}


def test_the_searchable_original_finds_the_words_of_its_pages(converted):
    document = converted()
    storage.source_path(document).write_bytes(pdfs.with_numbered_pages(3))
    region = {"top_left_x": 100, "top_left_y": 200, "width": 300, "height": 40}
    line = {"text": "Unprinted \\( x \\)", "region": region}
    document.pages.filter(number=2).update(lines=[line], width=1700, height=2200)
    rendition = made(document, "mmd.overlay.pdf")
    assert rendition.status == "completed", rendition.error_detail
    content = pdfium.PdfDocument(Path(rendition.file.path).read_bytes())
    texts = [page.get_textpage().get_text_range() for page in content]
    content.close()
    assert ["Unprinted x" in text for text in texts] == [False, True, False]


def test_what_is_no_pdf_has_no_searchable_original(converted):
    rendition = made(converted(), "mmd.overlay.pdf")
    assert rendition.status == "error"
    assert "cannot be written again" in rendition.error_detail["message"]


def test_a_given_text_is_not_offered_as_a_searchable_original(team, owner):
    document = intake.submit_mmd(team, "Text", endpoint="/v3/converter", options={}, user=owner)
    assert "mmd.overlay.pdf" not in {export.format for export in exports.offered(document)}


def test_serving_with_engines_needs_root(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CommandError, match="Only root"):
        call_command("serve", with_engines=True)


def test_formats_are_kept_as_files(converted):
    rendition = made(converted(), "epub")
    assert rendition.status == "completed", rendition.error_detail
    assert Path(rendition.file.path).read_bytes()[:2] == b"PK"
    assert Rendition.objects.count() == 1
