"""A page read by this server and by Mathpix: asked for by a person or the team's rule, and never silently."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mathpixweb.accounts import remote_accounts, sealing
from mathpixweb.accounts.models import Team
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents import storage
from mathpixweb.documents.models import Document
from mathpixweb.documents.models.mirror import Mirrored
from mathpixweb.documents.models.remote import Erasure
from mathpixweb.documents.remote import second_reading
from mathpixweb.documents.work import claims, conversion
from mathpixweb.providers.mathpix import breaker, retrying
from tests import mathpix_server, pdfs
from tests.mathpix_server import APP_ID, APP_KEY, Fault, MathpixServer
from tests.turns import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def remote(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MathpixServer]:
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.01)
    breaker.forget()
    with mathpix_server.running() as fake:
        settings.MATHPIX_API_URL = fake.url
        fake.page_texts = ["Page two, as Mathpix reads it"]
        yield fake


@pytest.fixture
def account(team: Team, remote: MathpixServer) -> RemoteAccount:
    return RemoteAccount.objects.create(
        team=team, region="server", app_id=APP_ID, app_key=sealing.seal(APP_KEY), page_budget=10
    )


@pytest.fixture
def local(team: Team, owner: Any) -> Callable[[], Document]:
    """Makes a document of three pages that the local engine has read."""

    def make() -> Document:
        document = Document(
            team=team, user=owner, kind="pdf", endpoint="/v3/pdf", name="notes.pdf", provider="local"
        )
        storage.write(storage.source_path(document), pdfs.with_numbered_pages(3))
        document.source.name = storage.source_name(document)
        document.save()
        return work(document)

    return make


def pages_of(sent: bytes) -> list[str]:
    """The texts of the pages of the PDF in a request."""
    content = sent[sent.index(b"%PDF") : sent.rindex(b"%%EOF") + 5]
    with contextlib.closing(pdfium.PdfDocument(content)) as document:
        return [document[number].get_textpage().get_text_range() for number in range(len(document))]


def test_one_page_is_read_again_with_mathpix_and_only_that_page_leaves(
    browser_of, owner, account, remote, local
):
    document = local()
    browser = browser_of(owner)
    shown = browser.get(f"/documents/{document.public_id}").text
    assert "Read this page again with Mathpix" in shown and "Read by Mathpix" not in shown
    browser.post(f"/documents/{document.public_id}/pages/2/retry", {"reader": "mathpix"})
    work(document)
    page = document.pages.get(number=2)
    assert (page.mmd, page.provider, page.readings.get().provider) == (
        "\n\nPage two, as Mathpix reads it",
        "mathpix",
        "local",
    )
    assert "This is page 2" in page.readings.get().mmd
    assert Mirrored.objects.get().remote_id == remote.paper.pdf_id, (
        "it is not copied back as another document"
    )
    assert pages_of(remote.asked("POST /v3/pdf")[0].body) == ["This is page 2.\r\nIt has two lines."]
    account.refresh_from_db()
    assert remote_accounts.spent(account) == 1
    assert "Read by Mathpix" in browser.get(f"/documents/{document.public_id}").text


def test_both_readings_stand_side_by_side(browser_of, owner, outsider, account, remote, local):
    document = local()
    address = f"/documents/{document.public_id}/pages/2"
    browser = browser_of(owner)
    assert browser.get(f"{address}/compare").status_code == 404
    browser.post(f"{address}/retry", {"reader": "mathpix"})
    work(document)
    compared = browser.get(f"{address}/compare").text
    assert "This is page 2." in compared and "as Mathpix reads it" in compared and "differ" in compared
    assert browser_of(outsider).get(f"{address}/compare").status_code == 404
    browser.post(f"{address}/retry", {"reader": "local"})
    work(document)
    assert "This is page 2" in document.pages.get(number=2).mmd


def test_pages_of_low_confidence_are_read_again_when_the_team_wants_that(
    browser_of, owner, account, remote, local
):
    account.second_reading_below = 1.1
    account.page_budget = 2
    account.save()
    document = local()
    readers = list(document.pages.order_by("number").values_list("provider", flat=True))
    assert sorted(readers) == ["local", "mathpix", "mathpix"], "as far as the budget goes"
    assert document.pages.filter(readings__provider="local").count() == 2
    assert document.status == "completed"
    shown = browser_of(owner).get(f"/documents/{document.public_id}").text
    assert shown.count("Read by Mathpix") >= 2, "each of them says so"
    assert "Hard pages leave" in shown, "and so does the header, before anything leaves"


def test_what_cannot_be_read_again_stays_as_it_was_read_here(account, remote, local):
    account.second_reading_below = 1.1
    account.save()
    remote.fail("POST /v3/pdf", *[Fault(500)] * 3)
    document = local()
    assert set(document.pages.values_list("provider", flat=True)) == {"local"}
    account.refresh_from_db()
    assert remote_accounts.spent(account) == 0


def test_whoever_deletes_a_document_is_told_that_what_was_sent_of_it_is_deleted_there(
    browser_of, owner, team, account
):
    document = Document.objects.create(
        team=team, user=owner, kind="pdf", endpoint="/v3/pdf", name="notes.pdf", status="completed"
    )
    browser, address = browser_of(owner), f"/documents/{document.public_id}/delete"
    told = "What was sent of it to Mathpix is deleted there, too."
    assert told not in browser.get(address).text
    Mirrored.objects.create(team=team, name="pdf-results", remote_id="page", part_of=document)
    assert told in browser.get(address).text
    receipt = browser.post(address, {"forever": "1"}, follow=True)
    assert told in receipt.text and Erasure.objects.get().remote_id == "page"


def test_a_page_that_mathpix_cannot_read_again_stays_and_says_why(browser_of, owner, account, remote, local):
    document = local()
    browser = browser_of(owner)
    before = document.pages.get(number=2).mmd
    address = f"/documents/{document.public_id}"
    remote.fail("POST /v3/pdf", Fault(500))
    browser.post(f"{address}/pages/2/retry", {"reader": "mathpix"})
    work(document)
    page = document.pages.get(number=2)
    assert (page.mmd, page.status, page.provider) == (before, "completed", "local")
    shown = browser.get(address).text
    assert "could not read this page again" in shown and "out of order (HTTP 500)" in shown
    browser.post(f"{address}/pages/2/retry", {"reader": "mathpix"})
    work(document)
    assert "could not read" not in browser.get(address).text
    assert document.pages.get(number=2).provider == "mathpix"


def test_what_takes_too_long_to_read_again_stays_as_it_was_read_here(account, remote, local, monkeypatch):
    account.second_reading_below = 1.1
    account.save()

    def interrupted(*_: Any) -> None:
        raise claims.Interrupted(lost=False)

    monkeypatch.setattr(second_reading, "remotely", interrupted)
    document = local()
    assert set(document.pages.values_list("status", "provider")) == {("completed", "local")}


def test_nothing_is_sent_when_nothing_may_leave(browser_of, owner, account, remote, local):
    account.second_reading_below = 1.1
    account.nothing_leaves = True
    account.save()
    document = local()
    browser = browser_of(owner)
    browser.post(f"/documents/{document.public_id}/pages/2/retry", {"reader": "mathpix"})
    assert conversion.retry_page(document.pages.get(number=2), "mathpix")
    work(document)
    assert not remote.requests
    assert "Nothing may leave" in document.pages.get(number=2).error_message()


def test_an_upload_can_name_its_reader_where_something_may_leave(browser_of, owner, team, account, remote):
    browser = browser_of(owner)
    assert "Read by" in browser.get("/?options=1").text
    for pages, reader in enumerate(("mathpix", "", "local"), start=1):
        file = SimpleUploadedFile(f"by-{reader}.pdf", pdfs.with_numbered_pages(pages))
        browser.post("/upload", {"file": file, "reader": reader})
    readers = dict(Document.objects.values_list("name", "provider"))
    assert readers == {"by-mathpix.pdf": "mathpix", "by-.pdf": "local", "by-local.pdf": "local"}
    account.nothing_leaves = True
    account.save()
    browser.post(
        "/upload", {"file": SimpleUploadedFile("kept.pdf", pdfs.with_numbered_pages(4)), "reader": "mathpix"}
    )
    assert Document.objects.get(name="kept.pdf").provider == "local"
