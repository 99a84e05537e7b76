"""The order in which a page is read, however it is drawn."""

from __future__ import annotations

import pytest

from mathpixweb.engine import layout
from mathpixweb.engine.model import Formula, Text
from tests.engine.sheets import DEFAULT, Setter, said_of, surveyed

TEXT = "the reader goes down one column before the next is begun and finds every line in its place"
WORDS = TEXT.split()


def prose(lines, seed, width=38):
    """Lines of words, none as long as `width` characters, as text set ragged."""
    filled = []
    for number in range(lines):
        line, step = "", 0
        while len(line) < width - 7:
            line = f"{line} {WORDS[(5 * seed + 7 * number + 4 * step + step * step) % len(WORDS)]}".strip()
            step += 1
        filled.append(line[:width])
    return filled


def texts_of(setter):
    """What each block says, a formula in brackets."""
    blocks = layout.understand(setter.sheet(2), surveyed(), DEFAULT).blocks
    return [
        " ".join(
            "".join(
                span.text if isinstance(span, Text) else f"[{span.latex}]"
                for span in line.spans
                if isinstance(span, Text | Formula)
            )
            for line in block.lines
        )
        for block in blocks
    ]


def test_columns_drawn_line_after_line_are_read_one_after_the_other():
    setter = Setter()
    left, right = prose(20, 1), prose(20, 2)
    for k, (one, other) in enumerate(zip(left, right, strict=True)):
        setter.set(one, 60, 700 - 12 * k)
        setter.set(other, 320, 700 - 12 * k)
    assert " ".join(texts_of(setter)).split() == " ".join(left + right).split()


def test_the_heading_over_columns_drawn_line_after_line_comes_first():
    setter = Setter()
    left, right = prose(16, 3), prose(16, 4)
    setter.set("Words over both of the columns of this page, as long as the two of them together", 60, 730)
    for k, (one, other) in enumerate(zip(left, right, strict=True)):
        setter.set(one, 60, 700 - 12 * k)
        setter.set(other, 320, 700 - 12 * k)
    texts = " ".join(texts_of(setter))
    assert texts.startswith("Words over both")
    assert texts.split()[-len(" ".join(right).split()) :] == " ".join(right).split()


def in_two_columns(left, right, top=700):
    """Lines as wide as their column, each with its place from the column's edge."""
    setter = Setter()
    for x, column in ((60, left), (320, right)):
        for k, (indent, line) in enumerate(column):
            setter.set(line, x + indent, top - 12 * k)
    return setter


def full(words, indent=0):
    return [(indent, f"{words} {'x' * (42 - len(words) - indent // 5)}") for _ in range(10)]


def test_an_item_goes_on_in_the_next_column():
    setter = in_two_columns(
        [*full("some prose as wide as its column"), (0, "• An item that goes on until it has broken a wor-")],
        [(10, "d in two."), *full("and prose after the list as wide as that")],
    )
    blocks = layout.understand(setter.sheet(2), surveyed(), DEFAULT).blocks
    (item,) = next(block for block in blocks if block.type == "list").children
    assert "".join(span.text for line in item.lines for span in line.spans).endswith("broken a word in two.")


def test_the_last_rows_of_a_page_in_a_column_of_their_own_belong_to_the_paragraph_before():
    setter = in_two_columns(
        full("some prose as wide as its column"), [(0, "the very end of it, which is all there"), (0, "is.")]
    )
    assert len(texts_of(setter)) == 1


@pytest.mark.parametrize("bullet", ["•", "▶"])
def test_a_small_bullet_on_the_baseline_is_a_bullet_and_no_mark_of_a_footnote(bullet):
    setter = Setter()
    for k in range(3):
        setter.set(bullet, 100, 700.004 - 12 * k, size=7)
        setter.set("An item of the list", 110, 700 - 12 * k)
    (found,) = layout.understand(setter.sheet(2), surveyed(), DEFAULT).blocks
    assert [item.subtype for item in found.children] == [bullet] * 3
    assert all(isinstance(line.spans[0], Text) for item in found.children for line in item.lines)


