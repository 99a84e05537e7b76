import io
import time
from itertools import islice

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mathpixweb.accounts.models import Team
from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.search import search, search_index, search_postgres, search_sqlite


@pytest.fixture
def write(a_document):
    """Makes a completed document with these pages; each is its plain text, or (plain, MMD)."""

    def make(*texts, team=None, **fields):
        document = a_document(status="completed", **fields)
        if team:
            Document.objects.filter(pk=document.pk).update(team=team)
        for index, text in enumerate(texts, 1):
            plain, mmd = text if isinstance(text, tuple) else (text, text)
            Page.objects.create(
                document=document,
                index=index,
                number=index,
                status="completed",
                plain=plain,
                mmd=mmd,
                search_text=search.stored(plain, mmd),
            )
        return document

    return make


def found(question, documents=None):
    documents = Document.objects.all() if documents is None else documents
    return [(page.document.name, page.index) for page in search.find(documents, question)]


def names(question):
    return {document.name for document in search.find_documents(Document.objects.all(), question)}


# One form for what is stored and what is asked


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\nabla \cdot E", r"\nabla\cdot E"),
        ("x^{2}", "x^2"),
        ("E=mc^2", "E = m c^{2}"),
        ("b^2-4ac", "b^{2} - 4 a c"),
        (r"\sqrt{2}", r"\sqrt2"),
        (r"\frac{a}{b}", r"\frac ab"),
        (r"\mathbf{x}", r"\mathbf x"),
        (r"x^{\alpha}y", r"x^\alpha y"),
        (r"\left( x \right)", "(x)"),
        (r"\int f(x)\,dx", r"\int f(x) d x"),
        (r"\lim\limits_{n}", r"\lim_n"),
        (r"\( x+y \)", "$x + y$"),
        (r"\[ x+y \]", "$$x+y$$"),
        ("ÜBUNG", "u\u0308bung"),
        ("STRASSE", "straße"),
        ("o\ufb03ce", "office"),
        ("hy\xadphen", "hyphen"),
        ("zero\u200bwidth", "zerowidth"),
        ("two\n  lines", "two lines"),
        ("\uff21\uff22\uff23", "abc"),
    ],
)
def test_two_spellings_have_one_form(one, other):
    assert search.normalise(one) == search.normalise(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("to day", "today"), ("x^2", "x_2"), ("sin x", "cos x"), ("ab", "ba")]
)
def test_different_things_keep_different_forms(one, other):
    assert search.normalise(one) != search.normalise(other)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800", "\\", "{", "}{", "$$", "\\(", "{" * 5000, "\\{" * 5000]
)
def test_any_text_can_be_normalised(text):
    normal = search.normalise(text)
    assert "\x00" not in normal
    normal.encode()


def test_normalising_takes_time_in_proportion_to_the_text():
    started = time.process_time()
    for unit in ("\\frac{", "{a", "a ", "\\a", "  ", "\\left", "1 "):
        search.normalise(unit * 50_000)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("divergence theorem", ["divergence", "theorem"]),
        ('"divergence theorem" proof', ["divergence theorem", "proof"]),
        (r"Maxwell \nabla \cdot E", ["maxwell", r"\nabla\cdot e"]),
        ("E = m c^2", ["e=mc^2"]),
        ("energy E = m c^2 mass", ["energy", "e=mc^2", "mass"]),
        ("foo_bar baz.pdf", ["foo_bar", "baz.pdf"]),
        ("well-known, fact.", ["well-known,", "fact."]),
        ('half "open quote', ["half", "open", "quote"]),
        ('""', []),
        ("   ", []),
        ("same same", ["same"]),
    ],
)
def test_a_question_falls_into_words_phrases_and_formulas(question, expected):
    assert search.terms(question) == expected


def test_a_question_is_bounded():
    assert len(search.terms(" ".join(f"word{number}" for number in range(10_000)))) == search.MOST_TERMS
    assert len("".join(search.terms("x" * 10_000))) == search.LONGEST_QUESTION


# What is found


def test_a_page_is_found_by_every_word_of_the_question(write):
    write("the divergence of a field", "the curl of a field", name="a")
    assert found("field divergence") == [("a", 1)]
    assert found("field") == [("a", 1), ("a", 2)]
    assert found("field nothing") == []


def test_a_part_of_a_word_is_enough(write):
    write("electromagnetism", name="a")
    assert found("magnet") == [("a", 1)]
    assert found("MAGNET") == [("a", 1)]


def test_a_phrase_must_stand_together(write):
    write("big cats and small dogs", "small cats", name="a")
    assert found('"small cats"') == [("a", 2)]


@pytest.mark.parametrize(
    "asked", [r"\nabla\cdot E", r"\nabla \cdot E", r"$\nabla \cdot E$", r"law \nabla\cdot E"]
)
def test_a_formula_is_found_in_every_spelling(asked, write):
    write(("Gauss' law", r"Gauss' law \( \nabla \cdot E=\rho \)"), ("law", r"\(\nabla \times E\)"), name="a")
    assert found(asked) == [("a", 1)]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("im Übungsblatt", "übung"),
        ("die Straße", "STRASSE"),
        ("量子力学の数学的基礎", "数学"),
        ("量子力学の数学的基礎", "量子力学"),
        ("ends with 数学", "数学"),
        ("Ω is open", "ω"),
        ("a ∮ sign", "∮"),
        ("it is x", "x"),
        ("50% of", "50%"),
        ("under_score", "r_s"),
        ('he said "no"', '"no"'),
        ("emoji 🧮 here", "🧮"),
    ],
)
def test_short_and_foreign_terms_are_found(text, asked, write):
    write(text, "else", name="a")
    assert found(asked) == [("a", 1)]


