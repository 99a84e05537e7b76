"""What people and documents say never runs, never breaks a header, and never keeps the others waiting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.template.loader import get_template

from mathpixweb.api import downloads as api_downloads
from mathpixweb.documents import storage
from mathpixweb.documents.intake import intake
from mathpixweb.documents.models import Page, Rendition
from mathpixweb.documents.models.library import Receipt
from mathpixweb.documents.output import rendering, renditions
from mathpixweb.documents.search import search
from mathpixweb.engine.errors import RenderFailed
from tests import pdfs

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'><svg onload=alert(3)><iframe src=//evil>"
MARKUP = [
    HOSTILE,
    r'\ref{"><img src=x onerror=alert(1)>} \( \href{javascript:alert(2)}{x} \) \href{javascript:alert(3)}{x}',
    r"\( \style{background:url(http://127.0.0.1/)}{x} \) \( \class{x\" onclick=alert(1)}{y} \)",
    r"\( \cssId{main}{z} \) \( \unicode{x3c}script \) \url{javascript:alert(1)} \footnote{<b onclick=x>}",
    r"\includegraphics{javascript:alert(1)} ![a](javascript:alert(1)) [b](javascript:alert(1))",
    r"[c](data:text/html,<script>alert(1)</script>) [d](vbscript:x) ![e](file:///etc/passwd)",
    rf"\title{{{HOSTILE}}} \section{{{HOSTILE}}} \( \text{{{HOSTILE}}} \) <smiles>{HOSTILE}</smiles>",
    rf"\begin{{tabular}}{{|c|}} {HOSTILE} \end{{tabular}}",
    f"```mermaid\n{HOSTILE}\n```\n\n`{HOSTILE}`",
]
NAMES = [
    HOSTILE,
    "../../../etc/passwd",
    "..\\..\\x.pdf",
    "a\0b.pdf",
    "a\r\nSet-Cookie: x=1.pdf",
    'a"; filename="b.exe.pdf',
    "\u202efdp.exe",
    "x" * 10_000,
    "ü" * 300,
    "{{7*7}}.pdf",
    "\ud800.pdf",
    "..",
    "\u2028",
]


OWN_SCRIPT = f"<script>{get_template('theme.js').render()}</script>"


class Active(HTMLParser):
    """Collects what would run or load something, but for the one script of the page itself."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html.replace(OWN_SCRIPT, "", 1))

    def handle_starttag(self, tag, attributes):
        if tag in ("iframe", "object", "embed", "base", "foreignobject", "animate", "set", "style"):
            self.found.append(tag)
        for name, value in attributes:
            value = (value or "").strip().lower()
            runs = name in ("href", "src", "action", "xlink:href", "srcdoc") and not value.startswith(
                ("/", "#", "http://", "https://", "mailto:", "data:image/", "?")
            )
            if name.startswith("on") or runs or (name == "style" and "url(" in value):
                self.found.append((tag, name, value))
        if tag == "script" and not dict(attributes).get("src", "").startswith("/static/"):
            self.found.append(tag)


@pytest.mark.django_db
@pytest.mark.parametrize("markup", MARKUP)
def test_a_text_never_runs_in_the_browser(browser_of, owner, team, markup):
    document = intake.submit_mmd(team, markup, endpoint="/v3/converter", options={}, user=owner)
    home = f"/documents/{document.public_id}"
    browser = browser_of(owner)
    for path in (
        home,
        f"{home}?view=source",
        f"{home}/pages/1",
        "/",
        "/?q=alert",
        "/?q=script",
        f"{home}/delete",
    ):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert Active(answer.text).found == [], path


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_name_never_runs_nor_breaks_a_header(browser_of, owner, team, converted, name):
    upload = SimpleUploadedFile("x.pdf", pdfs.with_numbered_pages(1))
    taken = intake.submit_file(team, upload, endpoint="/v3/pdf", options={}, name=name, user=owner)
    assert "/" not in taken.name
    assert "\\" not in taken.name
    assert taken.name.isprintable()
    assert storage.source_path(taken).is_file()
    document = converted(name=taken.name)
    browser = browser_of(owner)
    for path in ("/", f"/documents/{document.public_id}", f"/documents/{document.public_id}/delete"):
        assert Active(browser.get(path).text).found == []
    given = browser.get(f"/documents/{document.public_id}/download/mmd")["Content-Disposition"]
    for header in (given, api_downloads.disposition(name, "mmd")):
        assert header.startswith("attachment")
        assert header.isprintable()


@pytest.mark.django_db
def test_a_question_and_an_address_never_run(browser_of, owner):
    browser = browser_of(owner)
    assert Active(browser.get("/", {"q": HOSTILE}).text).found == []
    assert Active(browser.post("/upload", {"url": f"http://127.0.0.1/{HOSTILE}"}).text).found == []


@pytest.mark.django_db
@pytest.mark.parametrize("format_name", ["mmd", "lines.json", "html"])
def test_a_download_that_is_shown_after_all_can_do_nothing(browser_of, owner, converted, format_name):
    document = converted(name="x.pdf")
    name = storage.save(storage.rendition_name(document, "html"), HOSTILE.encode())
    Rendition.objects.create(document=document, format="html", status="completed", file=name)
    answer = browser_of(owner).get(f"/documents/{document.public_id}/download/{format_name}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "sandbox" in api_downloads.text(document, "mmd", "x")["Content-Security-Policy"]


@pytest.fixture
def forgotten():
    """What was remembered of pages, whose numbers the next test's pages have again."""
    yield
    caches[rendering.KEPT].clear()


@pytest.mark.django_db
def test_a_page_that_nobody_can_render_keeps_the_others_waiting_once(converted, monkeypatch, forgotten):
    tried = []

    def stuck(*_, **__):
        tried.append(1)
        raise RenderFailed("Rendering took longer than 10 seconds.")

    monkeypatch.setattr(rendering.html, "fragment", stuck)
    pages = list(converted().pages.all())[:2]
    for page in [*pages, *pages]:
        assert rendering.page_html(Page.objects.get(pk=page.pk)) == ""
    assert len(tried) == 2
    Page.objects.filter(pk=pages[0].pk).update(edition=7)
    rendering.page_html(Page.objects.get(pk=pages[0].pk))
    assert len(tried) == 3, "read again, it is another text"


def test_a_text_as_long_as_a_library_is_not_looked_through_letter_by_letter(monkeypatch):
    looked = []
    monkeypatch.setattr(search, "_place", lambda text, *_: looked.append(len(text)))
    search.place("alpha beta " * 900_000, "gamma")
    assert max(looked) <= search.LOOKED_THROUGH


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_for_a_format_at_once_get_one(converted):
    document = converted()
    assert len(set(at_once(lambda: renditions.request(document, ["docx"], {})[0].pk))) == 1
    assert document.renditions.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["delete", "cancel", "retry"])
def test_many_who_do_the_same_at_once_do_it_once(browser_of, owner, converted, act):
    document = converted()
    browser = browser_of(owner)
    sent = {"forever": "1"} if act == "delete" else {}  # otherwise it would lie in the trash
    statuses = at_once(lambda: browser.post(f"/documents/{document.public_id}/{act}", sent).status_code)
    assert set(statuses) <= {302, 404}
    document.refresh_from_db()
    assert document.counted_pages == 3
    assert (document.deleted_at is not None) == (act == "delete")
    assert document.team.usage.filter(usage_type="pdf-page").count() == 1
    assert storage.folder(document).exists() == (act != "delete")
    assert Receipt.objects.filter(document=document.public_id).count() == (act == "delete")


def at_once(act, times=12):
    def alone(_):
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(alone, range(times)))
