from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mathpixweb.accounts import keys
from mathpixweb.accounts.audit_models import AuditEntry, Deed
from mathpixweb.accounts.models import Identity
from mathpixweb.documents.library import retention
from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.output import rendering
from mathpixweb.web import listing
from mathpixweb.web.views.samples import SAMPLES
from tests import pdfs

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def pdf(name="notes.pdf", content=None):
    return SimpleUploadedFile(name, content or pdfs.with_numbered_pages(2), "application/pdf")


def test_an_empty_library_invites_to_drop_a_file(browser_of, owner):
    page = browser_of(owner).get("/").text
    assert "Drop a document anywhere on this page" in page
    assert "1.0" in page and "5000 pages" in page, "limits are told before the upload"


def test_an_empty_library_offers_a_sample_that_is_converted_like_any_file(browser_of, owner, scripted):
    browser = browser_of(owner)
    assert 'action="/sample"' in browser.get("/").text
    answer = browser.post("/sample")
    document = Document.objects.get()
    assert answer.url == f"/documents/{document.public_id}"
    assert (document.name, document.endpoint, document.user) == ("heat-equation.pdf", "/v3/pdf", owner)
    with document.source.open() as stored:
        assert stored.read(5) == b"%PDF-"
    assert 'action="/sample"' not in browser.get("/").text


def test_each_sample_is_there_and_read(browser_of, owner, scripted):
    browser = browser_of(owner)
    for sample in SAMPLES:
        assert f'value="{sample.key}"' in browser.get("/").text
        answer = browser.post("/sample", {"sample": sample.key})
        document = Document.objects.get()
        assert document.public_id in answer.url
        assert document.name == sample.file
        document.delete()


def test_a_viewer_is_offered_no_sample(browser_of, viewer, scripted):
    browser = browser_of(viewer)
    assert 'action="/sample"' not in browser.get("/").text
    assert browser.post("/sample").status_code == 403


def test_the_plain_form_leads_to_the_new_document(browser_of, owner, scripted):
    answer = browser_of(owner).post("/upload", {"file": pdf()})
    document = Document.objects.get()
    assert answer.url == f"/documents/{document.public_id}"
    assert (document.user, document.name, document.endpoint) == (owner, "notes.pdf", "/v3/pdf")


def test_several_files_become_several_documents(browser_of, owner, scripted):
    answer = browser_of(owner).post(
        "/upload", {"file": [pdf("a.pdf"), pdf("b.pdf", pdfs.with_numbered_pages(3))]}
    )
    assert answer.url == "/"
    assert set(Document.objects.values_list("name", flat=True)) == {"a.pdf", "b.pdf"}


def test_an_address_is_taken_as_well(browser_of, owner, scripted):
    browser_of(owner).post("/upload", {"url": "https://example.org/papers/paper.pdf"})
    document = Document.objects.get()
    assert (document.source_url, document.name) == ("https://example.org/papers/paper.pdf", "paper.pdf")


def test_options_travel_with_the_document(browser_of, owner, scripted):
    chosen = {
        "page_ranges": "1-2",
        "delimiters": "dollar",
        "sections": "remove",
        "include_equation_tags": "on",
    }
    browser_of(owner).post("/upload", {"file": pdf(), **chosen})
    assert Document.objects.get().options == {
        "page_ranges": "1-2",
        "math_inline_delimiters": ["$", "$"],
        "math_display_delimiters": ["$$", "$$"],
        "remove_section_numbering": True,
        "include_equation_tags": True,
    }


