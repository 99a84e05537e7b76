from __future__ import annotations

import pytest

from mathpixweb.documents.models import Page
from mathpixweb.documents.output import outline
from mathpixweb.documents.output.outline import Heading

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("mmd", "found"),
    [
        (r"\section*{1 The problem}", [(1, "1 The problem")]),
        ("\\title{\nOn the heat\nequation\n}", [(0, "On the heat equation")]),
        (r"\subsection*{The norm \( \|f\|_{2} \)}", [(2, r"The norm \|f\|_2")]),
        (r"\subsubsection*{\textbf{Bold} words}", [(3, "Bold words")]),
        ("# One\n\ntext # no heading\n\n## Two ##", [(1, "One"), (2, "Two")]),
        (r"In this section we \emph{see} nothing.", []),
        (r"\section*{}", []),
    ],
)
def test_headings_are_read_from_the_source(a_document, mmd, found):
    document = a_document(status="completed")
    Page.objects.create(document=document, index=1, number=7, status="completed", mmd=mmd)
    assert outline.of(document) == [Heading(level, text, 7) for level, text in found]


def test_headings_come_in_reading_order_and_have_an_end(a_document, monkeypatch):
    document = a_document(status="completed")
    for index, number in ((2, 3), (1, 9)):
        mmd = f"\\section*{{On page {number}}}"
        Page.objects.create(document=document, index=index, number=number, status="completed", mmd=mmd)
    assert [heading.page for heading in outline.of(document)] == [9, 3]
    monkeypatch.setattr(outline, "MOST", 1)
    assert len(outline.of(document)) == 1
