from __future__ import annotations

import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Block, Formula, Line, Link, Options, Page, Text
from mathpixweb.engine.writers.mmd import line_data, lines, mmd

BOX = Box(72, 700, 144, 712)
DEFAULT = Options()


def line(*spans, **more):
    return Line(tuple(Text(s, BOX) if isinstance(s, str) else s for s in spans), BOX, 10.0, **more)


def formula(latex, **more):
    return Formula(latex, BOX, **more)


def paragraph(*texts, type="text", **more):  # noqa: A002
    return Block(type, BOX, tuple(line(text) for text in texts), **more)


def written(*blocks, first=True, options=DEFAULT, number=1):
    page = Page(number, 612.0, 792.0, blocks)
    return lines.write(
        page, options, f"doc-{number:02}", first, lambda *region: "crop" + "-".join(map(str, region))
    )


def markdown(*blocks, **more):
    return mmd.of(written(*blocks, **more))


def test_the_markdown_is_what_the_lines_display():
    found = written(paragraph("One line", "and another."), paragraph("Second."))
    assert [entry["text_display"] for entry in found] == ["One line", " and another.", "\n\nSecond."]
    assert mmd.of(found) == "One line and another.\n\nSecond."


def test_a_later_page_begins_with_a_blank_line():
    assert markdown(paragraph("New."), first=False) == "\n\nNew."


def test_a_paragraph_that_runs_on_is_not_parted():
    assert markdown(paragraph("goes on."), first=False) == "\ngoes on."


def test_a_broken_word_is_written_without_a_blank():
    block = Block("text", BOX, (line("exam", hyphenated=True), line("ple")))
    assert markdown(block) == "example"


def test_a_line_has_the_fields_of_the_contract():
    (found,) = written(paragraph("Word"))
    assert found["type"] == "text"
    assert found["region"] == {"top_left_x": 250, "top_left_y": 278, "width": 250, "height": 41}
    assert found["cnt"] == [[250, 319], [250, 278], [500, 278], [500, 319]]
    assert found["font_size"] == 35
    assert (found["line"], found["column"]) == (1, 0)
    assert found["is_printed"] is True
    assert found["is_handwritten"] is False
    assert len(found["id"]) == 32
    assert found["confidence"] == found["confidence_rate"] == 1.0


def test_pixels_are_those_of_250_dots_per_inch():
    assert lines.page_size(Page(1, 612.0, 792.0)) == (2125, 2750)


def test_ids_depend_on_page_and_place_only():
    assert written(paragraph("a"))[0]["id"] == written(paragraph("b"))[0]["id"]
    assert written(paragraph("a"))[0]["id"] != written(paragraph("a"), number=2)[0]["id"]


def test_title_and_authors_are_containers_of_their_lines():
    found = written(
        paragraph("CS229 Lecture Notes", type="title"),
        paragraph("Andrew Ng", "(updates by Tengyu Ma)", type="authors"),
    )
    title, title_line, authors, *names = found
    assert (title["type"], title["text"], title["conversion_output"]) == ("title", "", False)
    assert title["children_ids"] == [title_line["id"]]
    assert title_line["text_display"] == "\\title{\nCS229 Lecture Notes\n}"
    assert [name["parent_id"] for name in names] == [authors["id"]] * 2
    assert names[0]["text_display"] == "\n\n\\author{\nAndrew Ng"
    assert names[1]["text_display"] == " \\\\ (updates by Tengyu Ma)\n}"


@pytest.mark.parametrize(
    ("level", "command"),
    [(1, r"\section*"), (2, r"\subsection*"), (3, r"\subsubsection*"), (9, r"\subsubsection*")],
)
def test_headings_keep_their_numbers_in_starred_commands(level, command):
    block = paragraph("1.2 Results", type="section_header", level=level)
    assert markdown(block) == command + "{1.2 Results}"


def test_formulas_are_delimited_within_the_line():
    block = Block("text", BOX, (line("so ", formula("x^{2}"), " is"),))
    assert markdown(block) == r"so \( x^{2} \) is"
    assert markdown(block, options=Options(math_inline_delimiters=("$", "$"))) == "so $x^{2}$ is"


def display(*rows):
    return Block("math", BOX, tuple(Line(tuple(row), BOX, 10.0) for row in rows))


def test_a_single_display_stands_between_its_delimiters():
    assert markdown(display([formula("x=1", display=True)])) == "\\[\nx=1\n\\]"


