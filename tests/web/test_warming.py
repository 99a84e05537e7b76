"""What is made ready for the first visitor."""

from __future__ import annotations

from django.template.loader import get_template
from django.utils.module_loading import import_string

from mathpixweb.web import server, warming


def test_the_templates_of_the_first_pages_are_made_ready(monkeypatch):
    made = []
    monkeypatch.setattr(warming, "get_template", lambda name: made.append(get_template(name)))
    monkeypatch.setattr("mathpixweb.documents.images.readers.warm", lambda: made.append("a reader"))
    import_string(server.WARM)()
    assert "a reader" in made
    assert {"base.html", "library/library.html", "library/_row.html", "icons/file.svg"} <= {
        template.template.name for template in made if template != "a reader"
    }
