"""Cases of mathpix-markdown-it's own tests (see NOTICE) through our renderer: what data and html must say.

They are many, so they stand in one file, and a test tells all that differ at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mathpixweb.engine.writers.programs.renderer import Renderer

CASES = json.loads((Path(__file__).parent / "cases" / "mathpix_markdown.json").read_text())


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    renderer = Renderer()
    yield renderer
    renderer.close()


@pytest.mark.parametrize(("kind", "source"), [("asciimath", "\\( {} \\)"), ("tsv", "{}")])
def test_data_is_that_of_mathpixs_renderer(renderer, kind, source):
    wrong = {}
    for mmd, expected in CASES[kind]:
        made = renderer.data(source.replace("{}", mmd), {f"include_{kind}": True}).data
        found = [each["value"] for each in made if each["type"] == kind]
        if (found[0].strip() if found else "") != expected.strip():
            wrong[mmd] = (expected, found)
    assert wrong == {}


def test_html_is_that_of_mathpixs_renderer(renderer):
    wrong = {}
    for mmd, expected in CASES["html"]:
        html = renderer.data(mmd, {"include_table_html": True}).html
        if html.strip() != expected.strip():
            wrong[mmd] = (expected, html)
    assert wrong == {}


def test_where_it_differs_on_purpose_the_reason_still_holds(renderer):
    """Each row: what is written, what Mathpix's renderer would put in, and why it is left as it is."""
    for mmd, put_in, reason in CASES["differs"]:
        assert put_in not in renderer.data(mmd, {}).html, reason
        assert put_in not in mmd
