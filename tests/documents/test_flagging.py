"""A formula that cannot be rendered makes its page doubtful when it is read, before anybody looks at it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mathpixweb.documents.output import flagging, rendering
from mathpixweb.documents.search.questions import LOW
from mathpixweb.engine.errors import RenderFailed
from tests.documents import scripted as scripts
from tests.turns import work

BROKEN = r"so \( a^b^c \)"
SHOWN = '<p>so <code class="math-error" title="Double exponent">a^b^c</code></p>'


@pytest.fixture
def rendered(monkeypatch):
    """What was rendered, each by a renderer that knows one broken formula."""
    asked = []

    def render(mmd, number):
        asked.append((mmd, number))
        return SHOWN if "^b^c" in mmd else "<p>…</p>"

    monkeypatch.setattr(rendering, "rendered", render)
    return asked


@pytest.mark.django_db
def test_a_page_with_a_broken_formula_is_found_among_the_doubtful(
    a_document, scripted, rendered, monkeypatch
):
    read = scripts.page_result
    second = lambda index, number: replace(read(index, number), mmd=BROKEN)  # noqa: E731
    monkeypatch.setattr(scripts, "page_result", lambda *at: second(*at) if at[1] == 2 else read(*at))
    document = work(a_document())
    doubtful = document.pages.get(confidence__lt=LOW)
    assert (doubtful.number, doubtful.html) == (2, SHOWN)
    assert rendered == [(BROKEN, 2)], "the others surely render"


def test_what_only_might_break_keeps_its_confidence(rendered):
    assert flagging.of(r"\( \foo{a} \)", 1, 0.97) == {"confidence": 0.97, "html": "<p>…</p>"}


def test_without_a_renderer_nothing_is_said(monkeypatch):
    def fail(mmd, number):
        raise RenderFailed

    monkeypatch.setattr(rendering, "rendered", fail)
    assert flagging.of(BROKEN, 1, 0.97) == {"confidence": 0.97, "html": ""}
