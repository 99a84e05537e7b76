"""The web page that a document is exported as, opened from the disk as whoever receives it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from mathpixweb.engine.writers import formats
from mathpixweb.engine.writers.programs.renderer import Renderer

EVERYTHING = Path(__file__).parents[1] / "engine" / "cases" / "everything.mmd"


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    renderer = Renderer()
    made = formats.make("html", EVERYTHING.read_text(), {}, lambda url: None, "d1", renderer)
    renderer.close()
    path = tmp_path_factory.mktemp("exported") / "page.html"
    path.write_bytes(made)
    return path


@pytest.mark.parametrize("width", [1200, 390])
def test_an_exported_page_says_nothing_to_the_console_and_asks_nobody(chromium, exported, width):
    said, asked = [], []
    with chromium.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(exported.as_uri())
        assert said == []
        assert [url for url in asked if not url.startswith("data:")] == [exported.as_uri()]
        assert page.locator("math").count() >= 30
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("a[href='#mmd-thm%3Ap'], a[href='#mmd-thm:p']").count() == 1
        faces = page.evaluate(
            "[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family)"
        )
        assert "STIX Two Math" in " ".join(faces)