@pytest.mark.parametrize(("before", "first"), [("Which of these is prime?", "(A)"), ("It counts.", "(B)")])
def test_the_first_answer_under_a_question_begins_the_list(before, first):
    setter = Setter()
    setter.set(before, 110, 700)
    for k, label in enumerate(("(A)", "(B)", "(C)", "(D)")):
        setter.set(f"{label} 2{k}", 110, 688 - 12 * k)
    blocks = layout.understand(setter.sheet(2), surveyed(), DEFAULT).blocks
    (found,) = [block for block in blocks if block.type == "list"]
    assert found.children[0].subtype == first


def test_a_short_line_ends_a_paragraph_of_ragged_text():
    setter = Setter()
    first, second = [*prose(8, 5), "and no more."], prose(8, 6)
    setter.paragraph(*first, *second)
    assert texts_of(setter) == [" ".join(first), " ".join(second)]


def test_formulas_drawn_after_all_words_stand_where_they_are_printed():
    setter = Setter()
    lines = [prose(3, seed, 57) for seed in range(5)]
    for k, paragraph in enumerate(lines):
        setter.paragraph(*paragraph, top=700 - 80 * k)
    for k, letter in enumerate("abcde"):
        x = setter.set(letter, 180, 650 - 80 * k, family="mi")
        setter.set(f" = {letter}{letter} + {letter}", x, 650 - 80 * k, family="mi")
    texts = texts_of(setter)
    assert [text for text in texts if "[" in text] == [f"[{c}={c} {c}+{c}]" for c in "abcde"]
    assert texts[1::2] == [f"[{c}={c} {c}+{c}]" for c in "abcde"]


def test_a_large_initial_is_the_first_letter_of_its_word():
    setter = Setter()
    setter.set("O", 100, 676, size=34)
    setter.paragraph("ver the years the reader has", "seen many lines like these ones", x=122)
    setter.paragraph(*prose(6, 6, 36), top=676)
    assert texts_of(setter)[0].startswith("Over the years the reader has seen")


def test_a_large_letter_in_a_heading_is_no_initial():
    setter = Setter()
    setter.set("Over the years", 100, 720, size=24)
    setter.paragraph(*prose(6, 7, 36), top=690)
    assert texts_of(setter)[0] == "Over the years"


def test_a_ruled_frame_under_a_listing_does_not_divide_it_from_its_caption():
    setter = Setter()
    setter.set("return sorted(found, key=name)", 100, 700, family="tt")
    setter.rule(98, 440, 696)
    setter.set("Listing 1: names", 220, 686)
    assert texts_of(setter) == ["return sorted(found, key=name)", "Listing 1: names"]


def test_numbers_of_notes_are_no_line_numbers():
    setter = Setter()
    for k, line in enumerate(prose(12, 1)):
        setter.set(line, 60, 700 - 12 * k)
    setter.rule(60, 120, 552)
    for k in range(5):
        setter.set(str(5 + k), 68, 543 - 10 * k, size=5)
        setter.set("a note in small print", 71, 540 - 10 * k, size=8)
    notes = texts_of(setter)[-5:]
    assert notes == [f"[{{ }}^{{{5 + k}}}] a note in small print" for k in range(5)]


def test_lines_are_numbered_beside_both_of_two_columns():
    setter = Setter()
    for k, (left, right) in enumerate(zip(prose(12, 1), prose(12, 2), strict=True)):
        setter.set(str(k + 1), 48 if k < 9 else 45.5, 700 - 12 * k, size=5)
        setter.set(left, 60, 700 - 12 * k)
        setter.set(right, 320, 700 - 12 * k)
        setter.set(str(13 + k), 530, 700 - 12 * k, size=5)
    said = " ".join(texts_of(setter)).split()
    assert not any(word.isdecimal() for word in said[24:])


def test_lines_beside_a_large_initial_and_under_it_are_one_paragraph():
    setter = Setter()
    setter.set("T", 60, 688, size=24)
    setter.set("hey go down to the river in the morning, all", 74, 700)
    setter.set("of them, and take the stones that lie there", 74, 688)
    setter.set("home in the evening.", 60, 676)
    assert len(texts_of(setter)) == 1


