import io

import docx
import pytest

from mathpixweb.engine.readers import word
from tests.engine.samples import mmd_of


def list_of(marks):
    items = "\n".join(f"\\item[{mark}] said" for mark in marks)
    return f"\\begin{{enumerate}}\n{items}\n\\end{{enumerate}}"


@pytest.mark.parametrize(
    ("marks", "read"),
    [
        (("a.", "b."), "\\item[a.] said\n\\item[b.] said"),
        (("(i)", "(ii)"), "\\item[(i)] said\n\\item[(ii)] said"),
        (("(h)", "(i)", "(j)"), "\\item[(h)] said\n\\item[(i)] said"),
        (("3)", "4)"), "\\item[3)] said"),
        (("•", "•"), "\\begin{itemize}\n\\item said"),
    ],
)
def test_marks_that_count_make_a_list_that_word_counts(make, marks, read):
    content = make("docx", list_of(marks))
    for paragraph in docx.Document(io.BytesIO(content)).paragraphs:
        assert paragraph.text == "said"
        assert paragraph._p.pPr.numPr is not None
    assert read in mmd_of(word.read(content))


@pytest.mark.parametrize("marks", [("a.", "c."), ("--", "+"), ("(1)", "2)"), ("A", "B"), ("(vx)", "(vxi)")])
def test_other_marks_stand_as_they_are(make, marks):
    made = docx.Document(io.BytesIO(make("docx", list_of(marks))))
    assert [paragraph.text.split()[1:] for paragraph in made.paragraphs] == [["said"], ["said"]]