@pytest.mark.parametrize(
    ("sent", "error_id", "words"),
    [
        ({}, "pdf_missing", "No file was chosen"),
        ({"file": "archive"}, "pdf_missing", "Its archive is damaged"),
        ({"url": "ftp://example.org/a.pdf"}, "image_download_error", "could not be downloaded"),
        ({"file": "pdf", "page_ranges": "six"}, "opts_value_out_of_range", "does not name pages"),
        ({"file": "pdf", "delimiters": "smoke"}, "opts_value_out_of_range", "Formula delimiters"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "script"])
def test_what_is_refused_is_told_with_its_error_id(
    browser_of, owner, scripted, sent, error_id, words, headers
):
    files = {"archive": pdf("scan.pdf", b"PK\x03\x04 what an archive holds"), "pdf": pdf()}
    sent = {name: files.get(value, value) for name, value in sent.items()}
    answer = browser_of(owner).post("/upload", sent, headers=headers)
    assert answer.status_code == 422
    assert error_id in answer.text
    assert words in answer.text
    assert not Document.objects.exists()


def test_a_script_that_uploads_gets_a_fragment_that_leads_to_the_document(browser_of, owner, scripted):
    answer = browser_of(owner).post("/upload", {"file": pdf()}, headers=HTMX)
    assert answer.status_code == 201
    assert f'data-document="/documents/{Document.objects.get().public_id}"' in answer.text


def test_a_viewer_is_told_why_nothing_can_be_uploaded(browser_of, viewer, scripted):
    browser = browser_of(viewer)
    assert 'id="upload"' not in browser.get("/").text
    answer = browser.post("/upload", {"file": pdf()})
    assert answer.status_code == 403
    assert "As a viewer of the team" in answer.text
    assert not Document.objects.exists()


def test_an_upload_without_the_forms_token_is_refused(client, owner, scripted):
    client.handler.enforce_csrf_checks = True
    client.force_login(owner)
    assert client.post("/upload", {"file": pdf()}).status_code == 403
    assert not Document.objects.exists()


def test_the_team_sees_the_document_and_an_outsider_does_not(browser_of, owner, viewer, outsider, converted):
    name = converted().name
    assert name in browser_of(owner).get("/").text
    assert name in browser_of(viewer).get("/").text
    assert name not in browser_of(outsider).get("/").text
    assert name not in browser_of(outsider).get("/?q=notes").text


def test_a_row_tells_which_key_sent_the_document(browser_of, owner, team, received):
    key, _ = keys.issue(team, "Notebook script")
    received(user=None, api_key=key)
    assert "Notebook script" in browser_of(owner).get("/").text


def test_names_from_outside_are_text_and_not_markup(browser_of, owner, received):
    received(name="<img src=x onerror=alert(1)>.pdf")
    page = browser_of(owner).get("/").text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_the_list_goes_on_page_by_page_without_gap_or_repetition(browser_of, owner, received):
    moment = timezone.now()
    for number in range(listing.ROWS + 5):  # some of the same moment, to see that ids decide then
        received(name=f"{number:03}.pdf", created_at=moment - timedelta(seconds=number // 3))
    browser = browser_of(owner)
    first = browser.get("/").context["listing"]
    rest = browser.get("/", {"older": first.older}, headers=HTMX).context["listing"]
    names = [document.public_id for document in (*first.documents, *rest.documents)]
    assert len(first.documents) == listing.ROWS
    assert len(set(names)) == len(names) == listing.ROWS + 5
    assert rest.older == ""


def test_the_list_goes_on_after_a_row_that_was_deleted_meanwhile(browser_of, owner, received):
    moment = timezone.now()
    made = [received(created_at=moment - timedelta(seconds=number)) for number in range(3)]
    retention.delete(made[1])
    older = browser_of(owner).get("/", {"older": made[1].public_id}).context["listing"]
    assert older.documents == [made[2]]


def test_the_search_shows_the_place_and_links_to_the_page(browser_of, owner, converted):
    document = converted()
    page = browser_of(owner).get("/", {"q": '"page 2 says"'}).text
    assert f'/documents/{document.public_id}?words=Page+2+says#page-2"' in page
    assert "#page-1" not in page
    assert "<mark>Page 2 says</mark>" in page


def test_the_search_finds_formulas(browser_of, owner, converted):
    document = converted()
    found = browser_of(owner).get("/", {"q": "x^2=3"}).context["found"]
    assert [(result.document, [hit.page.number for hit in result.hits]) for result in found] == [
        (document, [3])
    ]


def test_formulas_of_pages_that_nobody_has_seen_come_when_the_hit_is_looked_at(
    browser_of, owner, converted, monkeypatch
):
    document, browser = converted(), browser_of(owner)
    Page.objects.update(html="")
    hits = f"/documents/{document.public_id}/hits?q=x%5E2%3D3"
    found = browser.get("/", {"q": "x^2=3"}).text
    assert f'hx-get="{hits}"' in found and "<mark><code>" in found
    latex = next(piece.text for piece in listing.hits_in(document, "x^2=3")[0].pieces if piece.formula)

    def rendered(page):
        page.html = f'<math data-latex="{latex}"><mi>x</mi></math>'
        Page.objects.filter(pk=page.pk).update(html=page.html)

    monkeypatch.setattr(rendering, "page_html", rendered)
    shown = browser.get(hits).text
    assert "<mark><math" in shown and "hx-get" not in shown
    assert "/hits" not in browser.get("/", {"q": "x^2=3"}).text, "kept with the page"


def test_a_document_with_many_hits_takes_no_room_from_the_others(browser_of, owner, converted, monkeypatch):
    monkeypatch.setattr(listing, "HITS_A_DOCUMENT", 1)
    documents = [converted(), converted()]
    found = browser_of(owner).get("/", {"q": "page says"}).context["found"]
    assert [(each.document, len(each.hits)) for each in found] == [(each, 1) for each in documents[::-1]]


def test_the_search_finds_names_and_says_when_nothing_is_found(browser_of, owner, received):
    received(name="Lecture on manifolds.pdf")
    browser = browser_of(owner)
    assert "Lecture on manifolds.pdf" in browser.get("/", {"q": "manifolds"}).text
    assert "Nothing was found" in browser.get("/", {"q": "sheaves"}).text


def test_a_browser_without_websocket_asks_for_what_has_changed(browser_of, owner, received):
    browser = browser_of(owner)
    since = timezone.now()
    known, new = received(name="known.pdf"), received(name="new.pdf")
    report = {"have": {known.public_id: 0}, "since": since.isoformat()}
    answer = browser.post("/library/changes", report, "application/json").text
    assert f'id="document-{known.public_id}"' in answer
    assert 'hx-swap-oob="afterbegin:#documents"' in answer
    assert answer.count('<li class="row"') == 2
    assert answer.count('hx-swap-oob="true"') == 2, "one row is replaced, and the count"
    assert 'id="library-count" hx-swap-oob="true">2<' in answer
    retention.delete(known)
    answer = browser.post("/library/changes", report, "application/json").text
    assert f'<li id="document-{known.public_id}" hx-swap-oob="delete">' in answer
    assert new.public_id in answer


@pytest.mark.parametrize("report", ["", "[]", '{"have": 3}', '{"since": "2026-01-01T00:00:00"}', "\x00"])
def test_a_report_that_makes_no_sense_is_answered_all_the_same(browser_of, owner, report):
    assert browser_of(owner).post("/library/changes", report, "application/json").status_code == 200


def test_an_old_document_that_changes_does_not_come_to_the_top(browser_of, owner, received):
    old = received(created_at=timezone.now() - timedelta(days=1))
    report = {"have": {}, "since": (timezone.now() - timedelta(minutes=1)).isoformat()}
    assert old.public_id not in browser_of(owner).post("/library/changes", report, "application/json").text


def test_who_came_by_a_link_is_told_to_choose_a_password(browser_of, owner):
    assert "choose one" not in browser_of(owner).get("/").text
    owner.set_unusable_password()
    owner.save()
    assert 'href="/account#password"' in browser_of(owner).get("/").text
    Identity.objects.create(user=owner, issuer="https://elsewhere.example", subject="7")
    assert "choose one" not in browser_of(owner).get("/").text


def test_the_audit_log_leads_to_what_was_added(browser_of, owner, scripted):
    browser = browser_of(owner)
    files = [pdf("one.pdf"), pdf("two.pdf", pdfs.with_numbered_pages(3))]
    browser.post("/upload", {"file": files})
    browser.post("/upload", {"file": pdf("one.pdf")})  # is there already
    browser.post("/sample")
    lines = AuditEntry.objects.filter(deed=Deed.ADDED).order_by("pk")
    assert [line.subject for line in lines] == ["one.pdf (+1)", "heat-equation.pdf"]
    first = Document.objects.get(name="one.pdf")
    assert f'href="/documents/{first.public_id}"' in browser.get("/team/audit").text
