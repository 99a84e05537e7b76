"""Pictures, drawings and texts that are read while their sender waits."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mathpixweb.accounts.models import UsageEvent
from mathpixweb.documents.images import forms, snips
from mathpixweb.documents.models import Document
from mathpixweb.engine.writers.programs.renderer import Renderer
from tests.documents.scripted import image_result
from tests.web.test_images import picture

pytestmark = pytest.mark.django_db

INK = {"x": [[1, 2, 3]], "y": [[4, 5, 6]]}


def drawn(browser, strokes=INK, drawing="", **fields):
    body = json.dumps({"drawing": drawing, "strokes": strokes, **fields})
    return browser.post("/draw/strokes", body, content_type="application/json")


def paste(browser):
    return browser.post("/snips", {"file": SimpleUploadedFile("image.png", picture(), "image/png")})


def test_a_pasted_picture_is_read_at_once_and_shown_with_what_it_can_be_copied_as(
    browser_of, owner, scripted
):
    browser = browser_of(owner)
    answer = paste(browser)
    document = Document.objects.get()
    assert (document.kind, document.status, document.user) == ("image", "completed", owner)
    assert answer.url == f"/documents/{document.public_id}/snip"
    shown = browser.get(answer.url).text
    for name in ("mathml", "asciimath", "latex", "typst", "markdown"):
        assert f'data-kind="{name}"' in shown
    assert "90 %" in shown and "look it over" in shown


def test_a_picture_without_content_says_so(browser_of, owner, scripted):
    scripted.image = image_result(lines=[], equation=None)
    browser = browser_of(owner)
    assert "Nothing was found in this picture" in browser.get(paste(browser).url).text


def test_what_the_reader_is_unsure_of_is_said_to_be(browser_of, owner, scripted):
    scripted.image = image_result(confidence=0.4)
    browser = browser_of(owner)
    assert "check every sign" in browser.get(paste(browser).url).text


def test_a_drawing_is_one_document_counted_once_however_often_it_is_read(browser_of, owner, scripted):
    browser = browser_of(owner)
    assert drawn(browser).status_code == 200
    document = Document.objects.get()
    again = drawn(browser, {"x": [[1, 2], [7, 8]], "y": [[1, 2], [7, 8]]}, document.public_id)
    assert f'data-drawing="{document.public_id}"' in again.text
    assert 'data-kind="mathml"' in again.text
    assert Document.objects.count() == 1
    assert [len(strokes) for strokes in scripted.strokes] == [1, 2]
    assert UsageEvent.objects.count() == 1


def test_a_stroke_does_not_wait_for_what_other_programs_make_of_the_formula(
    browser_of, owner, scripted, monkeypatch
):
    browser = browser_of(owner)
    with monkeypatch.context() as gone:
        gone.setattr(forms, "TYPST_FORMULA", None)
        gone.setattr(Renderer, "data", None)
        shown = drawn(browser).text
    assert "<math" in shown
    assert [awaited(shown, name) for name in ("latex", "markdown")] == [False, False]
    assert [awaited(shown, name) for name in (*forms.MADE, "png")] == [True] * 6
    address = f"/documents/{Document.objects.get().public_id}/snip"
    later = browser.get(address, headers={"HX-Request": "true"}).text
    assert not any(awaited(later, name) for name in (*forms.MADE, "png", "latex", "markdown"))
    assert "<html" not in later


def awaited(html, name):
    """Whether the place of that form is kept for what comes later."""
    (attributes,) = re.findall(rf'<li id="form-{name}"([^>]*)>', html)
    return "aria-busy" in attributes


def test_the_picture_of_a_drawing_follows_the_pen(browser_of, owner, scripted):
    browser = browser_of(owner)
    drawn(browser)
    document = Document.objects.get()
    picture_of = f"/documents/{document.public_id}/pages/1/image"
    before = b"".join(browser.get(picture_of))
    drawn(browser, {"x": [[0, 300], [0, 300]], "y": [[0, 90], [90, 0]]}, document.public_id)
    assert b"".join(browser.get(picture_of)) != before


def test_nobody_draws_on_anothers_drawing(browser_of, owner, outsider, scripted):
    drawn(browser_of(owner))
    mine = Document.objects.get()
    drawn(browser_of(outsider), drawing=mine.public_id)
    assert Document.objects.count() == 2
    mine.refresh_from_db()
    assert mine.user == owner


@pytest.mark.parametrize("body", ["", "[]", "{", "[" * 5000, '{"strokes": {"x": 1}}', '{"drawing": [1]}'])
def test_what_is_no_drawing_is_refused(browser_of, owner, scripted, body):
    answer = browser_of(owner).post("/draw/strokes", body, content_type="application/json")
    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_a_drawing_has_a_limit(browser_of, owner, scripted):
    endless = [list(range(100_000))]
    assert drawn(browser_of(owner), {"x": endless, "y": endless}).status_code == 422


def test_a_viewer_neither_pastes_nor_draws(browser_of, viewer, scripted):
    browser = browser_of(viewer)
    assert [paste(browser).status_code, drawn(browser).status_code, browser.get("/draw").status_code] == [
        403,
        403,
        403,
    ]


def test_pasted_markdown_becomes_a_document(browser_of, owner, scripted):
    answer = browser_of(owner).post("/snips", {"text": "# Rings\n\nLet \\( R \\) be one."})
    document = Document.objects.get()
    assert answer.url == f"/documents/{document.public_id}"
    assert (document.kind, document.name) == ("converter", "Rings.mmd")


def test_an_empty_text_is_refused(browser_of, owner, scripted):
    assert browser_of(owner).post("/snips", {"text": " \n"}).status_code == 422


@pytest.mark.parametrize(
    ("text", "mmd"),
    [
        ("\\frac{1}{2}", "\\[\n\\frac{1}{2}\n\\]"),
        ("x^2 + y^2", "\\[\nx^2 + y^2\n\\]"),
        ("$x^2$", "$x^2$"),
        ("\\begin{tabular}{c} a \\end{tabular}", "\\begin{tabular}{c} a \\end{tabular}"),
        ("Plain words.", "Plain words."),
    ],
)
def test_a_bare_formula_is_set_off_as_one(text, mmd):
    assert snips.as_mmd(text) == mmd
