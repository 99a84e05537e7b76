"""Links to one document: what they open, for whom, until when, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mathpixweb.documents.library import retention, sharing, trash
from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.models.shares import ShareLink, ShareView

FIGURE = "![](/cropped/{}-01.jpg?height=50&width=60&top_left_y=10&top_left_x=20)"


@pytest.fixture
def link(converted, owner):
    """Makes a link to a document; its secret is in `secret`."""

    def make(document=None, *, expires_at=None, password=""):
        document = document or converted()
        made = sharing.make(document, owner, expires_at=expires_at, password=password)
        made.secret = sharing.of_document(document)[0].token
        return made

    return make


def addresses(secret):
    under = ("", "/pages/1", "/pages/1/lines", "/pages/1/image", "/pages/1/thumbnail", "/document.mmd")
    return [f"/share/{secret}{rest}" for rest in under]


def test_a_link_opens_its_document_for_anybody_and_each_view_is_noted(client, link):
    made = link()
    page = client.get(f"/share/{made.secret}", headers={"User-Agent": "A reader"})
    assert "Page 1 says" in page.text
    assert "/documents/" not in page.text, "no address of the team's own pages"
    assert page["X-Robots-Tag"].startswith("noindex")
    assert page["Referrer-Policy"] == "same-origin"
    assert [client.get(address).status_code for address in addresses(made.secret)] == [200] * 6
    assert ShareView.objects.filter(link=made, browser="A reader").count() == 1


def test_views_are_counted_without_end_and_kept_with_one(client, browser_of, owner, link, monkeypatch):
    monkeypatch.setattr(sharing, "MOST_VIEWS", 3)
    made = link()
    for number in range(5):
        client.get(f"/share/{made.secret}", headers={"User-Agent": f"Reader {number}"})
    kept = ShareView.objects.filter(link=made)
    assert [view.browser for view in kept] == ["Reader 4", "Reader 3", "Reader 2"]
    assert "opened 5 times" in browser_of(owner).get(f"/documents/{made.document.public_id}/shares").text
    kept.filter(browser="Reader 2").update(created_at=timezone.now() - timedelta(days=91))
    sharing.sweep()
    assert kept.all().count() == 2


def test_a_link_ends_when_it_is_taken_back(client, browser_of, owner, link):
    made = link()
    place = f"/documents/{made.document.public_id}/shares"
    assert made.secret in browser_of(owner).get(place).text
    browser_of(owner).post(f"{place}/{made.pk}/revoke")
    assert {client.get(address).status_code for address in addresses(made.secret)} == {404}
    assert made.secret not in browser_of(owner).get(place).text


@pytest.mark.parametrize("end", ["expiry", "trash", "deletion"])
def test_a_link_ends_with_its_time_and_with_its_document(client, link, end):
    made = link()
    if end == "expiry":
        ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "trash":
        trash.put(Document.objects.all())
    else:
        retention.delete(made.document)
    assert {client.get(address).status_code for address in addresses(made.secret)} == {404}


def test_a_password_is_asked_for_before_anything_is_shown(client, link):
    made = link(password="an open secret")
    for address in addresses(made.secret):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/share/{made.secret}/password")
    wrong = client.post(f"/share/{made.secret}/password", {"password": "a guess"})
    assert wrong.status_code == 403
    assert made.document.name not in wrong.text
    client.post(f"/share/{made.secret}/password", {"password": "an open secret"})
    assert "Page 1 says" in client.get(f"/share/{made.secret}").text


def test_knowing_the_password_of_one_link_opens_no_other(client, link):
    one, other = link(password="an open secret"), link(password="another secret")
    client.post(f"/share/{one.secret}/password", {"password": "an open secret"})
    cookie = client.cookies["share"]
    assert cookie["path"] == f"/share/{one.secret}"
    thief = Client()
    thief.cookies["share"] = cookie.value
    assert thief.get(f"/share/{other.secret}").status_code == 302


def test_passwords_cannot_be_tried_without_end(client, link):
    made = link(password="an open secret")
    for number in range(10):
        client.post(f"/share/{made.secret}/password", {"password": f"guess {number}"})
    late = client.post(f"/share/{made.secret}/password", {"password": "an open secret"})
    assert late.status_code == 403
    assert "too many" in late.text


def test_a_link_shows_nothing_of_other_documents_of_the_team(client, converted, link):
    other = converted(name="secret.pdf")
    made = link()
    Page.objects.filter(document=made.document, number=1).update(
        mmd=FIGURE.format(other.public_id) + "\n\n" + FIGURE.format(made.document.public_id), html=""
    )
    page = client.get(f"/share/{made.secret}").text
    rendered = page.split('class="mmd rendered"')[1].split('class="source"')[0]
    assert other.public_id not in rendered
    assert f"/share/{made.secret}/pages/1/figure?" in rendered
    for rest in (
        "/pages/99",
        "/pages/99/image",
        f"/../{other.public_id}",
        "/pages/1/figure?height=5&width=5",
    ):
        assert client.get(f"/share/{made.secret}{rest}").status_code == 404


def test_figures_end_with_the_link_too(client, link):
    made = link()
    Page.objects.filter(document=made.document, number=1).update(
        mmd=FIGURE.format(made.document.public_id), html="", width=620, height=800
    )
    page = client.get(f"/share/{made.secret}").text
    place = page.split('<img src="')[2].split('"')[0].replace("&amp;", "&")
    assert place.startswith(f"/share/{made.secret}/")
    assert client.get(place)["Content-Type"] == "image/jpeg"
    sharing.revoke(made)
    assert client.get(place).status_code == 404


def test_a_signed_in_person_sees_the_link_like_anybody(browser_of, outsider, link):
    page = browser_of(outsider).get(f"/share/{link().secret}").text
    assert "Page 1 says" in page
    assert outsider.email not in page
    assert "Topology" not in page


def test_members_make_links_viewers_and_outsiders_do_not(browser_of, owner, viewer, outsider, converted):
    document = converted()
    place = f"/documents/{document.public_id}/shares"
    assert browser_of(viewer).post(place, {"days": "7"}).status_code == 403
    assert browser_of(outsider).post(place, {"days": "7"}).status_code == 404
    assert browser_of(owner).post(place, {"days": "7", "password": "short"}).status_code == 422
    assert not ShareLink.objects.exists()
    browser_of(owner).post(place, {"days": "7", "password": "long enough"})
    made = ShareLink.objects.get()
    assert timedelta(days=6) < made.expires_at - timezone.now() <= timedelta(days=7)
    assert "long enough" not in made.password


def test_a_link_of_one_document_cannot_be_revoked_through_another(browser_of, owner, converted, link):
    made, other = link(), converted()
    place = f"/documents/{other.public_id}/shares/{made.pk}/revoke"
    assert browser_of(owner).post(place).status_code == 404
    assert sharing.find(made.secret) == made
