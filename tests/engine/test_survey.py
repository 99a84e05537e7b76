from __future__ import annotations

from dataclasses import replace

import pytest

from mathpixweb import engine
from mathpixweb.engine.errors import PageFailed
from mathpixweb.engine.layout import lines, surveying
from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.model import Options, Survey
from mathpixweb.engine.readers.pdf import PdfDocument
from tests import pdfs
from tests.engine.pages import deflated, page, written
from tests.engine.sheets import Setter


def test_a_page_that_cannot_be_read_does_not_fail_the_survey(tmp_path):
    path = written(tmp_path, page("", objects={5: deflated(bytes(80_000_000))}))
    survey = engine.survey(path)
    assert survey.page_count == 1
    with pytest.raises(PageFailed):
        engine.read_page(path, 1, survey, Options())


@pytest.mark.parametrize(("count", "order"), [(1, [1]), (3, [1, 3, 2]), (9, [1, 5, 9, 3, 7])])
def test_both_ends_and_the_middle_of_a_document_are_looked_at_first(count, order):
    assert surveying.in_order(count) == order


def test_three_pages_of_dense_text_are_enough():
    dense, airy = Setter(), Setter()
    for line in range(50):
        dense.set("x" * 60, 20, 700 - 12 * line)
    airy.set("few words", 20, 700)
    assert surveying.is_enough([dense.sheet()] * 3)
    assert not surveying.is_enough([dense.sheet()] * 2)
    assert not surveying.is_enough([airy.sheet()] * 4)


def test_a_drawing_is_not_looked_at_where_there_is_text(tmp_path, monkeypatch):
    path = written(tmp_path, pdfs.with_numbered_pages(3))
    looked_at = []
    monkeypatch.setattr(surveying, "HEAVY", 100)
    monkeypatch.setattr(PdfDocument, "weight", lambda document, number: 200 if number == 2 else 50)
    read = PdfDocument.sheet
    monkeypatch.setattr(PdfDocument, "sheet", lambda *asked: looked_at.append(asked[1]) or read(*asked))
    engine.survey(path)
    assert looked_at == [1, 3]
    for weights, order in (((200, 200, 200), [1, 3, 2]), ((300, 50, 200), [2, 3, 1])):
        monkeypatch.setattr(PdfDocument, "weight", lambda document, number, known=weights: known[number - 1])
        looked_at.clear()
        engine.survey(path)
        assert looked_at == order


def test_pages_of_a_few_lines_tell_together_where_text_begins():
    sheets = []
    for number in (1, 2, 3):
        setter = Setter()
        setter.paragraph("a few lines of text that begin", f"in one place on the slide {number}", x=30)
        sheets.append(setter.sheet(number))
    assert 30.0 in surveying.survey_of(sheets, 3).lefts
    assert surveying.survey_of(sheets[:1], 1).lefts == (30.2,)  # where there is nothing else


def test_signs_in_scripts_do_not_tell_which_font_those_of_formulas_are_from():
    setter = Setter()
    for line in range(30):
        x = setter.set("words of prose and so on", 30, 700 - 20 * line)
        x = setter.set("x", x + 3, 700 - 20 * line, family="mi")
        x = setter.set("i", x, 698 - 20 * line, size=7, family="mi")
        setter.set("+1", x, 698 - 20 * line, size=7, family="bf")
    numbered = {"CMR10": 1, "CMBX10": 2, "CMMI10": 3}
    sheet = setter.sheet()
    glyphs = tuple(replace(glyph, face=numbered[glyph.font]) for glyph in sheet.glyphs)
    survey = surveying.survey_of([replace(sheet, glyphs=glyphs)], 1)
    assert (survey.math_faces, survey.math_signs) == ((2,), "")


def test_the_rows_that_a_survey_has_built_are_those_of_the_page_once_and_for_the_same_text():
    setter = Setter()
    setter.set("two words", 20, 700)
    draft = Draft(setter.sheet(), Survey(1, body_size=10.0), Options())
    kept = lines.build_and_keep(draft).rows
    assert lines.build(draft).rows is kept
    anew = lines.build(draft).rows
    assert anew == kept
    assert anew is not kept
    lines.build_and_keep(draft)
    other = lines.build(replace(draft, survey=Survey(1, body_size=5.0)))
    assert other.rows is not kept
