from __future__ import annotations

import dataclasses
import json

import pytest

from mathpixweb.engine import layout
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.layout import lines, pictures, surveying
from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.model import Formula, Options, Picture, Sheet, Survey, Text
from mathpixweb.engine.ocr.rows import MixedLine, Scale, row_of
from mathpixweb.engine.ocr.text import TextWord
from tests.engine.sheets import DEFAULT, Setter, surveyed

FULL = "this line is filled with words up to the edge of the text"  # 57 characters, 285 points


def understood(setter, number=2, options=DEFAULT, **known):
    return layout.understand(setter.sheet(number), surveyed(**known), options).blocks


def text_of(block):
    return " ".join(
        "".join(s.text if isinstance(s, Text) else s.latex for s in line.spans) for line in block.lines
    )


def built(setter):
    return lines.build(Draft(setter.sheet(), surveyed(), DEFAULT)).rows


def test_an_empty_page_has_no_blocks():
    assert understood(Setter()) == ()


def test_lines_drawn_one_under_the_other_are_rows():
    setter = Setter()
    setter.paragraph("first line", "second line", "third line")
    assert [len(row.glyphs) for row in built(setter)] == [9, 10, 9]


def test_a_script_stays_on_the_row_of_its_base():
    setter = Setter()
    x = setter.set("x", 100, 700, family="mi")
    x = setter.set("2", x, 703.6, size=7)
    setter.set("is a square", x + 4, 700)
    assert len(built(setter)) == 1


def test_a_fraction_is_one_row():
    setter = Setter()
    setter.set("a", 101, 707, family="mi")
    setter.rule(100, 106, 702.5)
    setter.set("b", 101, 693, family="mi")
    setter.set("= c", 110, 700)
    (row,) = built(setter)
    assert len(row.glyphs) == 4
    assert len(row.rules) == 1


def test_a_fraction_under_and_beyond_a_short_line_is_another_row():
    setter = Setter()
    setter.set("as says", 100, 708)
    setter.set("a", 171, 700, family="mi")
    setter.rule(170, 176, 695.5)
    setter.set("b", 171, 686, family="mi")
    setter.set("= c", 180, 693)
    assert [len(row.glyphs) for row in built(setter)] == [6, 4]


def test_a_large_operator_under_a_line_of_text_has_no_limit_in_it():
    setter = Setter()
    setter.set(FULL, 100, 712)
    operator = setter._glyph("∑", 200, 690, 15, "rm")
    setter.glyphs.append(operator)
    setter.set("i=1", 200, 682, size=6)
    setter.set("n", 202, 703, size=6)
    assert len(built(setter)) == 2


def test_a_footnote_under_its_rule_is_not_a_denominator():
    setter = Setter()
    for line in range(6):
        setter.set(FULL, 100, 300 - 12 * line)
    setter.rule(100, 190, 229)
    setter.set("1", 110, 222, size=6)
    setter.set("A note in small print.", 113, 219, size=8)
    blocks = understood(setter)
    assert [block.type for block in blocks] == ["text", "footnote"]


def test_the_text_of_another_column_is_another_row():
    setter = Setter()
    setter.set("left", 100, 700)
    setter.set("right", 320, 700)
    assert len(built(setter)) == 2


def test_a_short_last_line_ends_a_paragraph():
    setter = Setter()
    end = setter.paragraph(FULL, FULL, FULL, FULL, "and a short end")
    setter.paragraph(FULL, FULL, top=end)
    assert [len(block.lines) for block in understood(setter)] == [5, 2]


def test_an_indented_line_begins_a_paragraph():
    setter = Setter()
    end = setter.paragraph(FULL, FULL, FULL, FULL)
    end = setter.paragraph(FULL[3:], x=115, top=end)
    setter.paragraph(FULL, FULL, top=end)
    assert [len(block.lines) for block in understood(setter)] == [4, 3]


def test_more_white_begins_a_paragraph():
    setter = Setter()
    end = setter.paragraph(FULL, FULL, FULL, FULL)
    setter.paragraph(FULL, FULL, top=end - 10)
    assert [len(block.lines) for block in understood(setter)] == [4, 2]


