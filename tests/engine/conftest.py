from __future__ import annotations

import io

import pytest
from PIL import Image

from mathpixweb.engine.writers import formats
from mathpixweb.engine.writers.programs.renderer import Renderer
from tests.engine.samples import SAMPLE


@pytest.fixture(scope="session")
def format_renderer():
    renderer = Renderer()
    yield renderer
    renderer.close()


@pytest.fixture(scope="session")
def make(format_renderer):
    """Makes a format of a text, with a picture for each address of ours; each file is made once only."""
    target = io.BytesIO()
    Image.new("RGB", (20, 10), (60, 90, 200)).save(target, "JPEG")
    made = {}

    def images(url):
        return target.getvalue() if "/cropped/" in url else None

    def make(name, mmd=SAMPLE, *, again=False, **options):
        key = (name, mmd, repr(sorted(options.items())))
        if again or key not in made:
            if name in formats.FORMATS and (missing := formats.FORMATS[name].missing()):
                pytest.skip(missing)
            made[key] = formats.make(name, mmd, options, images, "d1", format_renderer)
        return made[key]

    return make