def test_a_short_term_that_stands_nowhere_finds_nothing(write):
    write("plain words", name="a")
    assert found("qx") == found("数") == []


def test_a_short_term_that_begins_very_many_words_is_found(write):
    write(
        *[f"e{first}{second}" for first in "abcdefghij" for second in "abcdefgh"], "nothing of it", name="a"
    )
    assert len(found("e")) == 80
    assert found("e eab") == [("a", 2)]


HOSTILE = [
    *(
        '"',
        '""',
        '"""',
        '" OR *',
        "NEAR(",
        "NEAR(a b, 2)",
        "a AND",
        "OR",
        "NOT x",
        "*",
        "a*",
        "^a",
        "search_text:a",
    ),
    *(
        "-",
        "--",
        ";",
        "'",
        "'; DROP TABLE documents_page; --",
        "%",
        "_",
        "\\",
        "\x00",
        "a\x00b",
        "\ud800",
        "(",
        ")",
    ),
    *(
        "{",
        "}",
        "$",
        "\\(",
        "[",
        "]",
        "+",
        "a:b:c",
        "\u202e",
        "\xad",
        "%s",
        "%(x)s",
        "%%",
        "\U0010ffff",
        "\ufffe",
    ),
    *("x" * 10_000, "a b " * 3000, '"' * 10_000, "\\" * 10_000),
]


@pytest.mark.parametrize("question", HOSTILE)
def test_no_question_is_an_error(question, write):
    write("some text", name="a")
    assert set(found(question)) <= {("a", 1)}
    assert names(question) <= {"a"}
    page = Page.objects.get()
    start, end = search.place(page.mmd, question) or (0, 0)
    assert 0 <= start <= end <= len(page.mmd)


def test_what_looks_like_an_operator_is_looked_for_as_it_stands(write):
    write("cats OR dogs", "cats", 'a "quoted" word', name="a")
    assert found("cats OR") == [("a", 1)]
    assert found('"quoted') == [("a", 3)]
    assert found("cat*") == []


def test_the_newest_document_comes_first_and_its_pages_in_order(write):
    write("word", "word", name="older")
    write("word", "word", name="newer")
    assert found("word") == [("newer", 1), ("newer", 2), ("older", 1), ("older", 2)]


def test_the_newest_hits_are_given_when_there_are_too_many(write, monkeypatch):
    monkeypatch.setattr(search, "MOST_PAGES", 2)
    monkeypatch.setattr(search, "MOST_DOCUMENTS", 1)
    write("word", "word", name="older")
    write("word", "word", name="newer")
    assert found("word") == [("newer", 1), ("newer", 2)]
    assert names("word") == {"newer"}


def test_the_first_pages_of_each_document_are_given(write):
    documents = [write("word", "none", "word", "word", name=name) for name in ("older", "newer")]
    pages = search_index.first_pages([each.pk for each in documents], ["word"], 2)
    assert sorted(pages) == [
        (page.pk, each.pk) for each in documents for page in each.pages.filter(index__in=(1, 3))
    ]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="how PostgreSQL is asked")