def pictured(text, baseline, size):
    """A row of a picture's text, 5 points a letter."""
    words, x = [], 100.0
    for word in text.split():
        words.append(TextWord(word, Box(x, baseline - 7, x + 5 * len(word), baseline), 0.99))
        x += 5 * len(word) + 4
    return row_of(MixedLine(tuple(words), baseline, size), int(baseline), Scale(1.0, 800))


def test_a_line_seen_smaller_goes_on_with_the_word_that_the_last_one_breaks():
    rows = [
        pictured("a page is put to-", 100, 10.0),
        pictured("gether from lines", 112, 7.6),
        pictured("seen from afar", 150, 7.6),
    ]
    page = pictures.understand(Sheet(1, 600, 800), rows, Survey(1), Options(), whole_page=True)
    assert [len(block.lines) for block in page.blocks] == [2, 1]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ((FULL[:-6] + " hyph-", "enation is undone here and now"), "hyphenation is"),
        ((FULL[:-6] + " hyph\u00ad", "enation is undone here and now"), "hyphenation is"),
        ((FULL[:-4] + " in-", "cluding words that stand in it"), "including words"),
        ((FULL[:-6] + " semi-", "Markov processes keep theirs"), "semi-Markov"),
        ((FULL[:-6] + " self-", "evident truths keep theirs"), "self-evident"),
        ((FULL[:-6] + " self-", "ish genes are without one"), "selfish"),
        (("there is a well-known fact on " + FULL[:20] + " well-", "known to us all"), "well-known to"),
        (("rules of law " + FULL[:34] + " conflict-", "of-law rules"), "conflict-of-law rules"),
        (("rules of law " + FULL[:37] + " infor-", "mation-rich pages"), "information-rich pages"),
    ],
)
def test_words_broken_between_lines_are_mended(broken, whole):
    setter = Setter()
    setter.paragraph(FULL, FULL, *broken)
    (block,) = understood(setter)
    text = "".join(
        "".join(s.text for s in line.spans) + ("" if line.hyphenated else " ") for line in block.lines
    )
    assert whole in text


def test_letters_of_a_math_font_are_a_formula_within_the_line():
    setter = Setter()
    x = setter.set("let ", 100, 700)
    x = setter.set("x", x, 700, family="mi")
    x = setter.set(" = ", x, 700)
    x = setter.set("1", x, 700)
    setter.set(" be given, and nothing else.", x, 700)
    (block,) = understood(setter)
    texts = [span for span in block.lines[0].spans if isinstance(span, Text)]
    formulas = [span.latex for span in block.lines[0].spans if isinstance(span, Formula)]
    assert formulas == ["x=1"]
    assert [text.text for text in texts] == ["let ", " be given, and nothing else."]


def test_punctuation_after_a_formula_belongs_to_the_text():
    setter = Setter()
    x = setter.set("so is ", 100, 700)
    x = setter.set("y", x, 700, family="mi")
    setter.set(", too.", x, 700)
    (block,) = understood(setter)
    assert text_of(block) == "so is y, too."
    assert [type(span) for span in block.lines[0].spans] == [Text, Formula, Text]


def test_numbers_are_mathematics_when_asked_for():
    setter = Setter()
    setter.set("there are 12 of them", 100, 700)
    (block,) = understood(setter)
    assert all(isinstance(span, Text) for span in block.lines[0].spans)
    (block,) = understood(setter, options=Options(numbers_default_to_math=True))
    assert [span.latex for span in block.lines[0].spans if isinstance(span, Formula)] == ["12"]


def test_a_centred_formula_is_displayed_and_gives_up_its_number():
    setter = Setter()
    end = setter.paragraph(FULL, FULL, FULL, FULL)
    x = setter.set("x", 220, end - 8, family="mi")
    x = setter.set("=", x + 3, end - 8)
    setter.set("y", x + 3, end - 8, family="mi")
    setter.set("(7)", 370, end - 8)
    setter.paragraph(FULL, FULL, top=end - 28)
    before, math, after = understood(setter)
    assert [before.type, math.type, after.type] == ["text", "math", "text"]
    assert math.lines[0].spans[0].latex == "x=y"
    assert math.lines[0].spans[0].tag == "7"
    assert [child.type for child in math.children] == ["equation_number"]


