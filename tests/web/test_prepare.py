from __future__ import annotations

import pytest

from mathpixweb.documents.intake import presets, staging
from mathpixweb.documents.models import Document, Status
from mathpixweb.documents.models.staging import Staged
from tests import pdfs
from tests.documents.test_staging import picture
from tests.web.test_library import HTMX, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid_aside(browser_of, owner, scripted):
    """Sends a file to be looked at first; the address of its page."""

    def send(file, **fields):
        answer = browser_of(owner).post("/upload", {"file": file, "look": "1", **fields})
        assert answer.status_code == 302, answer.text
        return answer.url

    return send


def test_pages_are_ticked_before_a_file_is_read(browser_of, owner, laid_aside):
    address = laid_aside(pdf(content=pdfs.with_numbered_pages(6)))
    browser = browser_of(owner)
    page = browser.get(address).text
    assert page.count('name="page"') == 6
    assert "waits for its pages and options" in browser.get("/").text
    answer = browser.post(address, {"options": "1", "page": ["2", "3", "5"], "formats": ["docx", "html"]})
    document = Document.objects.get()
    assert answer.url == f"/documents/{document.public_id}"
    assert document.options == {"page_ranges": "2-3,5", "conversion_formats": {"docx": True, "html": True}}
    assert browser.get(address).status_code == 404


def test_what_is_typed_goes_before_what_is_ticked(browser_of, owner, laid_aside):
    browser_of(owner).post(laid_aside(pdf()), {"options": "1", "page": ["1"], "page_ranges": "2"})
    assert Document.objects.get().options == {"page_ranges": "2"}


def test_pages_that_cannot_be_understood_are_asked_for_again(browser_of, owner, laid_aside):
    answer = browser_of(owner).post(laid_aside(pdf()), {"options": "1", "page_ranges": "six"})
    assert (answer.status_code, Staged.objects.count()) == (422, 1)
    assert "does not name pages" in answer.text


def test_a_picture_is_cut_with_numbers_where_there_is_no_script(browser_of, owner, laid_aside):
    address = laid_aside(picture())
    assert 'name="left"' in browser_of(owner).get(address).text
    browser_of(owner).post(address, {"options": "1", "turns": "1", "left": "nan", "top": "50", "right": "-3"})
    document = Document.objects.get()
    assert document.is_image
    assert document.source_size > 0


def test_files_sent_together_follow_each_other(browser_of, owner, laid_aside):
    first, second = laid_aside(pdf("a.pdf")), laid_aside(pdf("b.pdf"))
    browser = browser_of(owner)
    assert "1 more file waits" in browser.get(first).text
    assert browser.post(first, {"options": "1"}).url == second
    browser.post(f"{second}/drop")
    assert not Staged.objects.exists()
    assert Document.objects.get().name == "a.pdf"


def test_a_locked_file_is_asked_for_its_password(browser_of, owner, laid_aside):
    address = laid_aside(pdf(content=pdfs.encrypted()))
    browser = browser_of(owner)
    assert "This file is locked" in browser.get(address).text
    browser.post(f"{address}/unlock", {"password": "guessed"})
    assert "This is not the password of the file." in browser.get(address).text
    browser.post(f"{address}/unlock", {"password": "secret"})
    assert 'name="page"' in browser.get(address).text


def test_a_document_that_turned_out_to_be_locked_is_opened_on_its_page(browser_of, owner, received):
    document = received(status=Status.ERROR, error_id="pdf_encrypted")
    with document.source.storage.open(document.source.name, "wb") as stored:
        stored.write(pdfs.encrypted())
    browser = browser_of(owner)
    page = browser.get(f"/documents/{document.public_id}").text
    assert f'action="/documents/{document.public_id}/unlock"' in page
    browser.post(f"/documents/{document.public_id}/unlock", {"password": "secret"})
    document.refresh_from_db()
    assert document.status == Status.RECEIVED


def test_passwords_are_not_guessed_for_long(browser_of, owner, laid_aside):
    address, browser = laid_aside(pdf(content=pdfs.encrypted())), browser_of(owner)
    for _ in range(10):
        browser.post(f"{address}/unlock", {"password": ""})
    browser.post(f"{address}/unlock", {"password": "secret"})
    assert "There were too many attempts." in browser.get(address).text
    assert Staged.objects.get().locked


