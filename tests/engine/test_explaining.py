from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mathpixweb import engine
from mathpixweb.engine.errors import PageFailed
from mathpixweb.engine.model import Options
from tests.engine.pages import page, written

NOTES = Path(__file__).parent / "cases" / "documents" / "lecture_notes.pdf"


@pytest.fixture(scope="module")
def explained():
    return engine.explain(NOTES, 1, engine.survey(NOTES), Options())


def layer(content, name):
    return re.search(rf'<g class="{name}">(.*?)</g>', content, re.DOTALL)[1]


def test_everything_that_was_found_lies_over_the_picture(explained):
    assert 'href="data:image/png;base64,' in explained
    assert "(mi) 9.96" in layer(explained, "glyphs"), "a glyph tells its family and size"
    assert layer(explained, "rows").count("<rect") > 10
    assert "section_header" in layer(explained, "regions")
    assert layer(explained, "formulas").count("<rect") == explained.count("<details>")


def test_each_formula_has_its_tree(explained):
    trees = re.findall(r"<details><summary><code>(.*?)</code>.*?<pre>(.*?)</pre>", explained, re.DOTALL)
    scripts = [tree for latex, tree in trees if "^{k}" in latex]
    assert scripts
    assert all("Scripts" in tree and "sup: " in tree for tree in scripts)


def test_what_a_document_says_is_no_markup(tmp_path):
    path = written(tmp_path, page("BT /F1 10 Tf 50 100 Td (<b>x</b>) Tj ET"))
    content = engine.explain(path, 1, engine.survey(path), Options())
    assert "<b>" not in content
    assert "“&lt;”" in content


def test_a_page_that_is_not_there_cannot_be_explained():
    with pytest.raises(PageFailed):
        engine.explain(NOTES, 99, engine.survey(NOTES), Options())


def test_the_command_writes_a_page(tmp_path, capsys):
    target = tmp_path / "why.html"
    call_command("explain", str(NOTES), "1", output=target)
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(CommandError):
        call_command("explain", str(tmp_path / "missing.pdf"), "1")