def test_larger_rows_are_headings_whose_level_is_their_number():
    setter = Setter()
    setter.set("2 Large heading", 100, 740, size=14, family="bf")
    end = setter.paragraph(FULL, FULL, FULL, FULL, top=715)
    setter.set("2.1 Smaller heading", 100, end - 10, size=12, family="bf")
    setter.paragraph(FULL, FULL, top=end - 28)
    blocks = understood(setter)
    assert [(block.type, block.level) for block in blocks] == [
        ("section_header", 1),
        ("text", 0),
        ("section_header", 2),
        ("text", 0),
    ]


def test_a_page_number_is_not_part_of_the_text():
    setter = Setter()
    setter.paragraph(FULL, FULL)
    setter.set("17", 300, 40)
    text, number = understood(setter)
    assert (text.type, text.output) == ("text", True)
    assert (number.type, number.output) == ("page_info", False)


def test_line_numbers_in_the_margin_are_not_part_of_the_text():
    setter = Setter()
    for line in range(6):
        setter.set(str(line + 1), 80, 700 - 12 * line, size=6)
        setter.set(FULL, 100, 700 - 12 * line)
    blocks = understood(setter)
    assert [(block.type, len(block.lines)) for block in blocks] == [("page_info", 6), ("text", 6)]


def test_an_unreadable_character_lowers_the_confidence_and_is_not_guessed():
    setter = Setter()
    setter.set("ab", 100, 700)
    setter.glyphs[1] = dataclasses.replace(setter.glyphs[1], char="", name="", font="Unknown")
    (block,) = understood(setter)
    assert text_of(block) == "a\ufffd"
    assert block.lines[0].spans[0].confidence < 0.5


COLUMNS = (100, 220, 340)


def set_in_columns(*rows, family="rm"):
    setter = Setter()
    for number, row in enumerate(rows):
        for x, text in zip(COLUMNS, row, strict=True):
            setter.set(text, x, 600 - 12 * number, family=family)
    return setter


def types_of(setter):
    return {block.type for block in understood(setter)}


def test_rows_whose_gaps_stand_above_each_other_are_a_table_without_lines():
    setter = set_in_columns(("Name", "Kind", "Size"), ("alpha", "letter", "12"), ("sigma", "letter", "7"))
    (table,) = understood(setter)
    cells = [
        ["".join(span.text for line in cell.lines for span in line.spans) for cell in row.children]
        for row in table.children
    ]
    assert cells == [["Name", "Kind", "Size"], ["alpha", "letter", "12"], ["sigma", "letter", "7"]]


@pytest.mark.parametrize(
    "setter",
    [
        set_in_columns(("1", "0", "0"), ("0", "1", "0"), ("0", "0", "1")),
        set_in_columns(("xyz", "abc", "uvw"), ("abc", "uvw", "xyz"), ("uvw", "xyz", "abc"), family="mi"),
        set_in_columns(("int", "size", "one"), ("char", "name", "two"), ("void", "call", "six"), family="tt"),
        set_in_columns(("1", "Introduction", "3"), ("2", "Methods", "7"), ("3", "Results", "19")),
        set_in_columns(
            ("narrow", "columns", "are stret-"), ("ched so", "that gaps", "appear."), ("At", "the", "end")
        ),
    ],
    ids=["a matrix", "formulas", "a listing", "contents", "stretched text"],
)
def test_other_things_with_gaps_are_no_tables(setter):
    assert "table" not in types_of(setter)


def test_ruled_rows_with_gaps_are_a_table():
    setter = Setter()
    for y in (700, 684, 640):
        setter.rule(100, 300, y)
    for row, y in enumerate((688, 670, 655)):
        setter.set(f"name{row}", 105, y)
        setter.set(f"{row}", 250, y)
    (table,) = understood(setter)
    assert table.type == "table"
    assert [len(row.children) for row in table.children] == [2, 2, 2]


