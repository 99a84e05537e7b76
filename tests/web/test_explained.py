"""Why a page reads as it does, in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from mathpixweb.accounts.models import Role
from mathpixweb.documents import storage
from mathpixweb.documents.images import readers
from mathpixweb.providers import serving
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.local import LocalProvider
from tests.web.conftest import person

pytestmark = pytest.mark.django_db
NOTES = Path(__file__).parents[1] / "engine" / "cases" / "documents" / "lecture_notes.pdf"


@pytest.fixture
def first_page(converted):
    document = converted()
    storage.source_path(document).write_bytes(NOTES.read_bytes())
    return f"/documents/{document.public_id}/pages/1"


def explained_here(source, number):
    """What the process beside the server answers."""
    return serving._answer(LocalProvider(), {"do": "explain", "source": str(source), "number": number}, b"")[
        "result"
    ]


def test_who_runs_the_server_sees_what_the_engine_sees(browser_of, owner, first_page, monkeypatch):
    monkeypatch.setattr(readers, "explanation", explained_here)
    browser = browser_of(owner)
    assert f'href="{first_page}/explained"' in browser.get(f"{first_page}/lines").text
    answer = browser.get(f"{first_page}/explained")
    assert answer.status_code == 200
    assert '<g class="glyphs">' in answer.text
    assert "script-src" not in answer["Content-Security-Policy"], "nothing of it can run"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


def test_others_do_not(browser_of, team, first_page):
    browser = browser_of(person("admin@example.org", team, Role.ADMIN))
    assert "explained" not in browser.get(f"{first_page}/lines").text
    assert browser.get(f"{first_page}/explained").status_code == 403


def test_what_cannot_be_explained_says_why(browser_of, owner, first_page, monkeypatch):
    def fail(source, number):
        raise ProviderError("page_failed", "Page 1 is damaged.")

    monkeypatch.setattr(readers, "explanation", fail)
    browser = browser_of(owner)
    assert "Page 1 is damaged." in browser.get(f"{first_page}/explained", follow=True).text
    assert browser.get(first_page.removesuffix("1") + "99/explained").status_code == 404
