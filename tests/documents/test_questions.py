"""Questions that name fields are answered from indexes, however many pages there are."""

from __future__ import annotations

import pytest
from django.db import connection

from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.search import contents, questions


@pytest.fixture
def shelf(a_document):
    """One document for each content, of one page that is more or less sure."""
    texts = {
        "table": (r"\\begin{tabular}{|l|}x\\end{tabular}".replace("\\\\", "\\"), 0.99),
        "picture": ("![](/cropped/a.jpg)", 0.9),
        "plain": ("words", 0.5),
        "molecule": ("<smiles>CCO</smiles>", 0.99),
        "letter": ("dear Ada", 0.99),
    }
    for name, (mmd, confidence) in texts.items():
        document = a_document(status="completed", name=name)
        Page.objects.create(
            document=document, index=1, number=1, status="completed", mmd=mmd, confidence=confidence,
            **contents.of(mmd, [{"is_handwritten": name == "letter"}]),
        )  # fmt: skip


def names(question):
    found = questions.answer(Document.objects.all(), questions.parse(question))
    return set(found.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("has:table", {"table"}),
        ("has:diagram", {"picture"}),
        ("-has:table", {"picture", "plain", "molecule", "letter"}),
        ("-has:chemistry has:handwriting", {"letter"}),
        ("has:chemistry", {"molecule"}),
        ("has:handwriting", {"letter"}),
        ("confidence:low", {"plain"}),
        ("confidence:middle", {"plain", "picture"}),
        ("confidence:high", {"table", "molecule", "letter"}),
    ],
)
def test_documents_are_found_by_what_was_read(shelf, question, found):
    assert names(question) == found


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a small table is not worth an index to PostgreSQL")
@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("has:table", "pages_with_tables"),
        ("has:diagram", "pages_with_diagrams"),
        ("has:chemistry", "pages_with_chemistry"),
        ("has:handwriting", "pages_with_handwriting"),
        ("confidence:low", "pages_by_confidence"),
    ],
)
def test_the_index_is_used(db, question, index):
    found = questions.answer(Document.objects.all(), questions.parse(question))
    assert index in found.explain()


def test_the_fields_of_a_question_are_named():
    asked = 'ring tag:draft -tag:old by:"Ada L" tag:draft'
    assert questions.fields_of(asked) == [("tag", "draft"), ("by", "Ada L")]