def test_labels_that_touch_their_items_are_labels():
    setter = Setter()
    for k in range(3):
        setter.set(f"{9 + k}.", 60 if k else 65, 700 - 36 * k)
        setter.set("The river goes down to the sea, as all rivers do, in its", 75, 700 - 36 * k)
        setter.set("own time.", 75, 688 - 36 * k)
    assert said_of(setter.sheet(2)).count("\\item[1") == 2


@pytest.mark.parametrize("lines", (0, 8))
def test_a_head_with_a_roman_number_is_furniture_also_on_an_empty_page(lines):
    setter = Setter()
    setter.set("xiv", 60, 740)
    setter.set("NOMENCLATURE", 300, 740)
    setter.paragraph(*prose(lines, 5, width=60), x=60)
    blocks = layout.understand(setter.sheet(14), surveyed(), DEFAULT).blocks
    assert [block.type for block in blocks[:2]] == ["page_info", "page_info"]


def test_answers_to_choose_from_end_the_list_of_their_question():
    setter = Setter()
    setter.set("1. Which of them is it that goes down to the river?", 60, 700)
    for k, letter in enumerate("ABC"):
        setter.set(f"{letter}. the river", 80, 682 - 14 * k)
    setter.set("2. And which of them is it that stays at home then?", 60, 630)
    for k, letter in enumerate("ABC"):
        setter.set(f"{letter}. the other", 80, 612 - 14 * k)
    said = said_of(setter.sheet(2))
    assert said.count("\\begin{enumerate}") == said.count("\\end{enumerate}") == 3


def test_paragraphs_after_inner_lists_belong_to_the_outer_item_and_inner_lists_count_anew():
    setter = Setter()
    y = 700
    for number in (1, 2):
        setter.set(f"{number}. Go down to the river and take the stones, as many as there", 60, y)
        setter.set("are, one by one.", 75, y - 12)
        for letter in "ab":
            y -= 18
            setter.set(f"({letter}) a stone", 80, y - 12)
        setter.set("Then go home.", 75, y - 32)
        y -= 50
    (block,) = layout.understand(setter.sheet(2), surveyed(), DEFAULT).blocks
    inside = ["list_item", "list", "text"]
    assert [child.type for child in block.children] == [*inside, *inside]


def test_an_item_at_the_head_of_a_page_is_no_running_head():
    setter = Setter()
    setter.set("3. Go home in the evening, all of you.", 60, 740)
    setter.set("4. Sleep until the morning comes.", 60, 712)
    setter.paragraph(*prose(6, 2, width=60), x=60, top=660)
    assert "page_info" not in [b.type for b in layout.understand(setter.sheet(2), surveyed(), DEFAULT).blocks]


@pytest.mark.parametrize("off", (0.0, 0.4, 1.0))
def test_what_is_printed_again_over_itself_is_read_once(off):
    setter = Setter()
    for shift in (0.0, off):
        setter.set("A heavy title", 60 + shift, 700 - shift)
        setter.set("and its second line", 60 + shift, 688 - shift)
    assert texts_of(setter) == ["A heavy title and its second line"]


def test_a_line_with_a_formula_under_the_title_is_no_author():
    setter = Setter()
    setter.set("On Rivers", 180, 740, size=20)
    setter.set("Ann Writer", 60, 715)
    x = setter.set("Let ", 60, 690)
    x = setter.set("a", x, 690, family="mi")
    setter.set("= b here", x + 3, 690)
    setter.set("It ends.", 60, 665)
    setter.paragraph(*prose(6, 640, width=60), x=60, top=640)
    blocks = layout.understand(setter.sheet(1), surveyed(), DEFAULT).blocks
    assert [block.type for block in blocks] == ["title", "authors", "text", "text", "text"]


def test_headings_under_the_title_that_recur_are_no_authors():
    setter = Setter()
    setter.set("On Rivers", 180, 740, size=20)
    setter.set("Ann Writer", 60, 715, size=14)
    for y in (670, 560):
        setter.set("Stones and Light", 60, y, size=14)
        setter.paragraph(*prose(6, y, width=60), x=60, top=y - 24)
    blocks = layout.understand(setter.sheet(1), surveyed(), DEFAULT).blocks
    assert [block.type for block in blocks][:3] == ["title", "authors", "section_header"]