@pytest.mark.parametrize("rare", [0, search_postgres.RARE, 1])
def test_what_is_rare_is_found_however_far_down_it_lies(write, monkeypatch, rare):
    for name, value in {"WALKED_FIRST": 1, "WALKED_NEXT": 1, "RARE": rare}.items():
        monkeypatch.setattr(search_postgres, name, value)
    write("rare word", name="oldest")
    for number in range(3):
        write("word", "word", name=f"newer {number}")
    assert names("rare") == {"oldest"}
    assert len(names("word")) == 4
    assert names("wo") == names("word"), "too short for the index"


@pytest.mark.parametrize(("at_first", "queries"), [(1, 4), (2, 3), (7, 1)])
def test_documents_are_walked_from_the_newest_by_their_pages_and_each_is_asked_for_once(
    write, monkeypatch, django_assert_num_queries, at_first, queries
):
    sizes = {"WALKED_FIRST": 3, "WALKED_NEXT": 4, "ASKED_FIRST": at_first, "ASKED_TIMES": 2, "ASKED_MOST": 3}
    for name, value in sizes.items():
        monkeypatch.setattr(search_postgres, name, value)
    oldest_first = [write(name=f"{pages}", num_pages=pages).pk for pages in (1, 3, None, 9, 2, 1)]
    a, b, c, d, e, f = oldest_first
    with django_assert_num_queries(queries):
        walked = list(search_postgres._walk(Document.objects.all()))
    assert walked == [([f, e], 3), ([d], 9), ([c, b], 4), ([a], 1)]


def test_a_page_that_is_not_completed_is_not_found(write):
    document = write("word", name="a")
    document.pages.update(status="waiting")
    assert found("word") == []


def test_a_page_read_again_is_found_by_what_it_says_now(write):
    document = write("before", name="a")
    document.pages.update(search_text=search.stored("after", "after"))
    assert (found("before"), found("after")) == ([], [("a", 1)])


# Documents


def test_a_document_is_found_by_its_name_or_its_pages(write):
    write("about cats", name="dogs.pdf")
    write("about birds", name="Katzen.pdf")
    assert names("cats") == names("DOGS") == {"dogs.pdf"}
    assert names("katzen") == {"Katzen.pdf"}
    assert names("cats katzen") == set()


def test_a_name_is_found_whatever_its_letters_and_their_case(write):
    write("", name="Übungsblatt_3 (50%).pdf")
    for question in ("übung", "ÜBUNG", "blatt_3", "(50%)", "Übungsblatt_3 pdf"):
        assert names(question) == {"Übungsblatt_3 (50%).pdf"}


def test_a_document_without_pages_is_found_by_its_name(write):
    write(name="empty.pdf")
    assert names("empty") == {"empty.pdf"}


def test_no_question_leaves_all_documents(write):
    write("text", name="a")
    assert names("") == names(' "" ') == {"a"}


def test_found_documents_can_be_narrowed_and_ordered(write):
    write("word", name="a")
    write("word", name="b")
    documents = search.find_documents(Document.objects.all(), "word").order_by("-created_at").filter(name="a")
    assert [document.name for document in documents] == ["a"]


# Who finds what


def test_a_foreign_document_is_never_found(write, team, owner):
    write("the word", name="mine")
    other = Team.objects.create(name="Other")
    write("the word", name="foreign", team=other)
    for documents in (Document.objects.of_team(team), Document.objects.visible_to(owner)):
        assert found("word", documents) == [("mine", 1)]
        assert found("th", documents) == [("mine", 1)]
        assert [d.name for d in search.find_documents(documents, "word")] == ["mine"]
        assert [d.name for d in search.find_documents(documents, "foreign")] == []


def test_a_search_in_no_documents_finds_nothing(write):
    write("word", name="a")
    assert found("word", Document.objects.none()) == []
    assert found("word", Document.objects.filter(pk__in=[])) == []
    assert found("word", Document.objects.filter(name="unknown")) == []


def test_a_search_in_one_of_many_documents_finds_it(write):
    documents = [write("word", name=f"{number}") for number in range(3)]
    assert found("word", Document.objects.filter(pk=documents[1].pk)) == [("1", 1)]


