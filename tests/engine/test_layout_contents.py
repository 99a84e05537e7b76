from __future__ import annotations

import pytest

from mathpixweb.engine import layout
from mathpixweb.engine.model import Options, Page, Text
from mathpixweb.engine.writers.mmd import lines as writer
from mathpixweb.engine.writers.mmd import mmd
from tests.engine.sheets import DEFAULT, Setter, surveyed

FULL = "this line is filled with words up to the edge of the text"
TITLES = (
    ("1 Numbers", "1", "bf"),
    ("1.1 Primes", "3", "rm"),
    ("1.2 Sums of them", "7", "rm"),
    ("2 Sets", "12", "bf"),
)


def contents(setter, titles=TITLES, dots=True, top=680):
    for k, (title, number, family) in enumerate(titles):
        y = top - 14 * k
        x = setter.set(title, 100, y, family=family)
        if dots and family == "rm":
            setter.set(" ." * int((370 - x) / 10), x, y)
        setter.set(number, 385 - 5 * len(number), y, family=family)
    return top - 14 * len(titles)


def understood(setter):
    return layout.understand(setter.sheet(2), surveyed(), DEFAULT).blocks


def said(block):
    return "".join(span.text for line in block.lines for span in line.spans if isinstance(span, Text))


def entries(block):
    return [tuple(said(part) for part in row.children) for row in block.children]


def test_titles_with_the_numbers_of_their_pages_are_a_table_of_contents():
    setter = Setter()
    setter.set("Contents", 100, 700, family="bf")
    end = contents(setter)
    setter.set("1 Numbers", 100, end - 30, family="bf")
    setter.paragraph(FULL, FULL, FULL, top=end - 50)
    blocks = understood(setter)
    assert [block.type for block in blocks] == [
        "section_header",
        "table_of_contents_container",
        "section_header",
        "text",
    ]
    assert entries(blocks[1]) == [(title, number) for title, number, _ in TITLES]


def test_dots_tell_contents_that_go_on_from_the_page_before():
    setter = Setter()
    contents(setter, [(title, number, "rm") for title, number, _ in TITLES])
    assert [block.type for block in understood(setter)] == ["table_of_contents_container"]


def test_a_title_of_two_lines_is_one_entry():
    setter = Setter()
    setter.set("Contents", 100, 700, family="bf")
    setter.set("1 What is to be known of numbers", 100, 680)
    titles = (("before one begins", "1", "rm"), ("2 Sets", "5", "rm"), ("3 Maps", "9", "rm"))
    contents(setter, titles, top=668)
    assert entries(understood(setter)[1])[0] == ("1 What is to be known of numbersbefore one begins", "1")


@pytest.mark.parametrize("numbers", [("9", "4", "7", "2"), ("1", "3", "", "")])
def test_prices_and_the_like_are_no_contents(numbers):
    setter = Setter()
    contents(setter, [(title, n, "rm") for (title, _, _), n in zip(TITLES, numbers, strict=True)])
    assert "table_of_contents_container" not in [block.type for block in understood(setter)]


def test_each_title_is_a_line_with_its_number():
    setter = Setter()
    setter.set("Contents", 100, 700, family="bf")
    contents(setter)
    page = Page(2, 612, 792, understood(setter))
    written = writer.write(page, Options(), "id", True, lambda box: "x")
    assert mmd.of(written).endswith("1 Numbers 1\n\n1.1 Primes 3\n\n1.2 Sums of them 7\n\n2 Sets 12")
    row = next(line for line in written if line["type"] == "table_of_contents_row")
    children = [line for line in written if line["id"] in row["children_ids"]]
    assert [(line["type"], line["text"]) for line in children] == [
        ("table_of_contents_item", "1 Numbers"),
        ("table_of_contents_number", "1"),
    ]