def test_rows_drawn_after_the_text_are_put_in_their_place():
    setter = Setter()
    for line in (0, 2, 4, 6, 8, 10):
        setter.set(FULL, 100, 700 - 12 * line)
    for line in (1, 3, 5, 7, 9):
        setter.set(FULL.replace("this", "late"), 100, 700 - 12 * line)
    (block,) = understood(setter)
    assert [line.spans[0].text[:4] for line in block.lines] == ["this", "late"] * 5 + ["this"]


def test_the_survey_finds_body_and_running_heads():
    sheets = []
    for number in (1, 2, 3):
        setter = Setter()
        setter.set(f"A running head {number}", 100, 760)
        setter.paragraph(*[FULL.replace("words", "abc"[number - 1] * 5)] * 8)
        sheets.append(setter.sheet(number))
    survey = surveying.survey_of(sheets, 3)
    assert (survey.body_size, survey.body_font) == (10.0, "CMR10")
    assert survey.running_heads == ("@32", "^arunninghead#")
    assert understood_heads(sheets[1], survey) == ["page_info", "text"]


def test_the_title_may_run_over_the_other_pages_and_stays_on_the_first():
    first, other = Setter(), Setter()
    first.set("On The Matter", 200, 720, size=16)
    other.set("On The Matter", 200, 760)
    first.paragraph(*[FULL] * 8, top=680)
    other.paragraph(*[FULL.replace("words", "abcde")] * 8, top=680)
    sheets = [first.sheet(1), other.sheet(2)]
    survey = surveying.survey_of(sheets, 2)
    assert survey.running_heads == ("1^onthematter",)
    assert "page_info" not in understood_heads(sheets[0], survey)
    assert understood_heads(sheets[1], survey)[0] == "page_info"


def test_the_last_words_of_a_page_that_begin_another_are_no_running_head():
    above, below = Setter(), Setter()
    above.paragraph("the control group.", *[FULL] * 8, top=740)
    below.paragraph(*[FULL.replace("words", "abcde")] * 3, "the control group.", top=96)
    apart = Setter()
    apart.paragraph("the control group.", *[FULL.replace("words", "fghij")] * 8, top=716)
    sheets = [each.sheet(number) for number, each in enumerate((above, below, apart), 1)]
    assert surveying.survey_of(sheets, 3).running_heads == ()


def understood_heads(sheet, survey):
    return [block.type for block in layout.understand(sheet, survey, DEFAULT).blocks]


def test_a_survey_survives_json():
    survey = Survey(9, 11.0, "Times", (14.0, 12.0), ("head#",), (72.0,), (500.0,))
    assert Survey.from_json(json.loads(json.dumps(dataclasses.asdict(survey)))) == survey


def test_a_survey_looks_at_few_pages_of_a_long_document():
    assert surveying.sample(3) == [1, 2, 3]
    assert surveying.sample(1001) == [1, 251, 501, 751, 1001]


def test_a_foot_in_three_parts_is_no_text_in_a_document_of_one_page():
    setter = Setter()
    setter.paragraph(*[FULL] * 6)
    setter.set("Revision 2.4", 100, 100, size=11)
    setter.set("P/N 119-036", 215, 100, size=11)
    setter.set("10 June 2019", 319, 100, size=11)
    assert [block.type for block in understood(setter)] == ["text", "page_info"]


def test_a_row_of_three_words_that_is_not_set_to_the_edges_is_text():
    setter = Setter()
    setter.paragraph(*[FULL] * 6)
    for word, x in (("left", 100), ("middle", 150), ("right", 220)):
        setter.set(word, x, 100)
    assert "page_info" not in [block.type for block in understood(setter)]


def test_a_quotation_mark_set_as_two_is_one():
    setter = Setter()
    setter.set("the ‘‘corporate’’ way", 100, 700)
    assert text_of(understood(setter)[0]) == "the “corporate” way"


