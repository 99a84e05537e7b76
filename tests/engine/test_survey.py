from __future__ import annotations

import pytest

from mathpixweb import engine
from mathpixweb.engine.errors import PageFailed
from mathpixweb.engine.model import Options
from tests.engine.pages import deflated, page, written


def test_a_page_that_cannot_be_read_does_not_fail_the_survey(tmp_path):
    path = written(tmp_path, page("", objects={5: deflated(bytes(80_000_000))}))
    survey = engine.survey(path)
    assert survey.page_count == 1
    with pytest.raises(PageFailed):
        engine.read_page(path, 1, survey, Options())