def test_many_documents_are_searched_together(write):
    for number in range(search_sqlite.FEW_DOCUMENTS + 5):
        write("word", name=f"{number}")
    assert len(found("word")) == search_sqlite.FEW_DOCUMENTS + 5


# How a hit is shown


@pytest.mark.parametrize(
    ("text", "question", "hit"),
    [
        ("the divergence of a field", "Divergence", "divergence"),
        ("say \\(x^{2}\\) now", "x^2", "x^{2}"),
        ("say \\( \\nabla \\cdot E=0 \\) now", "\\nabla\\cdot E", "\\nabla \\cdot E"),
        ("say E = m c^{2} now", "E=mc^2", "E = m c^{2}"),
        ("say \\int f(x)\\,dx now", "\\int f(x) d x", "\\int f(x)\\,dx"),
        ("im ÜBUNGSBLATT", "übung", "ÜBUNG"),
        ("die Straße da", "STRASSE", "Straße"),
        ("the o\ufb03ce", "office", "o\ufb03ce"),
        ("two\nlines here", '"two lines"', "two\nlines"),
        ("量子力学の数学的基礎", "数学", "数学"),
        ("first then second", "missing second", "second"),
    ],
)
def test_a_hit_has_its_place_in_the_text_as_it_is_written(text, question, hit):
    start, end = search.place(text, question)
    assert text[start:end] == hit


def test_what_a_text_does_not_hold_has_no_place_in_it():
    assert search.place("a" * 500, "zebra") is None


def test_finding_the_place_takes_time_in_proportion_to_the_text():
    started = time.process_time()
    search.place("{a" * 50_000, "{" * 200 + "b")
    assert time.process_time() - started < 2


# The index


SPOIL = {
    "sqlite": "INSERT INTO documents_page_search(documents_page_search) VALUES ('delete-all')",
    "postgresql": "DROP INDEX pages_search_text",
}
fts5 = pytest.mark.skipif(connection.vendor != "sqlite", reason="how FTS5 keeps deleted entries")


@pytest.mark.django_db(transaction=True)
def test_the_index_is_checked_and_rebuilt(write):
    write("a word", name="a")
    call_command("rebuild_search", check=True, stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute(SPOIL[connection.vendor])
    with pytest.raises(CommandError, match="does not match"):
        call_command("rebuild_search", check=True)
    call_command("rebuild_search", stdout=io.StringIO())
    assert found("word") == [("a", 1)]
    call_command("rebuild_search", check=True, stdout=io.StringIO())


@fts5
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "damage", [SPOIL["sqlite"], "DROP TABLE documents_page_search", "DELETE FROM documents_page_search_data"]
)
def test_a_damaged_index_is_noticed_and_made_anew(write, damage):
    write("the first word", name="a")
    write("the last word", name="b")
    assert not search_index.mend()
    with connection.cursor() as cursor:
        cursor.execute(damage)
    assert search_index.mend()
    assert found("word") == [("b", 1), ("a", 1)]
    assert search_index.intact()
    write("a later word", name="c")
    assert found("later") == [("c", 1)]


@fts5
@pytest.mark.django_db(transaction=True)
def test_as_long_as_the_index_is_gone_pages_are_looked_through(write):
    write("a word", name="a")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE documents_page_search")
    assert found("word") == [("a", 1)]
    search_index.mend()


@pytest.mark.django_db(transaction=True)
def test_rebuilding_brings_old_pages_under_the_new_rules(write):
    document = write("E = m c^{2}", name="a")
    document.pages.update(search_text="as it was stored once")
    told = io.StringIO()
    call_command("rebuild_search", stdout=told)
    assert "1 pages were normalised anew" in told.getvalue()
    assert found("E=mc^2") == [("a", 1)]


@pytest.mark.django_db(transaction=True)
def test_rebuilding_looks_for_chemistry_and_handwriting_in_pages_that_were_stored_before(write):
    molecule, letter, drawing, plain = (
        write(text, name=text) for text in (r"\ce{H2O}", "dear", "ink", "words")
    )
    letter.pages.update(lines=[{"type": "text", "is_handwritten": True}])
    Document.objects.filter(pk=drawing.pk).update(kind="strokes")
    Page.objects.update(chemistry=None, handwriting=None)
    told = io.StringIO()
    call_command("rebuild_search", stdout=told)
    assert "4 looked through" in told.getvalue()
    seen = (
        dict(Page.objects.values_list("document", "chemistry")),
        dict(Page.objects.values_list("document", "handwriting")),
    )
    assert seen[0] == {molecule.pk: True, letter.pk: False, drawing.pk: False, plain.pk: False}
    assert seen[1] == {molecule.pk: False, letter.pk: True, drawing.pk: True, plain.pk: False}