def picture_under(setter, size):
    """The blocks of a page with some text, and words of this size over a picture below it."""
    setter.paragraph(*[FULL] * 6)
    picture = Picture(next(setter._index), Box(90, 300, 500, 500), raster=True)
    setter.set("The title is here", 100, 400, size=size)
    sheet = dataclasses.replace(setter.sheet(2), pictures=(picture,))
    return layout.understand(sheet, surveyed(), DEFAULT).blocks


def test_small_words_over_a_picture_are_its_lettering():
    assert [block.type for block in picture_under(Setter(), 8)] == ["text", "diagram"]


def test_large_words_over_a_picture_are_text():
    blocks = picture_under(Setter(), 20)
    assert "diagram" not in [block.type for block in blocks]
    assert "The title is here" in map(text_of, blocks)


def test_words_over_a_picture_that_fills_the_page_are_text():
    setter = Setter()
    paper = Picture(next(setter._index), Box(0, 0, 612, 792), raster=True)
    strip = Picture(next(setter._index), Box(0, 350, 612, 450), raster=True)
    setter.set("A poster", 100, 400)
    sheet = dataclasses.replace(setter.sheet(2), pictures=(paper, strip))
    assert [text_of(block) for block in layout.understand(sheet, surveyed(), DEFAULT).blocks] == ["A poster"]


def test_a_heading_that_is_underlined_over_columns_without_lines_spans_them():
    setter = Setter()
    setter.set("Year ended", 320, 700)
    setter.rule(240, 440, 697)
    for k, row in enumerate(("in all|1,136|876|680", "of that|2,532|178|141", "the rest|1,892|138|532")):
        for word, x in zip(row.split("|"), (100, 250, 330, 410), strict=True):
            setter.set(word, x, 685 - 12 * k)
    (table,) = understood(setter)
    first = table.children[0].children
    assert [(cell.column, cell.level) for cell in first] == [(1, 3)]


def test_the_names_of_tex_are_words():
    setter = Setter()
    x = setter.set("Made with L", 100, 700)
    setter.set("A", x - 2, 702, size=7.0)
    x = setter.set("T", x + 1, 700)
    setter.set("E", x - 1, 697.8)
    x = setter.set("X", x + 3, 700)
    setter.set("and T", x + 3, 700)
    setter.set("E", x + 27, 697.8)
    setter.set("X.", x + 31, 700)
    (block,) = understood(setter)
    assert text_of(block) == "Made with LaTeX and TeX."


def test_figures_that_hang_out_of_their_frame_are_no_table():
    setter = Setter()
    for y in (700, 680):
        setter.rule(100, 400, y)
    for x in (100, 200, 300, 400):
        setter.stem(x, 676, 700)
    for x in (150, 250, 350):
        setter.set("7", x, 678)
    assert "7 7 7" in " ".join(map(text_of, understood(setter)))


def test_sheets_of_a_form_are_read_with_the_head_that_all_of_them_have():
    setter = Setter()
    for line in range(3):
        setter.set(f"part {'abc'[line]} of the head of a form", 100, 750 - 14 * line)
    setter.paragraph(FULL, FULL, top=600)
    heads = tuple(f"^part{letter}oftheheadofaform" for letter in "abc")
    assert "page_info" not in {block.type for block in understood(setter, number=1, running_heads=heads)}
    assert understood(setter, number=2, running_heads=heads)[0].type == "page_info"


def test_paragraphs_in_a_drawn_frame_are_text():
    setter = Setter()
    setter.paragraph(*[FULL] * 5, top=500)
    frame = Picture(next(setter._index), Box(90, 100, 600, 520), raster=False)
    sheet = dataclasses.replace(setter.sheet(2), pictures=(frame,))
    assert [block.type for block in layout.understand(sheet, surveyed(), DEFAULT).blocks] == ["text"]


def test_listings_do_not_tell_the_size_and_font_of_a_text():
    setter = Setter()
    setter.paragraph(FULL)
    for line in range(20):
        setter.set("a_long_listing()", 100, 600 - 11 * line, size=8 + 2 * (line > 8), family="tt")
    survey = surveying.survey_of([setter.sheet()], 1)
    assert (survey.body_size, survey.body_font) == (10.0, "CMR10")
