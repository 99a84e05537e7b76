from __future__ import annotations

import pytest

from mathpixweb.engine.writers.joining import joined

HEAD = "\\hline Name & Value \\\\\n"
OTHER = "\\hline City & People \\\\\n"


def table(*rows, head=HEAD, columns="|l|l|"):
    body = "".join(f"\\hline {row} & 1 \\\\\n" for row in rows)
    return f"\n\n\\begin{{tabular}}{{{columns}}}\n{head}{body}\\hline\n\\end{{tabular}}"


def test_a_table_over_three_pages_is_one():
    pages = ["Text." + table("a", "b"), table("c"), table("d") + "\n\nMore."]
    assert joined(pages) == "Text." + table("a", "b", "c", "d") + "\n\nMore."


def test_a_table_without_its_heading_again_is_one():
    assert joined(["Text." + table("a"), table("b", head="")]) == "Text." + table("a", "b")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (table("a"), "\n\nText between." + table("b")),
        (table("a") + "\n\nText between.", table("b")),
        (table("a"), table("b", columns="|l|l|l|")),
        (table("a"), "\n\n\\pagebreak" + table("b")),
    ],
)
def test_other_tables_stay_two(before, after):
    assert joined([before, after]) == before + after


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("of the pha-", "\nretra here", "of the pharetra here"),
        ("it is well-known, as well-", "\nknown things are", "it is well-known, as well-known things are"),
        ("first a semi-", "\n\nNew paragraph", "first a semi-\n\nNew paragraph"),
        ("first a semi-", "\nMarkov", "first a semi-\nMarkov"),
        ("goes on", "\nin the next", "goes on\nin the next"),
    ],
)
def test_a_word_that_a_page_breaks_is_mended(before, after, whole):
    assert joined([before, after]) == whole


def test_pages_without_text_are_nothing():
    assert joined(["a-", "", "\nb"]) == "ab"
    assert joined([]) == ""
