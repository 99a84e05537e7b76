"""Reading closely: lines with their places, what is doubtful, finding, copying in every form."""

from __future__ import annotations

import pytest

from mathpixweb.documents.images import forms
from mathpixweb.documents.library import folders
from mathpixweb.documents.models import Page

HTMX = {"HX-Request": "true"}
TABLE = (
    "\\begin{tabular}{|l|r|}\n\\hline a & \\( x^2 \\) \\\\\n\\hline b, c & 3 \\\\\n\\hline\n\\end{tabular}"
)


def line(text, confidence, top):
    region = {"top_left_x": 100, "top_left_y": top, "width": 400, "height": 40}
    facts = {"type": "text", "conversion_output": True, "region": region}
    return facts | {"text": text, "confidence": confidence}


@pytest.fixture
def document(converted):
    """Doubtful on line 2 of page 1 and line 1 of page 3."""
    document = converted()
    sure, unsure, doubtful = line("Sure.", 0.99, 100), line("Un<sure", 0.9, 160), line("Dou?tful", 0.4, 220)
    for number, lines in ((1, [sure, doubtful, unsure]), (2, [sure]), (3, [doubtful])):
        Page.objects.filter(number=number).update(lines=lines, width=620, height=800)
    return document


def test_lines_lie_over_the_picture_with_their_text_and_confidence(browser_of, owner, document):
    place = f"/documents/{document.public_id}/pages/1/lines"
    boxes = browser_of(owner).get(place, headers=HTMX).text
    assert 'viewBox="0 0 620 800"' in boxes
    assert [boxes.count(f'class="box {level}"') for level in ("sure", "unsure", "doubtful")] == [1, 1, 1]
    assert "confidence 40 %" in boxes
    assert 'data-text="Un&lt;sure"' in boxes
    whole = browser_of(owner).get(place).text
    assert 'href="#line-2"' in whole and 'id="line-2"' in whole, "without scripts boxes lead to lines"


def test_the_next_doubtful_line_is_found_on_whatever_page(browser_of, owner, document):
    browser, place = browser_of(owner), f"/documents/{document.public_id}/doubtful"

    def after(page, line):
        answer = browser.get(place, {"page": page, "line": line}, headers=HTMX).json()
        return answer["page"], answer["line"]

    assert after("", "") == (1, 2)
    assert after(1, 2) == (3, 1)
    assert after(3, 1) == (1, 2), "the last is followed by the first"
    assert browser.get(place, {"page": 1, "line": 2}).url.endswith("/pages/3/lines#line-1")
    Page.objects.update(lines=[])
    assert browser.get(place).url == f"/documents/{document.public_id}"


def test_a_formula_that_cannot_be_rendered_is_to_be_looked_at_however_sure_its_reader_was(
    browser_of, owner, document
):
    bad = "Then \\( \\frac{1 < \\) holds."
    Page.objects.update(lines=[line("Sure.", 0.99, 100), line(bad, 0.99, 160)], mmd=f"Sure. {bad}", html="")
    browser, place = browser_of(owner), f"/documents/{document.public_id}"
    assert "math-error" in browser.get(place).text
    assert browser.get(f"{place}/doubtful").url.endswith("/pages/1/lines#line-2")
    for headers in ({}, HTMX):
        shown = browser.get(f"{place}/pages/1/lines", headers=headers).text
        assert shown.count("A formula here cannot be rendered.") == (1 if headers else 2)


def test_a_formula_is_given_in_every_form(browser_of, owner, document):
    Page.objects.filter(number=1).update(mmd="So \\( \\frac{a}{b} \\) and\n\n\\[ x^2 \\tag{1} \\]", html="")
    place = f"/documents/{document.public_id}/pages/1/formulas/"
    copies = {copy.key: copy.value for copy in browser_of(owner).get(f"{place}1").context["forms"]}
    assert copies["latex"] == "\\frac{a}{b}"
    assert copies["dollars"] == "$\\frac{a}{b}$"
    assert copies["asciimath"] == "(a)/(b)"
    assert copies["typst"] == "$a / b$"
    assert copies["mathml"].startswith("<math") and "<mfrac>" in copies["mathmlword"]
    assert copies["svg"].startswith("<svg") and "currentColor" not in copies["svg"]
    second = {copy.key: copy.value for copy in browser_of(owner).get(f"{place}2").context["forms"]}
    assert second["delimited"].startswith("\\[")
    assert "mlabeledtr" not in second["mathmlword"], "Word knows no numbered rows"
    assert browser_of(owner).get(f"{place}3").status_code == 404


