"""Each option of v3/pdf changes what the local provider reads in `options.pdf`, and only as it says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from mathpixweb.providers.local import LocalProvider
from mathpixweb.providers.options import PdfOptions, page_numbers

DOCUMENT = Path(__file__).parent.parent / "engine" / "cases" / "documents" / "options.pdf"


@cache
def surveyed():
    return LocalProvider().survey(DOCUMENT, {})


def read(**asked):
    options = PdfOptions(**asked).model_dump()
    survey = surveyed()
    numbers = page_numbers(options["page_ranges"], survey.page_count)
    pages = list(enumerate(numbers, 1))
    return list(LocalProvider().read(DOCUMENT, "document", pages, survey.detail, options))


def text(**asked):
    return "".join(page.mmd for page in read(**asked))


CASES = [
    ({}, r"\section*{1 Numbers of a heading}", None),
    ({"preserve_section_numbering": True}, r"\subsection*{1.1 Under it}", None),
    ({"remove_section_numbering": True}, r"\section*{Numbers of a heading}", "1.1 Under it"),
    ({"auto_number_sections": True}, r"\subsection{Under it}", r"\section*"),
    ({"page_ranges": "2"}, r"\section*{2 On the next page}", "Numbers of a heading"),
    ({"math_inline_delimiters": ["$", "$"]}, r"Let $\mathbf{x}=a b$ be", r"\("),
    ({"math_display_delimiters": ["$$", "$$"]}, "$$\n\\begin{array}", r"\["),
    ({"rm_spaces": False}, r"\( \mathbf { x } = a b \)", None),
    ({"rm_fonts": True}, r"\( x=a b \)", r"\mathbf"),
    ({"idiomatic_eqn_arrays": True}, r"\begin{aligned}", r"\begin{array}"),
    ({"include_equation_tags": True}, r"\tag{2}", r"\begin{array}"),
    ({"include_page_info": True}, "\n\n2", None),
    ({"include_page_breaks": True}, "\n\\pagebreak\n", None),
    ({"numbers_default_to_math": True}, r"There are \( 42 \) apples", None),
    ({"disable_itemize": True}, "1. The first of two items.", r"\item"),
    ({"disable_lstlisting": True}, "for x in range(10):", "lstlisting"),
    ({"fullwidth_punctuation": True}, "apples （and pears），at a price of 3.5：cheap！Let", None),
    ({"fullwidth_punctuation": False}, "apples (and pears), at a price of 3.5: cheap! Let", None),
    ({"alphabets_allowed": {"en": False}}, r"\( \mathbf{x}=a b \)", "apples"),
    (
        {"alphabets_allowed": {"ru": False}},
        "There are 42 apples (and pears), at a price of 3.5: cheap!",
        None,
    ),
]


# Options whose effect is not on what is read here, and where it is tested.
ELSEWHERE = {
    "url": "documents/test_fetching.py",
    "streaming": "wire/test_stream.py",
    "metadata": "contract/test_privacy.py",
    "include_smiles": "providers/test_pictured_molecules.py",
    "include_chemistry_as_image": "providers/test_pictured_molecules.py",
    "enable_tables_fallback": "providers/test_pictured_tables.py",
    "conversion_formats": "wire/test_downloads.py",
    "conversion_options": "wire/test_converter.py",
}
HERE = {"include_diagram_text", "include_hyperlinks", "enable_spell_check"}
TESTS = Path(__file__).parent.parent


def test_every_option_is_tested_somewhere():
    in_cases = {name for asked, _, _ in CASES for name in asked}
    assert set(PdfOptions.model_fields) == in_cases | set(ELSEWHERE) | HERE
    told = {name: (TESTS / file).read_text(encoding="utf-8") for name, file in ELSEWHERE.items()}
    assert [name for name, source in told.items() if name not in source] == []


def test_words_are_left_as_they_are_printed_even_when_their_spelling_is_to_be_checked():
    assert text(enable_spell_check=True) == text()


@pytest.mark.parametrize(("asked", "there", "gone"), CASES)
def test_an_option_has_its_effect(asked, there, gone):
    found = text(**asked)
    assert there in found
    assert gone is None or gone not in found


def test_without_the_options_their_effects_are_not_there():
    found = text()
    assert [gone for _, _, gone in CASES if gone and gone not in found] == []


def test_diagram_text_is_in_the_lines_of_its_diagram_only():
    (page, _) = read(include_diagram_text=True)
    (diagram,) = [line for line in page.lines if line["type"] == "diagram"]
    lettering = [line for line in page.lines if line.get("parent_id") == diagram["id"]]
    assert [line["text"] for line in lettering] == ["inside", "boxed"]
    assert diagram["children_ids"] == [line["id"] for line in lettering]
    assert not any(line["conversion_output"] for line in lettering)
    assert page.mmd == read()[0].mmd


def test_without_asking_a_diagram_has_no_text():
    assert not [line for line in read()[0].lines if line["text"] in ("inside", "boxed")]


def test_links_are_told_only_when_they_are_wanted():
    def links(**asked):
        return [
            link["url"] for page in read(**asked) for line in page.lines for link in line.get("links", ())
        ]

    assert links() == []
    assert links(include_hyperlinks=True) == ["https://example.org/page"]