@fts5
def test_purging_leaves_nothing_of_deleted_pages_in_the_index(write):
    for number in range(20):
        write(f"word {number} " + "text " * 50, name=f"{number}")
    write("what stays", name="stays")
    Document.objects.exclude(name="stays").delete()
    assert search_index.purge(5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT group_concat(hex(block), '') FROM documents_page_search_data WHERE id > 10")
        (blocks,) = cursor.fetchone()
    assert b"wor".hex().upper() not in blocks
    assert b"tay".hex().upper() in blocks or b"ay".hex().upper() in blocks
    assert found("stays") == [("stays", 1)]
    assert search_index.intact()


@fts5
def test_purging_a_clean_index_ends_at_once(write):
    write("word", name="a")
    assert search_index.purge(5)
    assert search_index.purge(0) is False, "no time, no promise"


@fts5
def test_what_stands_everywhere_is_found_in_a_few_documents_too(write, monkeypatch):
    """The way of asking changes where many pages have the words and few of them are meant; the answer not."""
    monkeypatch.setattr(search_sqlite, "FEW_DOCUMENTS", 0)
    monkeypatch.setattr(search_sqlite, "FIRST_WINDOW", 3)
    for number in range(12):
        write("a common word", "another common word", name=f"{number}")
    meant = Document.objects.filter(name__in=["1", "4", "11"])
    asked = []
    monkeypatch.setattr(search_sqlite, "_of_others", lambda hits, found, pages: False)
    together = found("common word", meant)
    assert together == [("11", 1), ("11", 2), ("4", 1), ("4", 2), ("1", 1), ("1", 2)]
    monkeypatch.setattr(search_sqlite, "_of_others", lambda *seen: asked.append(seen) or True)
    assert found("common word", meant) == together
    assert asked == [(3, 2, 3)], "hits, those that fit and pages of the first window, and no other was asked"
    assert found('"common word" an', meant) == [("11", 2), ("4", 2), ("1", 2)], "and what has no trigram"


@fts5
def test_documents_asked_one_by_one_come_newest_first_and_no_more_of_them_than_are_wanted(
    write, monkeypatch, django_assert_num_queries
):
    for number in range(8):
        write("a common word", name=f"{number}")
    newest = list(Document.objects.order_by("-pk").values_list("pk", flat=True))
    monkeypatch.setattr(search_sqlite, "AT_ONCE", 3)
    asked = search_sqlite._Asked('"common word"', [])
    end = Page.objects.order_by("-pk")[0].pk + 1
    assert [document for _, document in asked.one_by_one(end, newest)] == newest
    with django_assert_num_queries(1):
        assert [document for _, document in islice(asked.one_by_one(end, newest), 3)] == newest[:3]


@pytest.mark.parametrize(
    ("hits", "fitting", "pages", "apart"),
    [
        pytest.param(600, 600, 2_000, False, id="all of them fit"),
        pytest.param(600, 60, 2_000, True, id="a tenth of many fits"),
        pytest.param(600, 0, 2_000, True, id="none of many fits"),
        pytest.param(3, 0, 2_000, False, id="few pages have it, and the next hit may fit"),
        pytest.param(0, 0, 2_000, False, id="no page has it"),
    ],
)
def test_documents_are_asked_apart_where_many_hits_of_others_are_in_the_way(hits, fitting, pages, apart):
    assert search_sqlite._of_others(hits, fitting, pages) is apart


@fts5
def test_what_stands_nowhere_is_not_asked_for_in_each_document(write, monkeypatch):
    monkeypatch.setattr(search_sqlite, "FEW_DOCUMENTS", 0)
    monkeypatch.setattr(search_sqlite, "FIRST_WINDOW", 1)
    for number in range(60):
        write("a common word", name=f"{number}")
    with CaptureQueriesContext(connection) as captured:
        assert found("unknown") == []
    windows = [query for query in captured.captured_queries if "MATCH" in query["sql"]]
    assert len(windows) == 3, "of one page, of 25, and of all others"