def test_aligned_rows_are_an_array_or_if_wanted_aligned():
    block = display([formula("a"), formula("=b")], [formula(""), formula("=c")])
    assert markdown(block) == "\\[\n\\begin{array}{rl}\na & =b \\\\\n & =c\n\\end{array}\n\\]"
    idiomatic = markdown(block, options=Options(idiomatic_eqn_arrays=True))
    assert idiomatic == "\\[\n\\begin{aligned}\na & =b \\\\\n & =c\n\\end{aligned}\n\\]"


def test_rows_without_alignment_are_gathered():
    block = display([formula("a")], [formula("b")])
    assert "\\begin{gathered}\na \\\\\nb\n" in markdown(block, options=Options(idiomatic_eqn_arrays=True))


def test_tags_are_written_only_when_wanted():
    block = display([formula("x", tag="2.1")])
    assert markdown(block) == "\\[\nx\n\\]"
    assert markdown(block, options=Options(include_equation_tags=True)) == "\\[\nx \\tag{2.1}\n\\]"


def test_fonts_can_be_left_out_of_formulas():
    block = display([formula(r"\mathbf{A_{\mathrm{in}}}+\mathcal{B}\text { if }")])
    assert markdown(block, options=Options(rm_fonts=True)) == "\\[\nA_{in}+B\\text { if }\n\\]"


def test_an_abstract_contains_its_paragraphs():
    block = Block("abstract", BOX, children=(paragraph("First."), paragraph("Second.")))
    assert markdown(block) == "\\begin{abstract}\nFirst.\n\nSecond.\n\\end{abstract}"


def test_page_info_is_output_only_when_wanted():
    head = paragraph("Page 3", type="page_info", output=False)
    assert markdown(head, paragraph("Text")) == "Text"
    assert markdown(head, paragraph("Text"), options=Options(include_page_info=True)) == "Page 3\n\nText"


def test_a_figure_names_its_caption():
    caption = paragraph("Figure 1: A plot.", type="figure_label", output=False)
    figure, label = written(Block("diagram", BOX, children=(caption,)))
    assert figure["selected_labels"] == [label["id"]]
    assert figure["text_display"] == (
        "\\begin{figure}\n\\includegraphics[max width=\\textwidth]{crop250-278-250-41}\n"
        "\\captionsetup{labelformat=empty}\n\\caption{Figure 1: A plot.}\n\\end{figure}"
    )
    assert (label["type"], label["text"]) == ("figure_label", "Figure 1: A plot.")
    assert (label["text_display"], label["conversion_output"]) == ("", False)


def test_the_caption_of_a_figure_that_cannot_be_shown_is_text():
    caption = paragraph("Figure 1: A plot.", type="figure_label", output=False)
    page = Page(1, 612, 792, (Block("diagram", BOX, children=(caption,)),))
    figure, label = line_data.write(page, Options(), lambda _: [[0, 0]] * 4, handwritten=False)
    assert (figure["conversion_output"], figure["error_id"]) == (False, "image_not_supported")
    assert (label["type"], label["conversion_output"]) == ("figure_label", True)
    assert label["text"] == "Figure 1: A plot."


def test_a_picture_without_caption_is_a_markdown_image():
    assert markdown(Block("diagram", BOX)) == "![](crop250-278-250-41)"


def cell(text, column, span=1):
    return Block("table_cell", BOX, (line(text),), None, span, column)


def row(*cells):
    return Block("table_row", BOX, children=cells)


def test_a_table_is_a_tabular_with_spanning_cells():
    table = Block("table", BOX, children=(row(cell("Both", 0, 2)), row(cell("R&D", 0), cell("50%", 1))))
    found = written(table)
    assert found[0]["text_display"] == (
        "\\begin{tabular}{|l|l|}\n\\hline \\multicolumn{2}{|c|}{Both} \\\\\n"
        "\\hline R\\&D & 50\\% \\\\\n\\hline\n\\end{tabular}"
    )
    assert found[0]["text"] == ""
    assert [entry["type"] for entry in found[1:]] == ["table_cell"] * 3
    assert {entry["parent_id"] for entry in found[1:]} == {found[0]["id"]}


def test_a_cell_over_several_rows_interrupts_the_rules_between_them():
    tall = Block("table_cell", BOX, (line("Nut"),), None, 1, 0, rows=2)
    table = Block(
        "table", BOX, children=(row(tall, cell("hex", 1)), row(cell("square", 1)), row(cell("x", 0)))
    )
    assert markdown(table) == (
        "\\begin{tabular}{|l|l|}\n\\hline \\multirow{2}{*}{Nut} & hex \\\\\n\\cline{2-2}  & square \\\\\n"
        "\\hline x &  \\\\\n\\hline\n\\end{tabular}"
    )