def test_what_waits_is_its_senders_alone(browser_of, owner, viewer, outsider, laid_aside, team):
    address = laid_aside(pdf())
    for other, status in ((viewer, 403), (outsider, 404)):
        browser = browser_of(other)
        assert browser.get(address).status_code == status
        assert browser.get(f"{address}/1/image").status_code == status
        assert browser.post(address, {"options": "1"}).status_code == status
        assert browser.post(f"{address}/drop").status_code == status
    assert Staged.objects.exists()


def test_a_document_is_read_again_with_other_options(browser_of, owner, converted, monkeypatch):
    document = converted(options={"include_page_info": True})
    with document.source.storage.open(document.source.name, "wb") as stored:
        stored.write(pdfs.with_numbered_pages(2))
    browser = browser_of(owner)
    address = browser.post(f"/documents/{document.public_id}/again").url
    page = browser.get(address).text
    assert 'id="id_include_page_info" checked' in page, "with the options of the last time"
    browser.post(address, {"options": "1"})
    assert Document.objects.count() == 2


def test_a_file_that_was_read_before_is_answered_with_its_document(browser_of, owner, scripted):
    browser = browser_of(owner)
    browser.post("/upload", {"file": pdf()})
    document = Document.objects.get()
    answer = browser.post("/upload", {"file": pdf("copy.pdf")})
    assert answer.url == f"/documents/{document.public_id}"
    assert "with the same options: here it is" in browser.get(answer.url).text
    told = browser.post("/upload", {"file": pdf()}, headers=HTMX)
    assert f'data-document="/documents/{document.public_id}"' in told.text
    assert "with the same options" in told.text
    assert Document.objects.count() == 1
    browser.post("/upload", {"file": pdf(), "page_ranges": "1"})
    browser.post("/upload", {"file": pdf(), "again": "1"})
    assert Document.objects.count() == 3


def test_the_options_come_when_somebody_opens_them(browser_of, owner, viewer, team, scripted):
    browser = browser_of(owner)
    browser.post("/upload", {"file": pdf()})
    page = browser.get("/").text
    assert 'hx-get="/presets/options"' in page and 'name="page_ranges"' not in page
    assert 'href="?options=1#options"' in page, "for browsers without scripts"
    assert browser.get("/presets/options").url == "/?options=1#options"
    opened = browser.get("/?options=1").text
    assert '<details class="upload-options" id="options" open>' in opened and 'name="page_ranges"' in opened
    presets.use_for_all(presets.keep(team, "Thesis", {"include_equation_tags": True}, owner))
    fields = browser.get("/presets/options", headers=HTMX).text
    assert 'id="option-fields"' in fields and 'id="id_include_equation_tags" checked' in fields
    assert browser_of(viewer).get("/presets/options", headers=HTMX).status_code == 403


def test_a_preset_fills_the_form_and_may_hold_for_all_uploads(browser_of, owner, team, scripted):
    browser = browser_of(owner)
    sent = {"options": "1", "preset_name": "Thesis", "include_equation_tags": "on", "page_ranges": "3"}
    answer = browser.post("/presets", sent)
    preset = presets.of_team(team).get()
    assert preset.choices == {"include_equation_tags": True}, "pages are of one file only"
    assert answer.url == f"/?preset={preset.pk}#options"
    assert 'id="id_include_equation_tags" checked' in browser.get(f"/?preset={preset.pk}").text
    fields = browser.get(f"/presets/{preset.pk}?page_ranges=2", headers=HTMX).text
    assert 'id="id_include_equation_tags" checked' in fields and 'value="2"' in fields
    browser.post(f"/presets/{preset.pk}/use")
    browser.post("/upload", {"file": pdf()})
    assert Document.objects.get().options == {"include_equation_tags": True}, "sent from any page"
    browser.post("/upload", {"file": pdf(), "options": "1"})
    assert Document.objects.filter(options={}).count() == 1, "the form has its own say"
    browser.post(f"/presets/{preset.pk}/forget")
    assert not presets.of_team(team).exists()


def test_another_teams_preset_does_not_exist(browser_of, owner, outsider, team, scripted):
    preset = presets.keep(team, "Thesis", {"sections": "remove"}, owner)
    browser = browser_of(outsider)
    assert browser.post(f"/presets/{preset.pk}/use").status_code == 404
    assert browser.post(f"/presets/{preset.pk}/forget").status_code == 404
    assert 'value="remove" selected' not in browser.get(f"/?preset={preset.pk}").text


def test_the_list_of_what_waits_has_an_end(team, owner, scripted, monkeypatch):
    monkeypatch.setattr(staging, "MOST_WAITING", 1)
    staging.take(team, owner, pdf())
    with pytest.raises(staging.ProviderError, match="wait already"):
        staging.take(team, owner, pdf())