def test_a_table_is_given_in_every_form(browser_of, owner, document):
    Page.objects.filter(number=1).update(mmd=f"Before\n\n{TABLE}\n\nafter", html="")
    page = browser_of(owner).get(f"/documents/{document.public_id}/pages/1/tables/1")
    copies = {copy.key: copy.value for copy in page.context["forms"]}
    assert copies["tsv"].splitlines()[1] == "b, c\t3"
    assert copies["csv"].splitlines()[1] == '"b, c",3'
    assert copies["table-markdown"].startswith("| a | $x^2$ |")
    assert copies["html"].startswith("<table")
    assert copies["latex"] == TABLE


def test_tables_within_tables_are_part_of_them():
    inner = TABLE.replace("b, c", TABLE)
    assert forms.tables(Page(mmd=f"{inner}\n\n{TABLE}")) == [inner, TABLE]


def test_finding_inside_a_document_stays_inside_it(browser_of, owner, document, converted):
    converted(name="other.pdf")
    place = f"/documents/{document.public_id}/find"
    found = browser_of(owner).get(place, {"words": '"page 2 says"'}, headers=HTMX)
    assert [hit.page.document_id for hit in found.context["hits"]] == [document.pk]
    assert "#page-2" in found.text
    assert "Not in this document" in browser_of(owner).get(place, {"words": "sheaves"}).text


@pytest.mark.parametrize("rest", ["pages/1/lines", "pages/1/formulas/1", "doubtful", "find?words=x"])
def test_viewers_read_closely_and_outsiders_see_nothing(browser_of, viewer, outsider, document, rest):
    Page.objects.filter(number=1).update(mmd="\\( x \\)", html="")
    place = f"/documents/{document.public_id}/{rest}"
    assert browser_of(viewer).get(place).status_code in (200, 302)
    assert browser_of(outsider).get(place).status_code == 404


def test_headings_lead_to_their_pages(browser_of, owner, document):
    Page.objects.filter(number=2).update(mmd="\\section*{On kernels}\n\nText.")
    address = f"/documents/{document.public_id}/contents"
    browser = browser_of(owner)
    assert '<a href="#page-2"><span>On kernels</span>' in browser.get(address, headers=HTMX).text
    whole = browser.get(address).text
    assert f'href="/documents/{document.public_id}#page-2"' in whole, "without scripts it is a page"
    assert f'href="{address}"' in browser.get(f"/documents/{document.public_id}").text


def test_a_document_is_renamed_tagged_and_put_into_a_folder(browser_of, owner, team, document):
    folder = folders.make(team, "Papers")
    address = f"/documents/{document.public_id}/about"
    browser = browser_of(owner)
    sent = {"name": " On rings.pdf ", "folder": folder.pk, "tags": 'thesis, to  "check", thesis,'}
    assert browser.post(f"{address}/change", sent).url == f"/documents/{document.public_id}"
    document.refresh_from_db()
    assert (document.name, document.folder) == ("On rings.pdf", folder)
    assert sorted(document.tags.values_list("name", flat=True)) == ["thesis", "to check"]
    assert 'value="thesis, to check"' in browser.get(address).text
    browser.post(f"{address}/change", {"name": "On rings.pdf", "tags": "thesis"})
    document.refresh_from_db()
    assert document.folder is None
    assert document.tags.get().name == "thesis"


def test_a_folder_of_another_team_is_no_place_for_a_document(browser_of, owner, outsider, document):
    foreign = folders.make(outsider.teams.get(), "Theirs")
    answer = browser_of(owner).post(
        f"/documents/{document.public_id}/about/change", {"name": "x", "folder": foreign.pk}
    )
    assert answer.status_code == 422
    assert "Select a valid choice" in answer.text


def test_a_viewer_reads_about_a_document_and_changes_nothing(browser_of, viewer, document):
    browser, address = browser_of(viewer), f"/documents/{document.public_id}/about"
    page = browser.get(address).text
    assert document.public_id in page and "<form class" not in page.split("<main")[1]
    assert browser.post(f"{address}/change", {"name": "x"}).status_code == 403