def listed(kind, *items, inner=()):
    children = [paragraph(text, type="list_item", subtype=label) for label, text in items]
    return Block("list", BOX, subtype=kind, children=(*children, *inner))


def test_numbers_that_latex_would_count_are_left_to_it():
    assert markdown(listed("enumerate", ("1.", "one"), ("2.", "two"))) == (
        "\\begin{enumerate}\n\\item one\n\\item two\n\\end{enumerate}"
    )


def test_other_labels_are_written_out():
    assert markdown(listed("enumerate", ("7.", "one"), ("8.", "two"))) == (
        "\\begin{enumerate}\n\\item[7.] one\n\\item[8.] two\n\\end{enumerate}"
    )
    assert r"\item[(b)] one" in markdown(listed("enumerate", ("(b)", "one")))


def test_a_list_stands_within_a_list():
    inner = listed("itemize", ("–", "deep"))
    assert markdown(listed("enumerate", ("1.", "one"), inner=(inner,))) == (
        "\\begin{enumerate}\n\\item one\n\\begin{itemize}\n\\item deep\n\\end{itemize}\n\\end{enumerate}"
    )


def test_lists_can_be_written_as_they_are_printed():
    items = listed("enumerate", ("1.", "one"), ("2.", "two"))
    assert markdown(items, options=Options(disable_itemize=True)) == "1. one\n\n2. two"


def test_listings_can_be_written_as_text():
    listing = paragraph("if x:", type="code")
    assert markdown(listing, options=Options(disable_lstlisting=True)) == "if x:"


def test_section_numbers_can_be_kept_left_out_or_left_to_latex():
    block = paragraph("1.2 Results", type="section_header", level=2)
    assert markdown(block) == r"\subsection*{1.2 Results}"
    assert markdown(block, options=Options(remove_section_numbering=True)) == r"\subsection*{Results}"
    assert markdown(block, options=Options(auto_number_sections=True)) == r"\subsection{Results}"
    plain = paragraph("References", type="section_header", level=1)
    assert markdown(plain, options=Options(auto_number_sections=True)) == r"\section*{References}"


def test_formulas_can_keep_their_spaces():
    block = Block("text", BOX, (line(formula(r"\frac{a}{2}+\text { if }x^{2}")),))
    assert markdown(block, options=Options(rm_spaces=False)) == (
        r"\( \frac { a } { 2 } + \text { if } x ^ { 2 } \)"
    )


def test_lines_tell_their_links_when_they_are_wanted():
    page = Page(1, 612.0, 792.0, (paragraph("See there."),), (Link(BOX, "https://example.org/"),))
    for wanted in (True, False):
        options = Options(include_hyperlinks=wanted)
        (found,) = lines.write(page, options, "doc-01", True, lambda *region: "")
        links = [link["url"] for link in found.get("links", [])]
        assert links == (["https://example.org/"] if wanted else [])


def test_lists_and_listings_have_environments():
    items = listed("itemize", ("•", "one"), ("•", "two"))
    assert markdown(items) == "\\begin{itemize}\n\\item one\n\\item two\n\\end{itemize}"
    listing = paragraph("if x:", "    y_1 = 2", type="code")
    assert markdown(listing) == "\\begin{lstlisting}\nif x:\n    y_1 = 2\n\\end{lstlisting}"


def test_footnotes_are_footnote_texts():
    block = Block("footnote", BOX, (line(formula("{ }^{1}"), " See there."),))
    assert markdown(block) == "\\footnotetext{\n\\( { }^{1} \\) See there.\n}"


def test_a_low_confidence_is_told():
    block = Block("text", BOX, (Line((Text("a", BOX, confidence=0.25), Text("b", BOX)), BOX, 10.0),))
    (found,) = written(block)
    assert (found["confidence"], found["confidence_rate"]) == (0.25, 0.5)


def test_plain_text_leaves_out_what_is_not_output():
    found = written(paragraph("Text"), paragraph("7", type="page_info", output=False))
    assert lines.plain(found) == "Text"


def test_the_older_form_holds_output_lines_with_their_markdown():
    found = lines.mmd_lines(written(paragraph("T", type="title"), paragraph("7", type="page_info")))
    assert [entry["text"] for entry in found] == ["\\title{\nT\n}"]
    keys = {"text", "line", "region", "cnt", "is_printed", "is_handwritten", "confidence", "confidence_rate"}
    assert set(found[0]) == keys


@pytest.mark.parametrize("text", ["# 3 is a number", "> quoted"])
def test_a_paragraph_does_not_become_a_heading_or_a_quotation(text):
    assert markdown(paragraph(text)) == "\\" + text
