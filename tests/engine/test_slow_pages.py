"""Pages that take too long to understand."""

from __future__ import annotations

import itertools
import threading

import pytest

from mathpixweb import engine
from mathpixweb.engine import layout, patience, verbs
from mathpixweb.engine.model import Options
from mathpixweb.engine.readers import plain_text
from tests.engine import pages

TWO_PARAGRAPHS = """
    BT /F1 10 Tf 1 0 0 1 20 250 Tm (The temperature of a ring) Tj 0 -12 Td (falls everywhere.) Tj ET
    BT /F1 10 Tf 1 0 0 1 20 180 Tm (Its mean stays.) Tj ET
"""


def words_of(page):
    return [" ".join(span.text for line in block.lines for span in line.spans) for block in page.blocks]


@pytest.fixture
def path(tmp_path):
    return pages.written(tmp_path, pages.page(TWO_PARAGRAPHS))


@pytest.fixture
def endless(monkeypatch):
    """A step that never ends."""

    def step(draft):
        for _ in itertools.count():
            pass

    monkeypatch.setattr(verbs, "MOST_SECONDS", 0.05)
    monkeypatch.setattr(layout, "STEPS", (step,))


@pytest.mark.usefixtures("endless")
def test_a_page_that_takes_too_long_is_plain_text_without_confidence(path):
    page = engine.read_page(path, 1, engine.survey(path), Options())
    assert words_of(page) == ["The temperature of a ring falls everywhere.", "Its mean stays."]
    spans = [span for block in page.blocks for line in block.lines for span in line.spans]
    assert {span.confidence for span in spans} == {plain_text.CONFIDENCE}


def test_a_page_that_is_understood_in_time_is_not(path):
    page = engine.read_page(path, 1, engine.survey(path), Options())
    assert words_of(page) == ["The temperature of a ring falls everywhere.", "Its mean stays."]
    assert all(span.confidence == 1 for block in page.blocks for line in block.lines for span in line.spans)


def test_a_document_that_takes_too_long_to_survey_has_its_pages(path, monkeypatch):
    monkeypatch.setattr(verbs, "MOST_SECONDS", 0.05)
    monkeypatch.setattr(
        verbs, "_sample", lambda document, count: [number for number in itertools.count() if number < 0]
    )
    assert engine.survey(path).page_count == 1


@pytest.mark.parametrize("turns", range(4))
def test_lines_stand_where_they_are_drawn_on_the_upright_page(tmp_path, turns):
    turned = f"/MediaBox[0 0 200 300]/Rotate {90 * turns}"
    matrix = ("1 0 0 1 20 250", "0 1 -1 0 50 20", "-1 0 0 -1 180 50", "0 -1 1 0 150 280")[turns]
    content = f"BT /F1 10 Tf {matrix} Tm (A line of text) Tj ET"
    path = pages.written(tmp_path, pages.page(content, turned))
    plain = plain_text.read(path, 1)
    known = engine.read_page(path, 1, engine.survey(path), Options())
    assert (plain.width, plain.height) == (known.width, known.height)
    assert words_of(plain) == words_of(known) == ["A line of text"]
    for side in ("x0", "y0", "x1", "y1"):
        assert getattr(plain.blocks[0].box, side) == pytest.approx(getattr(known.blocks[0].box, side), abs=3)


def test_only_the_main_thread_is_interrupted():
    done = []

    def work():
        with patience.at_most(0.001):
            done.append(sum(range(2_000_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done


def test_nothing_is_interrupted_afterwards():
    with patience.at_most(0.01):
        pass
    assert sum(range(2_000_000))
