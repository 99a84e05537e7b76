"""Whole documents as data: `cases/documents/NAME.pdf` must read as `NAME.mmd`.

To add a case put both there, with the source of the PDF beside them; no code is needed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from mathpixweb import engine
from mathpixweb.engine.model import Options
from mathpixweb.engine.writers.mmd import lines, mmd

DOCUMENTS = Path(__file__).parent / "cases" / "documents"
DEFAULT = Options()
NAMES = sorted(path.stem for path in DOCUMENTS.glob("*.pdf"))


def read(path, options=DEFAULT):
    """The size and the lines of each page."""
    survey = engine.survey(path)
    for number in range(1, survey.page_count + 1):
        page = engine.read_page(path, number, survey, options)
        yield lines.page_size(page), lines.write(page, options, f"document-{number:02}", number == 1, crop)


def crop(x, y, width, height):
    return f"crop-{x}-{y}-{width}-{height}.jpg"


def written(path, options=DEFAULT):
    return [page_lines for _, page_lines in read(path, options)]


@cache
def as_it_is(name):
    return list(read(DOCUMENTS / f"{name}.pdf"))


@pytest.mark.parametrize("name", NAMES)
def test_a_document_reads_as_its_author_wrote_it(name):
    pages = [page_lines for _, page_lines in as_it_is(name)]
    expected = (DOCUMENTS / f"{name}.mmd").read_text(encoding="utf-8")
    assert "".join(map(mmd.of, pages)) + "\n" == expected


@pytest.mark.parametrize("name", NAMES)
def test_reading_twice_gives_the_same_lines(name):
    assert list(read(DOCUMENTS / f"{name}.pdf")) == as_it_is(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_has_its_own_id_and_lies_on_the_page(name):
    for (width, height), page_lines in as_it_is(name):
        assert len({line["id"] for line in page_lines}) == len(page_lines)
        for line in page_lines:
            region = line["region"]
            assert 0 <= region["top_left_x"] <= region["top_left_x"] + region["width"] <= width + 1
            assert 0 <= region["top_left_y"] <= region["top_left_y"] + region["height"] <= height + 1


def test_equation_numbers_become_tags_when_they_are_wanted():
    options = Options(include_equation_tags=True)
    text = "".join(map(mmd.of, written(DOCUMENTS / "lecture_notes.pdf", options)))
    assert r"\tag{1}" in text
    assert "\\begin{align*}\n" in text
    assert text.count(r"\tag{") == 3


def test_without_tags_equation_numbers_stay_in_the_lines_only():
    pages = written(DOCUMENTS / "lecture_notes.pdf")
    numbers = [line["text"] for page in pages for line in page if line["type"] == "equation_number"]
    assert numbers == ["(1)", "(2)", "(3)"]
    assert r"\tag" not in "".join(map(mmd.of, pages))


def test_formulas_stand_between_the_delimiters_that_were_asked_for():
    options = Options(math_inline_delimiters=("$", "$"), math_display_delimiters=("$$", "$$"))
    text = "".join(map(mmd.of, written(DOCUMENTS / "two_columns.pdf", options)))
    assert "the number $x$ and the sum $x+y=z$" in text
    assert "$$\nE=m c^{2}" in text


def test_running_heads_come_only_when_they_are_wanted():
    path = DOCUMENTS / "lecture_notes.pdf"
    assert "Notes on sequences" not in "".join(map(mmd.of, written(path)))
    assert "Notes on sequences" in "".join(map(mmd.of, written(path, Options(include_page_info=True))))


def test_pages_can_be_parted_by_page_breaks():
    pages = written(DOCUMENTS / "lecture_notes.pdf", Options(include_page_breaks=True))
    assert not mmd.of(pages[0]).startswith("\n")
    assert mmd.of(pages[1]).startswith("\n\n\\pagebreak\n\n")


def test_section_numbers_can_be_left_out():
    path = DOCUMENTS / "lecture_notes.pdf"
    text = "".join(map(mmd.of, written(path, Options(remove_section_numbering=True))))
    assert r"\section*{Introduction}" in text
    assert r"\subsection*{Two examples}" in text


def test_a_cell_of_several_lines_is_one_line_of_data():
    (page,) = written(DOCUMENTS / "symbols_and_greek.pdf")
    (cell,) = (line for line in page if line["type"] == "table_cell" and "Gives the root" in line["text"])
    assert cell["text"] == "Gives the root of a number that is not negative, to fourteen digits."
    one_line = min(line["region"]["height"] for line in page if line["type"] == "table_cell")
    assert cell["region"]["height"] > 2 * one_line


def test_choices_quotations_and_charts_are_told_from_text():
    ((_, page_lines),) = as_it_is("questions")
    kinds = [line["type"] for line in page_lines]
    assert kinds.count("multiple_choice_option") == 4
    assert page_lines[kinds.index("quote")]["text"].startswith("A quotation")
    block, chart = (
        next(line for line in page_lines if line["type"] == t) for t in ("multiple_choice_block", "chart")
    )
    assert len(block["children_ids"]) == 4
    assert [page_lines[kinds.index("figure_label")]["id"]] == chart["selected_labels"]


def test_the_labels_of_axes_say_which_axis_they_are_of():
    options = Options(include_diagram_text=True)
    (page_lines,) = written(DOCUMENTS / "questions.pdf", options)
    named = {line["type"]: line["text"] for line in page_lines if line["type"].endswith("_axis_label")}
    ticks = [line["text"] for line in page_lines if line["type"] == "y_axis_tick_label"]
    assert named == {"x_axis_label": "time"}
    assert ticks == ["5", "4", "3", "2", "1"]
