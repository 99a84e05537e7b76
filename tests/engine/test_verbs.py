from __future__ import annotations

import dataclasses
import os

import pytest

from mathpixweb import engine
from mathpixweb.engine import opened
from mathpixweb.engine.__main__ import main
from mathpixweb.engine.errors import PageFailed, UnreadableDocument
from mathpixweb.engine.model import Options
from tests import pdfs


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "three.pdf"
    file.write_bytes(pdfs.with_numbered_pages(3))
    return file


def test_a_document_is_surveyed_and_read_page_by_page(path):
    survey = engine.survey(path)
    pages = [engine.read_page(path, number, survey, Options()) for number in (1, 2, 3)]
    assert survey.page_count == 3
    assert [page.number for page in pages] == [1, 2, 3]
    assert (pages[0].width, pages[0].height) == (612, 792)


def test_reading_page_after_page_opens_the_file_once(path):
    with opened.LOCK:
        assert opened.document(path) is opened.document(path)


def test_a_file_that_has_changed_is_opened_anew(path):
    with opened.LOCK:
        before = opened.document(path)
        path.write_bytes(pdfs.with_numbered_pages(2))
        os.utime(path, ns=(1, 1))
        assert opened.document(path) is not before
    assert engine.survey(path).page_count == 2


def test_few_documents_stay_open(tmp_path):
    for number in range(opened.MOST_OPEN + 3):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(pdfs.with_numbered_pages(1))
        engine.survey(file)
    assert len(opened._open) <= opened.MOST_OPEN


def test_a_page_that_is_not_there_fails(path):
    with pytest.raises(PageFailed):
        engine.read_page(path, 4, engine.survey(path), Options())


def test_a_file_that_is_no_pdf_cannot_be_surveyed(tmp_path):
    file = tmp_path / "scan.pdf"
    file.write_bytes(pdfs.renamed_jpeg())
    with pytest.raises(UnreadableDocument):
        engine.survey(file)


def test_the_command_prints_the_pages_that_were_asked_for(path, capsys):
    assert main([str(path), "--pages", "2-3"]) == 0
    printed = capsys.readouterr().out
    assert "This is page 2." in printed
    assert "This is page 3." in printed
    assert "This is page 1." not in printed


def test_the_command_tells_what_is_wrong_with_a_file(tmp_path, capsys):
    file = tmp_path / "scan.pdf"
    file.write_bytes(pdfs.renamed_jpeg())
    assert main([str(file)]) == 1
    assert capsys.readouterr().err


def test_the_survey_is_made_of_plain_values(path):
    values = dataclasses.asdict(engine.survey(path))
    assert all(isinstance(value, int | float | str | tuple) for value in values.values())
