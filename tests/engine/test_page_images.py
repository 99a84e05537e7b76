from __future__ import annotations

import io

import pytest
from PIL import Image

from mathpixweb.engine import page_images
from mathpixweb.engine.errors import PageFailed
from tests import pdfs


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "two.pdf"
    file.write_bytes(pdfs.with_numbered_pages(2))
    return file


def test_a_page_is_drawn_as_wide_as_asked(path):
    assert Image.open(io.BytesIO(page_images.render(path, 2, 306))).size == (306, 396)


def test_a_page_never_has_too_many_pixels(path, monkeypatch):
    monkeypatch.setattr(page_images, "MOST_PIXELS", 10_000)
    image = Image.open(io.BytesIO(page_images.render(path, 1, 5000)))
    assert image.width * image.height <= 10_200


def test_a_page_that_is_not_there_cannot_be_drawn(path):
    with pytest.raises(PageFailed, match="no page 3"):
        page_images.render(path, 3, 100)


def test_a_file_that_is_no_pdf_cannot_be_drawn(tmp_path):
    file = tmp_path / "scan.pdf"
    file.write_bytes(pdfs.renamed_jpeg())
    with pytest.raises(PageFailed):
        page_images.render(file, 1, 100)
